// SPDX-License-Identifier: LGPL-2.1-or-later
// What a verb has to say, whoever reads it: every form of output is made from this one value, so none can say less.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/verbs.h"
#include "cli/args.h"
#include "cli/exit_code.h"

namespace bootguard {

struct Answer {
  std::optional<Verb> verb;    // nothing: the command line was refused before there was one
  std::optional<Error> error;  // the verb failed, and there is no result
  std::variant<std::monostate, VerbReport, BootReport, StatusReport, std::vector<Event>> result;

  [[nodiscard]] const VerbReport* report() const { return std::get_if<VerbReport>(&result); }
  [[nodiscard]] const BootReport* boot() const { return std::get_if<BootReport>(&result); }
  [[nodiscard]] const StatusReport* status() const { return std::get_if<StatusReport>(&result); }
  [[nodiscard]] const std::vector<Event>* events() const { return std::get_if<std::vector<Event>>(&result); }
};

// The one error there is to tell of, wherever it is; null if all went well.
[[nodiscard]] const Error* error_of(const Answer& answer);
[[nodiscard]] ExitCode exit_code(const Answer& answer);
// A boot: kDone; kFailure if something failed though the volume is protected; kUnprotected; kStop; kDeviceMissing if
// trying again later may help (whether the volume may be mounted until then is for `mount` to say).
[[nodiscard]] ExitCode exit_code(const BootReport& report);
// "unknown" where the metadata could not be read, and so nothing was decided.
[[nodiscard]] const char* decision_name(const BootReport& report);

// Half copied back (or a phase of another version): whatever is mounted now gets mixed up.
[[nodiscard]] bool may_be_mounted(Phase phase);

struct Rendered {
  std::string out;  // for stdout
  std::string err;  // for stderr
};
[[nodiscard]] Rendered render_human(const Answer& answer, bool color);
[[nodiscard]] Rendered render_json(const Answer& answer);
// Only for boot and status.
[[nodiscard]] Rendered render_shell(const Answer& answer);

// One line that says what `boot` did and what is mounted now; for the log, in every form of output.
[[nodiscard]] std::string boot_line(const BootReport& report);

}  // namespace bootguard
