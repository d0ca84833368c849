// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/format_text.h"
#include "base/printf.h"

namespace bootguard {
namespace {

// What of it is ours, and what is the C library's, in a buffer of `size` bytes.
template <std::size_t size>
[[gnu::format(printf, 1, 2)]] void check_equal(const char* format, ...) {
  char ours[size];
  char theirs[size];
  std::va_list arguments;
  va_start(arguments, format);
  const int length = print_to(ours, size, format, arguments);
  va_end(arguments);
  va_start(arguments, format);
  // volatile: an optimising compiler would warn of what is cut off, which is what is tested.
  int (*volatile library)(char*, std::size_t, const char*, std::va_list) = &std::vsnprintf;
  const int expected = library(theirs, size, format, arguments);
  va_end(arguments);
  INFO(format);
  CHECK(length == expected);
  CHECK(std::string(ours) == theirs);
}

[[gnu::format(scanf, 2, 3)]] int scan(const char* text, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const int count = scan_from(text, format, arguments);
  va_end(arguments);
  return count;
}

TEST_CASE("printf: writes what the C library writes") {
  check_equal<64>("plain, 100 %%");
  check_equal<64>("%s and %s", "one", "");
  check_equal<64>("[%5s] [%-5s] [%.2s] [%.*s]", "abc", "abc", "abc", 1, "abc");
  check_equal<64>("%c%3c", 'x', 'y');
  check_equal<64>("%d %d %d %i", 0, 1, -1, INT_MIN);
  check_equal<64>("%u %u %o", 0U, UINT_MAX, 8U);
  check_equal<64>("%x %X %04x %2x", 0xabcU, 0xabcU, 0x1fU, 0x123U);
  check_equal<64>("%02u:%5u:%-5u|%*u", 7U, 42U, 42U, 4, 1U);
  check_equal<64>("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MAX, 5ULL);
  check_equal<64>("%zu %jd %td", sizeof(int), std::intmax_t{-2}, std::ptrdiff_t{3});
  check_equal<64>("%.0d|%.0d|%.3d|%5.3d|%05d|%-5d|", 0, 7, 7, -7, -7, -7);
  check_equal<64>("%p", static_cast<const void*>("x"));
  check_equal<64>("%hu %hd", static_cast<unsigned short>(7), static_cast<short>(-7));
  const char* const none = std::getenv("BOOTGUARD_NO_SUCH_VARIABLE");
  check_equal<64>("%s", none);
}

TEST_CASE("printf: what does not fit is counted but not written") {
  check_equal<4>("%s", "abc");
  check_equal<4>("%s", "abcd");
  check_equal<1>("%d", 12345);
}

TEST_CASE("printf: a conversion it does not know ends the text") {
  char out[16];
  const auto print = [&out](const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const int length = print_to(out, sizeof out, format, arguments);
#pragma GCC diagnostic pop
    va_end(arguments);
    return length;
  };
  int count = 0;
  CHECK(print("ab%ncd", &count) == 2);
  CHECK(std::string(out) == "ab");
  CHECK(print("%f", 1.0) == 0);
  // Flags that exclude each other: the later rule wins, as in the C library.
  CHECK(print("%-05d|", 7) == 6);
  CHECK(std::string(out) == "7    |");
  CHECK(print("%05.3d|", 7) == 6);
  CHECK(std::string(out) == "  007|");
  CHECK(print("0123456789abcdefXYZ%n", &count) == 19);
  CHECK(std::string(out) == "0123456789abcde");
  const auto measure = [](const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const int length = print_to(nullptr, 0, format, arguments);
#pragma GCC diagnostic pop
    va_end(arguments);
    return length;
  };
  CHECK(measure("ab%ncd", &count) == 2);
}

TEST_CASE("format_text: as long as the text is, and empty where that is") {
  CHECK(format_text("%s", "").empty());
  CHECK(format_text("%.0s", "abc") == std::string());
  CHECK(format_text("%d%%", 7) == "7%");
  // Longer than what a string keeps within itself.
  const std::string large(5000, 'x');
  CHECK(format_text("<%s>", large.c_str()) == "<" + large + ">");
}

TEST_CASE("scanf: what libdm reads") {
  unsigned a = 0, b = 0, c = 0;
  char name[8];
  CHECK(scan("6.1.0-18-amd64", "%u.%u.%u", &a, &b, &c) == 3);
  CHECK((a == 6 && b == 1 && c == 0));
  CHECK(scan("6.1", "%u.%u.%u", &a, &b, &c) == 2);
  CHECK(scan("254 device-mapper\n", "%u %7s\n", &a, name) == 2);
  CHECK(std::string(name) == "device-");
  CHECK(scan("Block devices:\n", "%u %7s\n", &a, name) == 0);
  CHECK(scan("", "%u %7s\n", &a, name) == -1);
  CHECK(scan("2frest", "%2x%7s", &a, name) == 2);
  CHECK(a == 0x2f);
  CHECK(std::string(name) == "rest");
  CHECK(scan(" 12 ", "%u %u", &a, &b) == 1);
  CHECK(a == 12);
  CHECK(scan("ab cd", "%*s %7s", name) == 1);
  CHECK(std::string(name) == "cd");
  CHECK(scan("1234", "%2u%u", &a, &b) == 2);
  CHECK((a == 12 && b == 34));
  unsigned long large = 0;
  CHECK(scan("18446744073709551615", "%lu", &large) == 1);
  CHECK(large == ULONG_MAX);
  CHECK(scan("12 13 8:1", "%*u %*u %u:%u", &a, &b) == 2);
  CHECK((a == 8 && b == 1));
}

}  // namespace
}  // namespace bootguard
