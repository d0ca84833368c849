// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/fake_block_device.h"

#include <utility>

#include "fakes/toy_filesystem.h"

namespace bootguard {

void DeviceTable::add(DeviceNumber number, SectorIo* device) { entries_[key(number)].device = device; }
void DeviceTable::remove(DeviceNumber number) { entries_.erase(key(number)); }

SectorIo* DeviceTable::find(DeviceNumber number) const {
  const auto entry = entries_.find(key(number));
  return entry == entries_.end() ? nullptr : entry->second.device;
}

int DeviceTable::claim_for_mapping(DeviceNumber number) {
  const auto entry = entries_.find(key(number));
  if (entry == entries_.end()) return ENODEV;
  if (entry->second.mounted) return EBUSY;
  ++entry->second.mappings;
  return 0;
}

void DeviceTable::release_from_mapping(DeviceNumber number) {
  const auto entry = entries_.find(key(number));
  if (entry != entries_.end() && entry->second.mappings > 0) --entry->second.mappings;
}

int DeviceTable::claim_for_mount(DeviceNumber number) {
  const auto entry = entries_.find(key(number));
  if (entry == entries_.end()) return ENODEV;
  if (entry->second.mounted || entry->second.mappings > 0) return EBUSY;
  entry->second.mounted = true;
  return 0;
}

void DeviceTable::release_from_mount(DeviceNumber number) {
  const auto entry = entries_.find(key(number));
  if (entry != entries_.end()) entry->second.mounted = false;
}

std::uint32_t DeviceTable::open_count(DeviceNumber number) const {
  const auto entry = entries_.find(key(number));
  if (entry == entries_.end()) return 0;
  return entry->second.mappings + (entry->second.mounted ? 1U : 0U);
}

Result<void> FakeBlockDevice::check(Bytes offset, std::size_t length) const {
  const bool aligned = offset.n % kSectorBytes == 0 && length % kSectorBytes == 0 && offset.n % logical_block_.n == 0 &&
                       length % logical_block_.n == 0;
  if (aligned) return {};
  return make_error(Errc::kInternal, disk_.name() + ": unaligned request at " + std::to_string(offset.n) + ", " +
                                         std::to_string(length) + " bytes");
}

Result<void> FakeBlockDevice::read(Bytes offset, std::span<std::byte> out) {
  CHECK_OK(check(offset, out.size()));
  if (const int error = disk_.read(offset.n, out)) return system_error(Errc::kIo, error, "reading " + disk_.name());
  return {};
}

Result<void> FakeBlockDevice::write(Bytes offset, std::span<const std::byte> in) {
  CHECK_OK(check(offset, in.size()));
  if (!writable_) return system_error(Errc::kIo, EBADF, "writing " + disk_.name());
  if (const int error = disk_.write(offset.n, in, false)) {
    return system_error(Errc::kIo, error, "writing " + disk_.name());
  }
  return {};
}

Result<void> FakeBlockDevice::flush() {
  if (const int error = disk_.flush()) return system_error(Errc::kIo, error, "flushing " + disk_.name());
  return {};
}

FakeBlockDevices::Disk& FakeBlockDevices::add(SimDisk& disk, const std::string& path, const std::string& part_label) {
  auto entry = std::make_unique<Disk>();
  entry->disk = &disk;
  entry->path = path;
  entry->number = DeviceNumber{8, static_cast<std::uint32_t>(16 * (disks_.size() + 1))};
  entry->part_label = part_label;
  entry->part_uuid.bytes[15] = static_cast<std::uint8_t>(disks_.size() + 1);
  table_.add(entry->number, &disk);
  disks_.push_back(std::move(entry));
  return *disks_.back();
}

FakeBlockDevices::Disk* FakeBlockDevices::disk(const std::string& path) {
  for (const auto& entry : disks_) {
    if (entry->path == path) return entry.get();
  }
  return nullptr;
}

DeviceInfo FakeBlockDevices::describe(const Disk& disk) {
  return DeviceInfo{disk.path, disk.number, Bytes(disk.disk->size()), disk.disk->read_only, disk.part_uuid};
}

Result<FilesystemIdentity> FakeBlockDevices::identify_disk(const Disk& disk) {
  if (disk.identity) return *disk.identity;
  std::array<std::byte, kSimBlock> block{};
  if (disk.disk->size() < block.size()) return FilesystemIdentity{};
  if (const int error = disk.disk->read(0, block)) {
    return system_error(Errc::kIo, error, "reading the superblock of " + disk.path);
  }
  return parse_toy_superblock(block).value_or(FilesystemIdentity{});
}

Result<DeviceInfo> FakeBlockDevices::find(const DeviceName& name) {
  std::vector<const Disk*> found;
  for (const auto& entry : disks_) {
    if (!entry->present) continue;
    bool match = false;
    switch (name.kind) {
      case DeviceName::Kind::kPath:
        match = entry->path == name.value;
        break;
      case DeviceName::Kind::kPartLabel:
        match = !entry->part_label.empty() && entry->part_label == name.value;
        break;
      case DeviceName::Kind::kPartUuid:
        match = !entry->part_uuid.is_nil() && Uuid::parse(name.value) == entry->part_uuid;
        break;
      case DeviceName::Kind::kLabel:
      case DeviceName::Kind::kUuid: {
        // A device that cannot be read has no name here, as in blkid.
        const auto identity = identify_disk(*entry);
        if (!identity) continue;
        match = name.kind == DeviceName::Kind::kLabel
                    ? !identity.value().label.empty() && identity.value().label == name.value
                    : !identity.value().uuid.is_nil() && Uuid::parse(name.value) == identity.value().uuid;
        break;
      }
    }
    if (match && !entry->unusable.empty()) {
      if (name.kind == DeviceName::Kind::kPath) {
        return make_error(Errc::kUnsupported, entry->path + " " + entry->unusable);
      }
      continue;
    }
    if (match) found.push_back(entry.get());
  }
  if (found.empty()) return make_error(Errc::kDeviceMissing, name.to_string() + ": no such device");
  if (found.size() > 1) {
    std::string text = name.to_string() + ": more than one device:";
    for (const Disk* disk : found) text += " " + disk->path;
    return make_error(Errc::kDeviceAmbiguous, text);
  }
  return describe(*found.front());
}

Result<std::unique_ptr<BlockDevice>> FakeBlockDevices::open(const DeviceInfo& device, Access access) {
  const Disk* entry = disk(device.path);
  if (entry == nullptr || !entry->present) return make_error(Errc::kDeviceMissing, device.path + ": no such device");
  if (access == Access::kReadWrite && entry->disk->read_only) {
    return system_error(Errc::kReadOnly, EROFS, "opening " + device.path);
  }
  return std::unique_ptr<BlockDevice>(
      std::make_unique<FakeBlockDevice>(*entry->disk, entry->logical_block, access == Access::kReadWrite));
}

Result<FilesystemIdentity> FakeBlockDevices::identify(const DeviceInfo& device) {
  const Disk* entry = disk(device.path);
  if (entry == nullptr || !entry->present) return make_error(Errc::kDeviceMissing, device.path + ": no such device");
  return identify_disk(*entry);
}

namespace {

class FakeLock : public BlockDevices::Lock {
 public:
  FakeLock(std::weak_ptr<std::set<std::string>> locked, std::string path)
      : locked_(std::move(locked)), path_(std::move(path)) {}
  FakeLock(const FakeLock&) = delete;
  FakeLock& operator=(const FakeLock&) = delete;
  ~FakeLock() override {
    if (const auto locked = locked_.lock()) locked->erase(path_);
  }

 private:
  std::weak_ptr<std::set<std::string>> locked_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<BlockDevices::Lock>> FakeBlockDevices::lock(const DeviceInfo& device, std::uint32_t) {
  // Nobody else runs in the meantime, so waiting would not change anything.
  if (!locked_->insert(device.path).second) {
    return make_error(Errc::kBusy, device.path + " is in use by another bootguard");
  }
  return std::unique_ptr<Lock>(std::make_unique<FakeLock>(locked_, device.path));
}

}  // namespace bootguard
