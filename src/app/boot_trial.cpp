// SPDX-License-Identifier: LGPL-2.1-or-later
// `boot`, trial: the checkpoint, the counting, the stack, and what is handed over when one of them fails.
#include <utility>

#include "app/boot.h"
#include "app/stack.h"

namespace bootguard {

Reason reason_of(const Error& error) {
  switch (error.code) {
    case Errc::kStoreChanged:
    case Errc::kMetadataCorrupt:
      return Reason::kStoreChanged;
    case Errc::kStoreLost:
      return Reason::kStoreOverflow;
    case Errc::kStoreInvalid:
      return Reason::kStoreInvalid;
    case Errc::kWrongDevice:
    case Errc::kDeviceAmbiguous:
    case Errc::kUnsupported:
    case Errc::kConfig:
      return Reason::kWrongDevice;
    default:
      return Reason::kStackFailed;
  }
}

void Boot::start() {
  // Without its device there is nothing to take a checkpoint of: stay armed, the hook goes on waiting for it.
  if (!find_device() && device_error_.code == Errc::kDeviceMissing) return fail(device_error_);
  if (auto prepared = prepare_checkpoint(); !prepared) {
    Error error = std::move(prepared).error();
    const Reason reason = reason_of(error);
    return unprotected(with_context(std::move(error), "no checkpoint"), reason);
  }
  auto counted = store_->write(start_trial(store_->current(), context_.system.boot_id(), now(context_)));  // B4
  if (!counted) {
    trial_may_be_on_disk_ = true;
    return unprotected(with_context(std::move(counted).error(), "the boot could not be counted"), Reason::kStackFailed);
  }
  note(format_text("checkpoint taken; attempt 1 of %u", store_->current().attempts_limit));
  build();
}

Result<void> Boot::prepare_checkpoint() {
  CHECK_OK(look_at_store());
  CHECK_OK(check_filesystem(context_, *device_, view_->record));
  CHECK_OK(verify_witnesses(*device_->block, *view_));  // B2
  CHECK_OK(verify_stamps(*device_->block, *view_));
  store_is_ours_ = true;
  return prepare_fresh(*device_->block, *view_);  // B3
}

void Boot::continue_trial() {
  auto counted = store_->write(count_boot(store_->current(), context_.system.boot_id(), now(context_)));  // B4
  if (counted) {
    note(format_text("attempt %u of %u", store_->current().trial_boots, store_->current().attempts_limit));
  } else {
    // Protected but uncounted loses nothing but the automatic way back.
    fail(with_context(std::move(counted).error(), "this boot could not be counted"));
  }
  protect();
}

void Boot::same_boot() {
  if (!already_mapped()) protect();
}

bool Boot::already_mapped() {
  const auto record = armed_record(context_, store_->current());
  if (!record) return false;
  const auto state = inspect_stack(context_.dm, record.value());
  if (!state || !state.value().foreign.empty() || !state.value().complete_undo || !state.value().top_open) return false;
  report_.device = context_.dm.node_path(stack_names(record.value().name).top);
  report_.is_protected = true;
  return true;
}

bool Boot::volume_is_unknown() {
  if (find_device() || (device_error_.code != Errc::kDeviceMissing && device_error_.code != Errc::kDeviceAmbiguous)) {
    return false;
  }
  stop(with_context(device_error_, "a trial is running and its volume must not be mounted past bootguard"));
  return true;
}

void Boot::protect() {
  if (volume_is_unknown()) return;
  if (auto verified = verify_running_store(); !verified) {
    Error error = std::move(verified).error();
    const Reason reason = reason_of(error);
    return unprotected(with_context(std::move(error), "the way back is lost"), reason);
  }
  build();
}

Result<void> Boot::verify_running_store() {
  CHECK_OK(look_at_store());
  CHECK_OK(verify_witnesses(*device_->block, *view_));
  ASSIGN_OR_RETURN(const StoreScan scan, scan_store(*device_->block, *view_));
  if (scan.state == StoreScan::State::kInvalidated) {
    return make_error(Errc::kStoreLost, "the store overflowed in an earlier boot of the trial");
  }
  if (overflow_possible(scan, view_->record.chunk)) {
    return make_error(Errc::kStoreLost, "the store is so full that it may have overflowed without a mark");
  }
  return scrub_tail(*device_->block, *view_, scan);
}

void Boot::build() {  // B5, B6
  auto built = build_stack(context_.dm, context_.log, StackKind::kUndo, device_->info, view_->record, &*view_);
  if (built) {
    report_.device = std::move(built).value();
    report_.is_protected = true;
    return;
  }
  if (already_mapped()) return;
  unprotected(with_context(std::move(built).error(), "the stack could not be built"), Reason::kStackFailed);
}

void Boot::unprotected(Error error, Reason reason) {
  report_.reason = reason;
  if (context_.config.on_failure == OnFailure::kStop) {
    report_.why = "the volume cannot be protected, and the configuration says to stop";
    return stop(std::move(error));
  }
  report_.why = "the volume is used as it is, unprotected: what happens from here on cannot be undone";
  const bool was_trial = phase() == Phase::kTrial || trial_may_be_on_disk_;
  auto written = store_->write(give_up(store_->current(), reason, error.os_error, now(context_)));
  fail(std::move(error));
  if (!written) {
    warn("this could not be recorded", written.error());
    // If it is only armed, failing to void it is no reason to stop: no way back has been promised yet.
    if (!void_the_store() && was_trial) {
      return stop(
          make_error(Errc::kStop,
                     "neither the metadata nor the store can be written, so a later boot might roll back to a mixture; "
                     "check the disks, then boot again"));
    }
  }
  hand_over_plain(nullptr);
}

bool Boot::void_the_store() {
  if (!view_) return false;
  // What is not the store any more is not written to; every later boot refuses it as this one did.
  if (phase() == Phase::kArmed && !store_is_ours_) return false;
  if (auto verified = verify_witnesses(*device_->block, *view_); !verified) {
    return verified.error().code == Errc::kStoreChanged;
  }
  auto voided = void_store(*device_->block, *view_);
  // Still armed on disk: else a later boot would take the checkpoint of what this one is about to change, also where
  // the header cannot be written. Not in a trial, which may have old contents there that a rollback still needs.
  if (phase() == Phase::kArmed) {
    if (auto spoilt = spoil_stamp(*device_->block, *view_); !spoilt)
      warn("the store can still be taken for one that waits for its trial", spoilt.error());
  }
  if (!voided) warn("the store could not be marked invalid", voided.error());
  return voided.ok();
}

}  // namespace bootguard
