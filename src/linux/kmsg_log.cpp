// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/kmsg_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/format_text.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

// The kernel refuses records beyond 1024 bytes less its own prefix.
constexpr std::size_t kMaxLineBytes = 900;
constexpr unsigned kStepPercent = 5;
constexpr std::uint64_t kStepMs = 2000;

}  // namespace

void KmsgLog::write(LogLevel level, std::string_view line) {
  // O_NONBLOCK: should something else than the kernel's log be there, it must not stop a boot.
  if (!tried_) kmsg_ = UniqueFd(::open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  tried_ = true;
  if (!kmsg_) return;
  std::string plain(line.substr(0, kMaxLineBytes));
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  // One write is one record.
  const std::string record = format_text("<%d>bootguard: %s\n", static_cast<int>(level), plain.c_str());
  (void)retry_interrupted([&] { return ::write(kmsg_.get(), record.data(), record.size()); });
}

void KmsgLog::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  const bool first = shown_percent_ == kNothingShown || what != what_;
  const bool last = done >= total;
  if (!first && last && shown_percent_ == 100) return;
  // Not done * 100, which may overflow.
  const auto percent =
      last ? 100U : static_cast<unsigned>(static_cast<double>(done) * 100.0 / static_cast<double>(total));
  // The clock is asked only where it matters: this is called for every chunk.
  if (!first && !last && percent < shown_percent_ + kStepPercent) return;
  const std::uint64_t now_ms = monotonic_clock_ms();
  if (!first && !last && now_ms < shown_at_ms_ + kStepMs) return;
  what_ = what;
  shown_percent_ = percent;
  shown_at_ms_ = now_ms;
  write(LogLevel::kInfo, format_text("%s: %u %%", what_.c_str(), percent));
}

}  // namespace bootguard
