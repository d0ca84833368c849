// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/printf.h"

#include <cstdint>
#include <cstring>

namespace bootguard {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::size_t take_number(const char*& format) {
  std::size_t number = 0;
  while (is_digit(*format)) number = number * 10 + static_cast<std::size_t>(*format++ - '0');
  return number;
}

// h, l, z, j, t: true if the argument is as wide as a long. An int's worth of h needs no narrowing: nobody passes more.
bool take_length(const char*& format) {
  bool is_long = false;
  for (; *format == 'h' || *format == 'l' || *format == 'z' || *format == 'j' || *format == 't'; ++format) {
    is_long = is_long || *format != 'h';
  }
  return is_long;
}

// Writes backwards from `end`; where the first digit is.
char* put_digits(char* end, std::uint64_t value, unsigned base, char ten) {
  for (; value != 0; value /= base) {
    const auto digit = static_cast<unsigned>(value % base);
    *--end = static_cast<char>(digit < 10 ? '0' + digit : static_cast<unsigned>(ten) + digit - 10);
  }
  return end;
}

// Value of a digit in bases up to 16; 16 or more: none.
unsigned digit_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const auto letter = static_cast<unsigned>(static_cast<unsigned char>(c) | 0x20U) - 'a';
  return letter < 6 ? letter + 10 : 16;
}

}  // namespace

int print_to(char* out, std::size_t size, const char* format, std::va_list arguments) {
  std::size_t length = 0;
  const auto put = [&](char c) {
    if (length + 1 < size) out[length] = c;
    ++length;
  };
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    bool left = false;
    bool zeros = false;
    for (++format; *format == '-' || *format == '0'; ++format) (*format == '-' ? left : zeros) = true;
    std::size_t width = 0;
    std::size_t precision = SIZE_MAX;  // none
    const auto take_size = [&] {
      if (*format != '*') return take_number(format);
      ++format;
      return static_cast<std::size_t>(va_arg(arguments, int));
    };
    width = take_size();
    if (*format == '.') {
      ++format;
      precision = take_size();
    }
    const bool is_long = take_length(format);
    char buffer[24];
    char* const end = buffer + sizeof buffer;
    const char* text = end;
    std::size_t count = 0;
    const char* sign = "";
    unsigned base = 10;
    switch (*format) {
      case '%':
        put('%');
        continue;
      case 'c':
        buffer[0] = static_cast<char>(va_arg(arguments, int));
        text = buffer;
        count = 1;
        break;
      case 's':
        text = va_arg(arguments, const char*);
        if (text == nullptr) text = "(null)";
        count = precision == SIZE_MAX ? std::strlen(text) : ::strnlen(text, precision);
        break;
      case 'd':
      case 'i': {
        const std::int64_t value = is_long ? va_arg(arguments, std::int64_t) : va_arg(arguments, int);
        if (value < 0) sign = "-";
        const auto bits = static_cast<std::uint64_t>(value);
        text = put_digits(end, value < 0 ? 0 - bits : bits, base, 'a');
        break;
      }
      case 'o':
      case 'u':
      case 'x':
      case 'X': {
        const std::uint64_t value = is_long ? va_arg(arguments, std::uint64_t) : va_arg(arguments, unsigned);
        if (*format != 'u') base = *format == 'o' ? 8 : 16;
        text = put_digits(end, value, base, *format == 'X' ? 'A' : 'a');
        break;
      }
      case 'p':
        sign = "0x";
        text = put_digits(end, reinterpret_cast<std::uintptr_t>(va_arg(arguments, void*)), 16, 'a');
        break;
      default:
        if (size > 0) out[length < size ? length : size - 1] = '\0';
        return static_cast<int>(length);
    }
    const bool is_number = *format != 's' && *format != 'c';
    if (is_number) count = static_cast<std::size_t>(end - text);
    std::size_t fill = 0;  // zeros in front of the digits
    if (is_number && precision == SIZE_MAX && count == 0) fill = 1;
    if (is_number && precision != SIZE_MAX && precision > count) fill = precision - count;
    const std::size_t used = std::strlen(sign) + fill + count;
    std::size_t pad = width > used ? width - used : 0;
    if (is_number && zeros && !left && precision == SIZE_MAX) {
      fill += pad;
      pad = 0;
    }
    for (; !left && pad > 0; --pad) put(' ');
    for (; *sign != '\0'; ++sign) put(*sign);
    for (; fill > 0; --fill) put('0');
    for (; count > 0; --count) put(*text++);
    for (; pad > 0; --pad) put(' ');
  }
  if (size > 0) out[length < size ? length : size - 1] = '\0';
  return static_cast<int>(length);
}

int scan_from(const char* text, const char* format, std::va_list arguments) {
  int done = 0;
  for (; *format != '\0'; ++format) {
    if (is_space(*format)) {
      while (is_space(*text)) ++text;
      continue;
    }
    if (*format != '%') {
      if (*text++ != *format) return done;
      continue;
    }
    ++format;
    const bool keep = *format != '*';
    if (!keep) ++format;
    std::size_t width = take_number(format);
    if (width == 0) width = SIZE_MAX;
    const bool is_long = take_length(format);
    while (is_space(*text)) ++text;
    if (*text == '\0') return done == 0 ? -1 : done;
    const char* const begin = text;
    if (*format == 's') {
      char* out = keep ? va_arg(arguments, char*) : nullptr;
      for (; *text != '\0' && !is_space(*text) && width > 0; --width, ++text) {
        if (keep) *out++ = *text;
      }
      if (keep) *out = '\0';
    } else {
      const unsigned base = *format == 'x' ? 16 : 10;
      std::uint64_t value = 0;
      for (; digit_value(*text) < base && width > 0; --width, ++text) value = value * base + digit_value(*text);
      if (text == begin) return done;
      if (keep && is_long) *va_arg(arguments, std::uint64_t*) = value;
      if (keep && !is_long) *va_arg(arguments, unsigned*) = static_cast<unsigned>(value);
    }
    if (keep) ++done;
  }
  return done;
}

}  // namespace bootguard
