// SPDX-License-Identifier: LGPL-2.1-or-later
// The COW store seen through the raw device: verified, prepared, scanned, wiped. Nothing here needs device-mapper.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/metadata_store.h"
#include "base/result.h"
#include "core/extents.h"
#include "format/exception_store.h"
#include "format/witness.h"
#include "ports/block_device.h"

namespace bootguard {

// What is known about a volume's store from the metadata alone.
struct StoreView {
  VolumeRecord record;
  VolumeGeometry geometry;
  std::vector<Extent> extents;          // of the file, in file order
  std::vector<Extent> pieces_by_start;  // what is mapped, sorted
  StoreMap map{{}};
};

// kMetadataCorrupt if the table does not fit the record (mapped size, count).
[[nodiscard]] Result<StoreView> load_store_view(MetadataStore& store, const VolumeRecord& record);

// Every witness through the raw device. kStoreChanged naming the first extent that fails and how many do.
[[nodiscard]] Result<void> verify_witnesses(BlockDevice& raw, const StoreView& view);

// Every stamp (see stamp_places()) through the raw device: only between `arm` and the checkpoint. kStoreChanged.
[[nodiscard]] Result<void> verify_stamps(BlockDevice& raw, const StoreView& view);
[[nodiscard]] Witness stamp(const VolumeRecord& record, Sectors place);

// Zeroes header chunk and metadata area 0, flushes, reads back (hazard 8): what a checkpoint starts from.
[[nodiscard]] Result<void> prepare_fresh(BlockDevice& raw, const StoreView& view);

// Makes the store refuse to be merged or loaded as valid (header valid = 0). The fallback when metadata cannot be
// written.
[[nodiscard]] Result<void> void_store(BlockDevice& raw, const StoreView& view);
// The same for a store of which no checkpoint has been taken: verify_stamps() refuses it from now on.
[[nodiscard]] Result<void> spoil_stamp(BlockDevice& raw, const StoreView& view);
// Zeroes the header chunk, flushes: no snapshot here any more.
[[nodiscard]] Result<void> wipe_header(BlockDevice& raw, const StoreView& view);

struct StoreScan {
  enum class State : std::uint8_t { kFresh, kActive, kInvalidated };
  State state = State::kFresh;  // fresh: header all zero, nothing was copied out
  std::uint64_t exceptions = 0;
  std::uint64_t used_chunks = 0;  // header, areas and data
  std::uint64_t total_chunks = 0;
  std::uint64_t last_area = 0;  // the area that holds the first empty pair
  std::size_t last_pair = 0;    // its index there
};
// Walks the exceptions and checks each: bounds, new chunks strictly increasing (the kernel commits in order of
// allocation) and never a metadata chunk, old chunk outside the mapped store (hazard 1). kStoreInvalid names the first
// that fails.
[[nodiscard]] Result<StoreScan> scan_store(BlockDevice& raw, const StoreView& view);
// Free chunks are so few that the kernel may have overflowed and a power cut lost the mark (hazard 6).
[[nodiscard]] bool overflow_possible(const StoreScan& scan, Sectors chunk);
// Smallest store worth making, in chunks.
[[nodiscard]] std::uint64_t minimum_store_chunks(Sectors chunk);
// Zeroes everything after the first empty pair up to the end of the next area (hazard 7), flushes.
[[nodiscard]] Result<void> scrub_tail(BlockDevice& raw, const StoreView& view, const StoreScan& scan);

// Reads the exceptions one area at a time.
class ExceptionReader {
 public:
  ExceptionReader(BlockDevice& raw, const StoreView& view);
  // false at the end. Bounded by the store's size.
  Result<bool> next(ExceptionPair& pair);
  void rewind();
  [[nodiscard]] std::uint64_t area() const { return area_; }
  [[nodiscard]] std::size_t index() const { return index_; }

 private:
  BlockDevice& raw_;
  const StoreView& view_;
  std::vector<std::byte> buffer_;
  std::uint64_t area_ = 0;
  std::size_t index_ = 0;
  bool loaded_ = false;
};

}  // namespace bootguard
