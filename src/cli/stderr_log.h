// SPDX-License-Identifier: LGPL-2.1-or-later
// Log to standard error, and to a second log (kmsg) if there is one.
#pragma once

#include <cstdint>

#include "ports/log.h"

namespace bootguard {

// Which moments of a long work are worth a line: every tenth.
class ProgressTenths {
 public:
  // 10, 20, ... 100 when that has just been reached; 0 when there is nothing new to say. 100 only when all is done.
  unsigned advance(std::uint64_t done, std::uint64_t total);

 private:
  unsigned shown_ = 0;
};

class StderrLog final : public Log {
 public:
  // Lines above `limit` go to neither.
  StderrLog(LogLevel limit, Log* second) : limit_(limit), second_(second) {}

  void write(LogLevel level, std::string_view line) override;
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

 private:
  LogLevel limit_;
  Log* second_;
  ProgressTenths tenths_;
};

}  // namespace bootguard
