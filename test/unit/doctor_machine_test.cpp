// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of doctor that read: files below a folder, images through real decompressors, the whole of it with --root.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "doctor/doctor.h"
#include "doctor/image_file.h"
#include "doctor_cpio_builder.h"
#include "fakes/fake_machine.h"
#include "linux/file_tree.h"
#include "linux/process.h"

namespace bootguard {
namespace {

namespace fs = std::filesystem;

class TemporaryTree {
 public:
  TemporaryTree() {
    char name[] = "/tmp/bootguard-doctor-test.XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~TemporaryTree() { fs::remove_all(path_); }
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;

  void put(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path_ + name).parent_path());
    std::ofstream(path_ + name, std::ios::binary) << text;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr const char* kConfigText = "[bootguard]\nmetadata = PARTLABEL=bootguard\n[volume home]\ndevice = LABEL=home\n";

std::string image() {
  std::string out;
  for (const CpioFile& file : std::vector<CpioFile>{{"scripts/functions", "x"},
                                                    {"conf/initramfs.conf", "x"},
                                                    {"scripts/local-premount/bootguard", "x", 0100755},
                                                    {"usr/sbin/bootguard", "ELF", 0100755},
                                                    {"usr/lib/bootguard/bootguard-hook.sh", "x"},
                                                    {"usr/lib/udev/rules.d/61-bootguard.rules", "x"},
                                                    {"etc/bootguard/bootguard.conf", kConfigText},
                                                    {"usr/lib/modules/6.1/dm-mod.ko", "x"},
                                                    {"usr/lib/modules/6.1/dm-bufio.ko", "x"},
                                                    {"usr/lib/modules/6.1/dm-snapshot.ko", "x"},
                                                    {"usr/lib/modules/6.1/dm-switch.ko", "x"}})
    out += cpio_entry(file);
  return out + cpio_trailer();
}

// A machine without a fault, below a folder.
void make_machine(const TemporaryTree& tree) {
  tree.put("/etc/bootguard/bootguard.conf", kConfigText);
  tree.put("/etc/fstab", "LABEL=home /home ext4 defaults 0 2\n");
  tree.put("/etc/kernel/cmdline", "root=UUID=00000000-0000-4000-8000-000000000001 ro\n");
  tree.put("/usr/lib/udev/rules.d/61-bootguard.rules", "x");
  tree.put("/lib/modules/6.1/modules.dep", "dm-mod.ko:\ndm-snapshot.ko: dm-mod.ko\ndm-switch.ko:\ndm-bufio.ko:\n");
  tree.put("/boot/initrd.img-6.1", image());
}

Findings examine(const TemporaryTree& tree) {
  FakeMachine machine;
  const FileTree files(tree.path());
  return run_doctor({}, {files, machine.devices, machine.dm, machine.mounts, machine.system, machine.log, "/none"});
}

// "fail fstab": what is neither ok nor skipped.
std::string wrong(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (finding.state != CheckState::kWarn && finding.state != CheckState::kFail) continue;
    if (!out.empty()) out += ", ";
    out += std::string(name(finding.state)) + ' ' + finding.check;
  }
  return out;
}

class Collect final : public ByteSink {
 public:
  bool take(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return text.size() < enough;
  }
  std::string text;
  std::size_t enough = SIZE_MAX;
};

}  // namespace

TEST_CASE("doctor --root: a sound machine has no fault, and its devices count as skipped", "[doctor]") {
  const TemporaryTree tree;
  make_machine(tree);
  const Findings findings = examine(tree);
  CHECK(wrong(findings).empty());
  std::size_t skipped = 0;
  for (const Finding& finding : findings) skipped += finding.state == CheckState::kSkip ? 1 : 0;
  CHECK(skipped == 5);  // volume, metadata, store, duplicates, late
  CHECK(findings.size() == 18);
}

TEST_CASE("doctor --root: each broken thing makes just its own line fail", "[doctor]") {
  const TemporaryTree tree;
  make_machine(tree);
  const auto remove = [&tree](const char* name) { fs::remove(tree.path() + name); };
  std::string expected;
  SECTION("configuration that is no configuration") {
    tree.put("/etc/bootguard/bootguard.conf", "nonsense\n");
    expected = "fail config";
  }
  SECTION("a second configuration, not in the image") {
    tree.put("/etc/bootguard/srv.conf", "[bootguard]\nmetadata = LABEL=m\n[volume srv]\ndevice = LABEL=srv\n");
    expected = "fail image-config";
  }
  SECTION("image older than the configuration") {
    tree.put("/etc/bootguard/bootguard.conf", std::string(kConfigText) + "pass-through = yes\n");
    expected = "fail image-config";
  }
  SECTION("no image") {
    remove("/boot/initrd.img-6.1");
    expected = "warn image";
  }
  SECTION("an image that is none") {
    tree.put("/boot/initrd.img-6.1", "MZ and so on");
    expected = "fail image";
  }
  SECTION("a truncated image") {
    tree.put("/boot/initrd.img-6.1", image().substr(0, 900));
    expected = "fail image";
  }
  SECTION("no rule") {
    remove("/usr/lib/udev/rules.d/61-bootguard.rules");
    expected = "fail udev-rule";
  }
  SECTION("no modules") {
    tree.put("/lib/modules/6.1/modules.dep", "dm-mod.ko:\n");
    expected = "fail kernel";
  }
  SECTION("mapping in fstab") {
    tree.put("/etc/fstab", "/dev/mapper/bootguard-home /home ext4\n");
    expected = "fail fstab";
  }
  SECTION("mapping as root=") {
    tree.put("/etc/kernel/cmdline", "root=/dev/mapper/bootguard-home\n");
    expected = "fail root";
  }
  SECTION("no root= for the root filesystem") {
    tree.put("/etc/kernel/cmdline", "ro\n");
    tree.put("/etc/fstab", "LABEL=home / ext4\n");
    expected = "fail gpt-auto";
  }
  CHECK(wrong(examine(tree)) == expected);
}

TEST_CASE("doctor --root: LUKS by crypttab that the image does not open", "[doctor]") {
  const TemporaryTree tree;
  make_machine(tree);
  const std::string config = "[bootguard]\nmetadata = LABEL=m\n[volume home]\ndevice = /dev/mapper/luks-home\n";
  tree.put("/etc/bootguard/bootguard.conf", config);
  tree.put("/etc/crypttab", "luks-home UUID=1 none\n");
  CHECK(wrong(examine(tree)) == "fail image-config, warn late");
  tree.put("/etc/systemd/system/local-fs-pre.target.wants/bootguard-late.service", "x");
  CHECK(wrong(examine(tree)) == "fail image-config");
}

TEST_CASE("Images are read through every decompressor that is here", "[doctor]") {
  const TemporaryTree tree;
  const std::string early = cpio_entry({"kernel/x86/microcode/X.bin", "abc"}) + cpio_trailer() + std::string(300, '\0');
  const std::string main_part = image();
  tree.put("/plain", main_part);
  const FileTree files(tree.path());
  for (const std::string command :
       {"gzip -c", "xz -c --check=crc32", "xz -c --format=lzma", "bzip2 -c", "zstd -cq", "lz4 -lcq"}) {
    const std::string tool = "/usr/bin/" + command;
    if (!fs::exists(tool.substr(0, tool.find(' ')))) {
      WARN("SKIPPED part: no " << tool);
      continue;
    }
    CAPTURE(command);
    tree.put("/image", early);
    REQUIRE(std::system((tool + " <" + tree.path() + "/plain >>" + tree.path() + "/image").c_str()) == 0);
    const auto read = read_image(files, "/image");
    REQUIRE(read);
    CHECK(read.value().listing.has("usr/sbin/bootguard"));
    CHECK(read.value().listing.has("kernel/x86/microcode/X.bin"));
    // Cut off in the middle: refused, not half believed.
    fs::resize_file(tree.path() + "/image", fs::file_size(tree.path() + "/image") - 40);
    CHECK_FALSE(read_image(files, "/image"));
  }
  tree.put("/image", early + "\x28\xb5\x2f\xfd rubbish");
  CHECK_FALSE(read_image(files, "/image"));
  CHECK(read_image(files, "/nowhere").error().code == Errc::kDeviceMissing);
  CHECK(read_image(files, "/").error().code == Errc::kIo);
}

TEST_CASE("A filter is bounded in time and output, and gone afterwards", "[doctor]") {
  const TemporaryTree tree;
  tree.put("/input", "0123456789");
  const FileTree files(tree.path());
  const auto input = files.open_for_read("/input");
  REQUIRE(input);
  const int fd = input.value().get();
  Collect all;
  const char* const cat[] = {"/bin/cat"};
  const auto plain = run_filter({cat, fd, Bytes(4)}, all, {5000, Bytes(100)});
  REQUIRE(plain);
  CHECK(plain.value());
  CHECK(all.text == "456789");
  Collect more;
  CHECK(run_filter({cat, fd, Bytes(0)}, more, {5000, Bytes(9)}).error().code == Errc::kIo);
  Collect none;
  const char* const sleep[] = {"/bin/sleep", "100"};
  CHECK_THAT(run_filter({sleep, fd, Bytes(0)}, none, {50, Bytes(9)}).error().text, Catch::Contains("did not end"));
  const char* const failing[] = {"/bin/false"};
  const auto failed = run_filter({failing, fd, Bytes(0)}, none, {5000, Bytes(9)});
  REQUIRE(failed);
  CHECK_FALSE(failed.value());
  const char* const missing[] = {"/nowhere/zstd"};
  CHECK(run_filter({missing, fd, Bytes(0)}, none, {5000, Bytes(9)}).error().code == Errc::kNotInstalled);
  Collect little;
  little.enough = 1;
  const char* const endless[] = {"/usr/bin/yes"};
  CHECK(run_filter({endless, fd, Bytes(0)}, little, {5000, Bytes(1 << 30)}));
}

TEST_CASE("Where no program of the paths exists, that is said with all of them", "[doctor]") {
  const char* const paths[] = {"/nowhere/a", "/nowhere/b"};
  const Error error = replace_process(paths, {});
  CHECK(error.code == Errc::kNotInstalled);
  CHECK(error.text == "not here: neither /nowhere/a nor /nowhere/b");
  const std::vector<const char*> many(kMaxArguments + 1, "x");
  CHECK(replace_process(paths, many).code == Errc::kUsage);
}

TEST_CASE("Files below a folder: absent, too large, no file at all", "[doctor]") {
  const TemporaryTree tree;
  tree.put("/etc/a", "text");
  tree.put("/etc/b", std::string(5000, 'b'));
  const FileTree files(tree.path() + "///");
  CHECK_FALSE(files.is_this_machine());
  CHECK(FileTree("/").is_this_machine());
  CHECK(*files.read("/etc/a", 4).value() == "text");
  CHECK_FALSE(files.read("/etc/a", 3));
  CHECK(files.read("/etc/b", 5000).value()->size() == 5000);
  CHECK_FALSE(files.read("/etc/none", 3).value());
  CHECK_FALSE(files.read("/etc", 3));
  REQUIRE(::mkfifo((tree.path() + "/fifo").c_str(), 0600) == 0);
  CHECK_FALSE(files.read("/fifo", 3));
  CHECK(files.list("/etc") == std::vector<std::string>{"a", "b"});
  CHECK(files.list("/none").empty());
  REQUIRE(::symlink("/nowhere", (tree.path() + "/link").c_str()) == 0);
  CHECK(files.exists("/link"));
  CHECK_FALSE(files.exists("/links"));
}

}  // namespace bootguard
