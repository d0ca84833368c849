// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "doctor/device_matcher.h"
#include "doctor/fstab.h"
#include "doctor/reference.h"
#include "doctor/root_parameter.h"

namespace bootguard {
namespace {

constexpr const char* kUuid = "12345678-9abc-4def-8123-456789abcdef";

class FakeMatcher final : public VolumeMatcher {
 public:
  std::set<std::string> ours{"/dev/sda3",
                             "/dev/mapper/vg-home",
                             "/dev/disk/by-path/pci-0-part3",
                             "/dev/disk/by-uuid/" + std::string(kUuid),
                             "/dev/disk/by-id/ata-X-part3",
                             "UUID=" + std::string(kUuid),
                             "PARTLABEL=home",
                             "/dev/gpt-auto-root"};
  Match other = Match::kNo;
  Match leads_to_volume(const std::string& spec) override { return ours.count(spec) != 0 ? Match::kYes : other; }
};

struct Fixture {
  FakeMatcher matcher;
  VolumeView view{*Label::parse("home"), false, "UUID=" + std::string(kUuid), matcher};

  Findings fstab(const std::string& text) { return check_fstab(parse_fstab(text), "/etc/fstab", view); }
  Finding one(const std::string& text) {
    const Findings findings = fstab(text);
    REQUIRE(findings.size() == 1);
    return findings.front();
  }
};

}  // namespace

TEST_CASE("fstab: blanks, comments, escapes and missing fields", "[doctor]") {
  const auto lines = parse_fstab(
      "# comment\n\n  \t\n/dev/sda1\n#/dev/sda2 /x\n\tLABEL=a\\040b\t/mnt/with\\040blank ext4 noauto,ro 0 "
      "0\nUUID=\"x\" "
      "none swap\nlast /last");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].number == 6);
  CHECK(lines[0].spec == "LABEL=a b");
  CHECK(lines[0].target == "/mnt/with blank");
  CHECK(lines[0].has_option("noauto"));
  CHECK(lines[0].has_option("ro"));
  CHECK_FALSE(lines[0].has_option("auto"));
  CHECK(lines[1].spec == "UUID=x");
  CHECK(lines[2].target == "/last");
  CHECK(parse_fstab("").empty());
  CHECK(parse_fstab("\\04 /x").at(0).spec == "\\04");    // no escape
  CHECK(parse_fstab("\\777 /x").at(0).spec == "\\777");  // no byte
  std::string long_one;
  for (int i = 0; i < 3000; ++i) long_one += "/dev/sda1 /x\n";
  CHECK(parse_fstab(long_one).size() == 1000);
}

TEST_CASE_METHOD(Fixture, "fstab: names that follow the mapping are fine", "[doctor]") {
  for (const std::string& spec :
       {"UUID=" + std::string(kUuid), std::string("PARTLABEL=home"), "/dev/disk/by-uuid/" + std::string(kUuid),
        std::string("/dev/disk/by-id/ata-X-part3")}) {
    CAPTURE(spec);
    const Finding finding = one(spec + " /home ext4 defaults 0 2");
    CHECK(finding.state == CheckState::kOk);
    CHECK(finding.where == "/etc/fstab:1");
  }
  CHECK(one("/dev/sdb1 /srv ext4\ntmpfs /tmp tmpfs").state == CheckState::kOk);
  CHECK(one("").what == "no line names the volume");
}

TEST_CASE_METHOD(Fixture, "fstab: a raw path fails with the exact line and what replaces it", "[doctor]") {
  const Finding finding = one("proc /proc proc\n\t /dev/sda3\t/home  ext4 defaults 0 2\n");
  CHECK(finding.state == CheckState::kFail);
  CHECK(finding.where == "/etc/fstab:2");
  CHECK(finding.line == "\t /dev/sda3\t/home  ext4 defaults 0 2");
  CHECK(finding.replacement == "\t UUID=" + std::string(kUuid) + "\t/home  ext4 defaults 0 2");
  CHECK(one("/dev/mapper/vg-home /home ext4").state == CheckState::kFail);
  // udev's rule gives the mapping neither by-path nor by-diskseq.
  CHECK(one("/dev/disk/by-path/pci-0-part3 /home ext4").state == CheckState::kFail);
  // Not mounted at boot; or the root filesystem, which is only checked and remounted by then.
  CHECK(one("/dev/sda3 /home ext4 noauto").state == CheckState::kWarn);
  CHECK(one("/dev/sda3 / ext4 defaults").state == CheckState::kWarn);
}

TEST_CASE_METHOD(Fixture, "fstab: every bad line is told, a good one beside them is not", "[doctor]") {
  const Findings findings = fstab("/dev/sda3 /home ext4\nPARTLABEL=home /old ext4 noauto\n/dev/sda3 /x ext4\n");
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].where == "/etc/fstab:1");
  CHECK(findings[1].where == "/etc/fstab:3");
}

TEST_CASE_METHOD(Fixture, "fstab: the mapping's name needs pass-through, and is never for the root", "[doctor]") {
  const std::string line = "/dev/mapper/bootguard-home /home ext4";
  CHECK(one(line).state == CheckState::kFail);
  view.pass_through = true;
  CHECK(one(line).state == CheckState::kOk);
  CHECK(one("/dev/mapper/bootguard-home / ext4").state == CheckState::kFail);
  CHECK(one("/dev/mapper/bootguard-other /srv ext4").what == "no line names the volume");
}

TEST_CASE_METHOD(Fixture, "fstab: what cannot be told below another root is skipped, not passed", "[doctor]") {
  matcher.other = Match::kUnknown;
  const Finding finding = one("/dev/sdb7 /srv ext4");
  CHECK(finding.state == CheckState::kSkip);
  CHECK_THAT(finding.what, Catch::Contains("whether /dev/sdb7 is the volume"));
  CHECK(one("/dev/disk/by-path/x /srv ext4").state == CheckState::kSkip);
  CHECK(one("LABEL=other /srv ext4").state == CheckState::kOk);  // safe whatever it is
  CHECK(one("LABEL=other /srv ext4").what == "no line names the volume in a way that a trial breaks");
}

TEST_CASE_METHOD(Fixture, "root=: its forms", "[doctor]") {
  const auto state = [this](const std::string& line) { return check_root_parameter(line, view).state; };
  CHECK(state("") == CheckState::kOk);
  CHECK(state("ro quiet") == CheckState::kOk);
  CHECK(state("root=UUID=" + std::string(kUuid)) == CheckState::kOk);
  CHECK(state("root=/dev/disk/by-uuid/" + std::string(kUuid)) == CheckState::kOk);
  CHECK(state("root=/dev/sdb1") == CheckState::kOk);
  CHECK(state("root=/dev/sda3") == CheckState::kWarn);
  CHECK(state("root=/dev/disk/by-path/pci-0-part3") == CheckState::kWarn);
  CHECK(state("root=/dev/mapper/bootguard-home") == CheckState::kFail);
  CHECK(state("root=/dev/mapper/bootguard-other") == CheckState::kOk);
  CHECK(state("root=/dev/sda3 root=PARTLABEL=home") == CheckState::kOk);  // the last counts
  CHECK(state("quiet -- root=/dev/mapper/bootguard-home") == CheckState::kOk);
  view.pass_through = true;
  const Finding deadlock = check_root_parameter("root=/dev/mapper/bootguard-home", view);
  CHECK(deadlock.state == CheckState::kFail);  // pass-through does not help: it is made too late
  CHECK(deadlock.line == "root=/dev/mapper/bootguard-home");
  CHECK(deadlock.replacement == "root=UUID=" + std::string(kUuid));
  matcher.other = Match::kUnknown;
  CHECK(state("root=/dev/sdb1") == CheckState::kSkip);
  CHECK(state("root=LABEL=x") == CheckState::kOk);
}

TEST_CASE_METHOD(Fixture, "gpt-auto: a root without root=, and mounts that systemd has found by itself", "[doctor]") {
  GptAutoFacts facts;
  CHECK(check_gpt_auto(facts, view).state == CheckState::kOk);
  facts.is_root = true;
  CHECK(check_gpt_auto(facts, view).state == CheckState::kFail);
  CHECK(check_gpt_auto(facts, view).replacement == "root=UUID=" + std::string(kUuid));
  facts.has_root_parameter = true;
  CHECK(check_gpt_auto(facts, view).state == CheckState::kOk);

  const std::string unit =
      "# Automatically generated by systemd-gpt-auto-generator\n[Mount]\nWhat=/dev/sda3\nWhere=/home\n";
  facts.generated = {{"home.mount", unit}};
  const Finding finding = check_gpt_auto(facts, view);
  CHECK(finding.state == CheckState::kFail);
  CHECK(finding.where == "home.mount");
  CHECK(finding.replacement == "UUID=" + std::string(kUuid) + " /home auto defaults 0 2");
  facts.in_fstab = true;
  CHECK(check_gpt_auto(facts, view).state == CheckState::kOk);
  facts.in_fstab = false;
  facts.knows_generated = false;
  CHECK(check_gpt_auto(facts, view).state == CheckState::kSkip);
  facts.knows_generated = true;
  facts.generated = {{"srv.mount", "# systemd-gpt-auto-generator\nWhat=/dev/sda9\nWhere=/srv\n"},
                     {"x.mount", "# by hand\nWhat=/dev/sda3\n"},
                     {"empty.mount", ""}};
  CHECK(check_gpt_auto(facts, view).state == CheckState::kOk);
}

TEST_CASE("Names are compared without devices, as far as that goes", "[doctor]") {
  NameMatcher by_uuid({DeviceName::Kind::kUuid, kUuid});
  CHECK(by_uuid.leads_to_volume("UUID=12345678-9ABC-4DEF-8123-456789ABCDEF") == Match::kYes);
  CHECK(by_uuid.leads_to_volume("/dev/disk/by-uuid/" + std::string(kUuid)) == Match::kYes);
  CHECK(by_uuid.leads_to_volume("UUID=22345678-9abc-4def-8123-456789abcdef") == Match::kNo);
  CHECK(by_uuid.leads_to_volume("UUID=ABCD-1234") != Match::kYes);  // a FAT filesystem's
  CHECK(by_uuid.leads_to_volume("/dev/sda3") == Match::kUnknown);
  CHECK(by_uuid.leads_to_volume("/dev/disk/by-id/x") == Match::kUnknown);
  CHECK(by_uuid.leads_to_volume("LABEL=x") == Match::kUnknown);
  NameMatcher by_label({DeviceName::Kind::kLabel, "a b"});
  CHECK(by_label.leads_to_volume("/dev/disk/by-label/a\\x20b") == Match::kYes);
  CHECK(by_label.leads_to_volume("LABEL=A B") == Match::kNo);
  NameMatcher by_path({DeviceName::Kind::kPath, "/dev/sda3"});
  CHECK(by_path.leads_to_volume("/dev/sda3") == Match::kYes);
  CHECK(by_path.leads_to_volume("/dev/sda4") == Match::kUnknown);
}

}  // namespace bootguard
