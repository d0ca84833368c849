// SPDX-License-Identifier: LGPL-2.1-or-later
// Other programs: by absolute path and without a shell. Only `doctor` starts any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/units.h"

namespace bootguard {

inline constexpr std::size_t kMaxArguments = 62;

// Becomes the first of two programs that is there, with `arguments` behind the program's name. Returns only on an
// error: kNotInstalled if neither exists, kIo if one does and cannot be started, kUsage beyond kMaxArguments.
[[nodiscard]] Error replace_process(std::span<const char* const, 2> paths, std::span<const char* const> arguments);

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // The next bytes; false: enough, nothing more is wanted.
  virtual bool take(std::span<const std::byte> bytes) = 0;
};

// What a filter may use up before it is killed.
struct FilterLimits {
  std::uint32_t timeout_ms = 0;
  Bytes output;
};

struct FilterCommand {
  std::span<const char* const> arguments;  // [0] is the absolute path of the program
  int input = -1;                          // a seekable descriptor above 2, which stays the caller's
  Bytes offset;                            // where in it the program begins to read
};

// Runs a program that turns standard input into standard output, with next to no environment and standard error thrown
// away; true if it ended by itself with status 0 or `sink` had enough. When this returns the program is gone. Errors:
// kNotInstalled (the program is not there), kIo (it could not be started or read, or went over a limit).
[[nodiscard]] Result<bool> run_filter(const FilterCommand& command, ByteSink& sink, const FilterLimits& limits);

}  // namespace bootguard
