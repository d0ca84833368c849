// SPDX-License-Identifier: LGPL-2.1-or-later
// Little-endian integers in byte buffers, by shifts: no casts over buffers, no alignment, any host byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace bootguard {

// REQUIRES: offset + sizeof(T) <= buffer.size()
template <class T>
constexpr T load_le(std::span<const std::byte> buffer, std::size_t offset) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(std::to_integer<T>(buffer[offset + i])) << (8 * i)));
  }
  return value;
}

// REQUIRES: offset + sizeof(T) <= buffer.size()
template <class T>
constexpr void store_le(std::span<std::byte> buffer, std::size_t offset, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    buffer[offset + i] = static_cast<std::byte>(value >> (8 * i));
  }
}

}  // namespace bootguard
