// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/run_verb.h"

#include <utility>

#include "base/format_text.h"

namespace bootguard {
namespace {

template <class T>
void put(Answer& answer, Result<T> result) {
  if (result) {
    answer.result = std::move(result).value();
  } else {
    answer.error = std::move(result).error();
  }
}

BootReport boot_and_tell(const Context& context) {
  BootReport report = run_boot(context);
  const bool fine = exit_code(report) == ExitCode::kDone;
  context.log.write(fine ? LogLevel::kNotice : LogLevel::kError, boot_line(report));
  // Here, as a hook reads the answer and a person only the log.
  if (report.failure) {
    context.log.write(LogLevel::kError, format_text("-> %s", describe(report.failure->code).advice));
  }
  return report;
}

}  // namespace

Answer run_verb(const Args& args, const Context& context) {
  Answer answer;
  answer.verb = args.verb;
  switch (args.verb) {
    case Verb::kFormat:
      put(answer, run_format(context, args.force));
      break;
    case Verb::kArm:
      put(answer, run_arm(context, ArmOptions{args.attempts, args.slot}));
      break;
    case Verb::kDisarm:
      put(answer, run_disarm(context));
      break;
    case Verb::kBoot:
      answer.result = boot_and_tell(context);
      break;
    case Verb::kMarkGood:
      put(answer, run_mark_good(context));
      break;
    case Verb::kMarkBad:
      put(answer, run_mark_bad(context));
      break;
    case Verb::kStatus:
      answer.result = run_status(context);
      break;
    case Verb::kLog:
      put(answer, run_log(context));
      break;
    case Verb::kDoctor:  // a program of its own, which main() has not found
      answer.error = make_error(Errc::kNotInstalled, "its program is not here");
      break;
  }
  return answer;
}

Rendered render(const Answer& answer, OutputFormat format, bool color) {
  switch (format) {
    case OutputFormat::kHuman:
      return render_human(answer, color);
    case OutputFormat::kJson:
      return render_json(answer);
    case OutputFormat::kShell:
      return render_shell(answer);
  }
  return {};
}

}  // namespace bootguard
