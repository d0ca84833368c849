// SPDX-License-Identifier: LGPL-2.1-or-later
// Log to the kernel's log (Documentation/ABI/testing/dev-kmsg), from where it gets on the console of an initramfs and
// into the journal of the booted system. Never fails: what can not be written is lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "linux/unique_fd.h"
#include "ports/log.h"

namespace bootguard {

class KmsgLog final : public Log {
 public:
  // "<N>bootguard: line", at most 900 bytes of it. Control characters become '?': parts of a line come from disks and
  // from the kernel. /dev/kmsg is opened at the first line.
  void write(LogLevel level, std::string_view line) override;
  // A line when the work begins and ends, and in between at every 5 %, but at most one in 2 s: the kernel drops what a
  // process says too often (printk_devkmsg).
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

 private:
  static constexpr unsigned kNothingShown = 101;

  UniqueFd kmsg_;
  bool tried_ = false;
  std::string what_;  // of the progress shown last
  unsigned shown_percent_ = kNothingShown;
  std::uint64_t shown_at_ms_ = 0;
};

}  // namespace bootguard
