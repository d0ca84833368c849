// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/file_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <utility>

#include "linux/syscalls.h"

namespace bootguard {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

Error file_error(int os_error, const char* what, const std::string& path) {
  const bool needs_root = os_error == EACCES || os_error == EPERM;
  return system_error(needs_root ? Errc::kNotRoot : Errc::kIo, os_error, "%s %s", what, path.c_str());
}

bool is_absent(int os_error) { return os_error == ENOENT || os_error == ENOTDIR; }

}  // namespace

FileTree::FileTree(std::string root) : root_(std::move(root)) {
  while (!root_.empty() && root_.back() == '/') root_.pop_back();
}

bool FileTree::exists(const std::string& path) const {
  struct stat status {};
  return ::lstat(outside(path).c_str(), &status) == 0;
}

Result<UniqueFd> FileTree::open_for_read(const std::string& path) const {
  const std::string name = outside(path);
  // O_NONBLOCK: a FIFO by that name must not hold us for ever.
  UniqueFd fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    if (is_absent(errno)) return system_error(Errc::kDeviceMissing, errno, "opening %s", name.c_str());
    return file_error(errno, "opening", name);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return file_error(errno, "looking at", name);
  if (!S_ISREG(status.st_mode)) return make_error(Errc::kIo, "%s is no regular file", name.c_str());
  return fd;
}

Result<std::optional<std::string>> FileTree::read(const std::string& path, std::size_t limit) const {
  const auto fd = open_for_read(path);
  if (!fd && fd.error().code == Errc::kDeviceMissing) return std::optional<std::string>();
  if (!fd) return fd.error();
  std::string text;
  std::array<std::byte, 4096> buffer;
  // Files of /proc have no size to go by: they are read until they end.
  for (;;) {
    const Transfer transfer = read_all(fd.value().get(), Bytes(text.size()), buffer);
    if (transfer.os_error != 0) return file_error(transfer.os_error, "reading", outside(path));
    text.append(reinterpret_cast<const char*>(buffer.data()), transfer.done);
    if (text.size() > limit)
      return make_error(Errc::kIo, "%s is larger than %zu KiB, which no such file is", outside(path).c_str(),
                        limit / 1024);
    if (transfer.done < buffer.size()) return std::optional<std::string>(std::move(text));
  }
}

std::vector<std::string> FileTree::list(const std::string& path) const {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(outside(path).c_str()));
  if (!directory) return names;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] != '.' && names.size() < kMaxNames) names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace bootguard
