// SPDX-License-Identifier: LGPL-2.1-or-later
// The ranges of every value of a metadata block (FORMAT.md, "Ranges"). One list, used in both directions: decode()
// refuses what encode() must never be given.
#pragma once

#include "format/metadata.h"

namespace bootguard {

// Name of the first field that is out of its range, or nullptr. Volume records beyond volume_count are not looked at.
[[nodiscard]] const char* find_bad_value(const Metadata& metadata);

}  // namespace bootguard
