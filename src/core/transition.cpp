// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/transition.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace bootguard {
namespace {

constexpr std::uint16_t kMaxAttempts = 1000;

// Records what happened, with phase and counter as they are after it.
void record(Metadata& metadata, EventKind kind, Reason reason, const Moment& moment, std::uint32_t detail = 0,
            int os_error = 0) {
  Event event;
  event.time_s = moment.time_s;
  event.kind = kind;
  event.reason = reason;
  event.attempts_left = metadata.attempts_left;
  event.phase = metadata.phase;
  event.os_error = static_cast<std::uint32_t>(std::max(os_error, 0));
  event.detail = detail;
  event.slot = moment.slot;
  append_event(metadata, event);
}

// Every way an update can end. What decides about boots is cleared; what tells a person about the update that ended
// stays until the next `arm`: limit, boots, times, the boot that was counted (a mapping of it may still be in use), and
// the volume's record, whose store may still have to be wiped.
void end_update(Metadata& metadata, LastResult result, Reason reason, const Moment& moment) {
  metadata.phase = Phase::kIdle;
  metadata.request = Request::kNone;
  metadata.attempts_left = 0;
  metadata.old_slot = Label{};
  metadata.new_slot = Label{};
  metadata.last_result = result;
  metadata.last_reason = reason;
  metadata.last_result_time_s = moment.time_s;
}

void use_attempt(Metadata& metadata, const Uuid& boot_id, const Moment& moment) {
  assert(metadata.attempts_left > 0);
  --metadata.attempts_left;
  if (metadata.trial_boots < metadata.attempts_limit) ++metadata.trial_boots;
  metadata.counted_boot_id = boot_id;
  metadata.booted_slot = moment.slot;
  record(metadata, EventKind::kBootCounted, Reason::kNone, moment);
}

}  // namespace

Metadata arm(Metadata before, const ArmRequest& request, const Moment& moment) {
  assert(before.phase == Phase::kIdle);
  assert(request.attempts >= 1 && request.attempts <= kMaxAttempts);
  before.phase = Phase::kArmed;
  before.request = Request::kNone;
  before.attempts_limit = request.attempts;
  before.attempts_left = request.attempts;
  before.trial_boots = 0;
  before.counted_boot_id = Uuid{};
  before.armed_time_s = moment.time_s;
  before.checkpoint_time_s = 0;
  before.old_slot = request.old_slot;
  before.new_slot = request.new_slot;
  before.volumes = {};
  before.volumes[0] = request.volume;
  before.volume_count = 1;
  record(before, EventKind::kArmed, Reason::kNone, moment);
  return before;
}

Metadata disarm(Metadata before, Reason reason, const Moment& moment) {
  assert(before.phase == Phase::kArmed);
  end_update(before, LastResult::kDisarmed, reason, moment);
  record(before, EventKind::kDisarmed, reason, moment);
  return before;
}

Metadata start_trial(Metadata before, const Uuid& boot_id, const Moment& moment) {
  assert(before.phase == Phase::kArmed);
  before.phase = Phase::kTrial;
  before.checkpoint_time_s = moment.time_s;
  record(before, EventKind::kCheckpoint, Reason::kNone, moment);
  use_attempt(before, boot_id, moment);
  return before;
}

Metadata count_boot(Metadata before, const Uuid& boot_id, const Moment& moment) {
  assert(before.phase == Phase::kTrial);
  use_attempt(before, boot_id, moment);
  return before;
}

Metadata wait_armed(Metadata before, const Moment& moment) {
  assert(before.phase == Phase::kArmed);
  before.booted_slot = moment.slot;
  if (before.events_written > 0) {
    const Event& last = before.events[(before.events_written - 1) % before.events.size()];
    // A machine that stays on its old slot for a month must not push the events that matter out of the ring.
    if (last.kind == EventKind::kWaited && last.slot == moment.slot) return before;
  }
  record(before, EventKind::kWaited, Reason::kOldSlot, moment);
  return before;
}

Metadata request_rollback(Metadata before, const Moment& moment) {
  assert(before.phase == Phase::kTrial);
  if (before.request == Request::kRollback) return before;
  before.request = Request::kRollback;
  record(before, EventKind::kRollbackRequested, Reason::kMarkBad, moment);
  return before;
}

Metadata begin_rollback(Metadata before, Reason reason, const Moment& moment) {
  assert(before.phase == Phase::kTrial);
  before.phase = Phase::kRollingBack;
  // The reason waits here for finish_rollback, which may be many boots later; until then there is no result it belongs
  // to.
  before.last_result = LastResult::kNone;
  before.last_reason = reason;
  before.last_result_time_s = 0;
  record(before, EventKind::kRollbackBegun, reason, moment);
  return before;
}

Metadata finish_rollback(Metadata before, std::uint64_t chunks, const Moment& moment) {
  assert(before.phase == Phase::kRollingBack);
  constexpr std::uint64_t kMaxDetail = std::numeric_limits<std::uint32_t>::max();
  const Reason reason = before.last_reason;
  end_update(before, LastResult::kRolledBack, reason, moment);
  record(before, EventKind::kRolledBack, reason, moment, static_cast<std::uint32_t>(std::min(chunks, kMaxDetail)));
  return before;
}

Metadata commit(Metadata before, Reason reason, const Moment& moment) {
  assert(before.phase == Phase::kTrial);
  end_update(before, LastResult::kCommitted, reason, moment);
  record(before, EventKind::kCommitted, reason, moment);
  return before;
}

Metadata give_up(Metadata before, Reason reason, int os_error, const Moment& moment) {
  assert(before.phase == Phase::kArmed || before.phase == Phase::kTrial);
  end_update(before, LastResult::kUnprotected, reason, moment);
  record(before, EventKind::kUnprotected, reason, moment, 0, os_error);
  return before;
}

}  // namespace bootguard
