// SPDX-License-Identifier: LGPL-2.1-or-later
// The "next:" line of the status page: one sentence about the next boot, one about what may be done now.
#include "base/format_text.h"
#include "cli/exit_code.h"
#include "cli/status_page.h"
#include "cli/text.h"
#include "cli/words.h"

namespace bootguard {
namespace {

bool store_is_lost(const StatusReport& report) {
  for (const VolumeStatus& volume : report.volumes) {
    if (volume.store_state == "overflow" || volume.store_state == "changed" || volume.store_state == "invalid")
      return true;
  }
  return false;
}

bool store_is_nearly_full(const StatusReport& report) {
  for (const VolumeStatus& volume : report.volumes) {
    if (volume.fill_known && volume.fill_total > 0 && volume.fill_used >= volume.fill_total / 10 * 9) return true;
  }
  return false;
}

std::string trial_steps(const StatusReport& report, const Metadata& metadata) {
  if (store_is_lost(report)) {
    return "there is no way back any more: the next boot goes on unprotected and the data stays as it is. 'bootguard "
           "mark-good' "
           "ends the trial now.";
  }
  std::string out;
  if (metadata.request == Request::kRollback) {
    out =
        "the next boot takes the volume back to the checkpoint, as requested. 'bootguard mark-good' before it keeps "
        "what was "
        "written.";
  } else if (metadata.attempts_left == 0) {
    out =
        "the next boot takes the volume back to the checkpoint. 'bootguard mark-good' before it keeps what was "
        "written.";
  } else {
    append_format(
        out,
        "the next boot is attempt %u of %u. 'bootguard mark-good' keeps what was written; 'bootguard mark-bad' "
        "takes it back at the next boot.",
        1U + metadata.attempts_limit - metadata.attempts_left, static_cast<unsigned>(metadata.attempts_limit));
  }
  if (store_is_nearly_full(report)) out += " The store is nearly full: once it is full there is no way back.";
  return out;
}

std::string armed_steps(const StatusReport& report, const Metadata& metadata) {
  if (store_is_lost(report)) {
    return "the store does not verify, so the next boot would go on unprotected. 'bootguard disarm', then 'bootguard "
           "arm' again.";
  }
  std::string out = "the next boot of ";
  if (!metadata.new_slot.empty()) {
    append_format(out, "slot %s", c_str(metadata.new_slot));
  } else if (!metadata.old_slot.empty()) {
    append_format(out, "a slot other than %s", c_str(metadata.old_slot));
  } else {
    out += "this machine";
  }
  return out + " takes the checkpoint and begins the trial. 'bootguard disarm' calls it off.";
}

}  // namespace

std::string next_steps(const StatusReport& report) {
  if (report.metadata_error) {
    return format_text("the next boot mounts the volume without protection and changes nothing. %s",
                       describe(report.metadata_error->code).advice);
  }
  if (!report.metadata) return "nothing is known; 'bootguard --help' lists the verbs";
  const Metadata& metadata = *report.metadata;
  switch (metadata.phase) {
    case Phase::kIdle:
      return "an ordinary boot. 'bootguard arm' before the next update.";
    case Phase::kArmed:
      return armed_steps(report, metadata);
    case Phase::kTrial:
      return trial_steps(report, metadata);
    case Phase::kRollingBack:
      return "the next boot finishes the rollback. Until then the volume must not be mounted; 'bootguard boot' in a "
             "rescue "
             "shell finishes it now.";
    case Phase::kCommitting:
      return "the next boot stops before the volume is mounted. Use the bootguard that wrote this.";
  }
  return "";
}

}  // namespace bootguard
