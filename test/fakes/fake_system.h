// SPDX-License-Identifier: LGPL-2.1-or-later
// A machine that is whatever the test says, and a log that remembers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/little_endian.h"
#include "ports/log.h"
#include "ports/system.h"

namespace bootguard {

[[nodiscard]] inline Uuid numbered_uuid(std::uint64_t high, std::uint64_t low) {
  Uuid uuid;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    uuid.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return uuid;
}

class FakeSystem : public System {
 public:
  std::uint64_t time_s = 1'700'000'000;
  Uuid boot = numbered_uuid(0xB007, 1);
  std::uint64_t uuids_made = 0;  // the next random_uuid() is number uuids_made + 1
  std::string command_line;
  bool root = true;
  bool random_fails = false;

  std::uint64_t now_s() override { return time_s; }
  std::uint64_t monotonic_ms() override { return monotonic_ms_ += 10; }
  Uuid boot_id() override { return boot; }
  Result<Uuid> random_uuid() override {
    if (random_fails) return make_error(Errc::kIo, "random numbers are not available");
    return numbered_uuid(0xAA1D, ++uuids_made);
  }
  std::string kernel_command_line() override { return command_line; }
  bool is_root() override { return root; }

 private:
  std::uint64_t monotonic_ms_ = 0;
};

class FakeLog : public Log {
 public:
  struct Line {
    LogLevel level;
    std::string text;
  };
  std::vector<Line> lines;
  bool keep = true;  // false: forget at once (explorations run a log a boot)

  void write(LogLevel level, std::string_view line) override {
    if (keep) lines.push_back({level, std::string(line)});
  }
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
  [[nodiscard]] bool contains(std::string_view text) const {
    for (const Line& line : lines) {
      if (line.text.find(text) != std::string::npos) return true;
    }
    return false;
  }
};

}  // namespace bootguard
