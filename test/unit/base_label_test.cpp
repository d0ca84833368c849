// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "base/label.h"

namespace bootguard {
namespace {

TEST_CASE("label: an empty text is the empty label") {
  REQUIRE(Label::parse(""));
  CHECK(Label::parse("")->empty());
  CHECK(*Label::parse("") == Label());
}

TEST_CASE("label: 31 characters fit, 32 do not") {
  CHECK(Label::parse(std::string(31, 'x'))->view() == std::string(31, 'x'));
  CHECK_FALSE(Label::parse(std::string(32, 'x')));
  CHECK_FALSE(Label::parse(std::string(100000, 'x')));
}

TEST_CASE("label: of all 256 characters exactly A-Z a-z 0-9 . _ + - are allowed, and . and - not in front") {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";
  int inside = 0;
  int in_front = 0;
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool expected = allowed.find(c) != std::string::npos;
    CAPTURE(i);
    CHECK(Label::parse(std::string("a") + c + "b").has_value() == expected);
    CHECK(Label::parse(std::string(1, c)).has_value() == (expected && c != '.' && c != '-'));
    inside += Label::parse(std::string("a") + c).has_value();
    in_front += Label::parse(std::string(1, c) + "a").has_value();
  }
  CHECK(inside == 66);
  CHECK(in_front == 64);
}

TEST_CASE("label: a NUL inside is no end but a mistake") { CHECK_FALSE(Label::parse(std::string_view("a\0b", 3))); }

TEST_CASE("label: equal by text, also as a prefix of another") {
  CHECK(*Label::parse("system_a") == *Label::parse("system_a"));
  CHECK_FALSE(*Label::parse("system") == *Label::parse("system_a"));
  CHECK_FALSE(*Label::parse("") == *Label::parse("a"));
}

}  // namespace
}  // namespace bootguard
