// SPDX-License-Identifier: LGPL-2.1-or-later
// Every operation of every verb fails once: the verb answers with an error, or goes on and says what went wrong. What
// is neither is on a list here, with the reason.
#include <functional>
#include <iostream>

#include "model/bench.h"

namespace bootguard::model {
namespace {

constexpr const char* kNew = "bootguard.slot=new";
constexpr const char* kOld = "bootguard.slot=old";

// What a verb has said: whether it failed, and everything it told of.
struct Said {
  bool failed = false;
  std::string text;
};

void add(Said& said, const std::string& text) { said.text += text + "\n"; }

Said said_of(const Result<VerbReport>& result) {
  Said said;
  said.failed = !result.ok();
  if (!result) {
    add(said, result.error().text);
  } else {
    for (const std::string& warning : result.value().warnings) add(said, warning);
  }
  return said;
}
Said said_of(const BootReport& report) {
  Said said;
  said.failed = report.failure.has_value();
  if (report.failure) add(said, report.failure->text);
  return said;
}

struct Verb {
  const char* name;
  Script before;             // whose end is the state it begins with
  const char* command_line;  // of the boot it is run in
  bool mounted;              // the boot's answer is mounted before it is run
  std::function<Said(PoweredOn&)> run;
};

std::vector<Verb> verbs() {
  const auto boot = [](PoweredOn& on) { return said_of(run_boot(on.context)); };
  const auto mark_good = [](PoweredOn& on) { return said_of(run_mark_good(on.context)); };
  const Script arm{Step::kBootOld, Step::kArm};
  const Script trial{Step::kBootOld, Step::kArm, Step::kBootNew, Step::kWrite};
  return {
      {"format", {}, kOld, false, [](PoweredOn& on) { return said_of(run_format(on.context, true)); }},
      {"arm", {}, kOld, true, [](PoweredOn& on) { return said_of(run_arm(on.context, {})); }},
      {"disarm", arm, kOld, true, [](PoweredOn& on) { return said_of(run_disarm(on.context)); }},
      {"old slot, armed", arm, kOld, false, boot},
      {"checkpoint", arm, kNew, false, boot},
      {"second boot of a trial", trial, kNew, false, boot},
      {"rollback", trial, kOld, false, boot},
      {"mark-good", trial, kNew, true, mark_good},
      {"mark-good, not mounted", trial, kNew, false, mark_good},
      {"mark-bad", trial, kNew, true, [](PoweredOn& on) { return said_of(run_mark_bad(on.context)); }},
  };
}

// Scripts are one session each, from one boot to the next.
Bench bench_for(const Verb& verb) {
  Bench bench;
  Script session;
  for (const Step step : verb.before) {
    if (!session.empty() && (step == Step::kBootNew || step == Step::kBootOld)) {
      bench.play(session);
      session.clear();
    }
    session.push_back(step);
  }
  if (!session.empty()) bench.play(session);
  return bench;
}

struct Outcome {
  Said said;
  std::uint64_t operations = 0;
  std::string hit;
  bool copies_equal = false;  // all of the metadata, afterwards
};

bool copies_equal(const DiskImage& metadata) {
  const auto copy = [&](std::size_t i) {
    return metadata.at((World::kAreaOffset + i * layout::kCopyStrideBytes) / kSimBlock);
  };
  for (std::size_t i = 1; i < layout::kCopies; ++i) {
    if (!same_block(copy(0), copy(i))) return false;
  }
  return true;
}

Outcome play(const Verb& verb, const Bench& start, std::uint64_t n, Fault::Kind kind) {
  Bench bench = start;
  Outcome outcome;
  bench.power_on(verb.command_line, [&](PoweredOn& on) {
    if (verb.mounted) on.mount(run_boot(on.context).device);
    on.machine.log.lines.clear();
    NthFault nth(n, Fault{kind, EIO});
    on.machine.hooks.injector = &nth;
    outcome.said = verb.run(on);
    on.machine.hooks.injector = nullptr;
    for (const FakeLog::Line& line : on.machine.log.lines) {
      if (line.level <= LogLevel::kWarning) add(outcome.said, line.text);
    }
    outcome.operations = nth.seen();
    outcome.hit = nth.hit();
    if (verb.mounted) on.machine.mounts.unmount(World::kMountPath);
  });
  outcome.copies_equal = copies_equal(bench.node.metadata);
  return outcome;
}

// What has no effect cannot fail after it.
bool only_asks(const Outcome& outcome) {
  for (const char* const what : {"find ", "table ", "status "}) {
    if (outcome.hit.starts_with(what)) return true;
  }
  return false;
}

// Why a verb may go on without a word.
bool may_be_silent(const Verb& verb, const Outcome& outcome) {
  // One of several copies: what it should hold is in the others, and is written to it again.
  if (outcome.hit.starts_with("read metadata")) return outcome.copies_equal;
  // Without a trial nothing is done to the volume: that it cannot be found, whoever mounts it says.
  if (outcome.hit.starts_with("read volume") && std::string(verb.name) == "old slot, armed") return true;
  // mark-bad looks whether the store is still whole, only to warn that it is not; the next boot looks again.
  return outcome.hit.starts_with("status bootguard-data-undo ") && std::string(verb.name) == "mark-bad";
}

// What is said where nothing fails.
std::string usual_words(const Verb& verb) {
  return std::string(verb.name) == "rollback" ? "rolling back: the old slot was booted again\n" : "";
}

// The silent ones that have no reason, one a line; `failures` counts all that were made.
std::string silent_failures(std::uint64_t& failures, const std::function<void(Said&)>& tamper) {
  std::string silent;
  for (const Verb& verb : verbs()) {
    const Bench start = bench_for(verb);
    const Outcome fine = play(verb, start, ~std::uint64_t{0}, Fault::Kind::kNone);
    INFO(verb.name << ": " << fine.said.text);
    REQUIRE_FALSE(fine.said.failed);
    CHECK(fine.said.text == usual_words(verb));
    REQUIRE(fine.operations > 10);
    for (const auto kind : {Fault::Kind::kFailBefore, Fault::Kind::kFailAfter}) {
      for (std::uint64_t n = 0; n < fine.operations; ++n) {
        Outcome outcome = play(verb, start, n, kind);
        REQUIRE(!outcome.hit.empty());
        if (kind == Fault::Kind::kFailAfter && only_asks(outcome)) continue;
        ++failures;
        tamper(outcome.said);
        if (outcome.said.failed || outcome.said.text != fine.said.text || may_be_silent(verb, outcome)) continue;
        silent += std::string(verb.name) + ": " + outcome.hit + "\n";
      }
    }
  }
  return silent;
}

TEST_CASE("failures are told: every operation of every verb, failing before its effect and after it") {
  std::uint64_t failures = 0;
  CHECK(silent_failures(failures, [](Said&) {}) == "");
  std::cout << "measured - failures: " << failures << " single failures of an operation, each told or mended"
            << std::endl;
  CHECK(failures > 500);
  // Control: verbs that swallow what they are told are found.
  const std::string swallowed = silent_failures(failures, [](Said& said) {
    if (said.text.find("flush") != std::string::npos) said = Said{};
  });
  CHECK(swallowed.find("flush") != std::string::npos);
}

}  // namespace
}  // namespace bootguard::model
