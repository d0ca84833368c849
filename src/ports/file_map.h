// SPDX-License-Identifier: LGPL-2.1-or-later
// The store's file on its mounted filesystem: made, pinned, enumerated, removed (ioctl_fiemap:
// Documentation/filesystems/ fiemap.rst; ioctl_iflags(2); F2FS_IOC_SET_PIN_FILE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "ports/block_device.h"

namespace bootguard {

// As the kernel's struct fiemap_extent; flags are FIEMAP_EXTENT_*.
struct FileExtent {
  Bytes logical;
  Bytes physical;
  Bytes length;
  std::uint32_t flags = 0;
  bool operator==(const FileExtent&) const = default;
};

struct MountPoint {
  std::string path;
  std::string type;     // as in /proc/self/mountinfo: "ext4"
  DeviceNumber device;  // what is mounted: the volume, or the mapping above it
  bool read_only = false;
};

struct FilesystemSpace {
  Bytes block;
  Bytes total;
  Bytes available;  // to root, less what the filesystem keeps for itself
};

class FileMap {
 public:
  virtual ~FileMap() = default;
  [[nodiscard]] virtual std::string path() const = 0;
  virtual Result<bool> exists() = 0;
  virtual Result<FilesystemSpace> space() = 0;
  // Makes the file exclusively (missing folder: made, mode 0700), pins it where the filesystem moves blocks (f2fs,
  // before allocating), preallocates `size` and makes it durable (file and folder). Errors: kNoSpace, kReadOnly,
  // kUnsupported, kIo; on any error nothing is left behind.
  virtual Result<void> create(Bytes size) = 0;
  // With FIEMAP_FLAG_SYNC; at most `limit` entries, else kTooFragmented naming how many at least.
  virtual Result<std::vector<FileExtent>> extents(std::size_t limit) = 0;
  virtual Result<Bytes> size() = 0;
  // In place, durable when it returns.
  virtual Result<void> write(Bytes offset, std::span<const std::byte> in) = 0;
  virtual Result<void> sync() = 0;
  // Sets the immutable flag: no write, truncate, punch, rename or unlink from here on.
  virtual Result<void> make_immutable() = 0;
  // Clears the flag and unlinks; absent is success. Durable when it returns.
  virtual Result<void> remove() = 0;
};

class Mounts {
 public:
  virtual ~Mounts() = default;
  // Where one of these devices is mounted (the first whose root is the filesystem's root), if anywhere in this mount
  // namespace.
  virtual Result<std::optional<MountPoint>> find(std::span<const DeviceNumber> devices) = 0;
  // `relative` is a path below the mount point, without "..", no symlink followed.
  virtual Result<std::unique_ptr<FileMap>> open_store(const MountPoint& mount, const std::string& relative) = 0;
};

}  // namespace bootguard
