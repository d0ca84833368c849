// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/extents.h"

#include <algorithm>
#include <cassert>
#include <cinttypes>
#include <limits>
#include <optional>
#include <string>

#include "base/guard.h"
#include "core/excerpt.h"

namespace bootguard {
namespace {

// linux/fiemap.h; written out, as core includes nothing of the system's. test/unit/core_extents_test.cpp compares them.
enum FiemapFlag : std::uint32_t {
  kLast = 0x1,
  kUnwritten = 0x800,
  kMerged = 0x1000,
};
// Flags that leave the physical address meaning what it says.
constexpr std::uint32_t kHarmlessFlags = kLast | kUnwritten | kMerged;

// Arrays and not pointers: those would each be relocated at the start of a position-independent program.
struct RefusedFlag {
  std::uint32_t bit;
  char name[16];
  char meaning[44];
};
// Ordered so that the flag with the clearest meaning is named first: several imply UNKNOWN or NOT_ALIGNED.
constexpr RefusedFlag kRefusedFlags[] = {
    {0x4, "DELALLOC", "it is not allocated yet"},
    {0x8, "ENCODED", "its data is compressed or otherwise encoded"},
    {0x80, "DATA_ENCRYPTED", "the filesystem encrypts its data"},
    {0x200, "DATA_INLINE", "its data lies among the filesystem's own"},
    {0x400, "DATA_TAIL", "it shares a block with other files"},
    {0x2000, "SHARED", "other files or snapshots share it"},
    {0x100, "NOT_ALIGNED", "it does not fill whole blocks"},
    {0x2, "UNKNOWN", "the filesystem does not know where it lies"},
};

constexpr std::uint64_t kMaxU64 = std::numeric_limits<std::uint64_t>::max();
constexpr Sectors kWitness = to_sectors_down(Bytes(layout::kWitnessBytes));

Error extent_error(Errc code, std::size_t index, const std::string& what) {
  return make_error(code, "extent %zu of the store's file %s", index, what.c_str());
}

Result<void> check_flags(const FileExtent& extent, std::size_t index) {
  for (const RefusedFlag& flag : kRefusedFlags) {
    if ((extent.flags & flag.bit) == 0) continue;
    return extent_error(
        Errc::kUnsupported, index,
        format_text("has the flag %s (%s): its address on the device cannot be relied on", flag.name, flag.meaning));
  }
  if (const std::uint32_t rest = extent.flags & ~kHarmlessFlags; rest != 0) {
    return extent_error(Errc::kUnsupported, index, format_text("has the unknown flag 0x%" PRIx32, rest));
  }
  return {};
}

// One extent by itself, and against where the one before it ended in the file.
Result<void> check_extent(const FileExtent& extent, std::size_t index, std::uint64_t expected, Sectors device_size) {
  CHECK_OK(check_flags(extent, index));
  const std::uint64_t logical = extent.logical.n;
  const std::uint64_t physical = extent.physical.n;
  const std::uint64_t length = extent.length.n;
  const char* wrong = nullptr;
  if (length == 0) {
    wrong = "is empty";
  } else if (logical > expected) {
    wrong = "leaves a gap behind the one before it in the file";
  } else if (logical < expected) {
    wrong = "overlaps the one before it in the file";
  } else if (physical % kSectorBytes != 0 || length % kSectorBytes != 0) {  // and so are the ends in the file
    wrong = "is not aligned to sectors of 512 bytes";
  } else if (length > kMaxU64 - logical || length > kMaxU64 - physical ||
             to_sectors_down(Bytes(physical + length)) > device_size) {
    wrong = "ends beyond the device";
  }
  if (wrong == nullptr) return {};
  return extent_error(Errc::kStoreInvalid, index,
                      format_text("%s (byte %" PRIu64 " of the file, %" PRIu64 " of the device, length %" PRIu64 ")",
                                  wrong, logical, physical, length));
}

Result<void> check_geometry(const VolumeGeometry& geometry) {
  const Bytes chunk = to_bytes(geometry.chunk);
  if (chunk >= geometry.fs_block) return {};
  return make_error(Errc::kUnsupported,
                    "the chunk of %" PRIu64 " bytes is smaller than the filesystem's block of %" PRIu64
                    ": raise chunk-size",
                    chunk.n, geometry.fs_block.n);
}

std::vector<Extent> sorted_by_start(std::span<const Extent> extents) {
  std::vector<Extent> sorted(extents.begin(), extents.end());
  const auto earlier = [](const Extent& a, const Extent& b) { return a.start < b.start; };
  // Not std::sort, which would be this and two other algorithms.
  std::make_heap(sorted.begin(), sorted.end(), earlier);
  std::sort_heap(sorted.begin(), sorted.end(), earlier);
  return sorted;
}

// Joined extents as a whole: sizes, and that no two share a sector.
Result<void> check_joined(std::span<const Extent> extents, std::size_t limit) {
  if (extents.size() > limit) {
    return make_error(Errc::kTooFragmented,
                      "the store's file lies in %zu extents, more than the %zu that can be recorded: free "
                      "some space or make the store smaller",
                      extents.size(), limit);
  }
  const std::vector<Extent> sorted = sorted_by_start(extents);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i - 1].end() <= sorted[i].start) continue;
    return make_error(Errc::kStoreInvalid, "two extents of the store's file overlap on the device at sector %" PRIu64,
                      sorted[i].start.n);
  }
  return {};
}

// The whole chunks of an extent, less the device's last chunk. Safe for any numbers: the table came off a disk.
std::optional<Extent> whole_chunks(const Extent& extent, const VolumeGeometry& geometry) {
  const std::uint64_t chunk = geometry.chunk.n;
  const std::uint64_t size = geometry.device_size.n;
  assert(chunk > 0);
  if (size == 0 || extent.start.n >= size || extent.start.n > kMaxU64 - chunk) return std::nullopt;
  const Sectors last_chunk = round_down(Sectors(size - 1), geometry.chunk);
  const std::uint64_t length = std::min(extent.length.n, size - extent.start.n);
  const Sectors start = round_up(extent.start, geometry.chunk);
  const Sectors end = std::min(round_down(extent.start + Sectors(length), geometry.chunk), last_chunk);
  if (start >= end) return std::nullopt;
  return Extent{start, end - start};
}

}  // namespace

Result<std::vector<Extent>> validate_file_extents(std::span<const FileExtent> extents, Bytes file_size,
                                                  const VolumeGeometry& geometry, std::size_t limit) {
  CHECK_OK(check_geometry(geometry));
  if (file_size.n == 0 || !is_sector_multiple(file_size)) {
    return make_error(Errc::kStoreInvalid,
                      "the store's file is %" PRIu64 " bytes long, which is not a positive number of sectors",
                      file_size.n);
  }
  std::vector<Extent> joined;
  std::uint64_t covered = 0;  // bytes of the file so far
  for (std::size_t i = 0; i < extents.size(); ++i) {
    CHECK_OK(check_extent(extents[i], i, covered, geometry.device_size));
    // What was preallocated behind the file's end is not the file's for long: filesystems trim it.
    const std::uint64_t wanted = file_size.n - std::min(covered, file_size.n);
    const Extent piece{to_sectors_down(extents[i].physical),
                       to_sectors_down(Bytes(std::min(extents[i].length.n, wanted)))};
    covered += extents[i].length.n;
    if (piece.length.n == 0) continue;
    // Neighbours become one whatever told them apart: writing the witnesses turns UNWRITTEN extents into written ones,
    // and the second enumeration has to give what the first gave.
    if (!joined.empty() && joined.back().end() == piece.start) {
      joined.back().length += piece.length;
    } else {
      joined.push_back(piece);
    }
  }
  if (covered < file_size.n) {
    return make_error(Errc::kStoreInvalid,
                      "the extents of the store's file end at byte %" PRIu64 ", before its size of %" PRIu64, covered,
                      file_size.n);
  }
  CHECK_OK(check_joined(joined, limit));
  return joined;
}

std::optional<Sectors> witness_place(const Extent& extent, const VolumeGeometry& geometry) {
  const auto chunks = whole_chunks(extent, geometry);
  if (!chunks) return std::nullopt;
  return chunks->start;
}

std::vector<Extent> mapped_pieces(std::span<const Extent> extents, const VolumeGeometry& geometry) {
  std::vector<Extent> pieces;
  for (const Extent& extent : extents) {
    const auto chunks = whole_chunks(extent, geometry);
    if (!chunks) continue;
    if (!guard_on(Guard::kWholeChunks)) {
      // Behind the witness wherever it lies in the first two chunks, and as unaligned as the extent.
      const Sectors behind = std::min(extent.start + geometry.chunk + kWitness, extent.end());
      const Sectors length = round_down(extent.end() - behind, geometry.chunk);
      if (length.n > 0) pieces.push_back(Extent{behind, length});
      continue;
    }
    if (chunks->length > geometry.chunk) {
      pieces.push_back(Extent{chunks->start + geometry.chunk, chunks->length - geometry.chunk});
    }
  }
  return pieces;
}

std::vector<Sectors> stamp_places(std::span<const Extent> pieces, Sectors chunk, Sectors store_size) {
  constexpr std::uint64_t kMost = 128;  // but for the last chunks
  constexpr Sectors kClosest = to_sectors_down(Bytes(4 << 20));
  const Sectors step = std::max(kClosest, round_up(Sectors(store_size.n / kMost + 1), chunk));
  std::vector<Sectors> places;
  for (const Extent& piece : pieces) {
    const Sectors last = piece.end() - chunk;
    for (Sectors at = piece.start + step; at < last; at += step) places.push_back(at);
    places.push_back(last);
  }
  return places;
}

std::vector<Extent> holes(std::span<const Extent> extents, const VolumeGeometry& geometry) {
  std::vector<Extent> found;
  if (!guard_on(Guard::kHoles)) return found;
  for (const Extent& extent : extents) {
    if (const auto hole = whole_chunks(extent, geometry)) found.push_back(*hole);
  }
  std::vector<Extent> joined;
  for (const Extent& hole : sorted_by_start(found)) {
    // Overlap is refused when a table is made; should one be forged, a hole must still not reach backwards.
    if (!joined.empty() && hole.start <= joined.back().end()) {
      joined.back().length = std::max(joined.back().end(), hole.end()) - joined.back().start;
    } else {
      joined.push_back(hole);
    }
  }
  return joined;
}

Sectors total_length(std::span<const Extent> extents) {
  Sectors total;
  for (const Extent& extent : extents) total += extent.length;
  return total;
}

StoreMap::StoreMap(std::vector<Extent> pieces) : pieces_(std::move(pieces)) {
  begins_.reserve(pieces_.size());
  for (const Extent& piece : pieces_) {
    begins_.push_back(size_);
    size_ += piece.length;
  }
}

std::size_t StoreMap::piece_of(Sectors sector) const {
  assert(sector < size_);
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), sector);
  return static_cast<std::size_t>(after - begins_.begin()) - 1;
}

Sectors StoreMap::locate(Chunks store_chunk, Sectors chunk_size) const {
  const Sectors sector = chunk_size * store_chunk.n;
  const std::size_t i = piece_of(sector);
  return pieces_[i].start + (sector - begins_[i]);
}

std::uint64_t StoreMap::run_length(Chunks store_chunk, Sectors chunk_size) const {
  const Sectors sector = chunk_size * store_chunk.n;
  std::size_t i = piece_of(sector);
  Sectors run = pieces_[i].length - (sector - begins_[i]);
  while (i + 1 < pieces_.size() && pieces_[i].end() == pieces_[i + 1].start) run += pieces_[++i].length;
  return run.n / chunk_size.n;
}

bool meets(std::span<const Extent> sorted, const Extent& range) {
  if (range.length.n == 0) return false;
  // The last that starts before the range ends. `range` may be hostile: its end may not be representable.
  const std::uint64_t last =
      range.length.n - 1 > kMaxU64 - range.start.n ? kMaxU64 : range.start.n + range.length.n - 1;
  const auto after = std::upper_bound(sorted.begin(), sorted.end(), Sectors(last),
                                      [](Sectors value, const Extent& extent) { return value < extent.start; });
  return after != sorted.begin() && std::prev(after)->end() > range.start;
}

}  // namespace bootguard
