// SPDX-License-Identifier: LGPL-2.1-or-later
// What people read, but for the status page (cli_status_test).
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/answer.h"

namespace bootguard {
namespace {

Label label(const std::string& text) { return *Label::parse(text); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    widest = std::max(widest, end - begin);
  }
  return widest;
}

Metadata trial() {
  Metadata metadata;
  metadata.phase = Phase::kTrial;
  metadata.attempts_limit = 3;
  metadata.attempts_left = 1;
  return metadata;
}

}  // namespace

TEST_CASE("log: one event a line, at most 80 columns, unknown time as -") {
  Answer answer;
  answer.verb = Verb::kLog;
  std::vector<Event> events;
  for (std::uint16_t kind = 1; kind <= 12; ++kind) {
    for (std::uint16_t reason = 0; reason <= 13; ++reason) {
      Event event;
      event.number = ~std::uint64_t{0};
      event.time_s = kind % 2 == 0 ? 0 : 253402300799;
      event.kind = static_cast<EventKind>(kind);
      event.reason = static_cast<Reason>(reason);
      event.attempts_left = 1000;
      event.detail = event.os_error = ~std::uint32_t{0};
      event.slot = label(std::string(31, 'W'));
      events.push_back(event);
    }
  }
  answer.result = events;
  const std::string out = render_human(answer, false).out;
  CHECK(widest_line(out) <= 80);
  CHECK(out.back() == '\n');
  CHECK(static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n')) == events.size());

  Event event;
  event.kind = EventKind::kBootCounted;
  event.attempts_left = 2;
  event.slot = label("system-b");
  answer.result = std::vector<Event>{event};
  CHECK(render_human(answer, false).out == "-                        boot counted, 2 left, slot system-b\n");
  answer.result = std::vector<Event>{};
  CHECK(render_human(answer, false).out == "no events\n");
}

TEST_CASE("an error is one line and what to do") {
  Answer answer;
  answer.verb = Verb::kArm;
  answer.error = make_error(Errc::kNotMounted, "userdata is not mounted");
  const Rendered rendered = render_human(answer, true);
  CHECK(rendered.out.empty());
  CHECK(rendered.err == "bootguard: arm: userdata is not mounted\n  -> mount the volume, then try again\n");
}

TEST_CASE("a report is its summary; warnings go to stderr") {
  Answer answer;
  answer.verb = Verb::kMarkGood;
  VerbReport report;
  report.summary = "userdata: committed";
  report.warnings = {"the store's file could not be removed"};
  answer.result = report;
  const Rendered rendered = render_human(answer, false);
  CHECK(rendered.out == "userdata: committed\n");
  CHECK(rendered.err == "bootguard: mark-good: warning: the store's file could not be removed\n");
}

TEST_CASE("boot is told in one line") {
  BootReport report;
  report.decision = Decision::kContinueTrial;
  report.why = "the trial goes on";
  report.device = "/dev/mapper/bootguard-userdata";
  report.is_protected = true;
  report.metadata = trial();
  CHECK(boot_line(report) ==
        "continue-trial: the trial goes on; 1 of 3 attempts left; mount /dev/mapper/bootguard-userdata, protected");
  report.is_protected = false;
  CHECK(contains(boot_line(report), "NOT protected"));
  report.mount = false;
  CHECK(contains(boot_line(report), "must not be mounted"));

  BootReport blind;
  blind.why = "the metadata tells nothing";
  blind.device = "/dev/sda3";
  blind.failure = make_error(Errc::kMetadataCorrupt, "no copy can be trusted");
  CHECK(boot_line(blind) == "the metadata tells nothing; mount /dev/sda3, NOT protected");
}

}  // namespace bootguard
