// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/linux_system.h"

#include <fcntl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "linux/syscalls.h"
#include "linux/unique_fd.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kYear2020 = 1577836800;

}  // namespace

std::uint64_t LinuxSystem::now_s() {
  timespec now{};
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0) return 0;
  const auto seconds = static_cast<std::uint64_t>(now.tv_sec);
  return seconds < kYear2020 ? 0 : seconds;
}

std::uint64_t LinuxSystem::monotonic_ms() { return monotonic_clock_ms(); }

Uuid LinuxSystem::boot_id() {
  const auto text = read_text_file("/proc/sys/kernel/random/boot_id");
  return text ? Uuid::parse(*text).value_or(Uuid{}) : Uuid{};
}

Result<Uuid> LinuxSystem::random_uuid() {
  Uuid uuid;
  const ssize_t n = ::getrandom(uuid.bytes.data(), uuid.bytes.size(), GRND_NONBLOCK);
  if (n != static_cast<ssize_t>(uuid.bytes.size())) {
    // Too early in the boot, or a kernel without the call: urandom answers always.
    const UniqueFd fd(::open("/dev/urandom", O_RDONLY | O_CLOEXEC));
    if (!fd) return system_error(Errc::kIo, errno, "opening /dev/urandom");
    for (std::size_t done = 0; done < uuid.bytes.size();) {
      const ssize_t part = ::read(fd.get(), uuid.bytes.data() + done, uuid.bytes.size() - done);
      if (part <= 0) return system_error(Errc::kIo, part == 0 ? EIO : errno, "reading /dev/urandom");
      done += static_cast<std::size_t>(part);
    }
  }
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x40);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid;
}

std::string LinuxSystem::kernel_command_line() {
  return read_text_file("/proc/cmdline", kMaxCommandLineBytes).value_or("");
}

bool LinuxSystem::is_root() { return ::geteuid() == 0; }

}  // namespace bootguard
