// SPDX-License-Identifier: LGPL-2.1-or-later
// How /etc/fstab, the kernel command line and others name a device, and whether that still works while the volume's own
// node is busy below its mapping. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/label.h"

namespace bootguard {

enum class ReferenceKind : std::uint8_t {
  kNone,          // no block device: tmpfs, a network filesystem
  kTag,           // UUID=, LABEL=, PARTUUID=, PARTLABEL=, ID=
  kStableLink,    // /dev/disk/by-uuid and those that follow the mapping
  kUnstableLink,  // /dev/disk/by-path, by-diskseq: they stay with the raw device
  kMapping,       // /dev/mapper/bootguard-*
  kPath           // /dev/sda3, /dev/mapper/vg-home
};
[[nodiscard]] ReferenceKind classify_reference(std::string_view spec);

enum class Match : std::uint8_t { kNo, kYes, kUnknown };

// Whether a name leads to the volume. Implementations: device_matcher.h; tests.
class VolumeMatcher {
 public:
  virtual ~VolumeMatcher() = default;
  // A mapping is compared by its name, which the caller does.
  [[nodiscard]] virtual Match leads_to_volume(const std::string& spec) = 0;
};

// What the checks of references need to know of a volume.
struct VolumeView {
  Label name;
  bool pass_through = false;
  std::string safe_name;  // "UUID=...": what a line should say
  VolumeMatcher& matcher;

  [[nodiscard]] std::string mapping() const { return "/dev/mapper/bootguard-" + std::string(name.view()); }
  [[nodiscard]] Match match(const std::string& spec) const;
};

// Without the quotes that fstab(5) allows in UUID="...".
[[nodiscard]] std::string without_quotes(std::string_view spec);

}  // namespace bootguard
