// SPDX-License-Identifier: LGPL-2.1-or-later
// What the block, the extent table and the witness have in common on disk.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/crc32c.h"
#include "base/uuid.h"

namespace bootguard {

// CRC-32C of all bytes, with the four of the checksum's own field taken as zero. REQUIRES: crc_offset + 4 <=
// bytes.size()
[[nodiscard]] inline std::uint32_t crc_without_field(std::span<const std::byte> bytes, std::size_t crc_offset) {
  constexpr std::array<std::byte, sizeof(std::uint32_t)> kZero{};
  const std::uint32_t before = crc32c(bytes.first(crc_offset));
  return crc32c(bytes.subspan(crc_offset + kZero.size()), crc32c(kZero, before));
}

// REQUIRES (both): offset + 16 <= bytes.size()
[[nodiscard]] inline Uuid load_uuid(std::span<const std::byte> bytes, std::size_t offset) {
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    uuid.bytes[i] = std::to_integer<std::uint8_t>(bytes[offset + i]);
  }
  return uuid;
}
inline void store_uuid(std::span<std::byte> bytes, std::size_t offset, const Uuid& uuid) {
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) bytes[offset + i] = std::byte{uuid.bytes[i]};
}

}  // namespace bootguard
