// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of every test program of the mutation build: chooses the mutant, and records what each test case evaluates.
//
// BOOTGUARD_MUTANT=N=true|false      condition N is forced
// BOOTGUARD_MUTATION_RECORD=FILE     appends for each test case: "case SECONDS NAME", and "seen N:BITS ..."
#include <chrono>
#include <cstdio>
#include <cstring>
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include "base/mutate.h"

namespace bootguard {
namespace {

Mutation chosen() {
  Mutation result;
  if (const char* text = std::getenv("BOOTGUARD_MUTANT")) {
    char* end = nullptr;
    result.condition = static_cast<unsigned>(std::strtoul(text, &end, 10));
    result.forced = std::strcmp(end, "=true") == 0;
    if (result.condition == 0 || result.condition >= kMaxConditions ||
        (!result.forced && std::strcmp(end, "=false") != 0)) {
      std::_Exit(kNoSuchMutant);
    }
  }
  return result;
}

class Recorder : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo&) override {
    // What was evaluated before any test belongs to all of them.
    std::memcpy(before_, mutation.seen, sizeof before_);
  }
  void testCaseStarting(const Catch::TestCaseInfo&) override {
    std::memcpy(mutation.seen, before_, sizeof before_);
    begun_ = std::chrono::steady_clock::now();
  }
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    const char* path = std::getenv("BOOTGUARD_MUTATION_RECORD");
    if (path == nullptr) return;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
    std::FILE* file = std::fopen(path, "a");
    if (file == nullptr) std::_Exit(1);
    std::fprintf(file, "case %.4f %s\nseen", took.count(), stats.testInfo.name.c_str());
    for (unsigned n = 0; n < kMaxConditions; ++n) {
      if (mutation.seen[n] != 0) std::fprintf(file, " %u:%u", n, unsigned{mutation.seen[n]});
    }
    std::fprintf(file, "\n");
    std::fclose(file);
  }

 private:
  std::uint8_t before_[kMaxConditions] = {};
  std::chrono::steady_clock::time_point begun_;
};
CATCH_REGISTER_LISTENER(Recorder)

}  // namespace

Mutation mutation = chosen();

}  // namespace bootguard
