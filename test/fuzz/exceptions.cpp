// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz/exceptions.h"

#include <algorithm>

namespace bootguard::fuzz {
namespace {

std::size_t chunk_bytes(const StoreView& view) { return static_cast<std::size_t>(to_bytes(view.record.chunk).n); }

bool in_store(const StoreView& view, std::uint64_t old_chunk) {
  const Sectors start(old_chunk * view.record.chunk.n);
  return std::any_of(view.pieces_by_start.begin(), view.pieces_by_start.end(), [&](const Extent& piece) {
    return start < piece.end() && piece.start < start + view.record.chunk;
  });
}

}  // namespace

std::uint64_t byte_of(const StoreView& view, Chunks chunk) {
  return to_bytes(view.map.locate(chunk, view.record.chunk)).n;
}

std::uint64_t store_chunks(const StoreView& view) { return view.record.store_size.n / view.record.chunk.n; }

bool is_store_metadata(const StoreView& view, std::uint64_t chunk) {
  return chunk == 0 || (chunk - 1) % (pairs_per_area(view.record.chunk) + 1) == 0;
}

Pairs read_pairs(const DiskImage& volume, const StoreView& view) {
  Pairs pairs;
  std::vector<std::byte> bytes(chunk_bytes(view));
  for (std::uint64_t area = 0;; ++area) {
    const Chunks chunk = area_chunk(area, view.record.chunk);
    if (chunk.n >= store_chunks(view)) return pairs;
    volume.read(byte_of(view, chunk), bytes);
    for (std::size_t i = 0; i < pairs_per_area(view.record.chunk); ++i) {
      pairs.push_back(load_pair(bytes, i));
      if (pairs.back().new_chunk.n != 0) continue;
      pairs.pop_back();
      return pairs;
    }
  }
}

bool all_allowed(const StoreView& view, const Pairs& pairs) {
  const std::uint64_t device_chunks = (view.record.device_size.n + view.record.chunk.n - 1) / view.record.chunk.n;
  std::uint64_t previous = 0;
  for (const ExceptionPair& pair : pairs) {
    const std::uint64_t fresh = pair.new_chunk.n;
    if (pair.old_chunk.n >= device_chunks || in_store(view, pair.old_chunk.n)) return false;
    if (fresh >= store_chunks(view) || is_store_metadata(view, fresh) || fresh <= previous) return false;
    previous = fresh;
  }
  return true;
}

bool ends_in_zeros(const DiskImage& volume, const StoreView& view) {
  const std::uint64_t per_area = pairs_per_area(view.record.chunk);
  const std::uint64_t count = read_pairs(volume, view).size();
  std::vector<std::byte> bytes(chunk_bytes(view));
  for (std::uint64_t area = count / per_area; area <= count / per_area + 1; ++area) {
    const Chunks chunk = area_chunk(area, view.record.chunk);
    if (chunk.n >= store_chunks(view)) continue;
    volume.read(byte_of(view, chunk), bytes);
    const std::uint64_t from = area == count / per_area ? count % per_area * kSnapPairBytes : 0;
    const auto tail = bytes.begin() + static_cast<std::ptrdiff_t>(from);
    if (!std::all_of(tail, bytes.end(), [](std::byte b) { return b == std::byte{0}; })) return false;
  }
  return true;
}

DiskImage copied_back(const DiskImage& before, const StoreView& view, const Pairs& pairs) {
  DiskImage after = before;
  std::vector<std::byte> bytes(chunk_bytes(view));
  const std::uint64_t size = to_bytes(view.record.device_size).n;
  for (const ExceptionPair& pair : pairs) {
    before.read(byte_of(view, pair.new_chunk), bytes);
    const std::uint64_t to = pair.old_chunk.n * bytes.size();
    const std::uint64_t length = std::min<std::uint64_t>(bytes.size(), size - to);
    after.write(to, std::span(bytes).first(static_cast<std::size_t>(length)));
  }
  return after;
}

}  // namespace bootguard::fuzz
