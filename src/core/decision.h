// SPDX-License-Identifier: LGPL-2.1-or-later
// What `boot` does, decided purely from the metadata and what is known about this boot. Every row of the table in prose
// (src/core/DECISIONS.md) is a row of the table in decision.cpp; the first row that matches wins.
#pragma once

#include <cstdint>
#include <string>

#include "base/label.h"
#include "format/metadata.h"

namespace bootguard {

// rd.bootguard.action= on the kernel command line.
enum class BootAction : std::uint8_t { kAuto, kRollback, kCommit, kSkip };

struct BootFacts {
  bool disabled = false;  // rd.bootguard=0
  BootAction action = BootAction::kAuto;
  Label slot;    // the booted slot; empty: unknown
  Uuid boot_id;  // nil: unknown
};

enum class Decision : std::uint8_t {
  kIdle,            // nothing to protect: plain, or pass-through
  kStayArmed,       // armed, but not for this boot: pass-through
  kStartTrial,      // verify the store, count, take the checkpoint, protect
  kContinueTrial,   // count and protect
  kSameBoot,        // counted already: protect (if it is not yet), count nothing
  kProtectOnly,     // protect without counting (action=skip)
  kRollBack,        // begin a rollback
  kResumeRollback,  // finish one that was interrupted
  kCommit,          // the command line asks for it
  kGiveUp,          // the command line switched bootguard off: record that there is no way back, then plain
  kDisarm,          // armed, and the command line asks for commit or rollback: nothing to undo
  kUnsupported,     // a phase this version does not know how to handle (committing): do not touch, do not mount
};

struct Decided {
  Decision decision = Decision::kIdle;
  Reason reason = Reason::kNone;
  int row = 0;           // number of the row in DECISIONS.md, for the log
  const char* why = "";  // a clause for people: "the attempts are used up"
};

[[nodiscard]] Decided decide(const Metadata& metadata, const BootFacts& facts);

enum class SlotRelation : std::uint8_t { kUnknown, kOld, kNew };
// If a new slot was named at `arm`: that one is new, any other old. Else: the slot that ran at `arm` is old, any other
// new. Unknown where the booted slot or what it is compared with is unknown.
[[nodiscard]] SlotRelation relate_slot(const Metadata& metadata, const Label& booted);

}  // namespace bootguard
