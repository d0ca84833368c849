// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/cow_store.h"

#include <algorithm>
#include <cinttypes>
#include <string>
#include <utility>

#include "base/format_text.h"
#include "base/guard.h"
#include "base/little_endian.h"
#include "format/witness.h"

namespace bootguard {
namespace {

// The kernel may have this many copies in flight whose exceptions are not yet on disk (snapshot_cow_threshold).
constexpr std::uint64_t kInFlightChunks = 2048;

Bytes chunk_address(const StoreView& view, Chunks chunk) { return to_bytes(view.map.locate(chunk, view.record.chunk)); }

std::uint64_t total_chunks(const StoreView& view) { return view.record.store_size.n / view.record.chunk.n; }

std::vector<std::byte> chunk_buffer(const StoreView& view) {
  return std::vector<std::byte>(to_bytes(view.record.chunk).n);
}

Result<void> zero_and_verify(BlockDevice& raw, Bytes address, std::size_t bytes) {
  const std::vector<std::byte> zeros(bytes);
  CHECK_OK(raw.write(address, zeros));
  CHECK_OK(raw.flush());
  std::vector<std::byte> back(bytes);
  CHECK_OK(raw.read(address, back));
  if (back != zeros) return make_error(Errc::kIo, "zeros do not read back at byte %" PRIu64, address.n);
  return {};
}

// Zeroes [from, chunk end) of a store chunk unless it is zero already: a boot that needs no scrubbing writes nothing.
Result<bool> scrub_chunk(BlockDevice& raw, const StoreView& view, Chunks chunk, std::size_t from) {
  std::vector<std::byte> bytes = chunk_buffer(view);
  const Bytes address = chunk_address(view, chunk);
  CHECK_OK(raw.read(address, bytes));
  const auto tail = bytes.begin() + static_cast<std::ptrdiff_t>(from);
  if (std::all_of(tail, bytes.end(), [](std::byte b) { return b == std::byte{0}; })) return false;
  std::fill(tail, bytes.end(), std::byte{0});
  CHECK_OK(raw.write(address, bytes));
  return true;
}

// What is wrong with it; null: nothing.
const char* find_fault(const StoreView& view, const ExceptionPair& pair, Chunks previous_new) {
  const Sectors chunk = view.record.chunk;
  const std::uint64_t device_chunks = (view.record.device_size.n + chunk.n - 1) / chunk.n;
  if (pair.old_chunk.n >= device_chunks) return "lies beyond the end of the device";
  if (pair.new_chunk.n >= total_chunks(view)) return "lies beyond the end of the store";
  // Never the header's chunk: 0 ends the list.
  if ((pair.new_chunk.n - 1) % (pairs_per_area(chunk) + 1) == 0) return "points to the store's own metadata";
  if (pair.new_chunk <= previous_new) return "does not follow the one before it";
  const Sectors start(pair.old_chunk.n * chunk.n);
  if (guard_on(Guard::kWholeChunks) && meets(view.pieces_by_start, Extent{start, chunk})) {
    return "would be copied over the store itself";
  }
  return nullptr;
}

}  // namespace

Result<StoreView> load_store_view(MetadataStore& store, const VolumeRecord& record) {
  ASSIGN_OR_RETURN(ExtentTable table, store.read_table(record, TableKind::kStore));
  StoreView view;
  view.record = record;
  view.geometry = VolumeGeometry{record.device_size, record.chunk, Bytes(record.fs_block_bytes)};
  view.extents = std::move(table.extents);
  std::vector<Extent> pieces = mapped_pieces(view.extents, view.geometry);
  if (pieces.empty() || total_length(pieces) != record.store_size) {
    return make_error(Errc::kMetadataCorrupt, "the extent table does not give the size of the store that was armed");
  }
  view.pieces_by_start = pieces;
  std::sort(view.pieces_by_start.begin(), view.pieces_by_start.end(),
            [](const Extent& a, const Extent& b) { return a.start < b.start; });
  view.map = StoreMap(std::move(pieces));
  return view;
}

Result<void> verify_witnesses(BlockDevice& raw, const StoreView& view) {
  if (!guard_on(Guard::kWitness)) return {};
  WitnessBuffer block{};
  std::optional<Error> first;
  std::size_t bad = 0;
  for (std::size_t i = 0; i < view.extents.size(); ++i) {
    const auto place = witness_place(view.extents[i], view.geometry);
    if (!place) continue;
    Witness expected;
    expected.arm_id = view.record.arm_id;
    expected.index = static_cast<std::uint32_t>(i);
    expected.entries = static_cast<std::uint32_t>(view.extents.size());
    expected.extent = view.extents[i];
    CHECK_OK(raw.read(to_bytes(*place), block));
    auto check = check_witness(block, expected);
    if (check) continue;
    ++bad;
    if (!first) {
      first = with_context(std::move(check).error(), "extent %zu at sector %" PRIu64, i, view.extents[i].start.n);
    }
  }
  if (!first) return {};
  return with_context(std::move(*first), "the store is not where it was armed (%zu of %zu extents differ)", bad,
                      view.extents.size());
}

Witness stamp(const VolumeRecord& record, Sectors place) {
  return Witness{record.arm_id, 0, 0, Extent{place, to_sectors_down(Bytes(layout::kWitnessBytes))}};
}

Result<void> verify_stamps(BlockDevice& raw, const StoreView& view) {
  if (!guard_on(Guard::kWitness)) return {};
  WitnessBuffer block{};
  const std::vector<Extent> pieces = mapped_pieces(view.extents, view.geometry);
  for (const Sectors place : stamp_places(pieces, view.record.chunk, view.record.store_size)) {
    CHECK_OK(raw.read(to_bytes(place), block));
    if (auto check = check_witness(block, stamp(view.record, place)); !check) {
      return with_context(std::move(check).error(),
                          "the store is not where it was armed, or not all of it: sector %" PRIu64, place.n);
    }
  }
  return {};
}

Result<void> prepare_fresh(BlockDevice& raw, const StoreView& view) {
  if (!guard_on(Guard::kFreshHeader)) return {};
  const std::size_t bytes = to_bytes(view.record.chunk).n;
  CHECK_OK(zero_and_verify(raw, chunk_address(view, Chunks(0)), bytes));
  return zero_and_verify(raw, chunk_address(view, area_chunk(0, view.record.chunk)), bytes);
}

Result<void> void_store(BlockDevice& raw, const StoreView& view) {
  std::vector<std::byte> header = chunk_buffer(view);
  store_le<std::uint32_t>(header, 0, kSnapMagic);
  store_le<std::uint32_t>(header, 4, 0);
  store_le<std::uint32_t>(header, 8, kSnapVersion);
  store_le<std::uint32_t>(header, 12, static_cast<std::uint32_t>(view.record.chunk.n));
  CHECK_OK(raw.write(chunk_address(view, Chunks(0)), header));
  return raw.flush();
}

Result<void> spoil_stamp(BlockDevice& raw, const StoreView& view) {
  const std::vector<Sectors> stamps =
      stamp_places(mapped_pieces(view.extents, view.geometry), view.record.chunk, view.record.store_size);
  return zero_and_verify(raw, to_bytes(stamps.back()), layout::kWitnessBytes);
}

Result<void> wipe_header(BlockDevice& raw, const StoreView& view) {
  if (!guard_on(Guard::kWipe)) return {};
  return zero_and_verify(raw, chunk_address(view, Chunks(0)), to_bytes(view.record.chunk).n);
}

ExceptionReader::ExceptionReader(BlockDevice& raw, const StoreView& view)
    : raw_(raw), view_(view), buffer_(chunk_buffer(view)) {}

void ExceptionReader::rewind() {
  area_ = 0;
  index_ = 0;
  loaded_ = false;
}

// Bounded: area_ only grows, and ends with the store.
Result<bool> ExceptionReader::next(ExceptionPair& pair) {
  const Sectors chunk = view_.record.chunk;
  if (index_ == pairs_per_area(chunk)) {
    ++area_;
    index_ = 0;
    loaded_ = false;
  }
  if (area_chunk(area_, chunk).n >= total_chunks(view_)) return false;
  if (!loaded_) {
    CHECK_OK(raw_.read(chunk_address(view_, area_chunk(area_, chunk)), buffer_));
    loaded_ = true;
  }
  pair = load_pair(buffer_, index_);
  if (pair.new_chunk.n == 0) return false;
  ++index_;
  return true;
}

Result<StoreScan> scan_store(BlockDevice& raw, const StoreView& view) {
  StoreScan scan;
  scan.total_chunks = total_chunks(view);
  std::vector<std::byte> first = chunk_buffer(view);
  CHECK_OK(raw.read(chunk_address(view, Chunks(0)), first));
  const SnapHeader header = parse_snap_header(first);
  if (!header.present) {
    const bool zero =
        std::all_of(first.begin(), first.begin() + kSnapHeaderBytes, [](std::byte b) { return b == std::byte{0}; });
    if (!zero) return make_error(Errc::kStoreInvalid, "the store's header is neither empty nor a snapshot's");
    return scan;
  }
  if (header.version != kSnapVersion || header.chunk != view.record.chunk) {
    return make_error(Errc::kStoreInvalid,
                      "the store's header has version %u and chunks of %" PRIu64 " sectors, not %u and %" PRIu64,
                      header.version, header.chunk.n, kSnapVersion, view.record.chunk.n);
  }
  scan.state = header.valid ? StoreScan::State::kActive : StoreScan::State::kInvalidated;
  ExceptionReader reader(raw, view);
  ExceptionPair pair;
  Chunks last_new(0);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.next(pair));
    if (!more) break;
    if (const char* const fault = find_fault(view, pair, last_new)) {
      return make_error(Errc::kStoreInvalid, "exception %" PRIu64 " (old chunk %" PRIu64 ", new chunk %" PRIu64 ") %s",
                        scan.exceptions, pair.old_chunk.n, pair.new_chunk.n, fault);
    }
    last_new = pair.new_chunk;
    ++scan.exceptions;
  }
  scan.last_area = reader.area();
  scan.last_pair = reader.index();
  scan.used_chunks = std::max<std::uint64_t>(last_new.n + 1, 2);
  return scan;
}

bool overflow_possible(const StoreScan& scan, Sectors chunk) {
  if (scan.state == StoreScan::State::kFresh || !guard_on(Guard::kOverflowMargin)) return false;
  return scan.total_chunks - scan.used_chunks < kInFlightChunks + pairs_per_area(chunk) + 1;
}

std::uint64_t minimum_store_chunks(Sectors chunk) {
  constexpr std::uint64_t kWorthwhile = 64;  // old contents it can hold before the rule above gives up
  return 2 + kInFlightChunks + pairs_per_area(chunk) + 1 + kWorthwhile;
}

Result<void> scrub_tail(BlockDevice& raw, const StoreView& view, const StoreScan& scan) {
  if (scan.state != StoreScan::State::kActive || !guard_on(Guard::kScrub)) return {};
  bool changed = false;
  const Chunks current = area_chunk(scan.last_area, view.record.chunk);
  if (current.n < scan.total_chunks) {
    ASSIGN_OR_RETURN(changed, scrub_chunk(raw, view, current, scan.last_pair * kSnapPairBytes));
  }
  const Chunks next = area_chunk(scan.last_area + 1, view.record.chunk);
  if (next.n < scan.total_chunks) {
    ASSIGN_OR_RETURN(const bool next_changed, scrub_chunk(raw, view, next, 0));
    changed = changed || next_changed;
  }
  return changed ? raw.flush() : Result<void>();
}

}  // namespace bootguard
