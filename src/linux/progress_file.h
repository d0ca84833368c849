// SPDX-License-Identifier: LGPL-2.1-or-later
// The progress of a long work in a small file, for whoever watches this process: what does not move any more hangs, and
// a percentage can be shown on a splash screen. Never fails as such: what can not be written is lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "linux/unique_fd.h"
#include "ports/log.h"

namespace bootguard {

class ProgressFile final : public Log {
 public:
  // `path` is made anew; empty: no file. Everything is passed on to `next`, which may be null and must outlive this.
  ProgressFile(const std::string& path, Log* next);

  void write(LogLevel level, std::string_view line) override;
  // "PERCENT DONE TOTAL WHAT", the one line of the file; at most once a second.
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

 private:
  UniqueFd file_;
  Log* next_;
  std::uint64_t written_at_ms_ = 0;
};

}  // namespace bootguard
