// SPDX-License-Identifier: LGPL-2.1-or-later
// CRC-32C (Castagnoli, reflected 0x82F63B78, initial and final inversion; RFC 3720 B.4). Detects every pattern of up to
// 5 flipped bits in 512 bytes, which zlib's CRC-32 does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bootguard {

// crc32c(b, crc32c(a)) == crc32c(a followed by b)
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t previous = 0);

}  // namespace bootguard
