// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/device_finder.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/format_text.h"
#include "linux/device_node.h"
#include "linux/direct_block_device.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

class FlockLock final : public BlockDevices::Lock {
 public:
  explicit FlockLock(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;  // closing it unlocks
};

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

// What one walk over all devices is after, and what it has read on the way.
struct DeviceFinder::Search {
  DeviceName::Kind kind;
  std::string value;
  Uuid uuid;  // kUuid
  const std::vector<ListedDevice>* devices = nullptr;
  std::string table_of;  // the disk whose table was read last: partitions follow their disk in the list
  std::optional<PartitionTable> table;
  std::size_t unreadable = 0;
  std::string first_failure;
  std::vector<const ListedDevice*> found;
  std::string unusable;  // one that matches, but must not be used

  void note_failure(const Error& error) {
    if (unreadable++ == 0) first_failure = error.text;
  }
};

Result<DeviceInfo> DeviceFinder::find(const DeviceName& name) {
  if (name.kind == DeviceName::Kind::kPath) return find_path(name.value);
  return find_in_list(name);
}

DeviceInfo DeviceFinder::describe(const ListedDevice& device) {
  DeviceInfo info{node_path(device), device.number, to_bytes(device.size), device.read_only, {}};
  if (device.partition == 0) return info;
  // The partition's UUID is only ever shown, so that it can not be read is no error.
  const auto disk = look_up_block_device(sysfs_, device.disk);
  if (!disk) return info;
  const auto table = read_table(*disk);
  if (!table) return info;
  if (const auto partition = table.value().find(device.partition, device.start)) info.part_uuid = partition->uuid;
  return info;
}

Result<DeviceInfo> DeviceFinder::find_path(const std::string& path) {
  struct stat status {};
  std::optional<std::string> name;
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISREG(status.st_mode)) {
      return DeviceInfo{path, {}, Bytes(static_cast<std::uint64_t>(status.st_size)), (status.st_mode & 0222) == 0, {}};
    }
    if (!S_ISBLK(status.st_mode)) return make_error(Errc::kDeviceMissing, "%s is no block device", path.c_str());
    name = block_device_name(sysfs_, device_number(status.st_rdev));
    if (!name) {
      return make_error(Errc::kDeviceMissing,
                        "%s has a node, but the kernel knows no such device (or /sys is not mounted)", path.c_str());
    }
  } else {
    const int os_error = errno;
    // No devtmpfs and no udev: the kernel may know the device all the same.
    constexpr std::string_view kPrefix = "/dev/";
    if (path.starts_with(kPrefix)) {
      name = path.substr(kPrefix.size());
      std::replace(name->begin(), name->end(), '/', '!');
    }
    if (!name || !look_up_block_device(sysfs_, *name)) return system_error(Errc::kDeviceMissing, os_error, path);
  }
  const auto device = look_up_block_device(sysfs_, *name);
  if (!device || device->size.n == 0) return make_error(Errc::kDeviceMissing, "%s is empty or gone", path.c_str());
  if (const std::string why = why_unusable(*device); !why.empty())
    return make_error(Errc::kUnsupported, "%s %s", path.c_str(), why.c_str());
  DeviceInfo info = describe(*device);
  info.path = path;
  return info;
}

Result<PartitionTable> DeviceFinder::read_table(const ListedDevice& disk) {
  ASSIGN_OR_RETURN(const auto device,
                   open({node_path(disk), disk.number, to_bytes(disk.size), disk.read_only, {}}, Access::kRead));
  return PartitionTable::read(*device);
}

bool DeviceFinder::matches_partition(Search& search, const ListedDevice& device) {
  if (device.partition == 0) return false;
  if (search.table_of != device.disk) {
    search.table_of = device.disk;
    search.table.reset();
    const auto disk = std::find_if(search.devices->begin(), search.devices->end(),
                                   [&device](const ListedDevice& other) { return other.name == device.disk; });
    if (disk == search.devices->end()) return false;
    auto table = read_table(*disk);
    if (!table) {
      search.note_failure(table.error());
      return false;
    }
    search.table = std::move(table).value();
  }
  if (!search.table) return false;
  const auto partition = search.table->find(device.partition, device.start);
  if (!partition) return false;
  if (search.kind == DeviceName::Kind::kPartUuid) return partition->part_uuid == search.value;
  return !search.value.empty() && partition->label == search.value;
}

bool DeviceFinder::matches_content(Search& search, const ListedDevice& device) {
  // What seems to be a superblock in front of a partition table is a left-over.
  if (device.has_partitions) return false;
  const auto identity = identify({node_path(device), device.number, to_bytes(device.size), device.read_only, {}});
  if (!identity) {
    search.note_failure(identity.error());
    return false;
  }
  if (search.kind == DeviceName::Kind::kUuid) return identity.value().uuid == search.uuid;
  return !search.value.empty() && identity.value().label == search.value;
}

bool DeviceFinder::matches(Search& search, const ListedDevice& device) {
  const bool by_partition = search.kind == DeviceName::Kind::kPartLabel || search.kind == DeviceName::Kind::kPartUuid;
  return by_partition ? matches_partition(search, device) : matches_content(search, device);
}

Result<DeviceInfo> DeviceFinder::find_in_list(const DeviceName& name) {
  Search search;
  search.kind = name.kind;
  search.value = name.kind == DeviceName::Kind::kPartUuid ? lower_case(name.value) : name.value;
  if (name.kind == DeviceName::Kind::kUuid) {
    const auto uuid = Uuid::parse(name.value);
    if (!uuid || uuid->is_nil()) {
      return make_error(Errc::kConfig, "%s is no UUID of ext4, XFS or f2fs (8-4-4-4-12 digits)",
                        name.to_string().c_str());
    }
    search.uuid = *uuid;
  }
  ASSIGN_OR_RETURN(const auto devices, list_block_devices(sysfs_));
  search.devices = &devices;
  for (const ListedDevice& device : devices) {
    if (device.is_bootguard() || device.suspended) continue;
    // Its content must not even be looked at, but the table may: to say why it is not the answer.
    const bool by_content = name.kind == DeviceName::Kind::kUuid || name.kind == DeviceName::Kind::kLabel;
    if (by_content && !device.holder.empty()) continue;
    if (!matches(search, device)) continue;
    if (const std::string why = why_unusable(device); !why.empty()) {
      search.unusable = format_text("%s %s", node_path(device).c_str(), why.c_str());
      continue;
    }
    search.found.push_back(&device);
  }
  if (search.found.size() == 1) return describe(*search.found.front());
  if (search.found.size() > 1) {
    std::string message = format_text("%s is the name of %zu devices:", name.to_string().c_str(), search.found.size());
    for (const ListedDevice* device : search.found) message += format_text(" %s", node_path(*device).c_str());
    return make_error(Errc::kDeviceAmbiguous, std::move(message));
  }
  std::string message =
      format_text("no device is %s; %zu block devices seen", name.to_string().c_str(), devices.size());
  if (!search.unusable.empty()) message += format_text(", %s", search.unusable.c_str());
  if (search.unreadable != 0) {
    message += format_text(", %zu not readable (%s)", search.unreadable, search.first_failure.c_str());
  }
  return make_error(Errc::kDeviceMissing, std::move(message));
}

Result<std::unique_ptr<BlockDevice>> DeviceFinder::open(const DeviceInfo& device, Access access) {
  ASSIGN_OR_RETURN(auto opened, DirectBlockDevice::open(device, access));
  return std::unique_ptr<BlockDevice>(std::move(opened));
}

Result<FilesystemIdentity> DeviceFinder::identify(const DeviceInfo& device) {
  ASSIGN_OR_RETURN(const auto opened, open(device, Access::kRead));
  return read_identity(*opened);
}

Result<std::unique_ptr<BlockDevices::Lock>> DeviceFinder::lock(const DeviceInfo& device, std::uint32_t timeout_ms) {
  constexpr std::uint32_t kPollMs = 50;
  // By the kernel's name where that is known: /dev/mapper/x and /dev/dm-0 may be nodes, and thus locks, of their own.
  DeviceInfo target = device;
  if (const auto name = block_device_name(sysfs_, device.number); name && device.number != DeviceNumber{}) {
    target.path = "/dev/" + *name;
    std::replace(target.path.begin(), target.path.end(), '!', '/');
  }
  ASSIGN_OR_RETURN(UniqueFd fd, open_device_for_lock(target));
  const std::uint64_t begin = monotonic_clock_ms();
  // Counted too, so that it ends even where the clock stands still.
  for (std::uint32_t tries = 0; tries <= timeout_ms / kPollMs; ++tries) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return std::unique_ptr<Lock>(new FlockLock(std::move(fd)));
    if (errno != EWOULDBLOCK && errno != EINTR)
      return system_error(Errc::kIo, errno, "locking %s", device.path.c_str());
    if (monotonic_clock_ms() - begin >= timeout_ms) break;
    sleep_ms(std::min(kPollMs, timeout_ms));
  }
  return make_error(Errc::kBusy, "another process (a second bootguard?) holds the lock of %s", device.path.c_str());
}

}  // namespace bootguard
