// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "doctor/check_volume.h"
#include "doctor/hook_order.h"
#include "doctor/late_unlock.h"
#include "doctor/machine_files.h"
#include "doctor/output.h"
#include "doctor_cpio_builder.h"

namespace bootguard {
namespace {

const DeviceName kMetadata{DeviceName::Kind::kPartLabel, "bootguard"};

StatusReport healthy() {
  StatusReport report;
  report.metadata_device = "/dev/sda2";
  report.metadata = Metadata{};
  report.copies_known = true;
  for (CopyRead& copy : report.copies) copy = {CopyState::kGood, "", 7, 0};
  report.volumes.emplace_back();
  report.volumes[0].store_state = "none";
  return report;
}

ConfigFile config_file(const std::string& path, const std::string& volume, const std::string& metadata,
                       const std::string& device) {
  const std::string text =
      "[bootguard]\nmetadata = " + metadata + "\n[volume " + volume + "]\ndevice = LABEL=" + device + "\n";
  return {path, text, parse_config(text, path)};
}

}  // namespace

TEST_CASE("metadata: four good copies, lagging ones, lost ones", "[doctor]") {
  StatusReport report = healthy();
  CHECK(judge_metadata(report, kMetadata).state == CheckState::kOk);
  report.copies[2].sequence = 6;
  const Finding lagging = judge_metadata(report, kMetadata);
  CHECK(lagging.state == CheckState::kWarn);
  CHECK(lagging.what == "copy 2: older than the newest");
  report.copies[0] = {CopyState::kBadCrc, "", 0, 0};
  const Finding two = judge_metadata(report, kMetadata);
  CHECK(two.state == CheckState::kFail);
  CHECK_THAT(two.what, Catch::StartsWith("copy 0: "));
  report.metadata_error = make_error(Errc::kMetadataMissing, "no metadata block");
  CHECK(judge_metadata(report, kMetadata).state == CheckState::kFail);
  CHECK(judge_metadata(report, kMetadata).advice == "bootguard format");
  report.metadata_error = make_error(Errc::kNotRoot, "not allowed");
  CHECK(judge_metadata(report, kMetadata).state == CheckState::kSkip);
}

TEST_CASE("store: none yet, sound, moved, full", "[doctor]") {
  StatusReport report = healthy();
  const auto state = [&](const char* store) {
    report.volumes[0].store_state = store;
    return judge_store(report).state;
  };
  CHECK(state("none") == CheckState::kOk);
  CHECK(state("ok") == CheckState::kOk);
  CHECK(state("changed") == CheckState::kFail);
  CHECK(state("invalid") == CheckState::kFail);
  CHECK(state("overflow") == CheckState::kFail);
  CHECK(state("unverified") == CheckState::kWarn);
  CHECK(judge_store(StatusReport{}).state == CheckState::kSkip);
}

TEST_CASE("volume: there, of a kind that can be protected", "[doctor]") {
  FilesystemIdentity identity;
  identity.type = FilesystemType::kExt4;
  identity.type_name = "ext4";
  VolumeAnswers answers{kMetadata, DeviceInfo{"/dev/sda3", {}, Bytes(0), false, {}}, identity, Phase::kIdle};
  CHECK(judge_volume(answers).state == CheckState::kOk);
  identity.type = FilesystemType::kUnknown;
  identity.type_name = "btrfs";
  answers.identity = identity;
  CHECK(judge_volume(answers).state == CheckState::kFail);
  CHECK_THAT(judge_volume(answers).what, Catch::Contains("btrfs"));
  answers.phase = Phase::kTrial;
  CHECK(judge_volume(answers).state == CheckState::kWarn);
  answers.device = make_error(Errc::kDeviceMissing, "no device is LABEL=x");
  CHECK(judge_volume(answers).state == CheckState::kFail);
  answers.device = make_error(Errc::kDeviceAmbiguous, "two");
  CHECK(judge_volume(answers).state == CheckState::kSkip);  // "duplicates" tells
}

TEST_CASE("duplicates: both devices are named", "[doctor]") {
  const DeviceName uuid{DeviceName::Kind::kUuid, "u"};
  const DeviceInfo device{"/dev/sda3", {}, Bytes(0), false, {}};
  const std::vector<NameLookup> fine{{kMetadata, device}, {uuid, device}};
  CHECK(judge_duplicates(fine).state == CheckState::kOk);
  CHECK(judge_duplicates(fine).what == "one device only answers to PARTLABEL=bootguard, UUID=u");
  const std::vector<NameLookup> twice{
      {kMetadata, device},
      {uuid, make_error(Errc::kDeviceAmbiguous, "UUID=u is the name of 2 devices: /dev/sda3 /dev/sdb")}};
  CHECK(judge_duplicates(twice).state == CheckState::kFail);
  CHECK_THAT(judge_duplicates(twice).what, Catch::Contains("/dev/sda3 /dev/sdb"));
  CHECK_THAT(judge_duplicates(twice).advice, Catch::Contains("tune2fs -U random"));
  CHECK(judge_duplicates({}).state == CheckState::kSkip);
  const std::vector<NameLookup> lost{{uuid, make_error(Errc::kDeviceMissing, "gone")}};
  CHECK(judge_duplicates(lost).state == CheckState::kWarn);
}

TEST_CASE("kernel: a target may be known now, or its module be there", "[doctor]") {
  std::vector<TargetFact> facts{{"linear", "dm-mod", true, false}, {"snapshot", "dm-snapshot", false, true}};
  CHECK(judge_targets(facts, "6.1", true).state == CheckState::kOk);
  facts.push_back({"switch", "dm-switch", false, false});
  CHECK(judge_targets(facts, "6.1", true).state == CheckState::kFail);
  CHECK(judge_targets(facts, "6.1", true).what == "lacks switch (dm-switch)");
  KernelModules modules;
  CHECK_FALSE(modules.has("dm-mod"));
  modules.files =
      "kernel/drivers/md/dm-snapshot.ko.xz: kernel/drivers/md/dm-bufio.ko.xz kernel/drivers/md/dm-mod.ko.xz\n";
  CHECK(modules.has("dm-snapshot"));
  CHECK_FALSE(modules.has("dm-mod"));  // named as something another one needs: no line of its own
  modules.builtin = "kernel/drivers/md/dm-mod.ko\n";
  CHECK(modules.has("dm-mod"));
}

TEST_CASE("config: broken ones, and two that are in each other's way", "[doctor]") {
  const auto state = [](const std::vector<ConfigFile>& files) { return check_configs(files).back().state; };
  CHECK(state({}) == CheckState::kFail);
  const ConfigFile one = config_file("/a", "home", "LABEL=m", "x");
  CHECK(state({one}) == CheckState::kOk);
  CHECK(state({config_file("/a", "bad name", "LABEL=m", "x")}) == CheckState::kFail);
  CHECK(state({one, config_file("/b", "srv", "LABEL=n", "y")}) == CheckState::kOk);
  CHECK(state({one, config_file("/b", "home", "LABEL=n", "y")}) == CheckState::kFail);
  CHECK(state({one, config_file("/b", "srv", "LABEL=m", "y")}) == CheckState::kFail);
  CHECK(state({one, config_file("/b", "srv", "LABEL=n", "x")}) == CheckState::kFail);
}

TEST_CASE("hook-order: parsed as far as mkinitcpio.conf is understood", "[doctor]") {
  CHECK_FALSE(parse_hooks(""));
  CHECK_FALSE(parse_hooks("#HOOKS=(base)\nXHOOKS=(a)\n"));
  const auto one = parse_hooks("MODULES=()\n  HOOKS=(base udev \"block\" 'bootguard')  # all\n");
  REQUIRE(one);
  CHECK(one->number == 2);
  CHECK(one->hooks == std::vector<std::string>{"base", "udev", "block", "bootguard"});
  const auto last = parse_hooks("HOOKS=(a)\nHOOKS=(base # comment\n  block\n\n bootguard)\nFILES=(x)\n");
  REQUIRE(last);
  CHECK(last->number == 2);
  CHECK(last->text.empty());
  CHECK(last->hooks == std::vector<std::string>{"base", "block", "bootguard"});
  CHECK(parse_hooks("HOOKS=(never ends\n")->hooks.size() == 2);
  std::string many = "HOOKS=(";
  for (int i = 0; i < 5000; ++i) many += "x ";
  CHECK(parse_hooks(many)->hooks.size() == 200);
}

TEST_CASE("hook-order: after what makes the device and after resume", "[doctor]") {
  const auto check = [](const std::string& text) {
    return check_hook_order(*parse_hooks(text), "/etc/mkinitcpio.conf");
  };
  CHECK(check("HOOKS=(base udev block encrypt lvm2 resume bootguard filesystems fsck)").state == CheckState::kOk);
  CHECK(check("HOOKS=(base udev block filesystems fsck bootguard)").state == CheckState::kOk);
  CHECK(check("HOOKS=(systemd bootguard block sd-encrypt)").state == CheckState::kOk);
  const Finding early = check("HOOKS=(base udev bootguard block resume filesystems)");
  CHECK(early.state == CheckState::kFail);
  CHECK(early.where == "/etc/mkinitcpio.conf:1");
  CHECK(early.line == "HOOKS=(base udev bootguard block resume filesystems)");
  CHECK(early.replacement == "HOOKS=(base udev block resume bootguard filesystems)");
  for (const char* const hook : {"block", "encrypt", "lvm2", "resume", "mdadm_udev", "sd-encrypt", "udev"}) {
    CHECK_THAT(check(std::string("HOOKS=(base bootguard ") + hook + ")").what, Catch::Contains(hook));
  }
  const Finding none = check("HOOKS=(base udev block filesystems)");
  CHECK(none.state == CheckState::kFail);
  CHECK(none.replacement == "HOOKS=(base udev block bootguard filesystems)");
}

TEST_CASE("late: LUKS and LVM that the initramfs does not open", "[doctor]") {
  LateFacts facts;
  CHECK(check_late_unlock(facts).state == CheckState::kOk);
  facts.layers = {{"dm-1", "home", "CRYPT-LUKS2-0123"}};
  CHECK(check_late_unlock(facts).state == CheckState::kSkip);
  ImageListing image;
  const auto add = [&image](const std::string& name, const std::string& content) {
    CpioReader reader(image);
    REQUIRE(reader.feed(bytes_of(cpio_entry({name, content, 0100755}))));
    image.finish();
  };
  facts.image = &image;
  CHECK(check_late_unlock(facts).state == CheckState::kWarn);
  CHECK(check_late_unlock(facts).advice == "systemctl enable bootguard-late.service");
  facts.late_service_enabled = true;
  CHECK(check_late_unlock(facts).state == CheckState::kOk);
  facts.late_service_enabled = false;
  for (const char* const line : {"rd.luks.name=0123=home", "cryptdevice=UUID=0123:home:allow-discards"}) {
    facts.command_line = line;
    CHECK(check_late_unlock(facts).state == CheckState::kOk);
  }
  for (const char* const line :
       {"rd.luks.name=0123=homely", "cryptdevice=UUID=0123:root", "rd.luks.uuid=0123", "rd.luks.uuid="}) {
    facts.command_line = line;
    CHECK(check_late_unlock(facts).state == CheckState::kWarn);
  }
  facts.layers[0].dm_name = "luks-0123";
  facts.command_line = "rd.luks.uuid=luks-0123";
  CHECK(check_late_unlock(facts).state == CheckState::kOk);
  facts.layers = {{"dm-2", "vg-home", "LVM-abc"}, {"dm-1", "home", "CRYPT-LUKS2-0123"}};
  add("etc/crypttab", "# x\n  home UUID=0123 none\n");
  CHECK(check_late_unlock(facts).where == "vg-home");
  add("usr/sbin/lvm", "ELF");
  CHECK(check_late_unlock(facts).state == CheckState::kOk);
  facts.layers = {{"dm-2", "my--vg-home", "LVM-abc"}};
  facts.command_line = "rd.lvm.lv=my-vg/root";
  CHECK(check_late_unlock(facts).state == CheckState::kOk);  // read by dracut only
  add("usr/lib/dracut/modules.txt", "x");
  CHECK(check_late_unlock(facts).state == CheckState::kWarn);
  for (const char* const line : {"rd.lvm.lv=my-vg/root rd.lvm.lv=my-vg/home", "rd.lvm.vg=my-vg", ""}) {
    facts.command_line = line;
    CHECK(check_late_unlock(facts).state == CheckState::kOk);
  }
  facts.layers = {{"md127", "", ""}};
  CHECK(check_late_unlock(facts).state == CheckState::kOk);
}

TEST_CASE("crypttab: names are whole words at the start of a line", "[doctor]") {
  CHECK(crypttab_names("home UUID=1", "home"));
  CHECK(crypttab_names("#home x\n\thome\tUUID=1", "home"));
  CHECK_FALSE(crypttab_names("#home x\nhomes x\n x home\n\n", "home"));
  CHECK_FALSE(crypttab_names("", "home"));
}

TEST_CASE("output: 80 columns but for lines to copy, no terminal controls, and every state in words", "[doctor]") {
  Findings findings{found(CheckState::kOk, "config", "/etc/x", "fine"),
                    found(CheckState::kWarn, "image", "/boot/\033[2J", "%s", std::string(300, 'w').c_str()),
                    found(CheckState::kFail, "fstab", "/etc/fstab:1", "bad"),
                    found(CheckState::kSkip, "volume", "", "not looked at")};
  findings[2].line = "/dev/sda3 " + std::string(100, 'x');
  findings[2].replacement = "UUID=1 " + std::string(100, 'x');
  const std::string page = findings_page(findings, false);
  CHECK(page.find('\033') == std::string::npos);
  for (std::size_t begin = 0, end = 0; (end = page.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = page.substr(begin, end - begin);
    CAPTURE(line);
    CHECK((line.size() <= 80 || line.find("      - /dev") == 0 || line.find("      + UUID") == 0));
  }
  CHECK_THAT(page, Catch::EndsWith("\n1 ok, 1 warning, 1 failed, 1 skipped\n"));
  CHECK(findings_page(findings, true).find("\033[31mfail") != std::string::npos);
  CHECK_FALSE(verdict(findings));
  const std::string json = findings_json(findings);
  CHECK_THAT(json,
             Catch::StartsWith(R"({"version":1,"verb":"doctor","ok":false,"exit":26,"error":{"code":"check-failed")"));
  CHECK_THAT(json, Catch::Contains(R"("counts":{"ok":1,"warn":1,"fail":1,"skip":1})"));
  CHECK_THAT(json, Catch::Contains(R"("state":"skip")"));
  findings.erase(findings.begin() + 2);
  CHECK(verdict(findings));
  CHECK_THAT(findings_json(findings),
             Catch::StartsWith(R"({"version":1,"verb":"doctor","ok":true,"exit":0,"error":null)"));
}

}  // namespace bootguard
