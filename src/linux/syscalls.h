// SPDX-License-Identifier: LGPL-2.1-or-later
// System calls with their rough edges taken off: EINTR and short transfers are retried, a bounded number of times.
#pragma once

#include <sys/ioctl.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/units.h"

namespace bootguard {

// A signal storm must not keep a boot for ever.
inline constexpr int kMaxInterruptions = 100;

// ioctl(2). glibc's takes an unsigned long request, musl's an int; the bits are the same.
template <class Argument>
int device_ioctl(int fd, unsigned long request, Argument argument) {
#ifdef __GLIBC__
  return ::ioctl(fd, request, argument);
#else
  return ::ioctl(fd, static_cast<int>(request), argument);
#endif
}

// Calls `call` (which returns -1 and sets errno on failure) again while it is interrupted; errno or 0.
template <class Call>
int retry_interrupted(Call call) {
  for (int i = 0; i < kMaxInterruptions; ++i) {
    if (call() >= 0) return 0;
    if (errno != EINTR) return errno;
  }
  return EINTR;
}

// How far a transfer came. os_error 0 and done short of what was asked: the end of the file.
struct Transfer {
  std::size_t done = 0;
  int os_error = 0;
};
[[nodiscard]] Transfer read_all(int fd, Bytes offset, std::span<std::byte> out);
[[nodiscard]] Transfer write_all(int fd, Bytes offset, std::span<const std::byte> in);

// The content of a small file of /proc or /sys, without a trailing newline; nothing if it can not be opened or read.
// What is longer than `limit` is cut off.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path, std::size_t limit = 4096);
// The target of a symbolic link; nothing if it is none or longer than 4095 bytes.
[[nodiscard]] std::optional<std::string> read_link(const std::string& path);

// A number with nothing around it, at most `limit`.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view digits, std::uint64_t limit);

void sleep_ms(std::uint32_t milliseconds);
// CLOCK_MONOTONIC
[[nodiscard]] std::uint64_t monotonic_clock_ms();

}  // namespace bootguard
