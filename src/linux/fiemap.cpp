// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/fiemap.h>
#include <linux/fs.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "base/format_text.h"
#include "linux/linux_file_map.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr std::uint32_t kBatch = 256;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

Result<std::vector<FileExtent>> read_extents(int fd, const std::string& path, std::size_t limit) {
  // struct fiemap ends in an array without a length, so it can not be a variable.
  const std::unique_ptr<void, Free> memory(std::calloc(1, sizeof(fiemap) + kBatch * sizeof(fiemap_extent)));
  if (!memory) return system_error(Errc::kInternal, ENOMEM, path);
  auto* map = static_cast<fiemap*>(memory.get());
  std::vector<FileExtent> extents;
  std::uint64_t start = 0;
  for (;;) {
    map->fm_start = start;
    map->fm_length = FIEMAP_MAX_OFFSET - start;
    map->fm_flags = FIEMAP_FLAG_SYNC;
    map->fm_extent_count = kBatch;
    map->fm_mapped_extents = 0;
    const int os_error = retry_interrupted([&] { return device_ioctl(fd, FS_IOC_FIEMAP, map); });
    if (os_error != 0) {
      const bool unknown = os_error == EOPNOTSUPP || os_error == ENOTTY || os_error == EBADR;
      return system_error(unknown ? Errc::kUnsupported : Errc::kIo, os_error, "%s: FIEMAP", path.c_str());
    }
    if (map->fm_mapped_extents > kBatch) return system_error(Errc::kInternal, EIO, "%s: FIEMAP", path.c_str());
    if (map->fm_mapped_extents == 0) return extents;
    for (std::uint32_t i = 0; i < map->fm_mapped_extents; ++i) {
      const fiemap_extent& extent = map->fm_extents[i];
      if (extents.size() == limit) {
        return make_error(Errc::kTooFragmented, "%s has at least %zu extents, %zu are possible", path.c_str(),
                          extents.size() + 1, limit);
      }
      extents.push_back(
          {Bytes(extent.fe_logical), Bytes(extent.fe_physical), Bytes(extent.fe_length), extent.fe_flags});
      if ((extent.fe_flags & FIEMAP_EXTENT_LAST) != 0) return extents;
    }
    const FileExtent& last = extents.back();
    const std::uint64_t next = last.logical.n + last.length.n;
    // Also catches an overflow. The same extents again, for ever, must not hang a boot.
    if (next <= start) return make_error(Errc::kIo, "%s: FIEMAP does not get on", path.c_str());
    start = next;
  }
}

}  // namespace bootguard
