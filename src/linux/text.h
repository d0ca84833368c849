// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts of errors and names of files, by printf(3): half the code of what chains of std::string operators become.
#pragma once

#include <cinttypes>  // IWYU pragma: export: PRIu64 for the callers
#include <string>

namespace bootguard {

// At most 8191 bytes; the rest is cut off.
[[gnu::format(printf, 1, 2)]] [[nodiscard]] std::string text(const char* format, ...);

}  // namespace bootguard
