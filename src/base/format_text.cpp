// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/format_text.h"

#include "base/printf.h"

namespace bootguard {

std::string format_text_v(const char* format, std::va_list arguments) {
  std::va_list again;
  va_copy(again, arguments);
  const int length = print_to(nullptr, 0, format, arguments);
  std::string text(static_cast<std::size_t>(length), '\0');
  // The terminator goes where the string keeps its own.
  print_to(text.data(), text.size() + 1, format, again);
  va_end(again);
  return text;
}

std::string format_text(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::string text = format_text_v(format, arguments);
  va_end(arguments);
  return text;
}

}  // namespace bootguard
