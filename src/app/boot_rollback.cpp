// SPDX-License-Identifier: LGPL-2.1-or-later
// `boot`, rollback: begun, or one that was interrupted finished.
#include <cinttypes>
#include <utility>

#include "app/boot.h"
#include "app/stack.h"

namespace bootguard {

void Boot::roll_back() {
  if (volume_is_unknown()) return;
  auto looked = look_at_store();
  if (looked) {
    if (auto unused = must_be_unused(); !unused) return stop(std::move(unused).error());
  }
  auto plan = looked ? check_rollback(*device_->block, *view_) : Result<RollbackPlan>(std::move(looked).error());  // R1
  if (!plan) {
    Error error = std::move(plan).error();
    const Reason reason = reason_of(error);
    return unprotected(with_context(std::move(error), "rollback is not possible (%s)", decided_.why), reason);
  }
  warn(format_text("rolling back: %s", decided_.why));
  if (auto begun = store_->write(begin_rollback(store_->current(), decided_.reason, now(context_))); !begun) {  // R2
    // Nothing was copied yet. Whichever state is on disk, a protected trial fits it.
    fail(with_context(std::move(begun).error(), "the rollback could not be begun"));
    return build();
  }
  copy(plan.value());
}

void Boot::resume_rollback() {
  if (!find_device()) return stop(with_context(device_error_, "a rollback is half done"));
  auto looked = look_at_store();
  if (looked) looked = must_be_unused();
  // As after R2: a copy that tells of the trial must not bring it back over what is copied from here on.
  if (looked && !settled_) looked = store_->write(store_->current());
  auto plan = looked ? check_rollback(*device_->block, *view_) : Result<RollbackPlan>(std::move(looked).error());  // R1
  if (!plan) return stop(with_context(std::move(plan).error(), "a rollback is half done and cannot go on"));
  warn("finishing a rollback that was interrupted");
  copy(plan.value());
}

Result<void> Boot::must_be_unused() {
  if (context_.dm.check_available()) {
    ASSIGN_OR_RETURN(const StackState state, inspect_stack(context_.dm, view_->record));
    if (state.top_open) return make_error(Errc::kForeignMapping, "the volume is in use; unmount it first");
    if (!state.present.empty()) CHECK_OK(remove_stack(context_.dm, view_->record));
  }
  const auto mount = find_volume_mount(context_, device_->info, view_->record.name);
  if (mount && mount.value()) {
    return make_error(Errc::kForeignMapping, "the volume is mounted at %s; unmount it first",
                      mount.value()->path.c_str());
  }
  // No mount table (a bare rescue shell without /proc): nothing speaks against going on, and a boot must.
  if (!mount) context_.log.write(LogLevel::kWarning, "not known whether it is mounted: " + mount.error().text);
  return {};
}

void Boot::copy(const RollbackPlan& plan) {
  auto copied = copy_back(*device_->block, *view_, plan, context_.log);  // R3, R4
  if (!copied)
    return stop(with_context(std::move(copied).error(), "the rollback did not finish; boot again to go on with it"));
  report_.chunks_copied_back = copied.value();
  auto finished = store_->write(finish_rollback(store_->current(), copied.value(), now(context_)));  // R5
  if (!finished)
    return stop(
        with_context(std::move(finished).error(), "the rollback is done but could not be recorded; boot again"));
  report_.reason = store_->current().last_reason;
  note(format_text("rolled back: %" PRIu64 " chunks copied back", copied.value()));
  wipe();  // R6
  hand_over_plain(nullptr);
}

}  // namespace bootguard
