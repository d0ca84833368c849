// SPDX-License-Identifier: LGPL-2.1-or-later
// The extents of the store's file, in file order, as kept in the metadata area. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/units.h"
#include "base/uuid.h"
#include "format/metadata.h"

namespace bootguard {

struct ExtentTable {
  TableKind kind = TableKind::kStore;
  Uuid arm_id;
  std::vector<Extent> extents;
};

// REQUIRES: extents.size() <= layout::kMaxExtents. The result is 64 + 16 n bytes, padded with zeros to a 4 KiB
// multiple. With a key the table gets its authentication tag.
[[nodiscard]] std::vector<std::byte> encode_table(const ExtentTable& table, const HmacKey* key = nullptr);
// CRC and used length of an encoded table, for its descriptor.
struct TableSummary {
  std::uint32_t crc = 0;
  std::uint32_t length_bytes = 0;
};
[[nodiscard]] TableSummary summarize_table(std::span<const std::byte> encoded);

// Errors: kMetadataCorrupt with the reason (magic, CRC, length, count, arm id, kind, descriptor mismatch; an extent
// that is empty, overflows or ends beyond device_size; a tag that is not the key's).
[[nodiscard]] Result<ExtentTable> decode_table(std::span<const std::byte> bytes, const TableDescriptor& descriptor,
                                               const Uuid& arm_id, Sectors device_size, const HmacKey* key = nullptr);

}  // namespace bootguard
