// SPDX-License-Identifier: LGPL-2.1-or-later
// What the machine knows about itself: time, boot, randomness, kernel command line.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/uuid.h"

namespace bootguard {

class System {
 public:
  virtual ~System() = default;
  // Seconds since 1970; 0 where the clock is obviously unset (before 2020).
  virtual std::uint64_t now_s() = 0;
  // Milliseconds since boot, monotonic; for progress only.
  virtual std::uint64_t monotonic_ms() = 0;
  // /proc/sys/kernel/random/boot_id; nil if /proc is not there (then no two boots are taken for the same).
  virtual Uuid boot_id() = 0;
  virtual Result<Uuid> random_uuid() = 0;
  // /proc/cmdline, at most 64 KiB; empty if unreadable.
  virtual std::string kernel_command_line() = 0;
  virtual bool is_root() = 0;
};

}  // namespace bootguard
