// SPDX-License-Identifier: LGPL-2.1-or-later
// BlockDevices without udev: the kernel's list in sysfs, partition tables and superblocks, each read past the cache.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/block_list.h"
#include "linux/device_probe.h"
#include "ports/block_device.h"

namespace bootguard {

// A kPath may also name a regular file (an image, for tools and tests): then the device number is 0:0.
// UUID= finds ext*, XFS, f2fs, btrfs and LUKS by their superblock and a metadata area of bootguard by its area UUID;
// LABEL= finds filesystems only. Disks with partitions answer to neither, nor do members of arrays. PARTUUID= knows GPT
// and MBR.
class DeviceFinder final : public BlockDevices {
 public:
  explicit DeviceFinder(std::string sysfs = "/sys") : sysfs_(std::move(sysfs)) {}

  // Errors: also kUnsupported for a path to a device that must not be used, kNotRoot, kConfig for a UUID= that is none.
  Result<DeviceInfo> find(const DeviceName& name) override;
  Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override;
  Result<FilesystemIdentity> identify(const DeviceInfo& device) override;
  // flock(2) on the device's node in /dev, looked at every 50 ms. udevd takes a shared lock of the same kind while it
  // probes.
  Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override;

 private:
  struct Search;

  Result<DeviceInfo> find_path(const std::string& path);
  Result<DeviceInfo> find_in_list(const DeviceName& name);
  bool matches(Search& search, const ListedDevice& device);
  bool matches_content(Search& search, const ListedDevice& device);
  bool matches_partition(Search& search, const ListedDevice& device);
  Result<PartitionTable> read_table(const ListedDevice& disk);
  DeviceInfo describe(const ListedDevice& device);

  std::string sysfs_;
};

}  // namespace bootguard
