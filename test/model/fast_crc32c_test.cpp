// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "base/crc32c.h"

namespace bootguard {

TEST_CASE("the model's own CRC-32C gives the published check value") {
  const char* text = "123456789";
  CHECK(crc32c(std::as_bytes(std::span(text, 9))) == 0xE3069283);
  CHECK(crc32c(std::as_bytes(std::span(text + 4, 5)), crc32c(std::as_bytes(std::span(text, 4)))) == 0xE3069283);
}

}  // namespace bootguard
