// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "base/label.h"
#include "core/decision.h"

namespace bootguard {
namespace {

constexpr std::uint16_t kLimit = 3;

Label label(const char* text) { return Label::parse(text).value(); }

Uuid uuid(std::uint8_t fill) {
  Uuid made;
  made.bytes.fill(fill);
  return made;
}

Metadata in_phase(Phase phase) {
  Metadata metadata;
  metadata.phase = phase;
  metadata.attempts_limit = kLimit;
  metadata.attempts_left = kLimit;
  metadata.old_slot = label("A");
  metadata.counted_boot_id = uuid(1);
  return metadata;
}

BootFacts booted(const char* slot) {
  BootFacts facts;
  facts.slot = label(slot);
  facts.boot_id = uuid(2);
  return facts;
}

void check(const Decided& decided, int row, Decision decision, Reason reason) {
  CHECK(decided.row == row);
  CHECK(decided.decision == decision);
  CHECK(decided.reason == reason);
  CHECK(std::string(decided.why) != "");
}

constexpr std::initializer_list<Phase> kPhases = {Phase::kIdle, Phase::kArmed, Phase::kTrial, Phase::kRollingBack,
                                                  Phase::kCommitting};
constexpr std::initializer_list<BootAction> kActions = {BootAction::kAuto, BootAction::kRollback, BootAction::kCommit,
                                                        BootAction::kSkip};

// What every decision may depend on.
struct Inputs {
  Phase phase;
  bool disabled;
  BootAction action;
  const char* slot;  // "A" old, "B" new, "" unknown
  Request request;
  std::uint16_t attempts;
  bool same_boot;
};

template <class Visit>
void for_all_inputs(Visit visit) {
  for (const Phase phase : kPhases)
    for (const bool disabled : {false, true})
      for (const BootAction action : kActions)
        for (const char* slot : {"A", "B", ""})
          for (const Request request : {Request::kNone, Request::kRollback})
            for (const std::uint16_t attempts : {std::uint16_t{0}, std::uint16_t{1}, kLimit})
              for (const bool same_boot : {false, true})
                visit(Inputs{phase, disabled, action, slot, request, attempts, same_boot});
}

Decided decide_on(const Inputs& in) {
  Metadata metadata = in_phase(in.phase);
  metadata.request = in.request;
  metadata.attempts_left = in.attempts;
  BootFacts facts = booted(in.slot);
  facts.disabled = in.disabled;
  facts.action = in.action;
  if (in.same_boot) facts.boot_id = metadata.counted_boot_id;
  return decide(metadata, facts);
}

struct Expected {
  int row;
  Decision decision;
  Reason reason;
};

Expected oracle_armed(const Inputs& in) {
  if (in.disabled) return {4, Decision::kStayArmed, Reason::kDisabled};
  switch (in.action) {
    case BootAction::kSkip:
      return {5, Decision::kStayArmed, Reason::kCommandLine};
    case BootAction::kCommit:
    case BootAction::kRollback:
      return {6, Decision::kDisarm, Reason::kCommandLine};
    case BootAction::kAuto:
      break;
  }
  if (std::string(in.slot) == "A") return {7, Decision::kStayArmed, Reason::kOldSlot};
  return {8, Decision::kStartTrial, Reason::kNone};
}

Expected oracle_trial(const Inputs& in) {
  if (in.same_boot) return {9, Decision::kSameBoot, Reason::kNone};
  if (in.action == BootAction::kCommit) return {10, Decision::kCommit, Reason::kCommandLine};
  if (in.action == BootAction::kRollback) return {11, Decision::kRollBack, Reason::kCommandLine};
  if (in.disabled) return {12, Decision::kGiveUp, Reason::kDisabled};
  if (in.request == Request::kRollback) return {13, Decision::kRollBack, Reason::kMarkBad};
  if (in.action == BootAction::kSkip) return {14, Decision::kProtectOnly, Reason::kCommandLine};
  if (std::string(in.slot) == "A") return {15, Decision::kRollBack, Reason::kOldSlot};
  if (in.attempts == 0) return {16, Decision::kRollBack, Reason::kAttemptsExhausted};
  return {17, Decision::kContinueTrial, Reason::kNone};
}

Expected oracle(const Inputs& in) {
  if (in.phase == Phase::kArmed) return oracle_armed(in);
  if (in.phase == Phase::kTrial) return oracle_trial(in);
  if (in.phase == Phase::kRollingBack) return {3, Decision::kResumeRollback, Reason::kNone};
  if (in.phase == Phase::kCommitting) return {2, Decision::kUnsupported, Reason::kNone};
  return {1, Decision::kIdle, Reason::kNone};
}

}  // namespace

TEST_CASE("R1: idle does nothing, and says so to whoever asked for something", "[decision]") {
  const Metadata idle = in_phase(Phase::kIdle);
  BootFacts facts = booted("B");
  const std::string plain = decide(idle, facts).why;
  check(decide(idle, facts), 1, Decision::kIdle, Reason::kNone);
  for (const BootAction action : {BootAction::kRollback, BootAction::kCommit, BootAction::kSkip}) {
    facts.action = action;
    check(decide(idle, facts), 1, Decision::kIdle, Reason::kNone);
    CHECK(std::string(decide(idle, facts).why) != plain);
  }
  facts.action = BootAction::kAuto;
  facts.disabled = true;
  CHECK(std::string(decide(idle, facts).why) != plain);
}

TEST_CASE("R2: a phase of mode redo is left alone", "[decision]") {
  check(decide(in_phase(Phase::kCommitting), booted("B")), 2, Decision::kUnsupported, Reason::kNone);
}

TEST_CASE("R3: a half-done rollback is finished whatever the command line says", "[decision]") {
  const Metadata metadata = in_phase(Phase::kRollingBack);
  BootFacts facts = booted("B");
  check(decide(metadata, facts), 3, Decision::kResumeRollback, Reason::kNone);
  facts.disabled = true;
  facts.action = BootAction::kCommit;
  check(decide(metadata, facts), 3, Decision::kResumeRollback, Reason::kNone);
  CHECK_THAT(decide(metadata, facts).why, Catch::Contains("must never be mounted"));
}

TEST_CASE("Armed: R4 to R8", "[decision]") {
  const Metadata armed = in_phase(Phase::kArmed);
  BootFacts facts = booted("B");
  SECTION("R4: disabled leaves it armed, also for the action") {
    facts.disabled = true;
    facts.action = BootAction::kRollback;
    check(decide(armed, facts), 4, Decision::kStayArmed, Reason::kDisabled);
  }
  SECTION("R5: skip leaves it armed") {
    facts.action = BootAction::kSkip;
    check(decide(armed, facts), 5, Decision::kStayArmed, Reason::kCommandLine);
  }
  SECTION("R6: commit and rollback both disarm, since there is nothing to undo") {
    for (const BootAction action : {BootAction::kCommit, BootAction::kRollback}) {
      facts.action = action;
      check(decide(armed, facts), 6, Decision::kDisarm, Reason::kCommandLine);
    }
  }
  SECTION("R7: the old slot waits") { check(decide(armed, booted("A")), 7, Decision::kStayArmed, Reason::kOldSlot); }
  SECTION("R8: the new slot, or an unknown one, starts the trial") {
    check(decide(armed, booted("B")), 8, Decision::kStartTrial, Reason::kNone);
    check(decide(armed, booted("")), 8, Decision::kStartTrial, Reason::kNone);
  }
}

TEST_CASE("Trial: R9 to R17", "[decision]") {
  Metadata trial = in_phase(Phase::kTrial);
  BootFacts facts = booted("B");
  SECTION("R9: a boot is counted once, and nothing else is decided within it") {
    facts.boot_id = trial.counted_boot_id;
    facts.action = BootAction::kRollback;
    trial.attempts_left = 0;
    check(decide(trial, facts), 9, Decision::kSameBoot, Reason::kNone);
  }
  SECTION("R9: two unknown boots are not the same") {
    facts.boot_id = Uuid{};
    trial.counted_boot_id = Uuid{};
    check(decide(trial, facts), 17, Decision::kContinueTrial, Reason::kNone);
  }
  SECTION("R10: commit wins over a mark-bad and over disabled") {
    facts.action = BootAction::kCommit;
    facts.disabled = true;
    trial.request = Request::kRollback;
    check(decide(trial, facts), 10, Decision::kCommit, Reason::kCommandLine);
  }
  SECTION("R11: rollback") {
    facts.action = BootAction::kRollback;
    check(decide(trial, facts), 11, Decision::kRollBack, Reason::kCommandLine);
  }
  SECTION("R12: disabled gives the way back up") {
    facts.disabled = true;
    check(decide(trial, facts), 12, Decision::kGiveUp, Reason::kDisabled);
  }
  SECTION("R13: a mark-bad is acted on even where the boot is to be skipped") {
    trial.request = Request::kRollback;
    facts.action = BootAction::kSkip;
    check(decide(trial, facts), 13, Decision::kRollBack, Reason::kMarkBad);
  }
  SECTION("R14: skip protects without counting, even with no attempts left") {
    facts.action = BootAction::kSkip;
    trial.attempts_left = 0;
    check(decide(trial, facts), 14, Decision::kProtectOnly, Reason::kCommandLine);
  }
  SECTION("R15: the old slot takes the data back with it, attempts left or not") {
    check(decide(trial, booted("A")), 15, Decision::kRollBack, Reason::kOldSlot);
  }
  SECTION("R16: no attempts left") {
    trial.attempts_left = 0;
    check(decide(trial, facts), 16, Decision::kRollBack, Reason::kAttemptsExhausted);
  }
  SECTION("R17: one attempt left is enough") {
    trial.attempts_left = 1;
    check(decide(trial, facts), 17, Decision::kContinueTrial, Reason::kNone);
  }
}

TEST_CASE("Every combination of inputs decides as the nested ifs do, and no row is dead", "[decision]") {
  std::set<int> hit;
  std::size_t combinations = 0;
  for_all_inputs([&](const Inputs& in) {
    const Decided decided = decide_on(in);
    const Expected expected = oracle(in);
    CAPTURE(static_cast<int>(in.phase), in.disabled, static_cast<int>(in.action), in.slot, static_cast<int>(in.request),
            in.attempts, in.same_boot);
    REQUIRE(decided.row == expected.row);
    REQUIRE(decided.decision == expected.decision);
    REQUIRE(decided.reason == expected.reason);
    hit.insert(decided.row);
    ++combinations;
  });
  CHECK(combinations == 5 * 2 * 4 * 3 * 2 * 3 * 2);
  CHECK(hit.size() == 17);
}

TEST_CASE("What no input may lead to", "[decision]") {
  for_all_inputs([](const Inputs& in) {
    const Decision decision = decide_on(in).decision;
    CAPTURE(static_cast<int>(in.phase), static_cast<int>(decision), in.attempts);
    const bool counts = decision == Decision::kContinueTrial;
    REQUIRE_FALSE((counts && in.attempts == 0));
    const bool rolls_back = decision == Decision::kRollBack;
    REQUIRE_FALSE((rolls_back && in.phase != Phase::kTrial));
    REQUIRE((decision == Decision::kResumeRollback) == (in.phase == Phase::kRollingBack));
    REQUIRE((decision == Decision::kIdle) == (in.phase == Phase::kIdle));
  });
}

TEST_CASE("A slot is old or new by comparison with what arm recorded", "[decision]") {
  Metadata metadata;
  SECTION("nothing recorded: unknown") { CHECK(relate_slot(metadata, label("A")) == SlotRelation::kUnknown); }
  SECTION("only the old one recorded: any other is new") {
    metadata.old_slot = label("A");
    CHECK(relate_slot(metadata, label("A")) == SlotRelation::kOld);
    CHECK(relate_slot(metadata, label("B")) == SlotRelation::kNew);
    CHECK(relate_slot(metadata, label("a")) == SlotRelation::kNew);
    CHECK(relate_slot(metadata, Label{}) == SlotRelation::kUnknown);
  }
  SECTION("a new one recorded: any other is old") {
    metadata.new_slot = label("B");
    CHECK(relate_slot(metadata, label("B")) == SlotRelation::kNew);
    CHECK(relate_slot(metadata, label("C")) == SlotRelation::kOld);
    CHECK(relate_slot(metadata, Label{}) == SlotRelation::kUnknown);
    metadata.old_slot = label("A");
    CHECK(relate_slot(metadata, label("C")) == SlotRelation::kOld);
    CHECK(relate_slot(metadata, label("A")) == SlotRelation::kOld);
  }
  SECTION("the running slot named as the new one: new") {
    metadata.old_slot = label("A");
    metadata.new_slot = label("A");
    CHECK(relate_slot(metadata, label("A")) == SlotRelation::kNew);
  }
}

}  // namespace bootguard
