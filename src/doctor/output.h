// SPDX-License-Identifier: LGPL-2.1-or-later
// The findings for people and for programs.
#pragma once

#include <string>

#include "doctor/finding.h"

namespace bootguard {

// 80 columns, but for lines of files, which are shown whole: they are there to be copied.
[[nodiscard]] std::string findings_page(const Findings& findings, bool color);

// One object in one line, format version 1 as of every verb (cli/output_json.cpp).
[[nodiscard]] std::string findings_json(const Findings& findings);

}  // namespace bootguard
