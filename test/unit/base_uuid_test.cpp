// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "base/uuid.h"

namespace bootguard {
namespace {

constexpr const char* kText = "00112233-4455-6677-8899-aabbccddeeff";

TEST_CASE("uuid: bytes are in the order in which they are printed") {
  const auto uuid = Uuid::parse(kText);
  REQUIRE(uuid);
  for (std::size_t i = 0; i < 16; ++i) CHECK(uuid->bytes[i] == i * 0x11);
  CHECK(uuid->to_string() == kText);
}

TEST_CASE("uuid: either case is read, lower case is written") {
  CHECK(Uuid::parse("00112233-4455-6677-8899-AABBCCDDEEFF") == Uuid::parse(kText));
  CHECK(Uuid::parse("ABCDEFab-cdef-0000-0000-000000000000")->to_string() == "abcdefab-cdef-0000-0000-000000000000");
}

TEST_CASE("uuid: nil is nil, and only nil") {
  CHECK(Uuid{}.is_nil());
  CHECK(Uuid::parse("00000000-0000-0000-0000-000000000000")->is_nil());
  CHECK_FALSE(Uuid::parse("00000000-0000-0000-0000-000000000001")->is_nil());
}

TEST_CASE("uuid: every other length is refused") {
  const std::string text(kText);
  for (std::size_t length = 0; length < text.size(); ++length) CHECK_FALSE(Uuid::parse(text.substr(0, length)));
  CHECK_FALSE(Uuid::parse(text + "0"));
  CHECK_FALSE(Uuid::parse("{" + text + "}"));
  CHECK_FALSE(Uuid::parse(" " + text));
}

TEST_CASE("uuid: at every place every wrong character is refused") {
  int refused = 0;
  int accepted = 0;
  for (std::size_t at = 0; at < 36; ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    for (int c = 0; c < 256; ++c) {
      std::string text(kText);
      text[at] = static_cast<char>(c);
      const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      const bool expected = dash ? c == '-' : hex;
      if (Uuid::parse(text).has_value() != expected) FAIL("at " << at << " character " << c);
      ++(expected ? accepted : refused);
    }
  }
  CHECK(accepted == 32 * 22 + 4);
  CHECK(refused == 36 * 256 - accepted);
}

}  // namespace
}  // namespace bootguard
