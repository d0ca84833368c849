// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/direct_block_device.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstring>

#include "base/format_text.h"
#include "linux/device_node.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

// "reading 4096 bytes at 8192 of /dev/sda3"
std::string describe(const char* what, std::size_t size, Bytes offset, const std::string& path) {
  return format_text("%s %zu bytes at %" PRIu64 " of %s", what, size, offset.n, path.c_str());
}

}  // namespace

Result<std::unique_ptr<DirectBlockDevice>> DirectBlockDevice::open(const DeviceInfo& info,
                                                                   BlockDevices::Access access) {
  const bool writable = access == BlockDevices::Access::kReadWrite;
  const int flags = writable ? O_RDWR : O_RDONLY;
  auto device = std::unique_ptr<DirectBlockDevice>(new DirectBlockDevice);
  device->path_ = info.path;
  device->bounce_.reset(static_cast<std::byte*>(std::aligned_alloc(kBounceAlignment, kBounceBytes)));
  if (!device->bounce_) return system_error(Errc::kInternal, ENOMEM, "opening %s", info.path.c_str());

  auto fd = open_device(info, flags | O_DIRECT);
  // Regular files have the device number 0:0.
  const bool regular = info.number == DeviceNumber{};
  if (!fd && fd.error().os_error == EINVAL && regular) {
    device->direct_ = false;
    fd = open_device(info, flags);
  }
  if (!fd) return std::move(fd).error();
  device->fd_ = std::move(fd).value();
  CHECK_OK(device->measure());
  if (regular && device->direct_ && device->size_.n >= 512) {
    // On a file system with 4 KiB sectors O_DIRECT opens, but refuses single sectors.
    std::byte* sector = device->bounce_.get();
    if (::pread(device->fd_.get(), sector, 512, 0) < 0 && errno == EINVAL) {
      ASSIGN_OR_RETURN(device->fd_, open_device(info, flags));
      device->direct_ = false;
    }
  }
  if (int read_only = 0;
      writable && !regular && device_ioctl(device->fd_.get(), BLKROGET, &read_only) == 0 && read_only != 0) {
    return make_error(Errc::kReadOnly, "%s is read-only", info.path.c_str());
  }
  return device;
}

Result<void> DirectBlockDevice::measure() {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0)
    return system_error(Errc::kIo, errno, "asking for the size of %s", path_.c_str());
  if (S_ISREG(status.st_mode)) {
    size_ = round_down(Bytes(static_cast<std::uint64_t>(status.st_size)), Bytes(512));
    return {};
  }
  std::uint64_t size = 0;
  int block = 0;
  if (device_ioctl(fd_.get(), BLKGETSIZE64, &size) != 0 || device_ioctl(fd_.get(), BLKSSZGET, &block) != 0) {
    return system_error(Errc::kIo, errno, "asking for the size of %s", path_.c_str());
  }
  if (block < 512 || block > 65536 || (block & (block - 1)) != 0) {
    return make_error(Errc::kUnsupported, "%s has blocks of %d bytes", path_.c_str(), block);
  }
  size_ = Bytes(size);
  logical_block_ = Bytes(static_cast<std::uint64_t>(block));
  return {};
}

Result<void> DirectBlockDevice::check_range(const char* what, Bytes offset, std::size_t size) const {
  const std::uint64_t unit = logical_block_.n;
  if (offset.n % unit != 0 || size % unit != 0) {
    return system_error(Errc::kInternal, EINVAL, "%s, whose blocks have %" PRIu64,
                        describe(what, size, offset, path_).c_str(), unit);
  }
  if (offset > size_ || size > size_.n - offset.n) {
    return system_error(Errc::kIo, ENXIO, "%s, which ends at %" PRIu64, describe(what, size, offset, path_).c_str(),
                        size_.n);
  }
  return {};
}

bool DirectBlockDevice::usable_as_it_is(const std::byte* memory) const {
  return !direct_ || reinterpret_cast<std::uintptr_t>(memory) % logical_block_.n == 0;
}

void DirectBlockDevice::drop_cache(Bytes offset, std::size_t size) const {
  if (direct_) return;
  (void)::posix_fadvise(fd_.get(), static_cast<off_t>(offset.n), static_cast<off_t>(size), POSIX_FADV_DONTNEED);
}

Result<void> DirectBlockDevice::read_piece(Bytes offset, std::span<std::byte> out) {
  drop_cache(offset, out.size());
  const Transfer transfer = read_all(fd_.get(), offset, out);
  if (transfer.done == out.size()) return {};
  // The end of the device within its size: it shrank.
  return system_error(Errc::kIo, transfer.os_error != 0 ? transfer.os_error : EIO,
                      describe("reading", out.size(), offset, path_));
}

Result<void> DirectBlockDevice::write_piece(Bytes offset, std::span<const std::byte> in) {
  const Transfer transfer = write_all(fd_.get(), offset, in);
  int os_error = transfer.os_error;
  if (transfer.done < in.size() && os_error == 0) os_error = ENOSPC;
  if (os_error == 0 && !direct_) os_error = retry_interrupted([this] { return ::fdatasync(fd_.get()); });
  drop_cache(offset, in.size());
  if (os_error == 0) return {};
  return system_error(Errc::kIo, os_error, describe("writing", in.size(), offset, path_));
}

Result<void> DirectBlockDevice::read(Bytes offset, std::span<std::byte> out) {
  CHECK_OK(check_range("reading", offset, out.size()));
  if (usable_as_it_is(out.data())) return read_piece(offset, out);
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), kBounceBytes);
    CHECK_OK(read_piece(offset, {bounce_.get(), size}));
    std::memcpy(out.data(), bounce_.get(), size);
    out = out.subspan(size);
    offset += Bytes(size);
  }
  return {};
}

Result<void> DirectBlockDevice::write(Bytes offset, std::span<const std::byte> in) {
  CHECK_OK(check_range("writing", offset, in.size()));
  if (usable_as_it_is(in.data())) return write_piece(offset, in);
  while (!in.empty()) {
    const std::size_t size = std::min(in.size(), kBounceBytes);
    std::memcpy(bounce_.get(), in.data(), size);
    CHECK_OK(write_piece(offset, {bounce_.get(), size}));
    in = in.subspan(size);
    offset += Bytes(size);
  }
  return {};
}

Result<void> DirectBlockDevice::flush() {
  // fsync, not fdatasync: for a regular file on a journalling file system the size and extents belong to it.
  const int os_error = retry_interrupted([this] { return ::fsync(fd_.get()); });
  if (os_error != 0) return system_error(Errc::kIo, os_error, "flushing %s", path_.c_str());
  return {};
}

}  // namespace bootguard
