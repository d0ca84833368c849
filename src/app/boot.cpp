// SPDX-License-Identifier: LGPL-2.1-or-later
// `boot`: carries out what decide() decided. The rule behind every failure path: the raw volume is handed over only
// where no later boot can mistake it for an undisturbed trial; where that cannot be made sure, the volume is not to be
// mounted.
#include <cinttypes>
#include <string>
#include <utility>

#include "app/metadata_store.h"
#include "app/rollback.h"
#include "app/stack.h"
#include "app/verbs.h"
#include "app/volume.h"
#include "base/format_text.h"
#include "base/guard.h"
#include "core/transition.h"

namespace bootguard {
namespace {

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

class Boot {
 public:
  explicit Boot(const Context& context) : context_(context) {}

  BootReport run() {
    auto opened = open_metadata();
    if (!opened) {
      without_metadata(std::move(opened).error());
      return std::move(report_);
    }
    repair();
    decided_ = decide(store_->current(), BootFacts{context_.kernel.disabled, context_.kernel.action,
                                                   context_.kernel.slot, context_.system.boot_id()});
    report_.decision = decided_.decision;
    report_.reason = decided_.reason;
    report_.why = decided_.why;
    carry_out();
    report_.metadata = store_->current();
    return std::move(report_);
  }

 private:
  // B1. A metadata device that cannot be written is still read: to know that a rollback is half done is worth a lot.
  Result<void> open_metadata() {
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

  // Unreadable metadata: touch nothing, roll back nothing, reset nothing.
  void without_metadata(Error error) {
    // Another instance may be rolling back this very moment.
    report_.mount = error.code != Errc::kBusy;
    if (report_.mount) raw_path();
    fail(std::move(error));
    report_.why = report_.mount
                      ? "the metadata tells nothing, so nothing was touched: the volume is used as it is, unprotected"
                      : "another bootguard is at work on the volume";
  }

  void repair() {
    if (!guard_on(Guard::kRepair)) return;
    // An idle boot costs no more than reading the metadata block.
    if (store_->current().phase == Phase::kIdle && !store_->needs_repair()) return;
    auto repaired = store_->repair();
    if (!repaired) {
      warn("metadata copies could not be repaired", repaired.error());
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

  void carry_out() {
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

  // ---- helpers
  // -------------------------------------------------------------------------------------------------------

  void warn(const std::string& line) { context_.log.write(LogLevel::kWarning, line); }
  void warn(const char* what, Error why) { warn(format_text("%s: %s", what, why.text.c_str())); }
  void note(const std::string& line) { context_.log.write(LogLevel::kNotice, line); }

  void fail(Error error) {
    context_.log.write(LogLevel::kError, error.text);
    if (!report_.failure) report_.failure = std::move(error);
  }

  void stop(Error error) {
    report_.mount = false;
    report_.device.clear();
    fail(std::move(error));
  }

  [[nodiscard]] Phase phase() const { return store_->current().phase; }

  bool find_device() {
    if (device_) return true;
    auto opened = open_volume(context_, BlockDevices::Access::kReadWrite);
    if (!opened) {
      device_error_ = std::move(opened).error();
      return false;
    }
    device_.emplace(std::move(opened).value());
    return true;
  }

  void raw_path() {
    if (find_device()) {
      report_.device = device_->info.path;
      return;
    }
    // Perhaps it can be found but not opened for writing: mounting is not our business to forbid.
    auto found = context_.devices.find(volume_config(context_).device);
    if (found) report_.device = found.value().path;
  }

  // The path to mount where nothing is protected: raw, or the stable name if the config asks for it.
  void hand_over_plain(const StoreView* holes) {
    raw_path();
    const VolumeRecord record = plain_record();
    const bool seen_this_boot =
        !store_->current().counted_boot_id.is_nil() && store_->current().counted_boot_id == context_.system.boot_id();
    if (!volume_config(context_).pass_through && !seen_this_boot) return;
    if (!context_.dm.check_available() || !device_) return;
    const auto state = inspect_stack(context_.dm, record);
    if (state && state.value().foreign.empty() && state.value().top_live) {
      report_.device = context_.dm.node_path(stack_names(record.name).top);
      return;
    }
    if (!volume_config(context_).pass_through) return;
    auto built = build_stack(context_.dm, context_.log, StackKind::kPassThrough, device_->info, record, holes);
    if (!built) return warn("no stable name for the volume", built.error());
    report_.device = std::move(built).value();
  }

  VolumeRecord plain_record() {
    auto armed = armed_record(context_, store_->current());
    if (armed) return std::move(armed).value();
    VolumeRecord record;
    record.name = volume_config(context_).name;
    record.chunk = to_sectors_down(volume_config(context_).chunk);
    return record;
  }

  // B7. From here on no boot may roll back: the state says so, durable, or the store does.
  void unprotected(Error error, Reason reason) {
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
      if (was_trial && !void_the_store()) {
        return stop(make_error(
            Errc::kStop,
            "neither the metadata nor the store can be written, so a later boot might roll back to a mixture; "
            "check the disks, then boot again"));
      }
    }
    hand_over_plain(nullptr);
  }

  bool void_the_store() {
    if (!view_ || !device_) return false;
    auto voided = void_store(*device_->block, *view_);
    if (!voided) warn("the store could not be marked invalid", voided.error());
    return voided.ok();
  }

  // Device, record, extent table: what every path that touches the store starts with.
  Result<void> look_at_store() {
    ASSIGN_OR_RETURN(const VolumeRecord record, armed_record(context_, store_->current()));
    if (!find_device()) return device_error_;
    CHECK_OK(check_size(*device_, record));
    ASSIGN_OR_RETURN(StoreView view, load_store_view(*store_, record));
    view_.emplace(std::move(view));
    return {};
  }

  // ---- decisions
  // -----------------------------------------------------------------------------------------------------

  void idle() { hand_over_plain(nullptr); }

  void stay_armed() {
    const Metadata next = wait_armed(store_->current(), now(context_));
    if (!(next == store_->current())) {
      if (auto written = store_->write(next); !written) warn("this boot could not be recorded", written.error());
    }
    const StoreView* holes = volume_config(context_).pass_through && look_at_store() ? &*view_ : nullptr;
    hand_over_plain(holes);
  }

  Result<void> prepare_checkpoint() {
    CHECK_OK(look_at_store());
    CHECK_OK(check_filesystem(context_, *device_, view_->record));
    CHECK_OK(verify_witnesses(*device_->block, *view_));  // B2
    CHECK_OK(verify_stamps(*device_->block, *view_));
    return prepare_fresh(*device_->block, *view_);  // B3
  }

  void start() {
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
      return unprotected(with_context(std::move(counted).error(), "the boot could not be counted"),
                         Reason::kStackFailed);
    }
    note(format_text("checkpoint taken; attempt 1 of %u", store_->current().attempts_limit));
    build();
  }

  void continue_trial() {
    auto counted = store_->write(count_boot(store_->current(), context_.system.boot_id(), now(context_)));  // B4
    if (counted) {
      note(format_text("attempt %u of %u", store_->current().trial_boots, store_->current().attempts_limit));
    } else {
      // Protected but uncounted loses nothing but the automatic way back.
      fail(with_context(std::move(counted).error(), "this boot could not be counted"));
    }
    protect();
  }

  void same_boot() {
    if (auto mapped = already_mapped(); !mapped.empty()) {
      report_.device = std::move(mapped);
      report_.is_protected = true;
      return;
    }
    protect();
  }

  // In use means that an earlier run finished: a stack that is not mounted may lack its last step and is made anew.
  std::string already_mapped() {
    if (!context_.dm.check_available()) return {};
    const auto record = armed_record(context_, store_->current());
    if (!record) return {};
    const auto state = inspect_stack(context_.dm, record.value());
    const bool ready = state && state.value().foreign.empty() && state.value().complete_undo && state.value().top_open;
    return ready ? context_.dm.node_path(stack_names(record.value().name).top) : std::string();
  }

  Result<void> verify_running_store() {
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

  // Not there, or one of several with its name. Mounted raw, when it shows up late or by another name, it would spoil
  // the trial; asked again once that has changed, this boot is not counted twice.
  bool volume_is_unknown() {
    if (find_device() || (device_error_.code != Errc::kDeviceMissing && device_error_.code != Errc::kDeviceAmbiguous)) {
      return false;
    }
    stop(with_context(device_error_, "a trial is running and its volume must not be mounted past bootguard"));
    return true;
  }

  void protect() {
    if (volume_is_unknown()) return;
    if (auto verified = verify_running_store(); !verified) {
      Error error = std::move(verified).error();
      const Reason reason = reason_of(error);
      return unprotected(with_context(std::move(error), "the way back is lost"), reason);
    }
    build();
  }

  void build() {  // B5, B6
    auto built = build_stack(context_.dm, context_.log, StackKind::kUndo, device_->info, view_->record, &*view_);
    if (built) {
      report_.device = std::move(built).value();
      report_.is_protected = true;
      return;
    }
    if (built.error().code == Errc::kForeignMapping) {
      if (auto mapped = already_mapped(); !mapped.empty()) {
        report_.device = std::move(mapped);
        report_.is_protected = true;
        return;
      }
    }
    unprotected(with_context(std::move(built).error(), "the stack could not be built"), Reason::kStackFailed);
  }

  Result<void> must_be_unused() {
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
    return {};
  }

  void roll_back() {
    if (volume_is_unknown()) return;
    auto looked = look_at_store();
    if (looked) {
      if (auto unused = must_be_unused(); !unused) return stop(std::move(unused).error());
    }
    auto plan =
        looked ? check_rollback(*device_->block, *view_) : Result<RollbackPlan>(std::move(looked).error());  // R1
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

  void resume_rollback() {
    if (!find_device()) return stop(with_context(device_error_, "a rollback is half done"));
    auto looked = look_at_store();
    if (looked) looked = must_be_unused();
    auto plan =
        looked ? check_rollback(*device_->block, *view_) : Result<RollbackPlan>(std::move(looked).error());  // R1
    if (!plan) return stop(with_context(std::move(plan).error(), "a rollback is half done and cannot go on"));
    warn("finishing a rollback that was interrupted");
    copy(plan.value());
  }

  void copy(const RollbackPlan& plan) {
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

  void wipe() {
    if (auto wiped = wipe_header(*device_->block, *view_); !wiped)
      warn("the store's header was not wiped", wiped.error());
  }

  void end_by_command_line(const Metadata& next) {
    const bool was_trial = phase() == Phase::kTrial;
    if (auto written = store_->write(next); !written) {
      fail(std::move(written).error());
      if (was_trial) return protect();
      return hand_over_plain(nullptr);
    }
    if (look_at_store() && verify_witnesses(*device_->block, *view_)) wipe();
    hand_over_plain(nullptr);
  }

  void give_up_as_told() {
    const bool viewed = look_at_store().ok();
    if (auto written = store_->write(give_up(store_->current(), decided_.reason, 0, now(context_))); !written) {
      fail(std::move(written).error());
      if (!viewed || !void_the_store())
        return stop(make_error(Errc::kStop, "bootguard is switched off, but a running trial could not be ended"));
    }
    hand_over_plain(nullptr);
  }

  const Context& context_;
  std::optional<MetadataStore> store_;
  std::optional<VolumeDevice> device_;
  Error device_error_;
  std::optional<StoreView> view_;
  Decided decided_;
  BootReport report_;
  bool trial_may_be_on_disk_ = false;
};

}  // namespace

BootReport run_boot(const Context& context) { return Boot(context).run(); }

}  // namespace bootguard
