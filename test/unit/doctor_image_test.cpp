// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "doctor/check_image.h"
#include "doctor/compression.h"
#include "doctor/image_listing.h"
#include "doctor_cpio_builder.h"

namespace bootguard {
namespace {

constexpr const char* kConfig = "/etc/bootguard/bootguard.conf";
constexpr const char* kText = "[bootguard]\n";

std::vector<CpioFile> common() {
  std::vector<CpioFile> files = {{"usr/sbin/bootguard", "ELF", 0100755},
                                 {"usr/lib/bootguard/bootguard-hook.sh", "x"},
                                 {"usr/lib/udev/rules.d/61-bootguard.rules", "x"},
                                 {"etc/bootguard/bootguard.conf", kText}};
  for (const char* const name : {"dm-mod.ko", "dm-bufio.ko.xz", "dm-snapshot.ko.zst", "dm_switch.ko.gz"})
    files.push_back({std::string("usr/lib/modules/6.1.0/kernel/drivers/md/") + name, "x"});
  return files;
}
std::vector<CpioFile> with(std::vector<CpioFile> files, const std::vector<CpioFile>& more) {
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

std::vector<CpioFile> initramfs_tools() {
  return with(common(), {{"scripts/functions", "x"},
                         {"conf/initramfs.conf", "x"},
                         {"scripts/local-premount/bootguard", "x", 0100755},
                         {"scripts/local-premount/ORDER", "/scripts/local-premount/bootguard \"$@\"\n"}});
}
std::vector<CpioFile> dracut() {
  return with(common(), {{"usr/lib/dracut/modules.txt", "x"}, {"var/lib/dracut/hooks/pre-mount/20-bootguard.sh", "x"}});
}
std::vector<CpioFile> dracut_systemd() {
  return with(common(), {{"usr/lib/dracut/modules.txt", "x"},
                         {"usr/lib/systemd/systemd", "x", 0100755},
                         {"usr/lib/systemd/system/bootguard.service", "x"},
                         {"usr/lib/bootguard/bootguard-initrd", "x", 0100755},
                         {"usr/lib/systemd/system/initrd-root-fs.target.wants/bootguard.service",
                          "../bootguard.service", 0120777}});
}
std::vector<CpioFile> mkinitcpio() { return with(common(), {{"buildconfig", "x"}, {"hooks/bootguard", "x"}}); }

Findings check(const std::vector<CpioFile>& files, const std::string& builtin = "",
               const std::vector<ConfigText>& configs = {{kConfig, kText}}) {
  ImageListing listing;
  CpioReader reader(listing);
  for (const CpioFile& file : files) REQUIRE(reader.feed(bytes_of(cpio_entry(file))));
  REQUIRE(reader.feed(bytes_of(cpio_trailer())));
  listing.finish();
  return check_image(listing, {"/boot/image", "6.1.0", builtin, configs});
}

std::vector<CpioFile> without(std::vector<CpioFile> files, const std::string& name) {
  std::erase_if(files, [&](const CpioFile& file) { return file.name.find(name) != std::string::npos; });
  return files;
}

// "image-hook": the checks that are not ok, in their order.
std::string wrong(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (finding.state == CheckState::kOk) continue;
    if (!out.empty()) out += ' ';
    out += finding.check;
  }
  return out;
}

}  // namespace

TEST_CASE("Complete images of every framework are sound, and are told apart", "[doctor]") {
  for (const auto& [files, maker] :
       {std::pair{initramfs_tools(), "initramfs-tools for"}, std::pair{dracut(), "dracut for"},
        std::pair{dracut_systemd(), "dracut with systemd for"}, std::pair{mkinitcpio(), "mkinitcpio for"}}) {
    CAPTURE(maker);
    const Findings findings = check(files);
    CHECK(wrong(findings).empty());
    CHECK(findings.size() == 6);
    CHECK_THAT(findings.front().what, Catch::Contains(maker));
  }
}

TEST_CASE("What an image lacks makes its own line fail, with the command that rebuilds it", "[doctor]") {
  struct Row {
    const char* lacking;
    const char* check;
  };
  for (const auto& [files, command, hook] :
       {std::tuple{initramfs_tools(), "update-initramfs -u -k 6.1.0", "local-premount/bootguard"},
        std::tuple{dracut(), "dracut --force --kver 6.1.0", "20-bootguard.sh"},
        std::tuple{dracut_systemd(), "dracut --force --kver 6.1.0", "system/bootguard.service"},
        std::tuple{mkinitcpio(), "mkinitcpio -P", "hooks/bootguard"}}) {
    CAPTURE(command);
    for (const Row& row : {Row{"usr/sbin/bootguard", "image-binary"}, Row{hook, "image-hook"},
                           Row{"bootguard-hook.sh", "image-hook"}, Row{"61-bootguard.rules", "image-rule"},
                           Row{"dm-snapshot", "image-modules"}, Row{"bootguard.conf", "image-config"}}) {
      CAPTURE(row.lacking);
      const Findings findings = check(without(files, row.lacking));
      CHECK(wrong(findings) == row.check);
      for (const Finding& finding : findings) {
        if (finding.state == CheckState::kOk) continue;
        CHECK(finding.state == CheckState::kFail);
        CHECK_THAT(finding.advice, Catch::Contains(command));
      }
    }
  }
}

TEST_CASE("A binary without the x bit, empty, or a script that nobody starts does not count", "[doctor]") {
  const auto base = without(initramfs_tools(), "usr/sbin/bootguard");
  CHECK(wrong(check(with(base, {{"usr/sbin/bootguard", "ELF", 0100644}}))) == "image-binary");
  CHECK(wrong(check(with(base, {{"usr/sbin/bootguard", "", 0100755}}))) == "image-binary");
  CHECK(wrong(check(with(base, {{"usr/sbin/bootguard", "", 040755}}))) == "image-binary");
  CHECK(wrong(check(with(initramfs_tools(), {{"scripts/local-premount/bootguard", "x", 0100644}}))) == "image-hook");
  CHECK(wrong(check(with(initramfs_tools(), {{"scripts/local-premount/ORDER", "/scripts/local-premount/other\n"}}))) ==
        "image-hook");
  CHECK(wrong(check(without(dracut_systemd(), ".wants/"))) == "image-hook");
  CHECK(wrong(check(without(dracut_systemd(), "bootguard-initrd"))) == "image-hook");
}

TEST_CASE("Modules may be built in, of another kernel they do not count", "[doctor]") {
  CHECK(wrong(check(without(dracut(), "/md/dm"),
                    "kernel/drivers/md/dm-mod.ko\nkernel/drivers/md/dm-bufio.ko\n"
                    "kernel/drivers/md/dm-snapshot.ko\nkernel/drivers/md/dm-switch.ko"))
            .empty());
  const Findings findings = check(without(dracut(), "/md/dm"), "kernel/drivers/md/dm-mod.ko\n");
  CHECK(wrong(findings) == "image-modules");
  CHECK(std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.what.find("lacks dm-bufio, dm-snapshot, dm-switch,") == 0;
  }));
  CHECK_FALSE(names_module("kernel/drivers/md/dm-snapshot.ko.bak", "dm-snapshot"));
  CHECK_FALSE(names_module("kernel/drivers/md/dm-snapshot-new.ko", "dm-snapshot"));
  CHECK_FALSE(names_module("kernel/drivers/md/xdm-snapshot.ko", "dm-snapshot"));
  CHECK_FALSE(names_module("", "dm-snapshot"));
  CHECK(names_module("dm_snapshot.ko", "dm-snapshot"));
}

TEST_CASE("A configuration that is older than the machine's is told", "[doctor]") {
  const auto stale =
      with(without(dracut(), "bootguard.conf"), {{"etc/bootguard/bootguard.conf", "[bootguard]\n#old\n"}});
  const Findings findings = check(stale);
  CHECK(wrong(findings) == "image-config");
  CHECK_THAT(findings.back().what, Catch::Contains("is another than the machine's"));
}

TEST_CASE("A key that the image lacks, or has an older one of, is told as a configuration is", "[doctor]") {
  const auto findings_of = [](const std::vector<CpioFile>& files) {
    return check(files, "", {{kConfig, kText}, {"/etc/bootguard/metadata.key", "secret"}});
  };
  CHECK(wrong(findings_of(dracut())) == "image-config");
  CHECK(wrong(findings_of(with(dracut(), {{"etc/bootguard/metadata.key", "other"}}))) == "image-config");
  CHECK(wrong(findings_of(with(dracut(), {{"etc/bootguard/metadata.key", "secret"}}))).empty());
}

TEST_CASE("Merged folders: /usr/sbin may be a link", "[doctor]") {
  const auto merged = with(without(mkinitcpio(), "usr/sbin/bootguard"),
                           {{"usr/sbin", "bin", 0120777}, {"usr/bin/bootguard", "ELF", 0100755}});
  CHECK(wrong(check(merged)).empty());
}

TEST_CASE("Compressions are told by their first bytes, as the kernel tells them", "[doctor]") {
  using namespace std::string_literals;
  const auto tool = [](const std::string& begin) {
    const Decompressor* const found = find_decompressor(bytes_of(begin));
    return found == nullptr ? std::string("none") : std::string(found->name);
  };
  CHECK(tool("\x1f\x8b\x08\x00"s) == "gzip");
  CHECK(tool("BZh9"s) == "bzip2");
  CHECK(tool("\xfd"s + "7zXZ\0"s) == "xz");
  CHECK(tool("\x5d\0\0\x80"s) == "xz");
  CHECK(tool("\x02\x21\x4c\x18"s) == "lz4");
  CHECK(tool("\x28\xb5\x2f\xfd"s) == "zstd");
  CHECK(tool("\x89LZO"s) == "lzop");
  CHECK(tool("MZ\x90\0"s) == "none");
  CHECK(tool("\x1f"s) == "none");
  CHECK(tool("") == "none");
}

}  // namespace bootguard
