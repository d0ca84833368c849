// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/exit_code.h"

#include <cstddef>
#include <iterator>

namespace bootguard {
namespace {

using E = ExitCode;

// In the order of Errc: the row of a code is found by its number.
constexpr ErrorText kTexts[] = {
    {Errc::kIo, E::kFailure, "io", "look for the device in the kernel's messages (dmesg), then try again"},
    {Errc::kInternal, E::kInternal, "internal", "this is a bug: please report it, with 'bootguard status --json'"},
    {Errc::kUsage, E::kUsage, "usage", "'bootguard --help' lists what is allowed"},
    {Errc::kConfig, E::kConfig, "config", "bootguard.conf(5) describes the configuration"},
    {Errc::kNotArmed, E::kNotArmed, "not-armed",
     "'bootguard arm' begins an update; 'bootguard log' tells of the last one"},
    {Errc::kWrongPhase, E::kWrongPhase, "wrong-phase",
     "'bootguard status' says where it stands and what may be done now"},
    {Errc::kMetadataMissing, E::kMetadataMissing, "metadata-missing",
     "'bootguard format' writes one, if 'metadata' names the right place"},
    {Errc::kMetadataCorrupt, E::kMetadataCorrupt, "metadata-corrupt",
     "nothing was touched; recovery.md says how to go on; see also 'status'"},
    {Errc::kMetadataVersion, E::kMetadataVersion, "metadata-version",
     "use the bootguard that wrote it; this one changes nothing there"},
    {Errc::kMetadataLive, E::kMetadataLive, "metadata-live",
     "'bootguard status' shows what is there; 'format --force' destroys it"},
    {Errc::kStoreChanged, E::kStoreChanged, "store-changed",
     "the store is not used as it is; 'bootguard status' says what that means now"},
    {Errc::kStoreLost, E::kStoreLost, "store-lost",
     "there is no way back, the data stays as it is; next time use a larger store"},
    {Errc::kStoreInvalid, E::kStoreInvalid, "store-invalid",
     "there is no safe way back, the data stays as it is; please report it"},
    {Errc::kDeviceMissing, E::kDeviceMissing, "device-missing",
     "is it plugged in, its driver loaded, LUKS or LVM opened, the name right?"},
    {Errc::kDeviceAmbiguous, E::kDeviceAmbiguous, "device-ambiguous",
     "detach the copy, or name the right one by PARTUUID= in the configuration"},
    {Errc::kWrongDevice, E::kWrongDevice, "wrong-device",
     "attach the device that was armed, or correct 'device' in the configuration"},
    {Errc::kUnsupported, E::kUnsupported, "unsupported",
     "ext4, XFS and f2fs on one plain device can be protected; see bootguard(8)"},
    {Errc::kNoSpace, E::kNoSpace, "no-space", "free space on the volume, or set a smaller store-size"},
    {Errc::kTooFragmented, E::kTooFragmented, "too-fragmented",
     "free space in larger pieces (defragment), or set a smaller store-size"},
    {Errc::kReadOnly, E::kReadOnly, "read-only", "remount it writable; the kernel's messages say why it is read-only"},
    {Errc::kNotMounted, E::kNotMounted, "not-mounted", "mount the volume, then try again"},
    {Errc::kDmMissing, E::kDmMissing, "dm-missing", "load or build in the modules dm-mod, dm-snapshot and dm-switch"},
    {Errc::kDmFailed, E::kDmFailed, "dm-failed", "the kernel's messages (dmesg) say what device-mapper refused"},
    {Errc::kForeignMapping, E::kForeignMapping, "foreign-mapping",
     "'dmsetup info' shows it; unmount or remove it, then try again"},
    {Errc::kBusy, E::kBusy, "busy", "another bootguard is at work: wait for it, then try again"},
    {Errc::kNotRoot, E::kNotRoot, "not-root", "run it as root"},
    {Errc::kCheckFailed, E::kCheckFailed, "check-failed", "put right what is marked 'fail', then run it again"},
    {Errc::kNotInstalled, E::kNotInstalled, "not-installed",
     "run it in the booted system: an initramfs and a rescue image lack it"},
    {Errc::kStop, E::kStop, "stop", "do not mount the volume; 'bootguard boot' resumes, recovery.md says more"},
};

constexpr bool rows_are_in_order() {
  std::size_t row = 0;
  for (const ErrorText& text : kTexts) {
    if (text.code != static_cast<Errc>(row++)) return false;
  }
  return true;
}
static_assert(rows_are_in_order());
static_assert(std::size(kTexts) == static_cast<std::size_t>(Errc::kStop) + 1);

}  // namespace

const ErrorText& describe(Errc code) {
  const auto row = static_cast<std::size_t>(code);
  return kTexts[row < std::size(kTexts) ? row : static_cast<std::size_t>(Errc::kInternal)];
}

}  // namespace bootguard
