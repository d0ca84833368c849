// SPDX-License-Identifier: LGPL-2.1-or-later
// Opening a device by what it is rather than by what its node is called: a path may be missing (no devtmpfs, no udev)
// or have come to name another device since it was found.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "linux/unique_fd.h"
#include "ports/block_device.h"

namespace bootguard {

[[nodiscard]] DeviceNumber device_number(dev_t device);
// "8:3", as /sys and /proc have it.
[[nodiscard]] std::optional<DeviceNumber> parse_device_number(std::string_view text);
[[nodiscard]] dev_t kernel_device(DeviceNumber number);
// The block device a path leads to, links followed; nothing if it leads to none.
[[nodiscard]] std::optional<DeviceNumber> block_device_at(const std::string& path);

// Opens the node at device.path if it is this device; else a node of our own (mknod(2) in /dev, /run or /tmp, unlinked
// again before this returns). A device number of 0:0 stands for a regular file. O_CLOEXEC is added. Errors:
// kDeviceMissing, kReadOnly, kNotRoot, kIo.
[[nodiscard]] Result<UniqueFd> open_device(const DeviceInfo& device, int flags);

// An inode every bootguard finds: flock(2) locks belong to the inode of the node, so a node that is unlinked after
// opening would exclude nobody. Where /dev has none, one is made and stays.
[[nodiscard]] Result<UniqueFd> open_device_for_lock(const DeviceInfo& device);

// "opening /dev/sda3: Permission denied", with the code that fits the errno.
[[nodiscard]] Error open_error(int os_error, const std::string& path);

}  // namespace bootguard
