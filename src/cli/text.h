// SPDX-License-Identifier: LGPL-2.1-or-later
// Text for terminals and machines. Paths, labels and kernel messages pass through here and are trusted in nothing: no
// control character reaches a terminal, and no line grows over the width of a rescue console.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bootguard {

inline constexpr std::size_t kColumns = 80;

[[gnu::format(printf, 2, 3)]] void append_format(std::string& out, const char* format, ...);

// Bytes of the character at `at` if it is well-formed UTF-8 and no control character; 0 otherwise.
// REQUIRES: at < text.size()
[[nodiscard]] std::size_t printable_length(std::string_view text, std::size_t at);
// Every byte that is part of no printable character becomes '?'.
[[nodiscard]] std::string printable(std::string_view text);

// Appends `text`, which begins in column `indent`, and breaks it between words (inside a word only where the word alone
// is too long). Further lines begin with `indent` spaces; the last one ends with a newline. Columns are counted in
// bytes: never too few. `before` and `after` surround the text of each line: colour, which takes no column. REQUIRES:
// indent < kColumns
struct Highlight {
  const char* before = "";
  const char* after = "";
};
void append_wrapped(std::string& out, std::string_view text, std::size_t indent, Highlight highlight = {});

// "2026-01-31 23:59:59 UTC"; "-" if it is unknown (0) or beyond the year 9999.
[[nodiscard]] std::string utc_time(std::uint64_t seconds_since_1970);

// How many insertions, deletions and replacements make `b` of `a`. Texts are cut at 32 characters.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace bootguard
