// SPDX-License-Identifier: LGPL-2.1-or-later
// The checksum of GPT once more, written for tests: they must not ask the product what is right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bootguard::test {

inline std::uint32_t crc32_ieee(std::span<const std::byte> bytes) {
  std::uint32_t crc = ~0U;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

}  // namespace bootguard::test
