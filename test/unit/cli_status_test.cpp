// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/status_page.h"

namespace bootguard {
namespace {

constexpr Phase kPhases[] = {Phase::kIdle, Phase::kArmed, Phase::kTrial, Phase::kRollingBack, Phase::kCommitting};

Label label(const std::string& text) { return *Label::parse(text); }

StatusReport report_in(Phase phase) {
  StatusReport report;
  report.metadata_device = "/dev/sda1";
  report.copies_known = true;
  for (CopyRead& copy : report.copies) copy = {CopyState::kGood, "", 17, 0x1234};
  Metadata metadata;
  metadata.phase = phase;
  metadata.attempts_limit = 3;
  metadata.attempts_left = 1;
  metadata.volume_count = 1;
  metadata.volumes[0].name = label("userdata");
  metadata.volumes[0].filesystem = FilesystemType::kExt4;
  report.metadata = metadata;
  VolumeStatus volume;
  volume.record = metadata.volumes[0];
  volume.device = "/dev/sda3";
  volume.mapping = "undo";
  volume.mounted_at = "/data";
  volume.store_state = "ok";
  volume.fill_known = true;
  volume.fill_used = 1048576;
  volume.fill_total = 4194304;
  report.volumes.push_back(volume);
  return report;
}

// Everything as long as it can get.
StatusReport widest(Phase phase) {
  StatusReport report = report_in(phase);
  const Label longest = label(std::string(31, 'W'));
  Metadata& metadata = *report.metadata;
  metadata.attempts_limit = 1000;
  metadata.attempts_left = 500;
  metadata.old_slot = metadata.new_slot = metadata.booted_slot = longest;
  metadata.last_result = LastResult::kUnprotected;
  metadata.last_reason = Reason::kDisabled;
  metadata.request = Request::kRollback;
  metadata.last_result_time_s = metadata.armed_time_s = metadata.checkpoint_time_s = 253402300799;
  VolumeStatus& volume = report.volumes[0];
  volume.record.name = longest;
  volume.device = "/dev/disk/by-id/" + std::string(200, 'd');
  volume.mounted_at = "/" + std::string(300, 'm');
  volume.store_state = "overflow";
  volume.store_detail = "the store, which is full, " + std::string(100, 's');
  volume.fill_used = volume.fill_total = ~std::uint64_t{0};
  report.metadata_device = "/dev/" + std::string(100, 'x');
  for (CopyRead& copy : report.copies) copy = {CopyState::kBadValue, "attempts_left above its limit", 0, 0};
  return report;
}

void check_width(const std::string& page) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i] == '\033') {
      i = page.find('m', i);  // colour takes no column
    } else if (page[i] == '\n') {
      CHECK(column <= 80);
      column = 0;
    } else {
      ++column;
    }
  }
  CHECK(column == 0);  // ends with a newline
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The value of a field with its lines joined.
std::string field(const std::string& page, const std::string& name) {
  std::size_t at = page.rfind("\n" + name + ":");
  if (at == std::string::npos) at = page.rfind(name + ":", 0);
  REQUIRE(at != std::string::npos);
  at = page.find(':', at) + 1;
  std::string value;
  for (;;) {
    const std::size_t begin = page.find_first_not_of(' ', at);
    const std::size_t end = page.find('\n', begin);
    value += (value.empty() ? "" : " ") + page.substr(begin, end - begin);
    at = end + 1;
    if (at >= page.size() || page[at] != ' ') return value;
  }
}

}  // namespace

TEST_CASE("status: every phase fits 80 columns, also with the longest of everything and in colour") {
  for (const Phase phase : kPhases) {
    for (const bool color : {false, true}) {
      check_width(status_page(report_in(phase), color));
      check_width(status_page(widest(phase), color));
    }
  }
}

TEST_CASE("status: no control character but newline without colour") {
  StatusReport report = widest(Phase::kTrial);
  report.volumes[0].mounted_at = "/mnt/\033]0;owned\a\n";
  report.volumes[0].device =
      "\x9B"
      "2J";
  const std::string page = status_page(report, false);
  for (const char c : page) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

TEST_CASE("status: attempts are told in words") {
  StatusReport report = report_in(Phase::kTrial);
  CHECK(field(status_page(report, false), "phase") == "trial, attempt 2 of 3, 1 left");
  report.metadata->attempts_left = 0;
  CHECK(field(status_page(report, false), "phase") == "trial, attempt 3 of 3, the last");
  report.metadata->request = Request::kRollback;
  CHECK(field(status_page(report, false), "phase") == "trial, attempt 3 of 3, the last; rollback requested");
  CHECK(field(status_page(report_in(Phase::kArmed), false), "phase") == "armed, 1 attempt");
}

TEST_CASE("status: the store is a bar, percent, and MiB of MiB") {
  StatusReport report = report_in(Phase::kTrial);
  CHECK(field(status_page(report, false), "store") == "[#####---------------] 25%, 512 of 2048 MiB");
  report.volumes[0].fill_used = 0;
  report.volumes[0].fill_total = 20480 + 1024;
  CHECK(field(status_page(report, false), "store") == "[--------------------] 0%, 0 of 10.5 MiB");
  report.volumes[0].fill_total = 0;
  CHECK(field(status_page(report, false), "store") == "[--------------------] 0%, 0 of 0 MiB");
  report.volumes[0].fill_known = false;
  report.volumes[0].store_state = "changed";
  report.volumes[0].store_detail = "extent 0: zeros";
  CHECK(field(status_page(report, false), "store") == "changed: extent 0: zeros");
}

TEST_CASE("status: a store that is not quite full is not called full") {
  StatusReport report = report_in(Phase::kTrial);
  report.volumes[0].fill_total = ~std::uint64_t{0};
  report.volumes[0].fill_used = report.volumes[0].fill_total / 1000 * 999;
  CHECK(contains(field(status_page(report, false), "store"), " 99%"));
}

TEST_CASE("status: the last result with its reason and time") {
  StatusReport report = report_in(Phase::kIdle);
  CHECK(field(status_page(report, false), "last") == "none so far");
  report.metadata->last_result = LastResult::kRolledBack;
  report.metadata->last_reason = Reason::kAttemptsExhausted;
  report.metadata->last_result_time_s = 1735689599;
  CHECK(field(status_page(report, false), "last") == "rolled back, attempts used up, 2024-12-31 23:59:59 UTC");
}

TEST_CASE("status: next says what will happen and what may be done") {
  const auto next = [](const StatusReport& report) { return field(status_page(report, false), "next"); };
  CHECK(contains(next(report_in(Phase::kIdle)), "bootguard arm"));
  CHECK(contains(next(report_in(Phase::kArmed)), "bootguard disarm"));
  CHECK(contains(next(report_in(Phase::kRollingBack)), "must not be mounted"));
  StatusReport trial = report_in(Phase::kTrial);
  CHECK(contains(next(trial), "attempt 3 of 3"));
  CHECK(contains(next(trial), "mark-good"));
  trial.metadata->attempts_left = 0;
  CHECK(contains(next(trial), "the next boot takes the volume back"));
  trial.volumes[0].fill_used = trial.volumes[0].fill_total / 100 * 95;
  CHECK(contains(next(trial), "nearly full"));
  trial.volumes[0].store_state = "overflow";
  CHECK(contains(next(trial), "no way back"));
}

TEST_CASE("status: a broken metadata block is shown copy by copy") {
  StatusReport report;
  report.metadata_device = "/dev/sda1";
  report.metadata_error = make_error(Errc::kMetadataCorrupt, "/dev/sda1: no copy can be trusted");
  report.copies_known = true;
  report.copies[0] = {CopyState::kBadCrc, "", 0, 0};
  report.copies[1] = {CopyState::kZero, "", 0, 0};
  report.copies[2] = {CopyState::kBadValue, "phase", 0, 0};
  report.copies[3] = {CopyState::kUnreadable, "", 0, 0};
  const std::string page = status_page(report, false);
  check_width(page);
  CHECK(field(page, "copies") ==
        "0 of 4 good; copy 0: bad-crc; copy 1: zero; copy 2: bad-value (phase); copy 3: unreadable");
  CHECK(field(page, "problem") == "/dev/sda1: no copy can be trusted");
  CHECK(contains(field(page, "next"), "recovery.md"));
}

TEST_CASE("status: a lagging copy is out of date, not good") {
  StatusReport report = report_in(Phase::kTrial);
  report.copies[3].sequence = 16;
  CHECK(field(status_page(report, false), "copies") == "3 of 4 good; copy 3: out of date");
}

TEST_CASE("status: nothing found at all still makes a page") {
  StatusReport report;
  report.metadata_error = make_error(Errc::kDeviceMissing, "PARTLABEL=bootguard: no such device");
  const std::string page = status_page(report, false);
  check_width(page);
  CHECK(field(page, "metadata") == "not found");
}

TEST_CASE("status: a missing volume is named with its error") {
  StatusReport report = report_in(Phase::kTrial);
  report.volumes[0].device.clear();
  report.volumes[0].device_error = "UUID=1: no such device";
  report.volumes[0].mapping = "none";
  CHECK(field(status_page(report, false), "device") == "not found: UUID=1: no such device");
}

}  // namespace bootguard
