// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/block_stack.h"

#include <algorithm>
#include <utility>

#include "linux/block_list.h"
#include "linux/file_tree.h"
#include "linux/syscalls.h"

namespace bootguard {

std::vector<StackLayer> stack_below(const std::string& sysfs, DeviceNumber device) {
  constexpr std::size_t kMost = 64;
  std::vector<StackLayer> layers;
  std::vector<std::string> names;
  if (auto name = block_device_name(sysfs, device)) names.push_back(std::move(*name));
  for (std::size_t i = 0; i < names.size() && i < kMost; ++i) {
    const std::string folder = sysfs + "/class/block/" + names[i];
    const std::vector<std::string> below = FileTree().list(folder + "/slaves");
    StackLayer layer{names[i], read_text_file(folder + "/dm/name").value_or(""),
                     read_text_file(folder + "/dm/uuid").value_or("")};
    if (!below.empty() && !layer.dm_name.starts_with("bootguard-")) layers.push_back(std::move(layer));
    for (const std::string& name : below) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return layers;
}

}  // namespace bootguard
