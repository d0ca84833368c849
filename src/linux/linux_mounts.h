// SPDX-License-Identifier: LGPL-2.1-or-later
// Mounts from /proc/self/mountinfo (proc_pid_mountinfo(5)).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/file_map.h"

namespace bootguard {

class LinuxMounts final : public Mounts {
 public:
  static constexpr std::size_t kMaxMountinfoBytes = std::size_t{4} << 20;

  // Of several mounts of a device's root the first that can be written wins, else the first; a mount that another one
  // covers does not count. Errors: kIo (is /proc mounted?), kInternal beyond kMaxMountinfoBytes.
  Result<std::optional<MountPoint>> find(std::span<const DeviceNumber> devices) override;
  // Errors: kConfig for a path that is absolute, empty or has "." or ".." in it; kUnsupported for a file system other
  // than ext4, XFS and f2fs, where an address from FIEMAP may not be an address on the device; kNotMounted; kIo.
  Result<std::unique_ptr<FileMap>> open_store(const MountPoint& mount, const std::string& relative) override;
};

// One line of mountinfo. Nothing if it is malformed or shows only a part of the file system (root is not "/").
[[nodiscard]] std::optional<MountPoint> parse_mountinfo_line(std::string_view line);

}  // namespace bootguard
