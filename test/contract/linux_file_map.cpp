// SPDX-License-Identifier: LGPL-2.1-or-later
// On a mounted file system that may be filled and remounted (BOOTGUARD_CONTRACT_MOUNT).
#include "linux/linux_file_map.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "contract/file_map_contract.h"
#include "linux/block_list.h"
#include "linux/device_finder.h"
#include "linux/device_node.h"
#include "linux/linux_mounts.h"
#include "linux/syscalls.h"

namespace bootguard::contract {
namespace {

class LinuxFileMapFixture final : public FileMapFixture {
 public:
  LinuxFileMapFixture() : path_(environment("BOOTGUARD_CONTRACT_MOUNT")) {
    struct stat status {};
    REQUIRE(::stat(path_.c_str(), &status) == 0);
    number_ = device_number(status.st_dev);
    const auto name = block_device_name("/sys", number_);
    REQUIRE(name.has_value());
    const DeviceInfo info = value_of(finder_.find({DeviceName::Kind::kPath, "/dev/" + *name}));
    raw_ = value_of(finder_.open(info, BlockDevices::Access::kRead));
    remove_left_overs();
  }
  LinuxFileMapFixture(const LinuxFileMapFixture&) = delete;
  LinuxFileMapFixture& operator=(const LinuxFileMapFixture&) = delete;
  ~LinuxFileMapFixture() override {
    remount(false);
    remove_left_overs();
  }

  Mounts& mounts() override { return mounts_; }
  DeviceNumber device() override { return number_; }
  BlockDevice& raw() override { return *raw_; }
  void set_read_only(bool read_only) override { REQUIRE(remount(read_only) == 0); }
  std::optional<int> unlink_behind(const std::string& path) override { return ::unlink(path.c_str()) == 0 ? 0 : errno; }
  std::optional<int> open_for_writing_behind(const std::string& path) override {
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return fd ? 0 : errno;
  }
  std::optional<bool> folder_exists() override {
    struct stat status {};
    return ::lstat((path_ + "/.bootguard-contract").c_str(), &status) == 0;
  }

 private:
  int remount(bool read_only) {
    unsigned long flags = MS_REMOUNT;
    if (read_only) flags |= MS_RDONLY;
    return ::mount(nullptr, path_.c_str(), nullptr, flags, nullptr);
  }
  void remove_left_overs() {
    const DeviceNumber devices[] = {number_};
    const auto mount = mounts_.find(devices);
    if (!mount || !mount.value()) return;
    if (const auto file = mounts_.open_store(*mount.value(), kStore)) (void)file.value()->remove().ok();
    ::rmdir((path_ + "/.bootguard-contract").c_str());
  }

  std::string path_;
  DeviceNumber number_;
  DeviceFinder finder_;
  LinuxMounts mounts_;
  std::unique_ptr<BlockDevice> raw_;
};

const SubjectRegistration<FileMapFixture> kMounted({"mounted file system", why_without("BOOTGUARD_CONTRACT_MOUNT"),
                                                    [] { return std::make_unique<LinuxFileMapFixture>(); }});

// What only real folders can show; a suite of its own, so that it is skipped like one.
struct FolderFixture {
  LinuxFileMapFixture files;
};
const SubjectRegistration<FolderFixture> kFolders({"mounted file system", why_without("BOOTGUARD_CONTRACT_MOUNT"),
                                                   [] { return std::make_unique<FolderFixture>(); }});

}  // namespace

CONTRACT_TEST(FolderFixture, "linux file map: no symbolic link is followed, neither to the folder nor to the file") {
  LinuxFileMapFixture& files = fixture.files;
  const std::string root = files.mount().path;
  const std::string link = root + "/.bootguard-contract";
  REQUIRE(::symlink("/tmp", link.c_str()) == 0);
  const auto through_folder = files.store();
  REQUIRE_FALSE(through_folder->create(kStoreSize).ok());
  REQUIRE_FALSE(through_folder->exists().ok());
  REQUIRE_FALSE(through_folder->remove().ok());
  REQUIRE(::unlink(link.c_str()) == 0);

  REQUIRE(::mkdir(link.c_str(), 0700) == 0);
  const std::string file_link = link + "/store";
  REQUIRE(::symlink("/tmp/other", file_link.c_str()) == 0);
  const auto file = files.store();
  REQUIRE(error_of(file->create(kStoreSize)).os_error == EEXIST);
  REQUIRE_FALSE(file->size().ok());
  REQUIRE_FALSE(file->remove().ok());
  struct stat status {};
  REQUIRE(::lstat(file_link.c_str(), &status) == 0);
  REQUIRE(::unlink(file_link.c_str()) == 0);
}

CONTRACT_TEST(FolderFixture, "linux file map: a folder with something else in it stays") {
  LinuxFileMapFixture& files = fixture.files;
  const auto file = files.store();
  succeeds(file->create(kStoreSize));
  const std::string other = files.mount().path + "/.bootguard-contract/other";
  REQUIRE(UniqueFd(::open(other.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)));
  succeeds(file->remove());
  REQUIRE(files.folder_exists() == true);
  // The folder was there: a failure must not take it away.
  REQUIRE(error_of(file->create(value_of(file->space()).total * 2)).code == Errc::kNoSpace);
  REQUIRE(files.folder_exists() == true);
  REQUIRE(::unlink(other.c_str()) == 0);
}

CONTRACT_TEST(FolderFixture, "linux file map: when the allocation itself fails nothing is left behind") {
  const auto file = fixture.files.store();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{1 << 20, before.rlim_max};
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto result = file->create(kStoreSize);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  REQUIRE(error_of(result).os_error == EFBIG);
  REQUIRE_FALSE(value_of(file->exists()));
  REQUIRE(fixture.files.folder_exists() == false);
}

CONTRACT_TEST(FolderFixture, "linux file map: extents are read over several batches, each once") {
  constexpr std::uint64_t kPieces = 600;
  const std::string path = fixture.files.mount().path + "/bootguard-contract-holes";
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  REQUIRE(fd);
  REQUIRE(::unlink(path.c_str()) == 0);
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    REQUIRE(write_all(fd.get(), Bytes(i * 16384), pattern(4096, 1)).done == 4096);
  }
  const auto extents = value_of(read_extents(fd.get(), path, 2 * kPieces));
  REQUIRE(extents.size() >= kPieces);
  for (std::size_t i = 1; i < extents.size(); ++i) {
    REQUIRE(extents[i].logical >= extents[i - 1].logical + extents[i - 1].length);
  }
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    const auto here = std::count_if(extents.begin(), extents.end(), [i](const FileExtent& extent) {
      return extent.logical.n <= i * 16384 && i * 16384 < extent.logical.n + extent.length.n;
    });
    REQUIRE(here == 1);
  }
  REQUIRE(value_of(read_extents(fd.get(), path, extents.size())) == extents);
  for (const std::size_t limit : {extents.size() - 1, std::size_t{256}, std::size_t{0}}) {
    REQUIRE(error_of(read_extents(fd.get(), path, limit)).code == Errc::kTooFragmented);
  }
}

CONTRACT_TEST(FolderFixture, "linux file map: a folder that was made is private, the file too") {
  LinuxFileMapFixture& files = fixture.files;
  const auto file = files.store();
  succeeds(file->create(kStoreSize));
  struct stat status {};
  REQUIRE(::stat((files.mount().path + "/.bootguard-contract").c_str(), &status) == 0);
  REQUIRE((status.st_mode & 0777) == 0700);
  REQUIRE(::stat(file->path().c_str(), &status) == 0);
  REQUIRE((status.st_mode & 0777) == 0600);
}

CONTRACT_TEST(FolderFixture, "linux file map: the file may lie in the root of the mount") {
  LinuxFileMapFixture& files = fixture.files;
  const auto file = value_of(files.mounts().open_store(files.mount(), "bootguard-contract-store"));
  succeeds(file->create(kStoreSize));
  succeeds(file->make_immutable());
  succeeds(file->remove());
  REQUIRE_FALSE(value_of(file->exists()));
}

CONTRACT_TEST(FolderFixture, "linux file map: paths that leave the mount are refused") {
  const MountPoint mount = fixture.files.mount();
  for (const char* path : {"", "/", "/store", "../store", "a/../store", "a//store", "a/", "./store", "a/."}) {
    CAPTURE(path);
    REQUIRE(error_of(fixture.files.mounts().open_store(mount, path)).code == Errc::kConfig);
  }
}

CONTRACT_TEST(FolderFixture, "linux file map: a mount point that is another file system by now is not written to") {
  MountPoint mount = fixture.files.mount();
  mount.device.minor += 1;
  REQUIRE(error_of(fixture.files.mounts().open_store(mount, kStore)).code == Errc::kNotMounted);
  mount = fixture.files.mount();
  mount.type = "btrfs";
  REQUIRE(error_of(fixture.files.mounts().open_store(mount, kStore)).code == Errc::kUnsupported);
}

}  // namespace bootguard::contract
