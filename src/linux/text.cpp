// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/text.h"

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <cstdio>

namespace bootguard {

std::string text(const char* format, ...) {
  char buffer[8192];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  if (length < 0) return format;
  return {buffer, std::min(static_cast<std::size_t>(length), sizeof buffer - 1)};
}

}  // namespace bootguard
