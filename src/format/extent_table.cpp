// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/extent_table.h"

#include <algorithm>
#include <cassert>
#include <cinttypes>

#include "base/little_endian.h"
#include "format/authentication.h"
#include "format/block_bytes.h"

namespace bootguard {
namespace {

namespace table = layout::table;

Error corrupt(const char* what) { return make_error(Errc::kMetadataCorrupt, "extent table: %s", what); }

constexpr std::size_t length_of(std::size_t entries) { return table::kHeaderBytes + entries * table::kEntryBytes; }

// Everything but the entries. Afterwards `entries` and `length_bytes` of the descriptor are those of the table.
Result<void> check_table_header(std::span<const std::byte> bytes, const TableDescriptor& descriptor,
                                const Uuid& arm_id) {
  if (descriptor.kind != TableKind::kStore && descriptor.kind != TableKind::kReserve) {
    return corrupt("the descriptor is of another kind");
  }
  // Bounded first: the length that the checksum runs over is hostile, too.
  if (descriptor.entries > layout::kMaxExtents) return corrupt("the descriptor has too many entries");
  if (descriptor.length_bytes != length_of(descriptor.entries)) return corrupt("the descriptor's length is wrong");
  if (descriptor.length_bytes > bytes.size()) return corrupt("shorter than its descriptor says");
  if (load_le<std::uint64_t>(bytes, table::kMagic) != layout::kTableMagic) return corrupt("bad magic");
  const auto crc = load_le<std::uint32_t>(bytes, table::kCrc);
  if (crc != crc_without_field(bytes.first(descriptor.length_bytes), table::kCrc)) return corrupt("bad checksum");
  // A whole table, but of an earlier arm: the slot was not rewritten.
  if (crc != descriptor.crc) return corrupt("not the one that the descriptor names");
  if (load_le<std::uint32_t>(bytes, table::kLength) != descriptor.length_bytes) return corrupt("bad length");
  if (load_le<std::uint32_t>(bytes, table::kEntries) != descriptor.entries) return corrupt("bad count");
  if (load_le<std::uint16_t>(bytes, table::kKind) != static_cast<std::uint16_t>(descriptor.kind)) {
    return corrupt("of another kind");
  }
  if (load_uuid(bytes, table::kArmId) != arm_id) return corrupt("of another arm");
  return {};
}

Result<void> check_no_overlap(std::vector<Extent> extents) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.start < b.start; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].start < extents[i - 1].end()) {
      return make_error(Errc::kMetadataCorrupt, "extent table: two extents overlap at sector %" PRIu64,
                        extents[i].start.n);
    }
  }
  return {};
}

}  // namespace

std::vector<std::byte> encode_table(const ExtentTable& extent_table, const HmacKey* key) {
  const std::size_t entries = extent_table.extents.size();
  assert(entries <= layout::kMaxExtents);
  const std::size_t length = length_of(entries);
  std::vector<std::byte> bytes(round_up(Bytes(length), Bytes(layout::kBlockBytes)).n);
  const std::span<std::byte> out(bytes);
  store_le<std::uint64_t>(out, table::kMagic, layout::kTableMagic);
  store_le(out, table::kKind, static_cast<std::uint16_t>(extent_table.kind));
  store_le(out, table::kEntries, static_cast<std::uint32_t>(entries));
  store_le(out, table::kLength, static_cast<std::uint32_t>(length));
  store_uuid(out, table::kArmId, extent_table.arm_id);
  for (std::size_t i = 0; i < entries; ++i) {
    store_le(out, length_of(i), extent_table.extents[i].start.n);
    store_le(out, length_of(i) + sizeof(std::uint64_t), extent_table.extents[i].length.n);
  }
  store_le(out, table::kCrc, crc_without_field(out.first(length), table::kCrc));
  if (key != nullptr) put_tag(out.first(length), kTableTag, *key);
  return bytes;
}

TableSummary summarize_table(std::span<const std::byte> encoded) {
  assert(encoded.size() >= table::kHeaderBytes);
  return {load_le<std::uint32_t>(encoded, table::kCrc), load_le<std::uint32_t>(encoded, table::kLength)};
}

Result<ExtentTable> decode_table(std::span<const std::byte> bytes, const TableDescriptor& descriptor,
                                 const Uuid& arm_id, Sectors device_size, const HmacKey* key) {
  CHECK_OK(check_table_header(bytes, descriptor, arm_id));
  if (key != nullptr && !has_tag(bytes.first(descriptor.length_bytes), kTableTag, *key))
    return corrupt("not authentic: it has not the tag that the key gives");
  ExtentTable result{descriptor.kind, arm_id, {}};
  result.extents.reserve(descriptor.entries);
  for (std::size_t i = 0; i < descriptor.entries; ++i) {
    const Extent extent{Sectors(load_le<std::uint64_t>(bytes, length_of(i))),
                        Sectors(load_le<std::uint64_t>(bytes, length_of(i) + sizeof(std::uint64_t)))};
    if (extent.length.n == 0) return make_error(Errc::kMetadataCorrupt, "extent table: extent %zu is empty", i);
    // Compared by subtraction: start + length may wrap.
    if (extent.start > device_size || extent.length > device_size - extent.start) {
      return make_error(Errc::kMetadataCorrupt, "extent table: extent %zu ends beyond the device", i);
    }
    result.extents.push_back(extent);
  }
  CHECK_OK(check_no_overlap(result.extents));
  return result;
}

}  // namespace bootguard
