// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/stderr_log.h"

namespace bootguard {
namespace {

class CapturingLog final : public Log {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("lines above the limit are dropped, others go to both logs") {
  CapturingLog kmsg;
  StderrLog log(LogLevel::kNotice, &kmsg);
  log.write(LogLevel::kDebug, "not this");
  log.write(LogLevel::kInfo, "not this");
  log.write(LogLevel::kError, "(from the tests of the log)");
  CHECK(kmsg.lines == std::vector<std::string>{"(from the tests of the log)"});
}

TEST_CASE("progress is a line for every tenth, and 100% only at the end") {
  for (const std::uint64_t total : {1U, 7U, 10U, 109U, 100000U}) {
    ProgressTenths tenths;
    for (int work = 0; work < 2; ++work) {
      unsigned last = 0;
      for (std::uint64_t done = 0; done < total; ++done) {
        const unsigned percent = tenths.advance(done, total);
        CHECK(percent < 100);
        if (percent == 0) continue;
        CHECK(percent > last);
        CHECK(percent * total <= 100 * done + 10 * total);
        last = percent;
      }
      CHECK(tenths.advance(total, total) == 100);
      CHECK(tenths.advance(total, total) == 0);
    }
  }
}

}  // namespace bootguard
