// SPDX-License-Identifier: LGPL-2.1-or-later
// The store's file and mounts, on the toy filesystem. All I/O goes through the mounted device (the raw disk or a
// mapping) down to the simulated disk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fakes/fake_block_device.h"
#include "fakes/toy_filesystem.h"
#include "ports/file_map.h"

namespace bootguard {

inline constexpr std::uint32_t kFiemapLast = 0x1;
inline constexpr std::uint32_t kFiemapUnwritten = 0x800;

// How the filesystem behaves; shared by all mounts of it.
struct ToyOptions {
  // What the allocator hands out, in this order, until the file is long enough.
  struct Run {
    Bytes physical;
    Bytes length;
  };
  std::vector<Run> free_runs;
  std::uint32_t extent_flags = kFiemapUnwritten;
  Bytes block{4096};
  bool can_pin = true;              // false: make_immutable() answers kUnsupported
  int create_error = 0;             // create() fails with this errno (after having made the file, for a while)
  bool moves_after_create = false;  // the extents reported change from the second enumeration on
};

class FakeMounts;

class FakeFileMap : public FileMap {
 public:
  FakeFileMap(FakeMounts& mounts, std::string path, DeviceNumber device, bool read_only, std::uint64_t path_hash)
      : mounts_(mounts), path_(std::move(path)), device_(device), read_only_(read_only), path_hash_(path_hash) {}

  [[nodiscard]] std::string path() const override { return path_; }
  Result<bool> exists() override;
  Result<FilesystemSpace> space() override;
  Result<void> create(Bytes size) override;
  Result<std::vector<FileExtent>> extents(std::size_t limit) override;
  Result<Bytes> size() override;
  Result<void> write(Bytes offset, std::span<const std::byte> in) override;
  Result<void> sync() override;
  Result<void> make_immutable() override;
  Result<void> remove() override;

 private:
  Result<SectorIo*> device();
  Result<ToyInode> read_inode();
  Result<void> write_inode(const ToyInode& inode);
  [[nodiscard]] bool is_here(const ToyInode& inode) const { return inode.exists && inode.path_hash == path_hash_; }

  FakeMounts& mounts_;
  std::string path_;
  DeviceNumber device_;
  bool read_only_;
  std::uint64_t path_hash_;
};

class FakeMounts : public Mounts {
 public:
  explicit FakeMounts(DeviceTable& table) : table_(table) {}

  // As mount(2): EBUSY if the device is held, EINVAL if there is no toy filesystem on it, ENXIO if it does not exist.
  int mount(DeviceNumber device, const std::string& path, bool read_only = false);
  void unmount(const std::string& path);
  void set_read_only(const std::string& path, bool read_only);
  [[nodiscard]] bool mounted(DeviceNumber device) const;

  Result<std::optional<MountPoint>> find(std::span<const DeviceNumber> devices) override;
  Result<std::unique_ptr<FileMap>> open_store(const MountPoint& mount, const std::string& relative) override;

  ToyOptions options;
  std::uint64_t enumerations = 0;
  // What find() and open_store() fail with: no /proc, a mount that went away.
  std::optional<Error> find_error, open_error;

 private:
  friend class FakeFileMap;
  DeviceTable& table_;
  std::vector<MountPoint> mounts_;
};

}  // namespace bootguard
