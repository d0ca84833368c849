// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/decision.h"

#include <array>
#include <cassert>

namespace bootguard {
namespace {

// Everything a row may ask about, worked out once.
struct Situation {
  Phase phase;
  Request request;
  bool disabled;
  BootAction action;
  SlotRelation slot;
  bool same_boot;
  bool attempts_left;
};

using Predicate = bool (*)(const Situation&);

bool always(const Situation&) { return true; }
bool disabled(const Situation& s) { return s.disabled; }
bool skip(const Situation& s) { return s.action == BootAction::kSkip; }
bool commit(const Situation& s) { return s.action == BootAction::kCommit; }
bool rollback(const Situation& s) { return s.action == BootAction::kRollback; }
bool commit_or_rollback(const Situation& s) { return commit(s) || rollback(s); }
bool old_slot(const Situation& s) { return s.slot == SlotRelation::kOld; }
bool same_boot(const Situation& s) { return s.same_boot; }
bool marked_bad(const Situation& s) { return s.request == Request::kRollback; }
bool no_attempts_left(const Situation& s) { return !s.attempts_left; }

struct Row {
  int number;  // as in DECISIONS.md
  Phase phase;
  Predicate matches;
  Decision decision;
  Reason reason;
  const char* why;
  // Said instead of `why` where the command line asked for something that this row does not do; null: same.
  const char* why_if_asked;
};

using enum Decision;

constexpr std::array<Row, 17> kRows = {{
    {1, Phase::kIdle, always, kIdle, Reason::kNone, "nothing is armed",
     "nothing is armed, so what the kernel command line asks for has nothing to act on"},
    {2, Phase::kCommitting, always, kUnsupported, Reason::kNone,
     "the metadata is in phase committing, which this version cannot finish", nullptr},
    {3, Phase::kRollingBack, always, kResumeRollback, Reason::kNone, "an interrupted rollback must be finished",
     "an interrupted rollback must be finished, whatever the kernel command line asks: half-copied data must never be "
     "mounted"},

    {4, Phase::kArmed, disabled, kStayArmed, Reason::kDisabled, "the kernel command line switches bootguard off",
     nullptr},
    {5, Phase::kArmed, skip, kStayArmed, Reason::kCommandLine, "the kernel command line asks to skip this boot",
     nullptr},
    {6, Phase::kArmed, commit_or_rollback, kDisarm, Reason::kCommandLine,
     "the kernel command line asks for commit or rollback, but no trial has begun: there is nothing to undo", nullptr},
    {7, Phase::kArmed, old_slot, kStayArmed, Reason::kOldSlot, "the old slot was booted", nullptr},
    {8, Phase::kArmed, always, kStartTrial, Reason::kNone, "this is the first boot after arm", nullptr},

    {9, Phase::kTrial, same_boot, kSameBoot, Reason::kNone, "this boot has been counted already", nullptr},
    {10, Phase::kTrial, commit, kCommit, Reason::kCommandLine, "the kernel command line asks for commit", nullptr},
    {11, Phase::kTrial, rollback, kRollBack, Reason::kCommandLine, "the kernel command line asks for rollback",
     nullptr},
    {12, Phase::kTrial, disabled, kGiveUp, Reason::kDisabled,
     "the kernel command line switches bootguard off: what is written from now on cannot be undone", nullptr},
    {13, Phase::kTrial, marked_bad, kRollBack, Reason::kMarkBad, "the update was marked bad", nullptr},
    {14, Phase::kTrial, skip, kProtectOnly, Reason::kCommandLine, "the kernel command line asks not to count this boot",
     nullptr},
    {15, Phase::kTrial, old_slot, kRollBack, Reason::kOldSlot, "the old slot was booted again", nullptr},
    {16, Phase::kTrial, no_attempts_left, kRollBack, Reason::kAttemptsExhausted, "the attempts are used up", nullptr},
    {17, Phase::kTrial, always, kContinueTrial, Reason::kNone, "the trial goes on", nullptr},
}};

constexpr bool numbered_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].number != static_cast<int>(i) + 1) return false;
  }
  return true;
}
static_assert(numbered_in_order());

}  // namespace

SlotRelation relate_slot(const Metadata& metadata, const Label& booted) {
  if (booted.empty()) return SlotRelation::kUnknown;
  if (!metadata.new_slot.empty()) {
    // Asked before the old slot: an update in place may name the running slot as the new one.
    return booted == metadata.new_slot ? SlotRelation::kNew : SlotRelation::kOld;
  }
  if (metadata.old_slot.empty()) return SlotRelation::kUnknown;
  return booted == metadata.old_slot ? SlotRelation::kOld : SlotRelation::kNew;
}

Decided decide(const Metadata& metadata, const BootFacts& facts) {
  const Situation situation{
      .phase = metadata.phase,
      .request = metadata.request,
      .disabled = facts.disabled,
      .action = facts.action,
      .slot = relate_slot(metadata, facts.slot),
      // Two boots of which neither is known are not the same.
      .same_boot = !facts.boot_id.is_nil() && facts.boot_id == metadata.counted_boot_id,
      .attempts_left = metadata.attempts_left > 0,
  };
  const bool asked = facts.disabled || facts.action != BootAction::kAuto;
  for (const Row& row : kRows) {
    if (row.phase != situation.phase || !row.matches(situation)) continue;
    const char* why = asked && row.why_if_asked != nullptr ? row.why_if_asked : row.why;
    return {row.decision, row.reason, row.number, why};
  }
  // A phase that decode() refuses. Doing nothing is the one answer that is safe for any.
  assert(false && "every phase has a row that always matches");
  return {kUnsupported, Reason::kNone, 0, "the phase is unknown"};
}

}  // namespace bootguard
