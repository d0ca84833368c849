// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/device_node.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/format_text.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

bool is_device(int fd, DeviceNumber number) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  if (number == DeviceNumber{}) return S_ISREG(status.st_mode);
  return S_ISBLK(status.st_mode) && device_number(status.st_rdev) == number;
}

// errno of the last place tried, in *os_error.
UniqueFd open_own_node(const DeviceInfo& device, int flags, int* os_error) {
  static constexpr std::array<const char*, 3> kPlaces{"/dev", "/run", "/tmp"};
  for (const char* place : kPlaces) {
    const std::string path = format_text("%s/.bootguard-%u-%u-%d", place, device.number.major, device.number.minor,
                                         static_cast<int>(::getpid()));
    if (::mknod(path.c_str(), S_IFBLK | 0600, kernel_device(device.number)) != 0) {
      *os_error = errno;
      continue;
    }
    UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW));
    *os_error = fd ? 0 : errno;
    ::unlink(path.c_str());
    if (fd) return fd;  // a file system mounted nodev gives EACCES: try the next
  }
  return UniqueFd();
}

}  // namespace

DeviceNumber device_number(dev_t device) { return {major(device), minor(device)}; }

std::optional<DeviceNumber> parse_device_number(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  constexpr std::uint64_t kMax = 0xFFFFFFFF;
  const auto major_number = parse_decimal(text.substr(0, colon), kMax);
  const auto minor_number = parse_decimal(text.substr(colon + 1), kMax);
  if (!major_number || !minor_number) return std::nullopt;
  return DeviceNumber{static_cast<std::uint32_t>(*major_number), static_cast<std::uint32_t>(*minor_number)};
}

std::optional<DeviceNumber> block_device_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISBLK(status.st_mode)) return std::nullopt;
  return device_number(status.st_rdev);
}

dev_t kernel_device(DeviceNumber number) { return makedev(number.major, number.minor); }

Error open_error(int os_error, const std::string& path) {
  Errc code = Errc::kIo;
  if (os_error == ENOENT || os_error == ENXIO || os_error == ENODEV) code = Errc::kDeviceMissing;
  if (os_error == EROFS) code = Errc::kReadOnly;
  if ((os_error == EACCES || os_error == EPERM) && ::geteuid() != 0) code = Errc::kNotRoot;
  return system_error(code, os_error, "opening %s", path.c_str());
}

Result<UniqueFd> open_device(const DeviceInfo& device, int flags) {
  // O_NONBLOCK: the path may be a FIFO by now; to a disk it means nothing.
  UniqueFd fd(::open(device.path.c_str(), flags | O_CLOEXEC | O_NONBLOCK));
  const int path_error = fd ? 0 : errno;
  if (fd && is_device(fd.get(), device.number)) return fd;
  if (device.number == DeviceNumber{}) {
    if (fd) return make_error(Errc::kWrongDevice, "%s is no regular file any more", device.path.c_str());
    return open_error(path_error, device.path);
  }
  if (path_error != 0 && path_error != ENOENT && path_error != ENOTDIR) return open_error(path_error, device.path);
  int os_error = 0;
  UniqueFd own = open_own_node(device, flags, &os_error);
  if (!own)
    return open_error(os_error, format_text("%s (by an own node for %u:%u)", device.path.c_str(), device.number.major,
                                            device.number.minor));
  return own;
}

Result<UniqueFd> open_device_for_lock(const DeviceInfo& device) {
  UniqueFd fd(::open(device.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd && is_device(fd.get(), device.number)) return fd;
  if (device.number == DeviceNumber{}) return open_error(fd ? ENOENT : errno, device.path);
  const std::string path = format_text("/dev/bootguard-lock-%u-%u", device.number.major, device.number.minor);
  // EEXIST: another bootguard made it, which is the point.
  if (::mknod(path.c_str(), S_IFBLK | 0600, kernel_device(device.number)) != 0 && errno != EEXIST) {
    return system_error(Errc::kIo, errno, "making %s", path.c_str());
  }
  fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return open_error(errno, path);
  if (!is_device(fd.get(), device.number))
    return make_error(Errc::kIo, "%s is not what it should be: remove it", path.c_str());
  return fd;
}

}  // namespace bootguard
