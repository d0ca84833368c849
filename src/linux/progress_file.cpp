// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/progress_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>

#include "base/format_text.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kStepMs = 1000;

}  // namespace

ProgressFile::ProgressFile(const std::string& path, Log* next) : next_(next) {
  if (path.empty()) return;
  // O_NOFOLLOW, O_NONBLOCK: a link or a pipe in its place must not send the line elsewhere, or stop a boot.
  file_ = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
}

void ProgressFile::write(LogLevel level, std::string_view line) {
  if (next_ != nullptr) next_->write(level, line);
}

void ProgressFile::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (next_ != nullptr) next_->progress(what, done, total);
  if (!file_) return;
  const std::uint64_t now_ms = monotonic_clock_ms();
  if (done < total && now_ms < written_at_ms_ + kStepMs) return;
  written_at_ms_ = now_ms;
  const std::uint64_t part = total / 100;
  const std::uint64_t percent = done >= total ? 100 : part > 0 ? (done / part > 99 ? 99 : done / part) : 0;
  const std::string line =
      format_text("%" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", percent, done, total, std::string(what).c_str());
  (void)write_all(file_.get(), Bytes(0), std::as_bytes(std::span(line)));
  (void)retry_interrupted([&] { return ::ftruncate(file_.get(), static_cast<off_t>(line.size())); });
}

}  // namespace bootguard
