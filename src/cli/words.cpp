// SPDX-License-Identifier: LGPL-2.1-or-later
// Switches without a default: the compiler names the enumerator that was forgotten.
#include "cli/words.h"

namespace bootguard {

const char* name(Phase phase) {
  switch (phase) {
    case Phase::kIdle:
      return "idle";
    case Phase::kArmed:
      return "armed";
    case Phase::kTrial:
      return "trial";
    case Phase::kRollingBack:
      return "rolling-back";
    case Phase::kCommitting:
      return "committing";
  }
  return "unknown";
}

const char* name(Request request) {
  switch (request) {
    case Request::kNone:
      return "none";
    case Request::kRollback:
      return "rollback";
  }
  return "unknown";
}

const char* name(LastResult result) {
  switch (result) {
    case LastResult::kNone:
      return "none";
    case LastResult::kCommitted:
      return "committed";
    case LastResult::kRolledBack:
      return "rolled-back";
    case LastResult::kDisarmed:
      return "disarmed";
    case LastResult::kUnprotected:
      return "unprotected";
  }
  return "unknown";
}

const char* name(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "none";
    case Reason::kMarkGood:
      return "mark-good";
    case Reason::kMarkBad:
      return "mark-bad";
    case Reason::kAttemptsExhausted:
      return "attempts-exhausted";
    case Reason::kOldSlot:
      return "old-slot";
    case Reason::kCommandLine:
      return "command-line";
    case Reason::kDisabled:
      return "disabled";
    case Reason::kStoreChanged:
      return "store-changed";
    case Reason::kStoreOverflow:
      return "store-overflow";
    case Reason::kStoreInvalid:
      return "store-invalid";
    case Reason::kStackFailed:
      return "stack-failed";
    case Reason::kWrongDevice:
      return "wrong-device";
    case Reason::kDisarm:
      return "disarm";
    case Reason::kForce:
      return "force";
  }
  return "unknown";
}

const char* name(EventKind kind) {
  switch (kind) {
    case EventKind::kFormatted:
      return "formatted";
    case EventKind::kArmed:
      return "armed";
    case EventKind::kDisarmed:
      return "disarmed";
    case EventKind::kCheckpoint:
      return "checkpoint";
    case EventKind::kBootCounted:
      return "boot-counted";
    case EventKind::kRollbackRequested:
      return "rollback-requested";
    case EventKind::kRollbackBegun:
      return "rollback-begun";
    case EventKind::kRolledBack:
      return "rolled-back";
    case EventKind::kCommitted:
      return "committed";
    case EventKind::kUnprotected:
      return "unprotected";
    case EventKind::kRepaired:
      return "repaired";
    case EventKind::kWaited:
      return "waited";
  }
  return "unknown";
}

const char* name(Mode mode) {
  switch (mode) {
    case Mode::kUndo:
      return "undo";
    case Mode::kRedo:
      return "redo";
  }
  return "unknown";
}

const char* name(FilesystemType type) {
  switch (type) {
    case FilesystemType::kUnknown:
      return "unknown";
    case FilesystemType::kExt4:
      return "ext4";
    case FilesystemType::kXfs:
      return "xfs";
    case FilesystemType::kF2fs:
      return "f2fs";
  }
  return "unknown";
}

const char* name(Decision decision) {
  switch (decision) {
    case Decision::kIdle:
      return "idle";
    case Decision::kStayArmed:
      return "stay-armed";
    case Decision::kStartTrial:
      return "start-trial";
    case Decision::kContinueTrial:
      return "continue-trial";
    case Decision::kSameBoot:
      return "same-boot";
    case Decision::kProtectOnly:
      return "protect-only";
    case Decision::kRollBack:
      return "roll-back";
    case Decision::kResumeRollback:
      return "resume-rollback";
    case Decision::kCommit:
      return "commit";
    case Decision::kGiveUp:
      return "give-up";
    case Decision::kDisarm:
      return "disarm";
    case Decision::kUnsupported:
      return "unsupported";
  }
  return "unknown";
}

const char* phrase(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "";
    case Reason::kMarkGood:
      return "marked good";
    case Reason::kMarkBad:
      return "marked bad";
    case Reason::kAttemptsExhausted:
      return "attempts used up";
    case Reason::kOldSlot:
      return "the old slot came back";
    case Reason::kCommandLine:
      return "asked on the kernel command line";
    case Reason::kDisabled:
      return "switched off on the kernel command line";
    case Reason::kStoreChanged:
      return "the store did not verify";
    case Reason::kStoreOverflow:
      return "the store was full";
    case Reason::kStoreInvalid:
      return "the store held invalid exceptions";
    case Reason::kStackFailed:
      return "device-mapper failed";
    case Reason::kWrongDevice:
      return "not the device that was armed";
    case Reason::kDisarm:
      return "called off";
    case Reason::kForce:
      return "format --force";
  }
  return "reason not known to this version";
}

const char* phrase(LastResult result) {
  switch (result) {
    case LastResult::kNone:
      return "none so far";
    case LastResult::kCommitted:
      return "committed";
    case LastResult::kRolledBack:
      return "rolled back";
    case LastResult::kDisarmed:
      return "disarmed";
    case LastResult::kUnprotected:
      return "went on unprotected";
  }
  return "unknown";
}

const char* phrase(EventKind kind) {
  switch (kind) {
    case EventKind::kFormatted:
      return "formatted";
    case EventKind::kArmed:
      return "armed";
    case EventKind::kDisarmed:
      return "disarmed";
    case EventKind::kCheckpoint:
      return "checkpoint, trial begins";
    case EventKind::kBootCounted:
      return "boot counted";
    case EventKind::kRollbackRequested:
      return "rollback requested";
    case EventKind::kRollbackBegun:
      return "rollback begins";
    case EventKind::kRolledBack:
      return "rolled back";
    case EventKind::kCommitted:
      return "committed";
    case EventKind::kUnprotected:
      return "unprotected";
    case EventKind::kRepaired:
      return "copies repaired";
    case EventKind::kWaited:
      return "waiting for the new slot";
  }
  return "unknown event";
}

}  // namespace bootguard
