// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/answer.h"

#include "cli/words.h"

namespace bootguard {
namespace {

bool wants_protection(Decision decision) {
  switch (decision) {
    case Decision::kStartTrial:
    case Decision::kContinueTrial:
    case Decision::kSameBoot:
    case Decision::kProtectOnly:
    case Decision::kGiveUp:  // switched off by a person; still, what was on trial cannot be undone any more
      return true;
    case Decision::kIdle:
    case Decision::kStayArmed:
    case Decision::kRollBack:
    case Decision::kResumeRollback:
    case Decision::kCommit:
    case Decision::kDisarm:
    case Decision::kUnsupported:
      return false;
  }
  return true;
}

}  // namespace

bool may_be_mounted(Phase phase) { return phase != Phase::kRollingBack && phase != Phase::kCommitting; }

const Error* error_of(const Answer& answer) {
  if (answer.error) return &*answer.error;
  if (const BootReport* boot = answer.boot(); boot != nullptr && boot->failure) return &*boot->failure;
  if (const StatusReport* status = answer.status(); status != nullptr && status->metadata_error) {
    return &*status->metadata_error;
  }
  return nullptr;
}

ExitCode exit_code(const BootReport& report) {
  // First, also where the volume must not be mounted: it is the one answer that another try may change. Of two devices
  // with one name that holds only until something has been mounted.
  if (report.failure && !report.is_protected) {
    const Errc code = report.failure->code;
    if (code == Errc::kDeviceMissing || (code == Errc::kDeviceAmbiguous && !report.mount)) {
      return ExitCode::kDeviceMissing;
    }
  }
  if (!report.mount) return ExitCode::kStop;
  if (report.failure) return report.is_protected ? ExitCode::kFailure : ExitCode::kUnprotected;
  if (report.is_protected) return ExitCode::kDone;
  return wants_protection(report.decision) ? ExitCode::kUnprotected : ExitCode::kDone;
}

const char* decision_name(const BootReport& report) { return report.metadata ? name(report.decision) : "unknown"; }

ExitCode exit_code(const Answer& answer) {
  if (answer.error) return describe(answer.error->code).exit;
  if (const BootReport* boot = answer.boot()) return exit_code(*boot);
  const Error* error = error_of(answer);
  return error == nullptr ? ExitCode::kDone : describe(error->code).exit;
}

}  // namespace bootguard
