// SPDX-License-Identifier: LGPL-2.1-or-later
// `boot`: reads the metadata, lets decide() decide, and carries out the decisions that touch neither store nor stack;
// the others are in boot_trial.cpp and boot_rollback.cpp.
#include "app/boot.h"

#include <utility>

#include "app/stack.h"
#include "base/guard.h"

namespace bootguard {

BootReport Boot::run() {
  report_.volume = volume_config(context_).name;
  auto opened = open_metadata();
  if (!opened) {
    without_metadata(std::move(opened).error());
    return std::move(report_);
  }
  repair();
  decided_ = decide(store_->current(), BootFacts{context_.kernel.disabled, context_.kernel.action, context_.kernel.slot,
                                                 context_.system.boot_id()});
  report_.decision = decided_.decision;
  report_.reason = decided_.reason;
  report_.why = decided_.why;
  carry_out();
  report_.metadata = store_->current();
  return std::move(report_);
}

Result<void> Boot::open_metadata() {
  auto opened = MetadataStore::open(context_, MetadataStore::Purpose::kChange);
  if (!opened && (opened.error().code == Errc::kReadOnly || opened.error().code == Errc::kIo)) {
    auto readable = MetadataStore::open(context_, MetadataStore::Purpose::kRead);
    if (readable) {
      warn("the metadata can be read but not written", opened.error());
      opened = std::move(readable);
    }
  }
  if (!opened) return std::move(opened).error();
  store_.emplace(std::move(opened).value());
  return {};
}

void Boot::without_metadata(Error error) {
  // Another instance may be rolling back this very moment.
  report_.mount = error.code != Errc::kBusy;
  if (report_.mount) raw_path();
  fail(std::move(error));
  report_.why = report_.mount
                    ? "the metadata tells nothing, so nothing was touched: the volume is used as it is, unprotected"
                    : "another bootguard is at work on the volume";
}

void Boot::repair() {
  if (!guard_on(Guard::kRepair)) return;
  // An idle boot costs no more than reading the metadata block.
  if (store_->current().phase == Phase::kIdle && !store_->needs_repair()) return;
  auto repaired = store_->repair();
  if (!repaired) {
    warn("metadata copies could not be repaired", repaired.error());
    settled_ = false;
    return;
  }
  if (repaired.value() == 0) return;
  warn(format_text("repaired %zu of 4 metadata copies", repaired.value()));
  Metadata next = store_->current();
  Event event;
  event.kind = EventKind::kRepaired;
  event.time_s = now(context_).time_s;
  event.slot = context_.kernel.slot;
  event.phase = next.phase;
  event.attempts_left = next.attempts_left;
  event.detail = static_cast<std::uint32_t>(repaired.value());
  append_event(next, event);
  if (auto written = store_->write(next); !written) warn("the repair was not recorded", written.error());
}

void Boot::carry_out() {
  switch (decided_.decision) {
    case Decision::kIdle:
      return idle();
    case Decision::kStayArmed:
      return stay_armed();
    case Decision::kStartTrial:
      return start();
    case Decision::kContinueTrial:
      return continue_trial();
    case Decision::kSameBoot:
      return same_boot();
    case Decision::kProtectOnly:
      return protect();
    case Decision::kRollBack:
      return roll_back();
    case Decision::kResumeRollback:
      return resume_rollback();
    case Decision::kCommit:
      return end_by_command_line(commit(store_->current(), decided_.reason, now(context_)));
    case Decision::kDisarm:
      return end_by_command_line(disarm(store_->current(), decided_.reason, now(context_)));
    case Decision::kGiveUp:
      return give_up_as_told();
    case Decision::kUnsupported:
      return stop(
          make_error(Errc::kMetadataVersion,
                     "the metadata is in a phase that this version cannot handle; boot the system that wrote it"));
  }
}

void Boot::idle() { hand_over_plain(nullptr); }

void Boot::stay_armed() {
  const Metadata next = wait_armed(store_->current(), now(context_));
  if (!(next == store_->current())) {
    if (auto written = store_->write(next); !written) warn("this boot could not be recorded", written.error());
  }
  const StoreView* holes = volume_config(context_).pass_through && look_at_store() ? &*view_ : nullptr;
  hand_over_plain(holes);
}

void Boot::end_by_command_line(const Metadata& next) {
  const bool was_trial = phase() == Phase::kTrial;
  if (auto written = store_->write(next); !written) {
    fail(std::move(written).error());
    if (was_trial) return protect();
    return hand_over_plain(nullptr);
  }
  if (look_at_store() && verify_witnesses(*device_->block, *view_)) wipe();
  hand_over_plain(nullptr);
}

void Boot::give_up_as_told() {
  (void)look_at_store().ok();  // void_the_store() asks what came of it
  if (auto written = store_->write(give_up(store_->current(), decided_.reason, 0, now(context_))); !written) {
    fail(std::move(written).error());
    if (!void_the_store())
      return stop(make_error(Errc::kStop, "bootguard is switched off, but a running trial could not be ended"));
  }
  hand_over_plain(nullptr);
}

void Boot::fail(Error error) {
  context_.log.write(LogLevel::kError, error.text);
  if (!report_.failure) report_.failure = std::move(error);
}

void Boot::stop(Error error) {
  report_.mount = false;
  report_.device.clear();
  fail(std::move(error));
}

bool Boot::find_device() {
  if (device_) return true;
  auto opened = open_volume(context_, BlockDevices::Access::kReadWrite);
  if (!opened) {
    device_error_ = std::move(opened).error();
    return false;
  }
  device_.emplace(std::move(opened).value());
  report_.volume_device = device_->info.path;
  return true;
}

void Boot::raw_path() {
  if (find_device()) {
    report_.device = device_->info.path;
    return;
  }
  // Perhaps it can be found but not opened for writing: mounting is not our business to forbid.
  auto found = context_.devices.find(volume_config(context_).device);
  if (found) report_.device = found.value().path;
}

void Boot::hand_over_plain(const StoreView* holes) {
  raw_path();
  const VolumeRecord record = plain_record();
  const bool seen_this_boot =
      !store_->current().counted_boot_id.is_nil() && store_->current().counted_boot_id == context_.system.boot_id();
  if (!volume_config(context_).pass_through && !seen_this_boot) return;
  if (!context_.dm.check_available() || !device_) return;
  const bool may_build = volume_config(context_).pass_through;
  // Live, with rows, and nobody's yet: perhaps what a run that was killed left half built, the regions not mapped.
  const auto state = inspect_stack(context_.dm, record);
  if (state && state.value().foreign.empty() && state.value().top_live &&
      (state.value().top_plain || state.value().top_open || !may_build)) {
    report_.device = context_.dm.node_path(stack_names(record.name).top);
    return;
  }
  if (!may_build) return;
  auto built = build_stack(context_.dm, context_.log, StackKind::kPassThrough, device_->info, record, holes);
  if (!built) return warn("no stable name for the volume", built.error());
  report_.device = std::move(built).value();
}

VolumeRecord Boot::plain_record() {
  auto armed = armed_record(context_, store_->current());
  if (armed) return std::move(armed).value();
  VolumeRecord record;
  record.name = volume_config(context_).name;
  record.chunk = to_sectors_down(volume_config(context_).chunk);
  return record;
}

Result<void> Boot::look_at_store() {
  ASSIGN_OR_RETURN(const VolumeRecord record, armed_record(context_, store_->current()));
  if (!find_device()) return device_error_;
  CHECK_OK(check_size(*device_, record));
  ASSIGN_OR_RETURN(StoreView view, load_store_view(*store_, record));
  view_.emplace(std::move(view));
  return {};
}

void Boot::wipe() {
  if (auto wiped = wipe_header(*device_->block, *view_); !wiped)
    warn("the store's header was not wiped", wiped.error());
}

BootReport run_boot(const Context& context) { return Boot(context).run(); }

}  // namespace bootguard
