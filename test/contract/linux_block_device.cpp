// SPDX-License-Identifier: LGPL-2.1-or-later
// On image files (always) and on a scratch disk (BOOTGUARD_CONTRACT_DISK).
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "contract/block_device_contract.h"
#include "linux/device_finder.h"
#include "linux/direct_block_device.h"
#include "linux/syscalls.h"

namespace bootguard::contract {
namespace {

class LinuxBlockDeviceFixture final : public BlockDeviceFixture {
 public:
  explicit LinuxBlockDeviceFixture(std::string path) : path_(std::move(path)) {}
  BlockDevices& devices() override { return finder_; }
  DeviceInfo info() override { return value_of(finder_.find({DeviceName::Kind::kPath, path_})); }

 private:
  std::string path_;
  DeviceFinder finder_;
};

// An image file in a folder; gone afterwards.
class ImageFixture final : public BlockDeviceFixture {
 public:
  explicit ImageFixture(const std::string& folder) : path_(folder + "/bootguard-contract-XXXXXX") {
    const UniqueFd fd(::mkstemp(path_.data()));
    REQUIRE(fd);
    REQUIRE(::ftruncate(fd.get(), 2 << 20) == 0);
  }
  ImageFixture(const ImageFixture&) = delete;
  ImageFixture& operator=(const ImageFixture&) = delete;
  ~ImageFixture() override { ::unlink(path_.c_str()); }
  BlockDevices& devices() override { return finder_; }
  DeviceInfo info() override { return value_of(finder_.find({DeviceName::Kind::kPath, path_})); }

 private:
  std::string path_;
  DeviceFinder finder_;
};

const SubjectRegistration<BlockDeviceFixture> kDisk({"scratch disk", why_without("BOOTGUARD_CONTRACT_DISK"), [] {
                                                       return std::make_unique<LinuxBlockDeviceFixture>(
                                                           environment("BOOTGUARD_CONTRACT_DISK"));
                                                     }});
// tmpfs knows no O_DIRECT before Linux 6.6.
const SubjectRegistration<BlockDeviceFixture> kTmpfs({"image file on tmpfs",
                                                      ::access("/dev/shm", W_OK) == 0 ? "" : "/dev/shm is not there",
                                                      [] { return std::make_unique<ImageFixture>("/dev/shm"); }});
const SubjectRegistration<BlockDeviceFixture> kFile({"image file", "", [] {
                                                       return std::make_unique<ImageFixture>(
                                                           ::access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp");
                                                     }});

}  // namespace

TEST_CASE("linux block device: a lock is gone with its process, however that ends") {
  ImageFixture fixture("/tmp");
  const DeviceInfo info = fixture.info();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto lock = fixture.devices().lock(info, 1000);
    (void)!::write(ready[1], lock.ok() ? "+" : "-", 1);
    for (;;) ::pause();
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  const auto busy = fixture.devices().lock(info, 0);
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  ::close(ready[0]);
  ::close(ready[1]);
  REQUIRE(answer == '+');
  REQUIRE(error_of(busy).code == Errc::kBusy);
  REQUIRE(fixture.devices().lock(info, 1000).ok());
}

TEST_CASE("linux block device: what is neither a block device nor a file is no device") {
  DeviceFinder finder;
  for (const char* path : {"/dev/null", "/", "/dev/no-such-folder/x"}) {
    const auto result = finder.find({DeviceName::Kind::kPath, path});
    REQUIRE_FALSE(result.ok());
    REQUIRE(result.error().code == Errc::kDeviceMissing);
  }
}

TEST_CASE("linux block device: the UUID of a path is a configuration error when it is none") {
  DeviceFinder finder;
  REQUIRE(finder.find({DeviceName::Kind::kUuid, "ABCD-1234"}).error().code == Errc::kConfig);
}

}  // namespace bootguard::contract
