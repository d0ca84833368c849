// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a run says what it does and why. In the initramfs: kmsg and the console; else stderr.
#pragma once

#include <cstdint>
#include <string_view>

namespace bootguard {

enum class LogLevel : std::uint8_t {
  kError = 3,
  kWarning = 4,
  kNotice = 5,
  kInfo = 6,
  kDebug = 7
};  // syslog's numbers

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view line) = 0;  // one line, no newline
  // done of total chunks of a long work; cheap to call often, the implementation limits what it prints.
  virtual void progress(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

}  // namespace bootguard
