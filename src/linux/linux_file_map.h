// SPDX-License-Identifier: LGPL-2.1-or-later
// FileMap by openat(2), fallocate(2), ioctl_iflags(2) and FS_IOC_FIEMAP. Each operation walks from the mount's root,
// following no symbolic link, and closes what it opened: only the root stays open, as long as the object lives (it
// keeps the file system from being unmounted).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/unique_fd.h"
#include "ports/file_map.h"

namespace bootguard {

class LinuxFileMap final : public FileMap {
 public:
  // `root`: of the mount at `mount_path`. `components`: of the path below it, none empty, none "." or "..".
  LinuxFileMap(UniqueFd root, std::string mount_path, std::vector<std::string> components, bool f2fs);

  [[nodiscard]] std::string path() const override { return path_; }
  Result<bool> exists() override;
  // available is what ordinary users may still take: the reserve for root stays out of reach.
  Result<FilesystemSpace> space() override;
  // f2fs allocates pinned files in sections (2 MiB and up): the file may own more than `size`.
  Result<void> create(Bytes size) override;
  Result<std::vector<FileExtent>> extents(std::size_t limit) override;
  Result<Bytes> size() override;
  // Errors: also kInternal beyond the end of the file, which must not grow.
  Result<void> write(Bytes offset, std::span<const std::byte> in) override;
  Result<void> sync() override;
  Result<void> make_immutable() override;
  // Also removes the folder, if that is empty then and not the root of the mount.
  Result<void> remove() override;

 private:
  struct Made;

  // The folder of the file. An invalid fd with os_error ENOENT inside the error if a part is missing.
  Result<UniqueFd> open_folder(std::size_t depth) const;
  Result<UniqueFd> open_folder_for_reading(std::size_t depth) const;
  Result<UniqueFd> open_file(int flags) const;
  Result<void> create_inside(Made& made, Bytes size);
  Result<void> allocate(int fd, Bytes size) const;
  Result<void> set_pinned(int fd, bool pinned) const;
  Result<void> set_immutable(int fd, bool immutable) const;
  void wait_for_space(Bytes before, Bytes freed);
  Result<void> sync_folder(std::size_t depth) const;
  void undo(const Made& made);
  [[nodiscard]] const std::string& name() const { return components_.back(); }
  // Number of folders between the root and the file.
  [[nodiscard]] std::size_t folders() const { return components_.size() - 1; }
  [[nodiscard]] Error error(Errc code, int os_error, const char* what) const;

  UniqueFd root_;
  std::vector<std::string> components_;
  std::string path_;
  bool f2fs_;
};

// FS_IOC_FIEMAP with FIEMAP_FLAG_SYNC (Documentation/filesystems/fiemap.rst) over a file of `path`, for error texts.
// Ends whatever the file system answers: each batch must go on behind the last one.
[[nodiscard]] Result<std::vector<FileExtent>> read_extents(int fd, const std::string& path, std::size_t limit);

}  // namespace bootguard
