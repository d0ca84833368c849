// SPDX-License-Identifier: LGPL-2.1-or-later
// The page 'bootguard status' shows: at most 80 columns, in every state, down to "nothing could be read".
#pragma once

#include <string>

#include "app/verbs.h"

namespace bootguard {

[[nodiscard]] std::string status_page(const StatusReport& report, bool color);

// What will happen at the next boot, and what the person may do now.
[[nodiscard]] std::string next_steps(const StatusReport& report);

}  // namespace bootguard
