// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's own list of block devices: /sys/class/block (Documentation/ABI/stable/sysfs-block), which needs no udev.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "ports/block_device.h"

namespace bootguard {

struct ListedDevice {
  std::string name;  // the kernel's: "sda3", "dm-0", "cciss!c0d0p1"
  DeviceNumber number;
  Sectors size;
  bool read_only = false;
  std::uint32_t partition = 0;  // 0: not a partition
  Sectors start;                // of a partition
  std::string disk;             // name of the disk of a partition
  bool has_partitions = false;
  std::string dm_name;     // empty: no device-mapper device
  bool suspended = false;  // device-mapper; reading it would wait for ever
  std::string holder;      // a device above it that is not a bootguard mapping; empty: none

  [[nodiscard]] bool is_bootguard() const { return dm_name.starts_with("bootguard-"); }
};

inline constexpr std::size_t kMaxBlockDevices = 4096;

// Sorted by name; without devices of size 0, ram disks, zram, floppies and CD drives. `sysfs` is "/sys" but in tests.
// Errors: kIo if sysfs is not there; kInternal beyond kMaxBlockDevices.
[[nodiscard]] Result<std::vector<ListedDevice>> list_block_devices(const std::string& sysfs);

// One device, whatever it is. Nothing if sysfs does not know it.
[[nodiscard]] std::optional<ListedDevice> look_up_block_device(const std::string& sysfs, const std::string& name);
// Its name, by its number.
[[nodiscard]] std::optional<std::string> block_device_name(const std::string& sysfs, DeviceNumber number);

// Why bootguard must keep its hands off, as a clause: "is held by md127"; empty: it may be used.
[[nodiscard]] std::string why_unusable(const ListedDevice& device);

// "/dev/mapper/NAME" if that is there and is it, else "/dev/sda3" whether it is there or not.
[[nodiscard]] std::string node_path(const ListedDevice& device);

}  // namespace bootguard
