// SPDX-License-Identifier: LGPL-2.1-or-later
// Hostile text inside messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/format_text.h"  // IWYU pragma: export

namespace bootguard {

inline constexpr std::size_t kExcerptLength = 64;

// Hostile text as "'text'": cut to a bounded length, and nothing in it can steer a terminal or forge a line of a log.
// Unprintable and non-ASCII bytes become '?', what is too long ends in "...".
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace bootguard
