// SPDX-License-Identifier: LGPL-2.1-or-later
// What an all-knowing observer remembers of a life (the ghost), and one durable state of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "fakes/sim_disk.h"

namespace bootguard::model {

// What may happen while the machine is on.
enum class Step : std::uint8_t {
  kBootNew,  // the new slot (before an update is armed: simply the running system)
  kBootOld,
  kBootRollback,  // rd.bootguard.action=rollback, new slot
  kBootCommit,
  kBootSkip,
  kBootDisabled,  // rd.bootguard=0
  kBootAgain,     // the hook runs a second time in this very boot
  kWrite,         // the mounted system writes, syncs, writes
  kMarkGood,
  kMarkBad,
  kArm,
  kDisarm,
  kFormat,
};
using Script = std::vector<Step>;
[[nodiscard]] std::string describe(const Script& script);

// A promise broken. Thrown where it is found; the explorer adds how the state came about.
struct Violation {
  int invariant = 0;  // number in the list of invariants (test/model/INVARIANTS.md)
  std::string text;
};

struct Ghost {
  DiskImage cur{0};              // what the system wrote last; the inode's block is the filesystem's own affair
  std::optional<DiskImage> pre;  // content when the trial was first handed over
  bool armed = false;            // `arm` was run since the last end of an update
  bool in_trial = false;         // handed over with the way back open, and not ended
  bool way_back_gone = false;    // handed over unprotected since: only `cur` will do
  bool commit_wanted = false;    // mark-good was begun, or asked for
  bool rollback_wanted = false;
  bool rollback_promised = false;     // mark-bad answered 0
  bool disabled_once = false;         // booted with rd.bootguard=0: gives the way back up
  bool end_in_one_copy = false;       // disarmed while the disk was failing, and that stands in one copy only
  Uuid arm_before;                    // arm id in the metadata when `arm` was begun
  std::uint32_t handed_over = 0;      // counted boots that were handed over
  std::uint32_t lives = 0;            // updates that ended
  std::uint32_t arms = 0;             // how often `arm` was tried
  std::uint32_t faults = 0;           // injected so far
  std::uint32_t kills = 0;            // verbs killed and run again
  std::uint32_t least_left = 0xFFFF;  // lowest counter ever durable of this arm
  Uuid arm_id;                        // that least_left belongs to
  std::uint64_t sequence = 0;         // highest ever believed
  std::uint64_t boots = 0;            // not part of the state: makes boot ids differ

  [[nodiscard]] std::uint64_t hash() const;
};

struct Trail {
  std::shared_ptr<const Trail> before;
  std::string what;
  std::string choice;  // the same for Explorer::replay
};

// Everything that survives when the power is off.
struct Node {
  DiskImage metadata{0};
  DiskImage volume{0};
  Ghost ghost;
  std::shared_ptr<const Trail> trail;
  std::uint32_t depth = 0;
};

}  // namespace bootguard::model
