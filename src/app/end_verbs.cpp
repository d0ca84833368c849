// SPDX-License-Identifier: LGPL-2.1-or-later
// The verbs that end or steer an update: disarm, mark-good, mark-bad.
#include <string>
#include <utility>

#include "app/metadata_store.h"
#include "app/stack.h"
#include "app/verbs.h"
#include "app/volume.h"
#include "base/format_text.h"
#include "core/transition.h"

namespace bootguard {
namespace {

VerbReport report_of(const Metadata& metadata, const char* summary, bool changed = false) {
  VerbReport report;
  report.changed = changed;
  report.summary = summary;
  report.metadata = metadata;
  return report;
}

void warn(VerbReport& report, const char* what, const std::string& why) {
  report.warnings.push_back(format_text("%s: %s", what, why.c_str()));
}

// M3, or after disarm: the plain volume under whatever is mounted. True if nothing of the stack is left in the way of
// wiping.
bool settle_stack(const Context& context, const DeviceInfo& raw, const VolumeRecord& record, VerbReport& report) {
  if (!context.dm.check_available()) return true;  // no device-mapper: no stack
  auto state = inspect_stack(context.dm, record);
  if (!state) {
    warn(report, "the mapping could not be looked at", state.error().text);
    return false;
  }
  if (!state.value().foreign.empty()) {
    report.warnings.push_back(format_text("%s is not of this arm and was left alone", state.value().foreign.c_str()));
    return false;
  }
  if (state.value().present.empty() || (state.value().top_plain && state.value().present.size() == 1)) return true;
  auto swapped = commit_stack(context.dm, raw, record, nullptr);
  if (!swapped) {
    warn(report, "the mapping stays as it is until the next boot", swapped.error().text);
    return false;
  }
  return true;
}

// M3-M5: all of it may fail without taking back the commit.
void tidy_up(const Context& context, MetadataStore& store, const VolumeRecord& record, VerbReport& report) {
  auto device = open_volume(context, BlockDevices::Access::kReadWrite);
  if (!device) {
    warn(report, "the volume was not tidied up", device.error().text);
    return;
  }
  if (auto size = check_size(device.value(), record); !size) {
    warn(report, "the volume was not tidied up", size.error().text);
    return;
  }
  if (!settle_stack(context, device.value().info, record, report)) return;
  auto view = load_store_view(store, record);
  if (!view) {
    warn(report, "the store's header was not wiped", view.error().text);
    return;
  }
  // Only what is provably still the store may be written to.
  auto verified = verify_witnesses(*device.value().block, view.value());
  auto wiped = verified ? wipe_header(*device.value().block, view.value()) : std::move(verified);
  if (!wiped) warn(report, "the store's header was not wiped", wiped.error().text);
  const std::string left = remove_store_file(context, device.value().info, record.name);
  if (!left.empty()) warn(report, "the store's file was not removed", left);
}

// What an earlier run, killed, left of M3-M5.
void finish_tidying(const Context& context, MetadataStore& store, VerbReport& report) {
  if (store.current().volume_count == 0) return;
  const VolumeRecord record = store.current().volumes[0];
  const auto state = inspect_stack(context.dm, record);
  if (!state || state.value().present.empty() || (state.value().top_plain && state.value().present.size() == 1)) return;
  tidy_up(context, store, record, report);
}

// Durable first, then tidied up.
Result<VerbReport> end_update(const Context& context, MetadataStore& store, const Metadata& next, const char* summary) {
  const VolumeRecord record = store.current().volumes[0];
  CHECK_OK(store.write(next));
  VerbReport report = report_of(store.current(), summary, true);
  tidy_up(context, store, record, report);
  return report;
}

Error nothing_armed(const Metadata& metadata, const char* verb) {
  const char* const phase = metadata.phase == Phase::kArmed ? "armed, but no trial has begun" : "nothing is armed";
  return make_error(Errc::kNotArmed, "%s; there is nothing to %s", phase, verb);
}

Error rolling_back_now() {
  return make_error(Errc::kWrongPhase,
                    "a rollback has begun and must be finished: reboot, or run 'bootguard boot' in the rescue shell");
}

}  // namespace

Result<VerbReport> run_mark_good(const Context& context) {
  ASSIGN_OR_RETURN(MetadataStore store, MetadataStore::open_for_change(context));
  const Metadata& current = store.current();
  if (current.phase == Phase::kIdle && current.last_result == LastResult::kCommitted) {
    VerbReport report = report_of(current, "already marked good: the last update is committed");
    finish_tidying(context, store, report);
    return report;
  }
  if (current.phase == Phase::kRollingBack || current.phase == Phase::kCommitting) return rolling_back_now();
  if (current.phase != Phase::kTrial) return nothing_armed(current, "mark good");
  return end_update(context, store, commit(current, Reason::kMarkGood, now(context)),
                    "marked good: the update is committed, its data stays");
}

Result<VerbReport> run_mark_bad(const Context& context) {
  ASSIGN_OR_RETURN(MetadataStore store, MetadataStore::open_for_change(context));
  const Metadata& current = store.current();
  if (current.phase == Phase::kRollingBack)
    return report_of(current, "the rollback has begun already; reboot to finish it");
  if (current.phase == Phase::kIdle && current.last_result == LastResult::kRolledBack) {
    return report_of(current, "already rolled back");
  }
  if (current.phase != Phase::kTrial) return nothing_armed(current, "roll back");
  if (current.request == Request::kRollback) return report_of(current, "already marked bad: the next boot rolls back");
  const auto fill = read_live_fill(context.dm, store.current().volumes[0]);
  if (fill && fill->state != SnapshotStatus::State::kActive) {
    return make_error(Errc::kStoreLost,
                      "the store has overflowed, there is no way back; the data stays as it is. 'bootguard "
                      "mark-good' ends the trial");
  }
  CHECK_OK(store.write(request_rollback(store.current(), now(context))));
  return report_of(current, "marked bad: the next boot rolls back", true);
}

Result<VerbReport> run_disarm(const Context& context) {
  ASSIGN_OR_RETURN(MetadataStore store, MetadataStore::open_for_change(context));
  const Metadata& current = store.current();
  if (current.phase == Phase::kIdle && current.last_result == LastResult::kDisarmed) {
    VerbReport report = report_of(current, "already disarmed");
    finish_tidying(context, store, report);
    return report;
  }
  if (current.phase == Phase::kIdle) return nothing_armed(current, "disarm");
  if (current.phase == Phase::kTrial) {
    return make_error(Errc::kWrongPhase, "a trial is running: end it with mark-good, or with mark-bad and a reboot");
  }
  if (current.phase != Phase::kArmed) return rolling_back_now();
  return end_update(context, store, disarm(current, Reason::kDisarm, now(context)),
                    "disarmed: the next boot is a plain one");
}

}  // namespace bootguard
