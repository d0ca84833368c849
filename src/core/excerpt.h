// SPDX-License-Identifier: LGPL-2.1-or-later
// Text inside messages. Pieces together with printf rather than operator+: a third of the code, and the binary is
// small.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bootguard {

[[nodiscard, gnu::format(printf, 1, 2)]] std::string format_text(const char* format, ...);

inline constexpr std::size_t kExcerptLength = 64;

// Hostile text as "'text'": cut to a bounded length, and nothing in it can steer a terminal or forge a line of a log.
// Unprintable and non-ASCII bytes become '?', what is too long ends in "...".
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace bootguard
