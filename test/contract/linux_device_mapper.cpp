// SPDX-License-Identifier: LGPL-2.1-or-later
// On the kernel's device mapper, over a scratch disk (BOOTGUARD_CONTRACT_DISK).
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "contract/device_mapper_contract.h"
#include "linux/device_finder.h"
#include "linux/device_node.h"
#include "linux/libdm_device_mapper.h"
#include "linux/syscalls.h"

namespace bootguard::contract {
namespace {

class LibdmFixture final : public DeviceMapperFixture {
 public:
  LibdmFixture() {
    remove_left_overs();
    info_ = value_of(finder_.find({DeviceName::Kind::kPath, environment("BOOTGUARD_CONTRACT_DISK")}));
    raw_ = value_of(finder_.open(info_, BlockDevices::Access::kReadWrite));
  }
  LibdmFixture(const LibdmFixture&) = delete;
  LibdmFixture& operator=(const LibdmFixture&) = delete;
  ~LibdmFixture() override { remove_left_overs(); }

  DeviceMapper& dm() override { return dm_; }
  DeviceNumber disk() override { return info_.number; }
  BlockDevice& raw() override { return *raw_; }
  std::unique_ptr<BlockDevice> open(const std::string& name) override {
    const DeviceInfo info{dm_.node_path(name), value_of(dm_.find(name))->number, {}, false, {}};
    return value_of(finder_.open(info, BlockDevices::Access::kReadWrite));
  }
  bool node_is_right(const std::string& name) override {
    const auto device = value_of(dm_.find(name));
    struct stat status {};
    return device && ::stat(dm_.node_path(name).c_str(), &status) == 0 && S_ISBLK(status.st_mode) &&
           device_number(status.st_rdev) == device->number;
  }

 private:
  // Until nothing more can be removed: mappings stand on each other in an order unknown here.
  void remove_left_overs() {
    for (bool progress = true; progress;) {
      progress = false;
      const auto names = dm_.list(kPrefix);
      if (!names) return;
      for (const std::string& name : names.value()) {
        const auto device = dm_.find(name);
        if (!device || !device.value()) continue;
        if (device.value()->suspended) (void)dm_.resume(name, false).ok();
        if (device.value()->open_count == 0 && dm_.remove(name).ok()) progress = true;
      }
    }
  }

  LibdmDeviceMapper dm_;
  DeviceFinder finder_;
  DeviceInfo info_;
  std::unique_ptr<BlockDevice> raw_;
};

const SubjectRegistration<DeviceMapperFixture> kLibdm({"libdevmapper", why_without("BOOTGUARD_CONTRACT_DISK"),
                                                       [] { return std::make_unique<LibdmFixture>(); }});

// What is so only here; a suite of its own, so that it is skipped like one.
struct KernelFixture {
  LibdmFixture mappings;
};
const SubjectRegistration<KernelFixture> kKernel({"libdevmapper", why_without("BOOTGUARD_CONTRACT_DISK"),
                                                  [] { return std::make_unique<KernelFixture>(); }});

}  // namespace

CONTRACT_TEST(KernelFixture, "kernel: a table whose target is not loaded says what is missing in the kernel's words") {
  DeviceMapperFixture& mappings = fixture.mappings;
  value_of(mappings.dm().create(named("-a"), ""));
  const Error error = error_of(mappings.dm().load(named("-a"), std::vector{row(0, 8, "no-such-target", "")}));
  CAPTURE(error.text);
  REQUIRE(error.os_error == EINVAL);
  REQUIRE(error.text.find(named("-a")) != std::string::npos);
  REQUIRE(error.text.find("no-such-target") != std::string::npos);
}

CONTRACT_TEST(KernelFixture, "kernel: what somebody only looks into is removed when they have looked") {
  DeviceMapperFixture& mappings = fixture.mappings;
  mappings.make(named("-a"), {row(0, 8, "error", "")});
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const int fd = ::open(mappings.dm().node_path(named("-a")).c_str(), O_RDONLY | O_CLOEXEC);
    sleep_ms(500);
    ::_exit(fd >= 0 ? 0 : 1);
  }
  for (int i = 0; i < 100 && value_of(mappings.dm().find(named("-a")))->open_count == 0; ++i) sleep_ms(2);
  const auto result = mappings.dm().remove(named("-a"));
  int status = 1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  succeeds(result);
}

CONTRACT_TEST(KernelFixture, "kernel: a udevd that makes no nodes is waited for once, then they are made without it") {
  DeviceMapperFixture& mappings = fixture.mappings;
  REQUIRE((::mkdir("/run/udev", 0755) == 0 || errno == EEXIST));
  REQUIRE(UniqueFd(::open("/run/udev/control", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)));
  const std::uint64_t begin_ms = monotonic_clock_ms();
  mappings.make(named("-a"), {row(0, 8, "error", "")});
  const std::uint64_t first_ms = monotonic_clock_ms() - begin_ms;
  mappings.make(named("-b"), {row(0, 8, "error", "")});
  const std::uint64_t second_ms = monotonic_clock_ms() - begin_ms - first_ms;
  ::unlink("/run/udev/control");
  REQUIRE(mappings.node_is_right(named("-a")));
  REQUIRE(mappings.node_is_right(named("-b")));
  REQUIRE(first_ms >= LibdmDeviceMapper::kNodeTimeoutMs);
  REQUIRE(second_ms < LibdmDeviceMapper::kNodeTimeoutMs);
}

CONTRACT_TEST(KernelFixture, "kernel: a foreign file in the place of a node is not removed, and no node is claimed") {
  DeviceMapperFixture& mappings = fixture.mappings;
  const std::string path = mappings.dm().node_path(named("-a"));
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(fd);
  value_of(mappings.dm().create(named("-a"), ""));
  succeeds(mappings.dm().load(named("-a"), std::vector{row(0, 8, "error", "")}));
  const Error error = error_of(mappings.dm().resume(named("-a"), false));
  CAPTURE(error.text);
  REQUIRE(error.code == Errc::kDmFailed);
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  REQUIRE(S_ISREG(status.st_mode));
  ::unlink(path.c_str());
}

TEST_CASE("libdevmapper: a kernel without the driver is told apart, and which module would help") {
  // Where the driver is there (a virtual machine) the other answer is the right one.
  LibdmDeviceMapper dm;
  const auto result = dm.check_available();
  if (::access("/sys/class/misc/device-mapper", F_OK) == 0 && ::geteuid() == 0) {
    REQUIRE(result.ok());
    return;
  }
  const Error error = error_of(result);
  CAPTURE(error.text);
  REQUIRE(error.code == (::geteuid() == 0 ? Errc::kDmMissing : Errc::kNotRoot));
  if (::geteuid() == 0) REQUIRE(error.text.find("dm-mod") != std::string::npos);
}

}  // namespace bootguard::contract
