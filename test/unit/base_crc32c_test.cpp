// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

#include "base/crc32c.h"

namespace bootguard {
namespace {

std::uint32_t crc_of(std::string_view text) { return crc32c(std::as_bytes(std::span(text))); }

std::array<std::byte, 32> filled(std::byte value) {
  std::array<std::byte, 32> bytes{};
  bytes.fill(value);
  return bytes;
}

// The definition, one bit at a time.
std::uint32_t slow_crc(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::byte byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const std::uint32_t in = (std::to_integer<std::uint32_t>(byte) >> bit) & 1;
      crc = ((crc ^ in) & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
    }
  }
  return ~crc;
}

TEST_CASE("crc32c: the vectors of RFC 3720 B.4 and the check value") {
  CHECK(crc_of("") == 0);
  CHECK(crc_of("123456789") == 0xE3069283);
  CHECK(crc32c(filled(std::byte{0x00})) == 0x8A9136AA);
  CHECK(crc32c(filled(std::byte{0xFF})) == 0x62A8AB43);
  auto rising = filled(std::byte{0});
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::byte>(i);
  CHECK(crc32c(rising) == 0x46DD794E);
  auto falling = rising;
  for (std::size_t i = 0; i < falling.size(); ++i) falling[i] = rising[31 - i];
  CHECK(crc32c(falling) == 0x113FDB5C);
}

TEST_CASE("crc32c: every byte value agrees with the bitwise definition") {
  for (unsigned value = 0; value < 256; ++value) {
    const std::array<std::byte, 2> bytes{static_cast<std::byte>(value), static_cast<std::byte>(255 - value)};
    CHECK(crc32c(bytes) == slow_crc(bytes));
  }
}

TEST_CASE("crc32c: in two parts, cut anywhere, it is that of the whole") {
  constexpr std::string_view kText = "the quick brown fox";
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    CHECK(crc32c(std::as_bytes(std::span(kText.substr(cut))), crc_of(kText.substr(0, cut))) == crc_of(kText));
  }
}

}  // namespace
}  // namespace bootguard
