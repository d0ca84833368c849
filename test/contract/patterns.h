// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes that are recognised again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bootguard::contract {

using ByteVector = std::vector<std::byte>;

// No two seeds and no two positions within 64 KiB give the same run of bytes.
inline ByteVector pattern(std::size_t size, unsigned seed) {
  ByteVector bytes(size);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
  for (std::byte& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::byte>(state >> 56);
  }
  return bytes;
}

inline bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace bootguard::contract
