// SPDX-License-Identifier: LGPL-2.1-or-later
// From what FIEMAP says to what may be mapped. Pure. kernel.md hazards 1 and 2: only whole chunks, aligned as the
// origin's chunks are, behind the witness block, and never the device's last chunk (it is the linear tail that forwards
// flushes).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "format/layout.h"
#include "ports/file_map.h"

namespace bootguard {

struct VolumeGeometry {
  Sectors device_size;
  Sectors chunk;
  Bytes fs_block;
};

// Checks every extent and joins neighbours that follow each other in the file and on the device, whatever flags tell
// them apart: the result is the same before and after some of the file has been written. What lies behind `file_size`
// is left out. Errors:
//   kUnsupported    naming the flag (UNKNOWN, DELALLOC, ENCODED, DATA_ENCRYPTED, DATA_INLINE, DATA_TAIL, SHARED,
//                   NOT_ALIGNED, or any bit not known here); a chunk smaller than the filesystem's block
//   kStoreInvalid   a gap, an overlap (logical or physical), an empty extent, one out of bounds or not sector-aligned,
//   a
//                   file that is empty or whose extents are shorter than `file_size`
//   kTooFragmented  more than `limit` extents
[[nodiscard]] Result<std::vector<Extent>> validate_file_extents(std::span<const FileExtent> extents, Bytes file_size,
                                                                const VolumeGeometry& geometry, std::size_t limit);

// Where an extent's witness lies: at the start of its first whole chunk, so that the hole over it protects all of it
// from the filesystem. Nothing for an extent without a whole chunk: nothing of it is mapped, so nothing of it need be
// proved.
[[nodiscard]] std::optional<Sectors> witness_place(const Extent& extent, const VolumeGeometry& geometry);

// The pieces of the store that may be mapped, in file order: of each extent the whole chunks but the first, which is
// the witness's. Nothing beyond the device.
[[nodiscard]] std::vector<Extent> mapped_pieces(std::span<const Extent> extents, const VolumeGeometry& geometry);

// Where `arm` leaves further witnesses, inside the mapped pieces: the last chunk of each, and one every few MiB. Behind
// the first witness of an extent the filesystem may have given blocks away (the file truncated, holes punched). Proved
// once, before the checkpoint; from then on the snapshot writes over them.
[[nodiscard]] std::vector<Sectors> stamp_places(std::span<const Extent> pieces, Sectors chunk, Sectors store_size);

// The holes in the mounted table: each extent (witness included) rounded inward to chunks, sorted by start, joined
// where they touch. A chunk that is only partly the store's stays usable for the filesystem, whose other part it is.
[[nodiscard]] std::vector<Extent> holes(std::span<const Extent> extents, const VolumeGeometry& geometry);

[[nodiscard]] Sectors total_length(std::span<const Extent> extents);

// Store sector -> device sector.
class StoreMap {
 public:
  // pieces in file order
  explicit StoreMap(std::vector<Extent> pieces);
  // Device sector of a store chunk. REQUIRES: the chunk lies within the store (store_chunk * chunk_size < size()).
  [[nodiscard]] Sectors locate(Chunks store_chunk, Sectors chunk_size) const;
  // How many store chunks from `store_chunk` on lie contiguously on the device (>= 1). REQUIRES: as locate().
  [[nodiscard]] std::uint64_t run_length(Chunks store_chunk, Sectors chunk_size) const;
  [[nodiscard]] Sectors size() const { return size_; }

 private:
  [[nodiscard]] std::size_t piece_of(Sectors sector) const;

  std::vector<Extent> pieces_;
  std::vector<Sectors> begins_;  // store sector at which each piece begins
  Sectors size_;
};

// Whether [sectors) of the origin meets any of `sorted` (disjoint, by start).
[[nodiscard]] bool meets(std::span<const Extent> sorted, const Extent& range);

}  // namespace bootguard
