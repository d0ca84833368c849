// SPDX-License-Identifier: LGPL-2.1-or-later
// The state machine (design 4): each function takes the metadata before and gives the metadata after, with the event
// that records it. Pure: the caller (app) makes it durable before it acts. The sequence is set by MetadataStore, not
// here.
//
//   idle --arm--> armed --start_trial--> trial --count_boot--> trial ... --commit--> idle
//   armed --disarm--> idle          trial --begin_rollback--> rolling-back --finish_rollback--> idle
//   armed, trial --give_up--> idle (unprotected)
#pragma once

#include <cstdint>

#include "format/metadata.h"

namespace bootguard {

// When and where an event happened.
struct Moment {
  std::uint64_t time_s = 0;
  Label slot;
};

struct ArmRequest {
  std::uint16_t attempts = 3;  // 1..1000
  Label old_slot;
  Label new_slot;
  VolumeRecord volume;
};
// REQUIRES: phase idle. Result: armed, attempts_left = attempts, one volume, request cleared.
[[nodiscard]] Metadata arm(Metadata before, const ArmRequest& request, const Moment& moment);
// REQUIRES: phase armed.
[[nodiscard]] Metadata disarm(Metadata before, Reason reason, const Moment& moment);
// REQUIRES: phase armed, attempts_left > 0. The first boot is counted with it: two events (checkpoint, boot counted).
[[nodiscard]] Metadata start_trial(Metadata before, const Uuid& boot_id, const Moment& moment);
// REQUIRES: phase trial, attempts_left > 0.
[[nodiscard]] Metadata count_boot(Metadata before, const Uuid& boot_id, const Moment& moment);
// REQUIRES: phase armed: the old slot was booted. No event if the last event is already this one with the same slot.
[[nodiscard]] Metadata wait_armed(Metadata before, const Moment& moment);
// REQUIRES: phase trial.
[[nodiscard]] Metadata request_rollback(Metadata before, const Moment& moment);
// REQUIRES: phase trial.
[[nodiscard]] Metadata begin_rollback(Metadata before, Reason reason, const Moment& moment);
// REQUIRES: phase rolling-back. `chunks` copied back.
[[nodiscard]] Metadata finish_rollback(Metadata before, std::uint64_t chunks, const Moment& moment);
// REQUIRES: phase trial.
[[nodiscard]] Metadata commit(Metadata before, Reason reason, const Moment& moment);
// REQUIRES: phase armed or trial. The data stays as it is; there is no way back. os_error 0 if none.
[[nodiscard]] Metadata give_up(Metadata before, Reason reason, int os_error, const Moment& moment);

}  // namespace bootguard
