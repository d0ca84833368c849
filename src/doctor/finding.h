// SPDX-License-Identifier: LGPL-2.1-or-later
// What one check of `doctor` has found: one line for a person, one object for a program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace bootguard {

// kSkip is a word of its own, so that what was not looked at is never taken for sound.
enum class CheckState : std::uint8_t { kOk, kWarn, kFail, kSkip };
[[nodiscard]] const char* name(CheckState state);  // "ok", "warn", "fail", "skip"; never changes

struct Finding {
  CheckState state = CheckState::kOk;
  const char* check = "";   // "fstab": at most 14 characters; never changes its meaning
  std::string where;        // a file and line, a device, a parameter; hostile, as all texts here
  std::string what;         // without a full stop
  std::string line;         // the line as it stands, where one has to be changed
  std::string replacement;  // what it has to become; with `line` empty: what has to be added
  std::string advice;       // what else to do: a command, a package
  std::string volume;       // empty: of the machine
};
using Findings = std::vector<Finding>;

[[nodiscard, gnu::format(printf, 4, 5)]] Finding found(CheckState state, const char* check, std::string where,
                                                       const char* format, ...);

// The error of what could not be looked at: not having the rights is no fault of the setup.
[[nodiscard]] CheckState state_of(const Error& error);

// kCheckFailed, saying how many; nothing if none failed.
[[nodiscard]] Result<void> verdict(const Findings& findings);

}  // namespace bootguard
