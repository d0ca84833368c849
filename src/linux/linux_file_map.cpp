// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/linux_file_map.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <utility>

#include "base/format_text.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

// linux/f2fs.h, which older distributions lack; the argument is a __u32.
constexpr unsigned long kF2fsSetPinFile = _IOW(0xf5, 13, std::uint32_t);

Errc code_for(int os_error) {
  if (os_error == ENOSPC || os_error == EDQUOT) return Errc::kNoSpace;
  if (os_error == EROFS) return Errc::kReadOnly;
  if (os_error == EOPNOTSUPP || os_error == ENOTTY || os_error == ENOSYS) return Errc::kUnsupported;
  if ((os_error == EACCES || os_error == EPERM) && ::geteuid() != 0) return Errc::kNotRoot;
  return Errc::kIo;
}

}  // namespace

// What create() has made so far.
struct LinuxFileMap::Made {
  std::size_t first_folder = 0;  // folders [first_folder, folders) are ours
  std::size_t folders = 0;
  bool file = false;
};

LinuxFileMap::LinuxFileMap(UniqueFd root, std::string mount_path, std::vector<std::string> components, bool f2fs)
    : root_(std::move(root)), components_(std::move(components)), path_(std::move(mount_path)), f2fs_(f2fs) {
  for (const std::string& component : components_) {
    if (path_.empty() || path_.back() != '/') path_ += '/';
    path_ += component;
  }
}

Error LinuxFileMap::error(Errc code, int os_error, const char* what) const {
  return system_error(code, os_error, "%s: %s", path_.c_str(), what);
}

Result<UniqueFd> LinuxFileMap::open_folder(std::size_t depth) const {
  UniqueFd folder(::openat(root_.get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (std::size_t i = 0; folder && i < depth; ++i) {
    folder = UniqueFd(::openat(folder.get(), components_[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (!folder) return error(code_for(errno), errno, "opening its folder");
  return folder;
}

Result<UniqueFd> LinuxFileMap::open_folder_for_reading(std::size_t depth) const {
  ASSIGN_OR_RETURN(const UniqueFd folder, open_folder(depth));
  UniqueFd readable(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!readable) return error(code_for(errno), errno, "opening its folder");
  return readable;
}

Result<UniqueFd> LinuxFileMap::open_file(int flags) const {
  ASSIGN_OR_RETURN(const UniqueFd folder, open_folder(folders()));
  // O_NONBLOCK: should it be a FIFO by now.
  UniqueFd fd(::openat(folder.get(), name().c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return error(code_for(errno), errno, "opening");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return error(Errc::kIo, errno, "opening");
  if (!S_ISREG(status.st_mode)) return error(Errc::kIo, 0, "is no regular file");
  return fd;
}

Result<bool> LinuxFileMap::exists() {
  auto folder = open_folder(folders());
  if (!folder && folder.error().os_error == ENOENT) return false;
  if (!folder) return std::move(folder).error();
  struct stat status {};
  if (::fstatat(folder.value().get(), name().c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return error(code_for(errno), errno, "looking for it");
}

Result<FilesystemSpace> LinuxFileMap::space() {
  struct statvfs status {};
  if (::fstatvfs(root_.get(), &status) != 0) return error(Errc::kIo, errno, "asking for the free space");
  const Bytes block(status.f_frsize);
  return FilesystemSpace{block, block * status.f_blocks, block * status.f_bavail};
}

Result<void> LinuxFileMap::sync_folder(std::size_t depth) const {
  ASSIGN_OR_RETURN(const UniqueFd folder, open_folder_for_reading(depth));
  const int os_error = retry_interrupted([&folder] { return ::fsync(folder.get()); });
  if (os_error != 0) return error(code_for(os_error), os_error, "flushing its folder");
  return {};
}

Result<void> LinuxFileMap::create(Bytes size) {
  ASSIGN_OR_RETURN(const FilesystemSpace free_space, space());
  // Refused before anything is made: a file system driven to its last block may need minutes to say so.
  if (size > free_space.available) {
    return make_error(Errc::kNoSpace, "%s: %" PRIu64 " bytes are wanted, %" PRIu64 " of %" PRIu64 " are free",
                      path_.c_str(), size.n, free_space.available.n, free_space.total.n);
  }
  Made made;
  auto result = create_inside(made, size);
  if (!result) undo(made);
  return result;
}

Result<void> LinuxFileMap::create_inside(Made& made, Bytes size) {
  for (std::size_t i = 0; i < folders(); ++i) {
    ASSIGN_OR_RETURN(const UniqueFd parent, open_folder(i));
    if (::mkdirat(parent.get(), components_[i].c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;  // as a folder or not: the next step finds out
      return error(code_for(errno), errno, "making its folder");
    }
    if (made.folders == 0) made.first_folder = i;
    made.folders = i + 1;
  }
  ASSIGN_OR_RETURN(const UniqueFd folder, open_folder(folders()));
  const UniqueFd fd(::openat(folder.get(), name().c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return error(code_for(errno), errno, "making it");
  made.file = true;
  if (f2fs_) {
    CHECK_OK(set_pinned(fd.get(), true));  // f2fs pins only what has no blocks yet
  }
  CHECK_OK(allocate(fd.get(), size));
  const int os_error = retry_interrupted([&fd] { return ::fsync(fd.get()); });
  if (os_error != 0) return error(code_for(os_error), os_error, "flushing");
  for (std::size_t depth = folders() + 1; depth-- > (made.folders != 0 ? made.first_folder : folders());) {
    CHECK_OK(sync_folder(depth));
  }
  return {};
}

Result<void> LinuxFileMap::allocate(int fd, Bytes size) const {
  const int os_error = retry_interrupted([&] { return ::fallocate(fd, 0, 0, static_cast<off_t>(size.n)); });
  if (os_error == 0) return {};
  return error(code_for(os_error), os_error, format_text("preallocating %" PRIu64 " bytes", size.n).c_str());
}

void LinuxFileMap::undo(const Made& made) {
  // Best effort: the error that led here is the one to report.
  if (made.file) {
    if (const auto folder = open_folder(folders())) ::unlinkat(folder.value().get(), name().c_str(), 0);
  }
  for (std::size_t i = made.folders; i-- > made.first_folder;) {
    if (const auto parent = open_folder(i)) ::unlinkat(parent.value().get(), components_[i].c_str(), AT_REMOVEDIR);
  }
  (void)sync_folder(made.folders != 0 ? made.first_folder : folders()).ok();
}

Result<void> LinuxFileMap::set_pinned(int fd, bool pinned) const {
  std::uint32_t value = pinned ? 1 : 0;
  if (device_ioctl(fd, kF2fsSetPinFile, &value) == 0) return {};
  // EINVAL: mounted with mode=lfs, which never writes in place.
  const Errc code = errno == EINVAL ? Errc::kUnsupported : code_for(errno);
  return error(code, errno, pinned ? "pinning its blocks" : "unpinning its blocks");
}

Result<std::vector<FileExtent>> LinuxFileMap::extents(std::size_t limit) {
  ASSIGN_OR_RETURN(const UniqueFd fd, open_file(O_RDONLY));
  return read_extents(fd.get(), path_, limit);
}

Result<Bytes> LinuxFileMap::size() {
  ASSIGN_OR_RETURN(const UniqueFd fd, open_file(O_RDONLY));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return error(Errc::kIo, errno, "asking for its size");
  return Bytes(static_cast<std::uint64_t>(status.st_size));
}

Result<void> LinuxFileMap::write(Bytes offset, std::span<const std::byte> in) {
  ASSIGN_OR_RETURN(const Bytes end, size());
  if (offset > end || in.size() > end.n - offset.n) return error(Errc::kInternal, EFBIG, "writing beyond its end");
  ASSIGN_OR_RETURN(const UniqueFd fd, open_file(O_WRONLY));
  const Transfer transfer = write_all(fd.get(), offset, in);
  if (transfer.done < in.size()) {
    return error(code_for(transfer.os_error), transfer.os_error != 0 ? transfer.os_error : ENOSPC, "writing");
  }
  const int os_error = retry_interrupted([&fd] { return ::fsync(fd.get()); });
  if (os_error != 0) return error(code_for(os_error), os_error, "flushing");
  return {};
}

Result<void> LinuxFileMap::sync() {
  ASSIGN_OR_RETURN(const UniqueFd fd, open_file(O_RDONLY));
  const int os_error = retry_interrupted([&fd] { return ::fsync(fd.get()); });
  if (os_error != 0) return error(code_for(os_error), os_error, "flushing");
  return {};
}

Result<void> LinuxFileMap::set_immutable(int fd, bool immutable) const {
  const char* what = immutable ? "making it immutable" : "making it mutable";
  // The ioctl's number says long, but every kernel reads and writes an int (ioctl_iflags(2), BUGS).
  int flags = 0;
  if (device_ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return error(code_for(errno), errno, what);
  const int wanted = immutable ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
  if (wanted == flags) return {};
  if (device_ioctl(fd, FS_IOC_SETFLAGS, &wanted) != 0) return error(code_for(errno), errno, what);
  if (device_ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0 || ((flags & FS_IMMUTABLE_FL) != 0) != immutable) {
    return error(Errc::kUnsupported, 0, "the file system forgot the immutable flag");
  }
  return {};
}

Result<void> LinuxFileMap::make_immutable() {
  ASSIGN_OR_RETURN(const UniqueFd fd, open_file(O_RDONLY));
  CHECK_OK(set_immutable(fd.get(), true));
  const int os_error = retry_interrupted([&fd] { return ::fsync(fd.get()); });
  if (os_error != 0) return error(code_for(os_error), os_error, "flushing");
  return {};
}

// XFS gives the blocks of a removed file back in the background: whoever asks at once how much is free is told too
// little. Waits until most of `freed` shows, at most two seconds; after that it is the caller's to find too little.
void LinuxFileMap::wait_for_space(Bytes before, Bytes freed) {
  constexpr std::uint32_t kPollMs = 20;
  for (std::uint32_t waited_ms = 0; waited_ms < 2000; waited_ms += kPollMs) {
    const auto now = space();
    if (!now || now.value().available >= before + Bytes(freed.n / 10 * 9)) return;
    sleep_ms(kPollMs);
  }
}

Result<void> LinuxFileMap::remove() {
  Bytes freed;
  {
    auto file = open_file(O_RDONLY);
    if (!file && file.error().os_error == ENOENT) return {};
    if (!file) return std::move(file).error();
    CHECK_OK(set_immutable(file.value().get(), false));
    struct stat status {};
    if (::fstat(file.value().get(), &status) == 0)
      freed = to_bytes(Sectors(static_cast<std::uint64_t>(status.st_blocks)));
    // Not pinned (made by an older version, or by hand) is no reason to keep it.
    if (f2fs_) (void)set_pinned(file.value().get(), false).ok();
  }
  ASSIGN_OR_RETURN(const FilesystemSpace before, space());
  ASSIGN_OR_RETURN(const UniqueFd folder, open_folder(folders()));
  if (::unlinkat(folder.get(), name().c_str(), 0) != 0 && errno != ENOENT) {
    return error(code_for(errno), errno, "removing");
  }
  CHECK_OK(sync_folder(folders()));
  wait_for_space(before.available, freed);
  if (folders() == 0) return {};
  ASSIGN_OR_RETURN(const UniqueFd parent, open_folder(folders() - 1));
  if (::unlinkat(parent.get(), components_[folders() - 1].c_str(), AT_REMOVEDIR) != 0) return {};  // not empty
  return sync_folder(folders() - 1);
}

}  // namespace bootguard
