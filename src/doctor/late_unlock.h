// SPDX-License-Identifier: LGPL-2.1-or-later
// A volume on LUKS or LVM that the initramfs does not open: bootguard has to run a second time, in the real root,
// before the volume is mounted. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.h"
#include "doctor/image_listing.h"
#include "linux/block_stack.h"

namespace bootguard {

struct LateFacts {
  std::vector<StackLayer> layers;       // that the volume lies on
  const ImageListing* image = nullptr;  // null: it could not be read
  std::string command_line;
  bool late_service_enabled = false;
};

// The name in the first field of a line of crypttab(5).
[[nodiscard]] bool crypttab_names(std::string_view text, std::string_view dm_name);

// Check "late".
[[nodiscard]] Finding check_late_unlock(const LateFacts& facts);

}  // namespace bootguard
