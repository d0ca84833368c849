// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <catch2/catch.hpp>

#include "base/little_endian.h"
#include "base/units.h"

namespace bootguard {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
static_assert(Addable<Sectors, Sectors>);
static_assert(!Addable<Sectors, Bytes>, "bytes and sectors never mix");
static_assert(!Addable<Sectors, Chunks>);
static_assert(!Addable<Sectors, int>);
static_assert(!std::is_convertible_v<std::uint64_t, Sectors>);

TEST_CASE("units: sectors are 512 bytes, and a part of one is rounded down") {
  CHECK(to_bytes(Sectors(3)) == Bytes(1536));
  CHECK(to_sectors_down(Bytes(1535)) == Sectors(2));
  CHECK(is_sector_multiple(Bytes(1536)));
  CHECK_FALSE(is_sector_multiple(Bytes(1537)));
}

TEST_CASE("units: rounding down and up, at and around the multiple") {
  CHECK(round_down(Sectors(15), Sectors(8)) == Sectors(8));
  CHECK(round_down(Sectors(16), Sectors(8)) == Sectors(16));
  CHECK(round_up(Sectors(16), Sectors(8)) == Sectors(16));
  CHECK(round_up(Sectors(17), Sectors(8)) == Sectors(24));
  CHECK(round_up(Sectors(0), Sectors(8)) == Sectors(0));
}

TEST_CASE("units: an extent ends behind its last sector") {
  CHECK(Extent{Sectors(10), Sectors(5)}.end() == Sectors(15));
  Sectors sum(1);
  sum += Sectors(4);
  sum -= Sectors(2);
  CHECK(sum == Sectors(3));
}

TEST_CASE("little endian: the lowest byte is first, at any offset, for every width") {
  std::array<std::byte, 16> bytes{};
  store_le<std::uint64_t>(bytes, 3, 0x0102030405060708);
  for (std::size_t i = 0; i < 8; ++i) CHECK(std::to_integer<unsigned>(bytes[3 + i]) == 8 - i);
  CHECK(bytes[2] == std::byte{0});
  CHECK(bytes[11] == std::byte{0});
  CHECK(load_le<std::uint64_t>(bytes, 3) == 0x0102030405060708);
  CHECK(load_le<std::uint32_t>(bytes, 3) == 0x05060708);
  CHECK(load_le<std::uint16_t>(bytes, 4) == 0x0607);
  CHECK(load_le<std::uint8_t>(bytes, 10) == 1);
  store_le<std::uint64_t>(bytes, 8, UINT64_MAX);
  CHECK(load_le<std::uint64_t>(bytes, 8) == UINT64_MAX);
}

}  // namespace
}  // namespace bootguard
