// SPDX-License-Identifier: LGPL-2.1-or-later
// System from clock_gettime(2), getrandom(2) and /proc.
#pragma once

#include <cstdint>
#include <string>

#include "ports/system.h"

namespace bootguard {

class LinuxSystem final : public System {
 public:
  static constexpr std::size_t kMaxCommandLineBytes = 64 * 1024;

  std::uint64_t now_s() override;
  std::uint64_t monotonic_ms() override;
  Uuid boot_id() override;
  // Version 4 (RFC 9562). Never waits for the kernel to gather entropy: it must differ from other UUIDs, not be secret.
  Result<Uuid> random_uuid() override;
  std::string kernel_command_line() override;
  bool is_root() override;
};

}  // namespace bootguard
