// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/block_list.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/format_text.h"
#include "linux/device_node.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// Names of the entries, sorted, without those that begin with a dot; false if there are more than `limit`.
bool list_directory(const std::string& path, std::size_t limit, std::vector<std::string>& names, int& os_error) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  os_error = directory ? 0 : errno;
  if (!directory) return true;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    if (names.size() == limit) return false;
    // Few: std::sort would be larger than all the rest of this file.
    std::string name = entry->d_name;
    names.insert(std::upper_bound(names.begin(), names.end(), name), std::move(name));
  }
  return true;
}

std::optional<std::string> read_attribute(const std::string& folder, const char* name) {
  return read_text_file(format_text("%s/%s", folder.c_str(), name));
}

std::uint64_t read_number(const std::string& folder, const char* name) {
  const auto text = read_attribute(folder, name);
  return text ? parse_decimal(*text, ~std::uint64_t{0}).value_or(0) : 0;
}

// Nothing worth protecting can be there, and opening a floppy or CD drive takes seconds.
bool is_uninteresting(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kPrefixes{"ram", "zram", "sr", "fd"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [name](std::string_view prefix) {
    return name.size() > prefix.size() && name.starts_with(prefix) && name[prefix.size()] >= '0' &&
           name[prefix.size()] <= '9';
  });
}

// The first device above it that is not ours. A member of an array or volume group must never be taken for its content.
std::string foreign_holder(const std::string& sysfs, const std::string& folder) {
  std::vector<std::string> holders;
  int os_error = 0;
  if (!list_directory(folder + "/holders", kMaxBlockDevices, holders, os_error)) return holders.front();
  for (const std::string& holder : holders) {
    const auto dm_name = read_text_file(format_text("%s/class/block/%s/dm/name", sysfs.c_str(), holder.c_str()));
    if (!dm_name || !dm_name->starts_with("bootguard-")) return dm_name ? *dm_name : holder;
  }
  return {};
}

// ".../block/sda/sda3": sda
std::string disk_of(const std::string& link_target) {
  const std::size_t last = link_target.rfind('/');
  if (last == std::string::npos || last == 0) return {};
  const std::size_t before = link_target.rfind('/', last - 1);
  return before == std::string::npos ? std::string{} : link_target.substr(before + 1, last - before - 1);
}

}  // namespace

std::optional<ListedDevice> look_up_block_device(const std::string& sysfs, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  const std::string folder = format_text("%s/class/block/%s", sysfs.c_str(), name.c_str());
  ListedDevice device;
  device.name = name;
  const auto number = parse_device_number(read_attribute(folder, "dev").value_or(""));
  if (!number) return std::nullopt;
  device.number = *number;
  device.size = Sectors(read_number(folder, "size"));
  device.read_only = read_number(folder, "ro") != 0;
  device.partition = static_cast<std::uint32_t>(read_number(folder, "partition"));
  if (device.partition != 0) {
    device.start = Sectors(read_number(folder, "start"));
    device.disk = disk_of(read_link(folder).value_or(""));
  }
  device.dm_name = read_attribute(folder, "dm/name").value_or("");
  device.suspended = read_number(folder, "dm/suspended") != 0;
  device.holder = foreign_holder(sysfs, folder);
  if (device.holder.empty() && !device.disk.empty()) {
    // An array over the whole disk: its partitions belong to the array too.
    device.holder = foreign_holder(sysfs, format_text("%s/class/block/%s", sysfs.c_str(), device.disk.c_str()));
  }
  return device;
}

Result<std::vector<ListedDevice>> list_block_devices(const std::string& sysfs) {
  const std::string folder = sysfs + "/class/block";
  std::vector<std::string> names;
  int os_error = 0;
  if (!list_directory(folder, kMaxBlockDevices, names, os_error)) {
    return make_error(Errc::kInternal, "%s: more than %zu block devices", folder.c_str(), kMaxBlockDevices);
  }
  if (os_error != 0) return system_error(Errc::kIo, os_error, "listing %s (is sysfs mounted on /sys?)", folder.c_str());
  std::vector<ListedDevice> devices;
  for (const std::string& name : names) {
    if (is_uninteresting(name)) continue;
    auto device = look_up_block_device(sysfs, name);
    if (device && device->size.n != 0) devices.push_back(std::move(*device));
  }
  for (const ListedDevice& partition : devices) {
    if (partition.partition == 0) continue;
    for (ListedDevice& disk : devices) {
      if (disk.name == partition.disk) disk.has_partitions = true;
    }
  }
  return devices;
}

std::optional<std::string> block_device_name(const std::string& sysfs, DeviceNumber number) {
  const auto target = read_link(format_text("%s/dev/block/%u:%u", sysfs.c_str(), number.major, number.minor));
  if (!target) return std::nullopt;
  return target->substr(target->rfind('/') + 1);
}

std::string why_unusable(const ListedDevice& device) {
  if (device.is_bootguard()) return "is a mapping of bootguard itself; name the device below it";
  if (!device.holder.empty()) return format_text("is held by %s", device.holder.c_str());
  if (device.suspended) return "is suspended";
  return {};
}

std::string node_path(const ListedDevice& device) {
  std::string path = "/dev/" + device.name;
  std::replace(path.begin(), path.end(), '!', '/');  // as the kernel replaced it
  if (device.dm_name.empty()) return path;
  const std::string mapper = "/dev/mapper/" + device.dm_name;
  struct stat status {};
  const bool there =
      ::stat(mapper.c_str(), &status) == 0 && S_ISBLK(status.st_mode) && device_number(status.st_rdev) == device.number;
  return there ? mapper : path;
}

}  // namespace bootguard
