// SPDX-License-Identifier: LGPL-2.1-or-later
// Block devices over simulated disks, and the table of device numbers that the fake device mapper and the fake mounts
// share with them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fakes/sim_disk.h"
#include "ports/block_device.h"

namespace bootguard {

// Device numbers, what stands behind them, and who holds them: as in the kernel, a mount and the device mapper exclude
// each other, while several mappings may share a device.
class DeviceTable {
 public:
  void add(DeviceNumber number, SectorIo* device);
  void remove(DeviceNumber number);
  [[nodiscard]] SectorIo* find(DeviceNumber number) const;

  // EBUSY if it is mounted.
  int claim_for_mapping(DeviceNumber number);
  void release_from_mapping(DeviceNumber number);
  // EBUSY if a mapping or another mount holds it.
  int claim_for_mount(DeviceNumber number);
  void release_from_mount(DeviceNumber number);
  // Holders of either kind.
  [[nodiscard]] std::uint32_t open_count(DeviceNumber number) const;

 private:
  struct Entry {
    SectorIo* device = nullptr;
    std::uint32_t mappings = 0;
    bool mounted = false;
  };
  static std::uint64_t key(DeviceNumber n) { return (std::uint64_t{n.major} << 32) | n.minor; }
  std::map<std::uint64_t, Entry> entries_;
};

// One open of a disk. Unaligned requests are the caller's bug: kInternal.
class FakeBlockDevice : public BlockDevice {
 public:
  explicit FakeBlockDevice(SimDisk& disk, Bytes logical_block = Bytes(512), bool writable = true)
      : disk_(disk), logical_block_(logical_block), writable_(writable) {}
  Result<void> read(Bytes offset, std::span<std::byte> out) override;
  Result<void> write(Bytes offset, std::span<const std::byte> in) override;
  Result<void> flush() override;
  [[nodiscard]] Bytes size() const override { return Bytes(disk_.size()); }
  [[nodiscard]] Bytes logical_block() const override { return logical_block_; }

 private:
  Result<void> check(Bytes offset, std::size_t length) const;
  SimDisk& disk_;
  Bytes logical_block_;
  bool writable_;
};

class FakeBlockDevices : public BlockDevices {
 public:
  struct Disk {
    SimDisk* disk = nullptr;
    std::string path;
    DeviceNumber number;
    std::string part_label;
    Uuid part_uuid;
    Bytes logical_block{512};
    bool present = true;
    std::string unusable;                        // why find() passes it over: another driver holds it
    std::optional<FilesystemIdentity> identity;  // instead of what the superblock says
  };

  explicit FakeBlockDevices(DeviceTable& table) : table_(table) {}

  // Adds a disk under `path`; its number is 8:16, 8:32, ... in the order of adding. The disk must outlive this object.
  Disk& add(SimDisk& disk, const std::string& path, const std::string& part_label = "");
  [[nodiscard]] Disk* disk(const std::string& path);
  // The locks of a process that died are gone with it.
  void drop_locks() { locked_->clear(); }

  Result<DeviceInfo> find(const DeviceName& name) override;
  Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override;
  Result<FilesystemIdentity> identify(const DeviceInfo& device) override;
  Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override;

 private:
  Result<FilesystemIdentity> identify_disk(const Disk& disk);
  static DeviceInfo describe(const Disk& disk);

  DeviceTable& table_;
  std::vector<std::unique_ptr<Disk>> disks_;
  std::shared_ptr<std::set<std::string>> locked_ = std::make_shared<std::set<std::string>>();
};

}  // namespace bootguard
