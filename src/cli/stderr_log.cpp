// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/stderr_log.h"

#include <cstdio>
#include <string>

#include "cli/text.h"

namespace bootguard {
namespace {

void print_line(std::string_view line) {
  const std::string text = "bootguard: " + printable(line) + '\n';
  std::fputs(text.c_str(), stderr);  // unbuffered: one write, so lines of two processes do not mix
}

}  // namespace

unsigned ProgressTenths::advance(std::uint64_t done, std::uint64_t total) {
  unsigned percent = 100;
  if (done < total) {
    // Not done * 10, which may overflow; the rounding of total / 10 must not make 100 % of it early.
    const std::uint64_t tenths = total >= 10 ? done / (total / 10) : 0;
    percent = tenths >= 10 ? 90 : static_cast<unsigned>(tenths) * 10;
  }
  const bool is_new = percent != shown_;
  shown_ = percent;
  return is_new ? percent : 0;
}

void StderrLog::write(LogLevel level, std::string_view line) {
  if (level > limit_) return;
  print_line(line);
  if (second_ != nullptr) second_->write(level, line);
}

void StderrLog::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (const unsigned percent = tenths_.advance(done, total); percent > 0) {
    std::string line(what);
    append_format(line, ": %u%%", percent);
    print_line(line);
  }
  if (second_ != nullptr) second_->progress(what, done, total);
}

}  // namespace bootguard
