// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of devices, as far as they need a machine that somebody has prepared: BOOTGUARD_CONTRACT_NAMES is a file of
// lines "NAME RESULT", where NAME is UUID=..., LABEL=..., PARTUUID=..., PARTLABEL=... or a path, and RESULT a path, or
// "missing", "ambiguous" or "unsupported". And the kernel's list, on made-up copies of /sys.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "contract/subjects.h"
#include "linux/block_list.h"
#include "linux/device_finder.h"

namespace bootguard::contract {
namespace {

struct NamesFixture {
  DeviceFinder finder;
};
const SubjectRegistration<NamesFixture> kPrepared({"prepared machine", why_without("BOOTGUARD_CONTRACT_NAMES"),
                                                   [] { return std::make_unique<NamesFixture>(); }});

DeviceName parse_name(const std::string& text) {
  using Kind = DeviceName::Kind;
  const std::pair<const char*, Kind> prefixes[] = {{"UUID=", Kind::kUuid},
                                                   {"LABEL=", Kind::kLabel},
                                                   {"PARTUUID=", Kind::kPartUuid},
                                                   {"PARTLABEL=", Kind::kPartLabel}};
  for (const auto& [prefix, kind] : prefixes) {
    if (text.starts_with(prefix)) return {kind, text.substr(std::string(prefix).size())};
  }
  return {Kind::kPath, text};
}

// A folder that looks like /sys.
class FakeSysfs {
 public:
  FakeSysfs() {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
    std::filesystem::create_directories(path_ + "/class/block");
    std::filesystem::create_directories(path_ + "/dev/block");
  }
  FakeSysfs(const FakeSysfs&) = delete;
  FakeSysfs& operator=(const FakeSysfs&) = delete;
  ~FakeSysfs() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  // `place` below devices/block: "sda" or "sda/sda1"
  void add(const std::string& place, const std::string& number, std::uint64_t sectors) {
    const std::string name = place.substr(place.rfind('/') + 1);
    std::filesystem::create_directories(path_ + "/devices/block/" + place + "/holders");
    std::filesystem::create_directory_symlink("../../devices/block/" + place, path_ + "/class/block/" + name);
    std::filesystem::create_directory_symlink("../../devices/block/" + place, path_ + "/dev/block/" + number);
    put(name, "dev", number);
    put(name, "size", std::to_string(sectors));
    put(name, "ro", "0");
    if (place != name) put(name, "partition", name.substr(name.size() - 1));
    if (place != name) put(name, "start", "2048");
  }
  void put(const std::string& name, const std::string& attribute, const std::string& text) {
    const std::filesystem::path file = path_ + "/class/block/" + name + "/" + attribute;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  void hold(const std::string& name, const std::string& holder) { put(name, "holders/" + holder, ""); }

 private:
  std::string path_ = "/tmp/bootguard-contract-XXXXXX";
};

std::vector<std::string> names_of(const std::vector<ListedDevice>& devices) {
  std::vector<std::string> names;
  for (const ListedDevice& device : devices) names.push_back(device.name);
  return names;
}

ListedDevice one(const FakeSysfs& sysfs, const std::string& name) {
  const auto device = look_up_block_device(sysfs.path(), name);
  REQUIRE(device.has_value());
  return *device;
}

}  // namespace

CONTRACT_TEST(NamesFixture, "device finder: every name of the prepared machine has the result it should have") {
  std::ifstream lines(environment("BOOTGUARD_CONTRACT_NAMES"));
  REQUIRE(lines);
  std::string name;
  std::string wanted;
  unsigned count = 0;
  while (lines >> name >> wanted) {
    CAPTURE(name, wanted);
    ++count;
    const auto found = fixture.finder.find(parse_name(name));
    const std::string message = found ? found.value().path : found.error().text;
    CAPTURE(message);
    if (wanted == "missing") {
      REQUIRE(error_of(found).code == Errc::kDeviceMissing);
    } else if (wanted == "ambiguous") {
      REQUIRE(error_of(found).code == Errc::kDeviceAmbiguous);
    } else if (wanted == "unsupported") {
      REQUIRE(error_of(found).code == Errc::kUnsupported);
    } else {
      const DeviceInfo info = value_of(found);
      REQUIRE(info.path == wanted);
      const auto device = value_of(fixture.finder.open(info, BlockDevices::Access::kRead));
      REQUIRE(device->size() == info.size);
      REQUIRE(fixture.finder.lock(info, 100).ok());
    }
  }
  REQUIRE(count > 0);
}

TEST_CASE("block list: what can hold nothing to protect is left out") {
  FakeSysfs sysfs;
  for (const char* name : {"ram0", "zram0", "sr0", "fd0", "sda", "sdb", "fda", "srx"}) {
    sysfs.add(name, "8:" + std::to_string(name[0] * 16 + name[2]), 4096);
  }
  sysfs.add("loop0", "7:0", 0);
  sysfs.add("loop1", "7:1", 4096);
  REQUIRE(names_of(value_of(list_block_devices(sysfs.path()))) ==
          std::vector<std::string>{"fda", "loop1", "sda", "sdb", "srx"});
}

TEST_CASE("block list: a partition knows its disk, and the disk that it has partitions") {
  FakeSysfs sysfs;
  sysfs.add("sda", "8:0", 8192);
  sysfs.add("sda/sda1", "8:1", 4096);
  sysfs.add("sdb", "8:16", 8192);
  const auto devices = value_of(list_block_devices(sysfs.path()));
  REQUIRE(names_of(devices) == std::vector<std::string>{"sda", "sda1", "sdb"});
  REQUIRE(devices[0].has_partitions);
  REQUIRE_FALSE(devices[2].has_partitions);
  REQUIRE(devices[1].disk == "sda");
  REQUIRE(devices[1].partition == 1);
  REQUIRE(devices[1].start == Sectors(2048));
  REQUIRE(devices[1].number == DeviceNumber{8, 1});
  REQUIRE(block_device_name(sysfs.path(), {8, 1}) == "sda1");
  REQUIRE_FALSE(block_device_name(sysfs.path(), {8, 2}).has_value());
}

TEST_CASE("block list: what another driver holds is unusable, and so are the partitions of a disk that is held") {
  FakeSysfs sysfs;
  sysfs.add("sda", "8:0", 8192);
  sysfs.add("sda/sda1", "8:1", 4096);
  sysfs.add("sdb", "8:16", 8192);
  sysfs.add("sdb/sdb1", "8:17", 8192);
  sysfs.add("sdc", "8:32", 8192);
  sysfs.add("md127", "9:127", 4096);
  sysfs.add("dm-0", "254:0", 4096);
  sysfs.put("dm-0", "dm/name", "bootguard-userdata-origin");
  sysfs.add("dm-1", "254:1", 4096);
  sysfs.put("dm-1", "dm/name", "vg-root");
  sysfs.add("dm-2", "254:2", 4096);
  sysfs.put("dm-2", "dm/name", "vg-old");
  sysfs.put("dm-2", "dm/suspended", "1");
  sysfs.hold("sda1", "dm-0");  // by bootguard itself
  sysfs.hold("sdb", "md127");
  sysfs.hold("sdc", "dm-0");
  sysfs.hold("sdc", "dm-1");
  REQUIRE(why_unusable(one(sysfs, "sda")).empty());
  REQUIRE(why_unusable(one(sysfs, "sda1")).empty());
  REQUIRE(why_unusable(one(sysfs, "sdb")) == "is held by md127");
  REQUIRE(why_unusable(one(sysfs, "sdb1")) == "is held by md127");
  REQUIRE(why_unusable(one(sysfs, "sdc")) == "is held by vg-root");
  REQUIRE(why_unusable(one(sysfs, "dm-0")).find("bootguard itself") != std::string::npos);
  REQUIRE(why_unusable(one(sysfs, "dm-1")).empty());
  REQUIRE(why_unusable(one(sysfs, "dm-2")) == "is suspended");
}

TEST_CASE("block list: nodes have the kernel's names, with slashes where it put exclamation marks") {
  ListedDevice device;
  device.name = "cciss!c0d0p1";
  REQUIRE(node_path(device) == "/dev/cciss/c0d0p1");
  device.name = "dm-77";
  device.dm_name = "no-such-mapping";
  REQUIRE(node_path(device) == "/dev/dm-77");
}

TEST_CASE("block list: a damaged or missing sysfs is an error or an absence, never a crash") {
  REQUIRE(error_of(list_block_devices("/no/such/sysfs")).code == Errc::kIo);
  FakeSysfs sysfs;
  sysfs.add("sda", "nonsense", 4096);
  sysfs.add("sdb", "8:x", 4096);
  sysfs.add("sdc", "8:99999999999999999999", 4096);
  REQUIRE(value_of(list_block_devices(sysfs.path())).empty());
  REQUIRE_FALSE(look_up_block_device(sysfs.path(), "").has_value());
  REQUIRE_FALSE(look_up_block_device(sysfs.path(), "../block/sda").has_value());
}

TEST_CASE("block list: more devices than the limit are an error, not a part of them") {
  FakeSysfs sysfs;
  for (std::size_t i = 0; i <= kMaxBlockDevices; ++i) {
    std::filesystem::create_directory(sysfs.path() + "/class/block/x" + std::to_string(i));
  }
  REQUIRE(error_of(list_block_devices(sysfs.path())).code == Errc::kInternal);
}

}  // namespace bootguard::contract
