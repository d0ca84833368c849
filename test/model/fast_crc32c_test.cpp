// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/fast_crc32c.h"

#include <catch2/catch.hpp>
#include <vector>

#include "base/crc32c.h"

namespace bootguard {

TEST_CASE("the model's own CRC-32C gives the published check value") {
  const char* text = "123456789";
  CHECK(crc32c(std::as_bytes(std::span(text, 9))) == 0xE3069283);
  CHECK(crc32c(std::as_bytes(std::span(text + 4, 5)), crc32c(std::as_bytes(std::span(text, 4)))) == 0xE3069283);
}

TEST_CASE("the model's two ways to a CRC-32C agree, whatever the length and what went before") {
  std::vector<std::byte> bytes(100);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 37 + 11);
  CHECK(crc32c_by_tables(std::as_bytes(std::span("123456789", 9)), 0) == 0xE3069283);
  std::uint32_t previous = 0;
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const auto part = std::span(bytes).first(length);
    const std::uint32_t value = crc32c(part, previous);
    REQUIRE(value == crc32c_by_tables(part, previous));
    previous = value;
  }
}

}  // namespace bootguard
