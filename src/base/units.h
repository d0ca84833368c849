// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes, 512-byte sectors and chunks never mix: each is a type of its own, and conversions say which way they round.
#pragma once

#include <compare>
#include <cstdint>

namespace bootguard {

template <class Tag>
struct Quantity {
  std::uint64_t n = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::uint64_t count) : n(count) {}
  constexpr bool operator==(const Quantity&) const = default;
  // Not defaulted: clang 14 would take it for a zero used as a null pointer.
  constexpr auto operator<=>(const Quantity& other) const { return n <=> other.n; }
  constexpr Quantity operator+(Quantity other) const { return Quantity(n + other.n); }
  // REQUIRES: other <= *this
  constexpr Quantity operator-(Quantity other) const { return Quantity(n - other.n); }
  constexpr Quantity operator*(std::uint64_t factor) const { return Quantity(n * factor); }
  constexpr Quantity& operator+=(Quantity other) {
    n += other.n;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    n -= other.n;
    return *this;
  }
};

using Bytes = Quantity<struct BytesTag>;
using Sectors = Quantity<struct SectorsTag>;  // 512 bytes, whatever the device's block size, as in the kernel
using Chunks = Quantity<struct ChunksTag>;    // dm-snapshot chunks; the size is a parameter of the volume

inline constexpr std::uint64_t kSectorBytes = 512;

constexpr Bytes to_bytes(Sectors s) { return Bytes(s.n * kSectorBytes); }
constexpr Sectors to_sectors_down(Bytes b) { return Sectors(b.n / kSectorBytes); }
constexpr bool is_sector_multiple(Bytes b) { return b.n % kSectorBytes == 0; }

// REQUIRES: unit.n > 0; round_up: value + unit does not overflow
template <class Q>
constexpr Q round_down(Q value, Q unit) {
  return Q(value.n / unit.n * unit.n);
}
template <class Q>
constexpr Q round_up(Q value, Q unit) {
  return Q((value.n + unit.n - 1) / unit.n * unit.n);
}

// A run of sectors on a device: [start, start + length).
struct Extent {
  Sectors start;
  Sectors length;
  constexpr Sectors end() const { return start + length; }
  constexpr bool operator==(const Extent&) const = default;
};

}  // namespace bootguard
