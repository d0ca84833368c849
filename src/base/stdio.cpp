// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes the place of musl's functions of these names in the static program, for libdm's sake: of the 22 KB that musl's
// bring along, most is for floating point. What libdm formats and parses is in printf.h and its test.
#include <cstdio>

#include "base/printf.h"

extern "C" {

int vsnprintf(char* out, std::size_t size, const char* format, std::va_list arguments) {
  return bootguard::print_to(out, size, format, arguments);
}

// Only assert() and libdm's messages before it has our log function get here: a line, cut where it is too long.
int vfprintf(std::FILE* file, const char* format, std::va_list arguments) {
  char line[512];
  const int length = bootguard::print_to(line, sizeof line, format, arguments);
  return std::fputs(line, file) < 0 ? -1 : length;
}

int vsscanf(const char* text, const char* format, std::va_list arguments) {
  return bootguard::scan_from(text, format, arguments);
}

int vfscanf(std::FILE* file, const char* format, std::va_list arguments) {
  char line[512];
  return std::fgets(line, sizeof line, file) == nullptr ? EOF : bootguard::scan_from(line, format, arguments);
}

}  // extern "C"
