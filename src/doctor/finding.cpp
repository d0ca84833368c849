// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/finding.h"

#include <algorithm>
#include <cstdarg>
#include <utility>

#include "base/format_text.h"

namespace bootguard {

const char* name(CheckState state) {
  static constexpr const char* kNames[] = {"ok", "warn", "fail", "skip"};
  return kNames[static_cast<std::size_t>(state)];
}

Finding found(CheckState state, const char* check, std::string where, const char* format, ...) {
  Finding finding;
  finding.state = state;
  finding.check = check;
  finding.where = std::move(where);
  std::va_list arguments;
  va_start(arguments, format);
  finding.what = format_text_v(format, arguments);
  va_end(arguments);
  return finding;
}

CheckState state_of(const Error& error) { return error.code == Errc::kNotRoot ? CheckState::kSkip : CheckState::kFail; }

Result<void> verdict(const Findings& findings) {
  const auto failed = std::count_if(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.state == CheckState::kFail; });
  if (failed == 0) return {};
  return make_error(Errc::kCheckFailed, "%u of %zu checks failed", static_cast<unsigned>(failed), findings.size());
}

}  // namespace bootguard
