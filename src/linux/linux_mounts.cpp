// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/linux_mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/format_text.h"
#include "linux/device_node.h"
#include "linux/linux_file_map.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr std::size_t kMaxLineBytes = 64 * 1024;

// The next word of `line`, which it is taken from.
std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

// The kernel writes space, tab, newline and backslash as \ooo.
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 3);
    const bool octal = text[i] == '\\' && digits.size() == 3 && digits[0] <= '3' &&
                       std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '7'; });
    if (octal) {
      const int value = (digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0');
      plain += static_cast<char>(static_cast<unsigned char>(value));
      i += 3;
      continue;
    }
    plain += text[i];
  }
  return plain;
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const std::size_t end = std::min(options.find(','), options.size());
    if (options.substr(0, end) == wanted) return true;
    options.remove_prefix(std::min(end + 1, options.size()));
  }
  return false;
}

// Whether what is reached through the path is this mount: another one may cover it.
bool is_reachable(const MountPoint& mount) {
  struct stat status {};
  return ::stat(mount.path.c_str(), &status) == 0 && device_number(status.st_dev) == mount.device;
}

// Gives each line of the file to `take`, which returns false to stop; errno or 0, or E2BIG.
template <class Take>
int for_each_line(int fd, std::size_t limit, Take take) {
  std::array<char, 4096> buffer;
  std::string pending;
  std::size_t total = 0;
  int interruptions = 0;
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n == 0) return 0;
    if (n < 0) {
      if (errno == EINTR && ++interruptions < kMaxInterruptions) continue;
      return errno;
    }
    total += static_cast<std::size_t>(n);
    pending.append(buffer.data(), static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', begin)) {
      if (!take(std::string_view(pending).substr(begin, end - begin))) return 0;
      begin = end + 1;
    }
    pending.erase(0, begin);
    if (total > limit || pending.size() > kMaxLineBytes) return E2BIG;
  }
}

}  // namespace

std::optional<MountPoint> parse_mountinfo_line(std::string_view line) {
  // 36 35 98:0 /root /mount options [optional...] - type source super-options
  take_word(line);
  take_word(line);
  const std::string_view number = take_word(line);
  const std::string_view root = take_word(line);
  const std::string_view path = take_word(line);
  const std::string_view options = take_word(line);
  if (root != "/" || path.empty()) return std::nullopt;
  while (!line.empty() && take_word(line) != "-") {
  }
  const std::string_view type = take_word(line);
  take_word(line);
  const std::string_view super_options = take_word(line);
  if (type.empty()) return std::nullopt;

  MountPoint mount;
  const auto device = parse_device_number(number);
  if (!device) return std::nullopt;
  mount.device = *device;
  mount.path = unescape(path);
  mount.type = std::string(type);
  mount.read_only = has_option(options, "ro") || has_option(super_options, "ro");
  return mount;
}

Result<std::optional<MountPoint>> LinuxMounts::find(std::span<const DeviceNumber> devices) {
  static constexpr const char* kPath = "/proc/self/mountinfo";
  const UniqueFd fd(::open(kPath, O_RDONLY | O_CLOEXEC));
  if (!fd) return system_error(Errc::kIo, errno, "opening %s (is /proc mounted?)", kPath);
  std::optional<MountPoint> found;
  const int os_error = for_each_line(fd.get(), kMaxMountinfoBytes, [&](std::string_view line) {
    auto mount = parse_mountinfo_line(line);
    if (!mount || std::find(devices.begin(), devices.end(), mount->device) == devices.end()) return true;
    if ((found && mount->read_only) || !is_reachable(*mount)) return true;
    found = std::move(mount);
    return found->read_only;
  });
  if (os_error == E2BIG) return system_error(Errc::kInternal, os_error, kPath);
  if (os_error != 0) return system_error(Errc::kIo, os_error, "reading %s", kPath);
  return found;
}

Result<std::unique_ptr<FileMap>> LinuxMounts::open_store(const MountPoint& mount, const std::string& relative) {
  if (mount.type != "ext4" && mount.type != "xfs" && mount.type != "f2fs") {
    return make_error(Errc::kUnsupported, "%s: the file system is %s; only ext4, xfs and f2fs can hold a store",
                      mount.path.c_str(), mount.type.c_str());
  }
  std::vector<std::string> components;
  for (std::size_t begin = 0; begin <= relative.size();) {
    const std::size_t end = std::min(relative.find('/', begin), relative.size());
    components.push_back(relative.substr(begin, end - begin));
    if (components.back().empty() || components.back() == "." || components.back() == "..") {
      return make_error(Errc::kConfig,
                        "store = %s: must be a path below the mount point, without empty parts, "
                        "\".\" and \"..\"",
                        relative.c_str());
    }
    begin = end + 1;
  }
  // O_PATH: nothing is read or written through it, and it keeps the mount from being swapped under us.
  UniqueFd root(::open(mount.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return system_error(Errc::kIo, errno, "opening %s", mount.path.c_str());
  struct stat status {};
  if (::fstat(root.get(), &status) != 0 || device_number(status.st_dev) != mount.device) {
    return make_error(Errc::kNotMounted, "%s: %u:%u is not mounted there (any more)", mount.path.c_str(),
                      mount.device.major, mount.device.minor);
  }
  return std::unique_ptr<FileMap>(
      new LinuxFileMap(std::move(root), mount.path, std::move(components), mount.type == "f2fs"));
}

}  // namespace bootguard
