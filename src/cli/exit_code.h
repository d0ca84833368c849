// SPDX-License-Identifier: LGPL-2.1-or-later
// The exit codes, and what is said with each. doc/bootguard.8 lists the same numbers (a test compares them). A number
// never changes its meaning; 126, 127 and everything from 128 up are left to the shell.
#pragma once

#include "base/result.h"

namespace bootguard {

enum class ExitCode : int {
  kDone = 0,              // done, or it was so already
  kFailure = 1,           // a device or file could not be read, written or flushed
  kNotArmed = 2,          // nothing is armed or on trial
  kStop = 3,              // the volume must not be mounted
  kMetadataMissing = 4,   // no metadata block there
  kMetadataCorrupt = 5,   // no copy of the metadata block can be trusted
  kMetadataVersion = 6,   // the metadata block belongs to another version
  kMetadataLive = 7,      // format: something is there already
  kStoreChanged = 8,      // the COW store is not where it was
  kStoreLost = 9,         // the COW store overflowed or was given up
  kStoreInvalid = 10,     // the COW store holds what must not be copied back
  kUnprotected = 11,      // boot: the volume may be mounted, but its writes cannot be undone although they should be
  kDeviceMissing = 12,    // a device is not there (yet); boot: nor if two have its name and nothing may be mounted
  kDeviceAmbiguous = 13,  // more than one device answers to the name
  kWrongDevice = 14,      // not the device that was armed
  kUnsupported = 15,      // a filesystem or arrangement that cannot be protected
  kNoSpace = 16,          // the filesystem is too full for the store
  kTooFragmented = 17,    // the store would be in too many pieces
  kReadOnly = 18,         // a read-only mount or device
  kNotMounted = 19,       // the volume is not mounted
  kWrongPhase = 20,       // the verb does not fit the phase
  kDmMissing = 21,        // the kernel lacks device-mapper or a target
  kDmFailed = 22,         // a device-mapper operation failed
  kForeignMapping = 23,   // a mapping in the way that is not ours, or in use
  kBusy = 24,             // another instance is at work
  kNotRoot = 25,          // needs root
  kCheckFailed = 26,      // doctor: a check failed
  kNotInstalled = 27,     // doctor: its program is not here
  kUsage = 64,            // the command line (sysexits.h: EX_USAGE)
  kInternal = 70,         // a bug in bootguard (EX_SOFTWARE)
  kConfig = 78,           // the configuration file (EX_CONFIG)
};

struct ErrorText {
  Errc code;
  ExitCode exit;
  const char* name;    // for machines: "no-space"; never changes
  const char* advice;  // for people: what to do now; at most 75 characters
};
// Every Errc has a row, and no two share an exit code.
[[nodiscard]] const ErrorText& describe(Errc code);

}  // namespace bootguard
