// SPDX-License-Identifier: LGPL-2.1-or-later
// printf(3) and scanf(3) without floating point, which is most of the 22 KB that musl's bring into a static binary.
#pragma once

#include <cstdarg>
#include <cstddef>

namespace bootguard {

// As vsnprintf(3), for the conversions c d i o p s u x X % with the flags - and 0, width, precision and the lengths
// h l z j t. Anything else, %n above all, ends the text there.
[[gnu::format(printf, 3, 0)]] int print_to(char* out, std::size_t size, const char* format, std::va_list arguments);

// As vsscanf(3), for the conversions s u x with width and *.
[[gnu::format(scanf, 2, 0)]] int scan_from(const char* text, const char* format, std::va_list arguments);

}  // namespace bootguard
