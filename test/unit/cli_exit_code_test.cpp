// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/exit_code.h"

namespace bootguard {
namespace {

std::vector<ErrorText> all_texts() {
  std::vector<ErrorText> texts;
  for (int i = 0; i <= static_cast<int>(Errc::kStop); ++i) texts.push_back(describe(static_cast<Errc>(i)));
  return texts;
}

}  // namespace

TEST_CASE("every error has its own exit code, name and advice") {
  std::set<int> exits;
  std::set<std::string> names;
  std::set<std::string> advice;
  for (const ErrorText& text : all_texts()) {
    CAPTURE(text.name);
    const int exit = static_cast<int>(text.exit);
    CHECK(exits.insert(exit).second);
    CHECK(names.insert(text.name).second);
    CHECK(advice.insert(text.advice).second);
    CHECK(exit >= 1);
    CHECK(exit <= 125);  // what the shell means by 126 and more is not ours
    CHECK(std::string(text.advice).size() <= 75);
    CHECK(std::string(text.name).find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
  }
}

TEST_CASE("the numbers that scripts rely on") {
  CHECK(static_cast<int>(ExitCode::kDone) == 0);
  CHECK(static_cast<int>(describe(Errc::kIo).exit) == 1);
  CHECK(static_cast<int>(describe(Errc::kNotArmed).exit) == 2);
  CHECK(static_cast<int>(describe(Errc::kStop).exit) == 3);
  CHECK(static_cast<int>(describe(Errc::kMetadataMissing).exit) == 4);
  CHECK(static_cast<int>(ExitCode::kUnprotected) == 11);
  CHECK(static_cast<int>(describe(Errc::kDeviceMissing).exit) == 12);
  CHECK(static_cast<int>(describe(Errc::kUsage).exit) == 64);
  CHECK(static_cast<int>(describe(Errc::kConfig).exit) == 78);
}

TEST_CASE("a code beyond the list is a bug, not a crash") {
  CHECK(describe(static_cast<Errc>(9999)).code == Errc::kInternal);
}

TEST_CASE("boot: fine, stop, unprotected, or worth another try") {
  BootReport report;
  CHECK(exit_code(report) == ExitCode::kDone);  // idle

  report.decision = Decision::kContinueTrial;
  report.is_protected = true;
  CHECK(exit_code(report) == ExitCode::kDone);
  report.failure = make_error(Errc::kIo, "this boot could not be counted");
  CHECK(exit_code(report) == ExitCode::kFailure);

  report.is_protected = false;
  CHECK(exit_code(report) == ExitCode::kUnprotected);
  report.failure = make_error(Errc::kDeviceMissing, "no such device");
  CHECK(exit_code(report) == ExitCode::kDeviceMissing);
  report.mount = false;
  CHECK(exit_code(report) == ExitCode::kDeviceMissing);
  report.failure = make_error(Errc::kDeviceAmbiguous, "two devices");
  CHECK(exit_code(report) == ExitCode::kDeviceMissing);
  report.mount = true;  // it has been given up for good: no use in asking again
  CHECK(exit_code(report) == ExitCode::kUnprotected);
  report.mount = false;
  report.failure = make_error(Errc::kIo, "half copied back");
  CHECK(exit_code(report) == ExitCode::kStop);
  report.failure.reset();
  CHECK(exit_code(report) == ExitCode::kStop);

  BootReport given_up;
  given_up.decision = Decision::kGiveUp;
  CHECK(exit_code(given_up) == ExitCode::kUnprotected);
  BootReport rolled_back;
  rolled_back.decision = Decision::kRollBack;
  CHECK(exit_code(rolled_back) == ExitCode::kDone);
}

TEST_CASE("the exit code of an answer is that of its error, wherever it is") {
  Answer answer;
  answer.verb = Verb::kArm;
  answer.result = VerbReport{};
  CHECK(exit_code(answer) == ExitCode::kDone);
  answer.error = make_error(Errc::kNoSpace, "full");
  CHECK(exit_code(answer) == ExitCode::kNoSpace);

  Answer status;
  StatusReport report;
  status.result = report;
  CHECK(exit_code(status) == ExitCode::kDone);
  report.metadata_error = make_error(Errc::kMetadataCorrupt, "no copy can be trusted");
  status.result = report;
  CHECK(exit_code(status) == ExitCode::kMetadataCorrupt);
}

}  // namespace bootguard
