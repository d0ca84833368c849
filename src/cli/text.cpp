// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cstdarg>

#include "base/format_text.h"

namespace bootguard {

void append_format(std::string& out, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  out += format_text_v(format, arguments);
  va_end(arguments);
}

std::size_t printable_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
  std::uint32_t code = first & (0x7FU >> length);
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
    code = (code << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0xA0, 0x800, 0x10000};  // C1 controls are control characters, too
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= kSmallest[length] && code <= 0x10FFFF && !surrogate ? length : 0;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = printable_length(text, at);
    if (length == 0) {
      out += '?';
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

namespace {

// How many bytes of `text` fit into `width`: up to a space if there is one, else up to a whole character.
std::size_t line_length(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const std::size_t space = text.rfind(' ', width);
  if (space != std::string_view::npos && space > 0) return space;
  std::size_t length = width;
  while (length > 1 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80) --length;
  return length;
}

}  // namespace

void append_wrapped(std::string& out, std::string_view text, std::size_t indent, Highlight highlight) {
  const std::string clean = printable(text);
  std::string_view rest = clean;
  for (bool first = true; first || !rest.empty(); first = false) {
    if (!first) out.append(indent, ' ');
    const std::size_t length = line_length(rest, kColumns - indent);
    out += highlight.before;
    out += rest.substr(0, length);
    out += highlight.after;
    out += '\n';
    rest.remove_prefix(length);
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  }
}

std::string utc_time(std::uint64_t seconds) {
  constexpr std::uint64_t kYear10000 = 253402300800;
  if (seconds == 0 || seconds >= kYear10000) return "-";
  // Howard Hinnant's civil_from_days, for days after 1970: years begin in March, so the leap day is the last of its
  // year.
  const auto days = static_cast<std::uint32_t>(seconds / 86400) + 719468;
  const std::uint32_t era = days / 146097;
  const std::uint32_t day_of_era = days % 146097;
  const std::uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::uint32_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::uint32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::uint32_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto second = static_cast<std::uint32_t>(seconds % 86400);
  return format_text("%04u-%02u-%02u %02u:%02u:%02u UTC", year, month, day, second / 3600, second / 60 % 60,
                     second % 60);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  constexpr std::size_t kLimit = 32;
  a = a.substr(0, kLimit);
  b = b.substr(0, kLimit);
  std::array<std::size_t, kLimit + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace bootguard
