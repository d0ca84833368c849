// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/syscalls.h"

#include <fcntl.h>
#include <time.h>

#include <array>

#include "linux/unique_fd.h"

namespace bootguard {
namespace {

static_assert(sizeof(off_t) == 8, "offsets beyond 2 GiB");

// `call(done)` transfers what it can from there on. A short transfer makes progress, so only interruptions need a
// limit.
template <class Call>
Transfer transfer_all(std::size_t size, Call call) {
  Transfer transfer;
  int interruptions = 0;
  while (transfer.done < size) {
    const ssize_t n = call(transfer.done);
    if (n == 0) break;
    if (n > 0) {
      transfer.done += static_cast<std::size_t>(n);
    } else if (errno != EINTR || ++interruptions >= kMaxInterruptions) {
      transfer.os_error = errno;
      break;
    }
  }
  return transfer;
}

}  // namespace

Transfer read_all(int fd, Bytes offset, std::span<std::byte> out) {
  return transfer_all(out.size(), [&](std::size_t done) {
    return ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset.n + done));
  });
}

Transfer write_all(int fd, Bytes offset, std::span<const std::byte> in) {
  return transfer_all(in.size(), [&](std::size_t done) {
    return ::pwrite(fd, in.data() + done, in.size() - done, static_cast<off_t>(offset.n + done));
  });
}

std::optional<std::string> read_text_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  std::array<char, 1024> buffer;
  int interruptions = 0;
  // read, not pread: files of /proc tell nothing about their size and may be read in pieces.
  while (text.size() < limit) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n == 0) break;
    if (n > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (errno != EINTR || ++interruptions >= kMaxInterruptions) {
      return std::nullopt;
    }
  }
  if (text.size() > limit) text.resize(limit);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::optional<std::string> read_link(const std::string& path) {
  std::array<char, 4096> buffer;
  const ssize_t n = ::readlink(path.c_str(), buffer.data(), buffer.size());
  if (n <= 0 || static_cast<std::size_t>(n) == buffer.size()) return std::nullopt;
  return std::string(buffer.data(), static_cast<std::size_t>(n));
}

std::optional<std::uint64_t> parse_decimal(std::string_view digits, std::uint64_t limit) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (digit > limit || value > (limit - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

void sleep_ms(std::uint32_t milliseconds) {
  timespec left{};
  left.tv_sec = static_cast<time_t>(milliseconds / 1000);
  left.tv_nsec = static_cast<long>(milliseconds % 1000) * 1000000L;
  for (int i = 0; i < kMaxInterruptions && ::nanosleep(&left, &left) != 0 && errno == EINTR; ++i) {
  }
}

std::uint64_t monotonic_clock_ms() {
  timespec now{};
  if (::clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

}  // namespace bootguard
