// SPDX-License-Identifier: LGPL-2.1-or-later
// Deterministic file trees (see tree.cpp). What cannot be done throws Failed.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "random.h"

namespace tree {

using bootguard::Sha256;

struct Failed {
  std::string what;
};

[[noreturn]] inline void die(const std::string& what) { throw Failed{what + ": " + std::strerror(errno)}; }

inline void require(bool good, const std::string& what) {
  if (!good) die(what);
}

class File {
 public:
  File(const std::string& name, int flags) : name_(name), fd_(open(name.c_str(), flags | O_CLOEXEC, 0644)) {
    require(fd_ >= 0, name);
  }
  ~File() { close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  void write_at(const std::string& text, std::size_t offset) const {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t count = pwrite(fd_, text.data() + done, text.size() - done, static_cast<off_t>(offset + done));
      require(count > 0, name_);
      done += static_cast<std::size_t>(count);
    }
  }
  std::size_t size() const {
    struct stat info {};
    require(fstat(fd_, &info) == 0, name_);
    return static_cast<std::size_t>(info.st_size);
  }
  void sync() const { require(fsync(fd_) == 0, name_); }
  int fd() const { return fd_; }

 private:
  std::string name_;
  int fd_;
};

inline std::vector<std::string> names_in(const std::string& directory) {
  DIR* handle = opendir(directory.c_str());
  require(handle != nullptr, directory);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(handle)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

inline struct stat about(const std::string& name) {
  struct stat info {};
  require(lstat(name.c_str(), &info) == 0, name);
  return info;
}

inline void list(const std::string& directory, std::vector<std::string>& files, std::vector<std::string>& directories) {
  for (const std::string& name : names_in(directory)) {
    const std::string path = directory + "/" + name;
    if (S_ISDIR(about(path).st_mode)) {
      if (name == "lost+found") continue;
      directories.push_back(path);
      list(path, files, directories);
    } else {
      files.push_back(path);
    }
  }
}

inline std::size_t random_size(Random& random) {
  const std::size_t kind = random.below(100);
  if (kind < 10) return 0;
  if (kind < 90) return random.below(6000);
  if (kind < 99) return random.below(40000);
  return random.below(400000);
}

inline void add_file(const std::string& name, Random& random) {
  if (random.below(25) == 0) {
    require(symlink(("target-" + std::to_string(random.below(1000000))).c_str(), name.c_str()) == 0, name);
    return;
  }
  const File file(name, O_WRONLY | O_CREAT | O_EXCL);
  file.write_at(random.bytes(random_size(random)), 0);
  if (random.below(8) == 0) require(fchmod(file.fd(), 0600 + static_cast<mode_t>(random.below(64))) == 0, name);
}

inline void make(const std::string& top, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> directories{top};
  require(mkdir(top.c_str(), 0755) == 0 || errno == EEXIST, top);
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 40 == 0) {
      const std::string& parent = directories[random.below(directories.size())];
      const std::string path = (parent.size() < top.size() + 60 ? parent : top) + "/d" + std::to_string(i / 40);
      require(mkdir(path.c_str(), 0755) == 0, path);
      directories.push_back(path);
    }
    add_file(directories[random.below(directories.size())] + "/f" + std::to_string(i), random);
  }
}

inline void overwrite(const std::string& path, Random& random) {
  const File file(path, O_WRONLY);
  file.write_at(random.bytes(1 + random.below(5000)), random.below(file.size() + 1));
}

inline void change_file(const std::string& path, const std::vector<std::string>& directories, std::size_t number,
                        Random& random) {
  const bool regular = S_ISREG(about(path).st_mode);
  const std::size_t kind = random.below(100);
  if (kind < 45) return;
  if (kind < 65 && regular)
    overwrite(path, random);
  else if (kind < 70 && regular)
    require(truncate(path.c_str(), static_cast<off_t>(random.below(9000))) == 0, path);
  else if (kind < 75 && regular)
    require(chmod(path.c_str(), 0600 + static_cast<mode_t>(random.below(64))) == 0, path);
  else if (kind < 88)
    require(unlink(path.c_str()) == 0, path);
  else {
    const std::string to = directories[random.below(directories.size())] + "/r" + std::to_string(number);
    require(rename(path.c_str(), to.c_str()) == 0, path);
  }
}

inline void change(const std::string& top, std::uint64_t seed) {
  Random random(seed ^ 0x6368616e6765U);
  std::vector<std::string> files;
  std::vector<std::string> directories{top};
  list(top, files, directories);
  for (std::size_t i = 0; i < files.size(); ++i) change_file(files[i], directories, i, random);
  const std::string grown = top + "/new-" + std::to_string(seed);
  require(mkdir(grown.c_str(), 0750) == 0, grown);
  directories.push_back(grown);
  for (std::size_t i = 0; i < files.size() / 3 + 1; ++i) {
    add_file(directories[random.below(directories.size())] + "/n" + std::to_string(seed) + "-" + std::to_string(i),
             random);
  }
}

inline std::span<const std::byte> bytes_of(const char* bytes, ssize_t count) {
  return std::as_bytes(std::span(bytes, static_cast<std::size_t>(count)));
}

inline void digest_file(const std::string& path, Sha256& hash) {
  const File file(path, O_RDONLY);
  static char bytes[1 << 16];
  for (;;) {
    const ssize_t count = read(file.fd(), bytes, sizeof bytes);
    require(count >= 0, path);
    if (count == 0) return;
    hash.update(bytes_of(bytes, count));
  }
}

inline void digest_below(const std::string& top, const std::string& below, const std::vector<std::string>& skipped,
                         Sha256& hash) {
  for (const std::string& name : names_in(top + below)) {
    if (below.empty() && std::find(skipped.begin(), skipped.end(), name) != skipped.end()) continue;
    const std::string relative = below + "/" + name;
    const std::string path = top + relative;
    const struct stat info = about(path);
    char header[128];
    std::snprintf(header, sizeof header, "%zu %o %u:%u %" PRId64 "\n", relative.size(), info.st_mode, info.st_uid,
                  info.st_gid, S_ISDIR(info.st_mode) ? std::int64_t{0} : std::int64_t{info.st_size});
    hash.update(std::as_bytes(std::span(relative)));
    hash.update(std::as_bytes(std::span(header, std::strlen(header))));
    if (S_ISDIR(info.st_mode))
      digest_below(top, relative, skipped, hash);
    else if (S_ISREG(info.st_mode))
      digest_file(path, hash);
    else if (S_ISLNK(info.st_mode)) {
      char target[4096];
      const ssize_t count = readlink(path.c_str(), target, sizeof target);
      require(count >= 0, path);
      hash.update(bytes_of(target, count));
    }
  }
}

inline std::string digest(const std::string& top, std::vector<std::string> skipped = {}) {
  skipped.emplace_back("lost+found");
  Sha256 hash;
  digest_below(top, "", skipped, hash);
  std::string text;
  for (const std::byte byte : hash.digest()) {
    char part[3];
    std::snprintf(part, sizeof part, "%02x", std::to_integer<unsigned>(byte));
    text += part;
  }
  return text;
}

inline constexpr std::uint64_t kSlots = 96;
inline constexpr std::uint64_t kReport_every = 8;

inline std::string slot_name(const std::string& directory, std::uint64_t operation) {
  return directory + "/slot-" + std::to_string(operation % kSlots);
}

// The whole content of a slot's file after `operation`: a line naming the operation, then bytes that follow from it.
inline std::string slot_content(std::uint64_t seed, std::uint64_t operation) {
  Random random(seed * 1000003 + operation);
  return std::to_string(operation) + "\n" + random.bytes(random_size(random) % 50000);
}

inline void churn(const std::string& directory, std::uint64_t seed, std::uint64_t operations, bool tell) {
  require(mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST, directory);
  const File parent(directory, O_RDONLY | O_DIRECTORY);
  const File noise(directory + "/noise", O_RDWR | O_CREAT);
  Random random(seed);
  for (std::uint64_t n = 1; operations == 0 || n <= operations; ++n) {
    const std::string temporary = directory + "/temporary";
    const std::string name = slot_name(directory, n);
    {
      const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
      file.write_at(slot_content(seed, n), 0);
      file.sync();
    }
    require(rename(temporary.c_str(), name.c_str()) == 0, name);
    noise.write_at(random.bytes(1 + random.below(8192)), random.below(4 << 20));
    if (n % kReport_every == 0) {
      parent.sync();
      if (!tell) continue;
      std::printf("churn %" PRIu64 " %" PRIu64 "\n", seed, n);
      std::fflush(stdout);
    }
  }
}

inline std::string read_whole(const std::string& name) {
  const File file(name, O_RDONLY);
  std::string text(file.size(), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = read(file.fd(), &text[done], text.size() - done);
    require(count > 0, name);
    done += static_cast<std::size_t>(count);
  }
  return text;
}

// The number of files that are not as they should be; these are told.
inline int churned(const std::string& directory, std::uint64_t seed, std::uint64_t last) {
  int bad = 0;
  for (std::uint64_t n = last; n > 0 && n + kSlots > last; --n) {
    const std::string name = slot_name(directory, n);
    if (access(name.c_str(), F_OK) != 0) {
      std::printf("missing: %s, durable since operation %" PRIu64 "\n", name.c_str(), n);
      ++bad;
      continue;
    }
    const std::string text = read_whole(name);
    const std::uint64_t found = std::strtoull(text.c_str(), nullptr, 10);
    if (found < n || found % kSlots != n % kSlots || text != slot_content(seed, found)) {
      std::printf("wrong: %s holds operation %" PRIu64 ", wanted %" PRIu64 " or newer\n", name.c_str(), found, n);
      ++bad;
    }
  }
  return bad;
}

}  // namespace tree
