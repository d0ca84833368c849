// SPDX-License-Identifier: LGPL-2.1-or-later
// What a device lies on, from /sys/class/block/NAME/slaves.
#pragma once

#include <string>
#include <vector>

#include "ports/block_device.h"

namespace bootguard {

struct StackLayer {
  std::string kernel_name;  // "dm-0", "md127"
  std::string dm_name;      // "luks-home", "vg-home"; empty: no device-mapper device
  std::string dm_uuid;      // "CRYPT-LUKS2-...", "LVM-..."
};

// The mappings and arrays that have to be opened for it, from the device itself down; none for a plain partition. At
// most 64. Mappings of bootguard itself are left out.
[[nodiscard]] std::vector<StackLayer> stack_below(const std::string& sysfs, DeviceNumber device);

}  // namespace bootguard
