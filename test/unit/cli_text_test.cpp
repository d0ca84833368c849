// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "cli/text.h"

namespace bootguard {

TEST_CASE("times are UTC, and unknown ones are said to be") {
  CHECK(utc_time(0) == "-");
  CHECK(utc_time(1) == "1970-01-01 00:00:01 UTC");
  CHECK(utc_time(951782399) == "2000-02-28 23:59:59 UTC");
  CHECK(utc_time(951782400) == "2000-02-29 00:00:00 UTC");
  CHECK(utc_time(951868800) == "2000-03-01 00:00:00 UTC");
  CHECK(utc_time(1709164800) == "2024-02-29 00:00:00 UTC");
  CHECK(utc_time(1735689599) == "2024-12-31 23:59:59 UTC");
  CHECK(utc_time(4107542400) == "2100-03-01 00:00:00 UTC");
  CHECK(utc_time(253402300799) == "9999-12-31 23:59:59 UTC");
  CHECK(utc_time(253402300800) == "-");
  CHECK(utc_time(~std::uint64_t{0}) == "-");
}

TEST_CASE("control characters and broken UTF-8 do not reach a terminal") {
  CHECK(printable("/home/m\xC3\xBCller") == "/home/m\xC3\xBCller");
  CHECK(printable("\033[31mred\n\t\x7F") == "?[31mred???");
  CHECK(printable("\xC2\x9B"
                  "2J") == "??2J");                // C1: CSI in one character
  CHECK(printable("\xC0\xAF") == "??");            // overlong
  CHECK(printable("\xED\xA0\x80") == "???");       // surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "????");  // beyond U+10FFFF
  CHECK(printable("a\xE2\x82") == "a??");          // cut off
  CHECK(printable("\xF0\x9F\x98\x80") == "\xF0\x9F\x98\x80");
}

TEST_CASE("lines break between words, and inside a word only where it must be") {
  std::string out;
  append_wrapped(out, "short", 4);
  CHECK(out == "short\n");

  out.clear();
  append_wrapped(out, std::string(70, 'a') + " " + std::string(20, 'b'), 10);
  CHECK(out == std::string(70, 'a') + "\n" + std::string(10, ' ') + std::string(20, 'b') + "\n");

  out.clear();
  append_wrapped(out, std::string(150, 'c'), 10);
  CHECK(out == std::string(70, 'c') + "\n" + std::string(10, ' ') + std::string(70, 'c') + "\n" + std::string(10, ' ') +
                   std::string(10, 'c') + "\n");

  out.clear();
  append_wrapped(out, "", 10);
  CHECK(out == "\n");
}

TEST_CASE("a character of several bytes is never cut") {
  std::string text = "a";
  for (int i = 0; i < 60; ++i) text += "\xC3\xBC";
  std::string out;
  append_wrapped(out, text, 10);
  const std::size_t end = out.find('\n');
  CHECK(end == 69);  // 'a' and 34 characters of two bytes
}

TEST_CASE("long formatted text is complete") {
  std::string out = "x";
  append_format(out, "%s-%u", std::string(1000, 'y').c_str(), 7U);
  CHECK(out == "x" + std::string(1000, 'y') + "-7");
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("status", "status") == 0);
  CHECK(edit_distance("statsu", "status") == 2);
  CHECK(edit_distance("", "log") == 3);
  CHECK(edit_distance("log", "") == 3);
  CHECK(edit_distance(std::string(100000, 'a'), "log") == 32);
}

}  // namespace bootguard
