// SPDX-License-Identifier: LGPL-2.1-or-later
// The answers of all verbs but `status` (status_page.cpp) for people.
#include <cinttypes>

#include "cli/answer.h"
#include "cli/status_page.h"
#include "cli/text.h"
#include "cli/words.h"

namespace bootguard {
namespace {

// "bootguard: arm: "
std::string prefix(const Answer& answer) {
  std::string out = "bootguard: ";
  if (answer.verb) append_format(out, "%s: ", name(*answer.verb));
  return out;
}

// "bootguard: arm: the filesystem is too full ...", then what to do. The first line is kept whole: logs are searched by
// line.
std::string error_lines(const Answer& answer, const Error& error) {
  std::string out = prefix(answer);
  append_format(out, "%s\n  -> ", printable(error.text).c_str());
  append_wrapped(out, describe(error.code).advice, 5);
  return out;
}

bool tells_attempts(EventKind kind) {
  return kind == EventKind::kArmed || kind == EventKind::kCheckpoint || kind == EventKind::kBootCounted ||
         kind == EventKind::kWaited;
}

// One line, whatever the event holds: the slot, which comes last, is cut where it does not fit.
std::string event_line(const Event& event) {
  std::string line = utc_time(event.time_s);
  line.resize(25, ' ');  // "2026-01-31 23:59:59 UTC  "
  line += phrase(event.kind);
  if (event.reason != Reason::kNone && !(event.kind == EventKind::kDisarmed && event.reason == Reason::kDisarm)) {
    append_format(line, ": %s", phrase(event.reason));
  }
  if (event.detail != 0) {
    append_format(line, ", %" PRIu32 " %s", event.detail, event.kind == EventKind::kRolledBack ? "chunks" : "copies");
  }
  if (tells_attempts(event.kind)) append_format(line, ", %u left", static_cast<unsigned>(event.attempts_left));
  if (event.os_error != 0) append_format(line, ", errno %" PRIu32, event.os_error);
  if (!event.slot.empty()) append_format(line, ", slot %s", c_str(event.slot));
  if (line.size() > kColumns) {
    line.resize(kColumns - 1);
    line += '~';
  }
  return line + '\n';
}

void render_report(Rendered& rendered, const Answer& answer, const VerbReport& report) {
  append_format(rendered.out, "%s\n", printable(report.summary).c_str());
  for (const std::string& warning : report.warnings) {
    append_format(rendered.err, "%swarning: %s\n", prefix(answer).c_str(), printable(warning).c_str());
  }
}

}  // namespace

std::string boot_line(const BootReport& report) {
  std::string line;
  if (report.metadata) append_format(line, "%s: ", name(report.decision));
  line += report.why;
  if (!report.mount) {
    line += "; the volume must not be mounted";
    return printable(line);
  }
  if (report.metadata && report.metadata->phase == Phase::kTrial) {
    append_format(line, "; %u of %u attempts left", static_cast<unsigned>(report.metadata->attempts_left),
                  static_cast<unsigned>(report.metadata->attempts_limit));
  }
  const char* const end = report.is_protected                    ? ", protected"
                          : exit_code(report) != ExitCode::kDone ? ", NOT protected"
                                                                 : "";
  append_format(line, "; %s%s%s", report.device.empty() ? "no device found" : "mount ", report.device.c_str(), end);
  return printable(line);
}

Rendered render_human(const Answer& answer, bool color) {
  Rendered rendered;
  if (const VerbReport* report = answer.report()) render_report(rendered, answer, *report);
  if (const StatusReport* report = answer.status()) rendered.out += status_page(*report, color);
  if (const std::vector<Event>* events = answer.events()) {
    for (const Event& event : *events) rendered.out += event_line(event);
    if (events->empty()) rendered.out += "no events\n";
  }
  // The status page tells of a broken metadata block itself, copy by copy; a boot has logged what failed.
  if (answer.error) rendered.err += error_lines(answer, *answer.error);
  return rendered;
}

}  // namespace bootguard
