// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace log_writes {

// How an update can stand, and the sets of it that are allowed: the marks of the recording change them.
enum Stands : unsigned { kArmed = 1, kTrial = 2, kRollingBack = 4, kRolledBack = 8, kCommitted = 16 };

}  // namespace log_writes
