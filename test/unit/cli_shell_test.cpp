// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/answer.h"

namespace bootguard {
namespace {

// Exactly these lines, in this order, and nothing in a value that a shell could act on.
void check_lines(const std::string& text) {
  CAPTURE(text);
  std::size_t at = 0;
  for (const char* const key : {"VERSION", "MOUNT", "DEVICE", "PHASE", "DECISION", "PROTECTED", "ATTEMPTS_LEFT",
                                "REASON", "VOLUME", "VOLUME_DEVICE"}) {
    const std::string head = std::string("BOOTGUARD_") + key + "='";
    REQUIRE(text.compare(at, head.size(), head) == 0);
    at += head.size();
    const std::size_t end = text.find("'\n", at);
    REQUIRE(end != std::string::npos);
    const std::string value = text.substr(at, end - at);
    CHECK(value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+:@,=-") ==
          std::string::npos);
    at = end + 2;
  }
  CHECK(at == text.size());
}

Answer boot_answer(const std::string& device) {
  BootReport report;
  report.device = device;
  report.volume = *Label::parse("userdata");
  report.volume_device = "/dev/sda3";
  report.decision = Decision::kContinueTrial;
  report.is_protected = true;
  report.metadata = Metadata{};
  report.metadata->phase = Phase::kTrial;
  report.metadata->attempts_left = 2;
  Answer answer;
  answer.verb = Verb::kBoot;
  answer.result = report;
  return answer;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("shell lines of a boot under trial") {
  const Rendered rendered = render_shell(boot_answer("/dev/mapper/bootguard-userdata"));
  check_lines(rendered.out);
  CHECK(rendered.err.empty());
  CHECK(rendered.out ==
        "BOOTGUARD_VERSION='1'\n"
        "BOOTGUARD_MOUNT='yes'\n"
        "BOOTGUARD_DEVICE='/dev/mapper/bootguard-userdata'\n"
        "BOOTGUARD_PHASE='trial'\n"
        "BOOTGUARD_DECISION='continue-trial'\n"
        "BOOTGUARD_PROTECTED='yes'\n"
        "BOOTGUARD_ATTEMPTS_LEFT='2'\n"
        "BOOTGUARD_REASON='none'\n"
        "BOOTGUARD_VOLUME='userdata'\n"
        "BOOTGUARD_VOLUME_DEVICE='/dev/sda3'\n");
}

TEST_CASE("a device name with anything strange in it comes out empty, never in part") {
  for (const char* const device :
       {"/dev/x'; reboot #", "/dev/$(reboot)", "/dev/`reboot`", "/dev/a b", "/dev/a\nBOOTGUARD_MOUNT='no'",
        "/dev/a\\x20b", "/dev/\xC3\xA4", "/dev/a\"", "/dev/a;b", "/dev/a|b", "/dev/a&b", "/dev/*", "/dev/a?", "/dev/~",
        "/dev/../etc/passwd", "/etc/passwd", "sda3", ""}) {
    const std::string out = render_shell(boot_answer(device)).out;
    check_lines(out);
    CHECK(contains(out, "BOOTGUARD_DEVICE=''\n"));
    CHECK(contains(out, "BOOTGUARD_MOUNT='yes'\n"));
  }
  CHECK(contains(render_shell(boot_answer("/dev/disk/by-id/nvme-X_1+2:3@4,5=6.7-8")).out, "nvme-X_1+2:3@4,5=6.7-8"));
}

TEST_CASE("what must not be mounted has no device") {
  BootReport report;
  report.mount = false;
  report.device = "/dev/sda3";
  report.decision = Decision::kResumeRollback;
  report.failure = make_error(Errc::kStop, "reading the store: Input/output error");
  Answer answer;
  answer.verb = Verb::kBoot;
  answer.result = report;
  const std::string out = render_shell(answer).out;
  check_lines(out);
  CHECK(contains(out, "BOOTGUARD_MOUNT='no'\nBOOTGUARD_DEVICE=''\n"));
  CHECK(contains(out, "BOOTGUARD_PHASE='unknown'\nBOOTGUARD_DECISION='unknown'\n"));
  CHECK(contains(out, "BOOTGUARD_REASON='stop'\n"));
}

TEST_CASE("without a configuration the lines still come, and leave the machine bootable") {
  Answer answer;
  answer.verb = Verb::kBoot;
  answer.error = make_error(Errc::kConfig, "'; reboot");
  const std::string out = render_shell(answer).out;
  check_lines(out);
  CHECK(contains(out, "BOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE=''\n"));
  CHECK(contains(out, "BOOTGUARD_PROTECTED='no'\n"));
  CHECK(contains(out, "BOOTGUARD_REASON='config'\n"));
}

TEST_CASE("status tells a script whether the volume may be mounted") {
  Answer answer;
  answer.verb = Verb::kStatus;
  StatusReport report;
  report.metadata = Metadata{};
  for (const Phase phase : {Phase::kIdle, Phase::kArmed, Phase::kTrial, Phase::kRollingBack, Phase::kCommitting}) {
    report.metadata->phase = phase;
    answer.result = report;
    const std::string out = render_shell(answer).out;
    check_lines(out);
    const bool stop = phase == Phase::kRollingBack || phase == Phase::kCommitting;
    CHECK(contains(out, "BOOTGUARD_MOUNT='no'\n") == stop);
  }
}

}  // namespace bootguard
