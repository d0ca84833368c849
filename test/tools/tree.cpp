// tree: deterministic file trees for tests inside the virtual machine (built static).
//
//   tree make DIR COUNT SEED          makes COUNT small files, links and directories below DIR
//   tree change DIR SEED              overwrites, appends, truncates, renames, deletes, adds: about half of what is
//   there tree digest DIR [SKIP...]         SHA-256 over the names, types, modes, owners, sizes and contents below DIR;
//                                     SKIP: names directly below DIR to leave out (lost+found always is)
//   tree churn DIR SEED [OPERATIONS]  writes with fsync, for ever or OPERATIONS times; prints "churn SEED N" when all
//   up to N are durable tree churned DIR SEED N           exit 0 if all that was durable at "churn SEED N" is there (or
//   newer), each file whole
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
#include <string>
#include <vector>

#include "sha256.h"

namespace {

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "tree: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

void require(bool good, const std::string& what) {
  if (!good) die(what);
}

// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : next() % limit; }
  std::string bytes(std::size_t count) {
    std::string text(count, '\0');
    for (std::size_t i = 0; i < count; i += 8) {
      const std::uint64_t word = next();
      std::memcpy(&text[i], &word, std::min<std::size_t>(8, count - i));
    }
    return text;
  }

 private:
  std::uint64_t state_;
};

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

std::vector<std::string> names_in(const std::string& directory) {
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

struct stat about(const std::string& name) {
  struct stat info {};
  require(lstat(name.c_str(), &info) == 0, name);
  return info;
}

void list(const std::string& directory, std::vector<std::string>& files, std::vector<std::string>& directories) {
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

std::size_t random_size(Random& random) {
  const std::size_t kind = random.below(100);
  if (kind < 10) return 0;
  if (kind < 90) return random.below(6000);
  if (kind < 99) return random.below(40000);
  return random.below(400000);
}

void add_file(const std::string& name, Random& random) {
  if (random.below(25) == 0) {
    require(symlink(("target-" + std::to_string(random.below(1000000))).c_str(), name.c_str()) == 0, name);
    return;
  }
  const File file(name, O_WRONLY | O_CREAT | O_EXCL);
  file.write_at(random.bytes(random_size(random)), 0);
  if (random.below(8) == 0) require(fchmod(file.fd(), 0600 + static_cast<mode_t>(random.below(64))) == 0, name);
}

void make(const std::string& top, std::size_t count, std::uint64_t seed) {
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

void overwrite(const std::string& path, Random& random) {
  const File file(path, O_WRONLY);
  file.write_at(random.bytes(1 + random.below(5000)), random.below(file.size() + 1));
}

void change_file(const std::string& path, const std::vector<std::string>& directories, std::size_t number,
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

void change(const std::string& top, std::uint64_t seed) {
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

void digest_file(const std::string& path, Sha256& hash) {
  const File file(path, O_RDONLY);
  static char bytes[1 << 16];
  for (;;) {
    const ssize_t count = read(file.fd(), bytes, sizeof bytes);
    require(count >= 0, path);
    if (count == 0) return;
    hash.add(bytes, static_cast<std::size_t>(count));
  }
}

void digest(const std::string& top, const std::string& below, const std::vector<std::string>& skipped, Sha256& hash) {
  for (const std::string& name : names_in(top + below)) {
    if (below.empty() && std::find(skipped.begin(), skipped.end(), name) != skipped.end()) continue;
    const std::string relative = below + "/" + name;
    const std::string path = top + relative;
    const struct stat info = about(path);
    char header[128];
    std::snprintf(header, sizeof header, "%zu %o %u:%u %" PRId64 "\n", relative.size(), info.st_mode, info.st_uid,
                  info.st_gid, S_ISDIR(info.st_mode) ? std::int64_t{0} : std::int64_t{info.st_size});
    hash.add(relative.data(), relative.size());
    hash.add(header, std::strlen(header));
    if (S_ISDIR(info.st_mode))
      digest(top, relative, skipped, hash);
    else if (S_ISREG(info.st_mode))
      digest_file(path, hash);
    else if (S_ISLNK(info.st_mode)) {
      char target[4096];
      const ssize_t count = readlink(path.c_str(), target, sizeof target);
      require(count >= 0, path);
      hash.add(target, static_cast<std::size_t>(count));
    }
  }
}

constexpr std::uint64_t kSlots = 96;
constexpr std::uint64_t kReport_every = 8;

std::string slot_name(const std::string& directory, std::uint64_t operation) {
  return directory + "/slot-" + std::to_string(operation % kSlots);
}

// The whole content of a slot's file after `operation`: a line naming the operation, then bytes that follow from it.
std::string slot_content(std::uint64_t seed, std::uint64_t operation) {
  Random random(seed * 1000003 + operation);
  return std::to_string(operation) + "\n" + random.bytes(random_size(random) % 50000);
}

void churn(const std::string& directory, std::uint64_t seed, std::uint64_t operations) {
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
      std::printf("churn %" PRIu64 " %" PRIu64 "\n", seed, n);
      std::fflush(stdout);
    }
  }
}

std::string read_whole(const std::string& name) {
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

int churned(const std::string& directory, std::uint64_t seed, std::uint64_t last) {
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
  return bad == 0 ? 0 : 1;
}

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

}  // namespace

namespace {

// A file of `bytes` bytes, all `filler`; false when the filesystem is full (the file stays, cut short).
bool fill_file(const std::string& path, std::uint64_t bytes, char filler, bool keep_content) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | (keep_content ? 0 : O_TRUNC), 0644);
  if (fd < 0) return false;
  const std::vector<char> block(65536, filler);
  bool whole = true;
  while (bytes > 0 && whole) {
    const ssize_t done = write(fd, block.data(), std::min<std::uint64_t>(bytes, block.size()));
    whole = done > 0;
    if (whole) bytes -= static_cast<std::uint64_t>(done);
  }
  return close(fd) == 0 && whole;
}

// Free space in many holes: files DIR/0, DIR/1, ... until LIMIT or until the filesystem is full, of BYTES and up to ten
// times SPREAD more; then all but every KEEPth are removed. Prints how many were made.
void holes(const std::string& dir, std::uint64_t bytes, std::uint64_t spread, std::uint64_t keep, std::uint64_t limit) {
  mkdir(dir.c_str(), 0755);
  std::uint64_t n = 0;
  while (n < limit && fill_file(dir + "/" + std::to_string(n), bytes + n % 11 * spread, 'x', false)) ++n;
  sync();
  for (std::uint64_t m = 0; m <= n; ++m) {
    if (m % keep != 1) unlink((dir + "/" + std::to_string(m)).c_str());
  }
  sync();
  std::printf("%" PRIu64 " files\n", n);
}

// Of the files that holes() left: overwrites in place the first and the last KiB of each, then all of the last COUNT,
// from the last backwards.
void edges(const std::string& dir, std::uint64_t limit, std::uint64_t count) {
  for (std::uint64_t n = 0; n < limit; ++n) {
    const int fd = open((dir + "/" + std::to_string(n)).c_str(), O_WRONLY);
    if (fd < 0) continue;
    const std::string kib(1024, 'e');
    const off_t size = lseek(fd, 0, SEEK_END);
    if (pwrite(fd, kib.data(), kib.size(), 0) < 0 || pwrite(fd, kib.data(), kib.size(), size - 1024) < 0)
      std::perror("edges");
    close(fd);
  }
  sync();
  for (std::uint64_t n = limit; n-- > 0 && count > 0;) {
    const std::string path = dir + "/" + std::to_string(n);
    struct stat info;
    if (stat(path.c_str(), &info) != 0) continue;
    fill_file(path, static_cast<std::uint64_t>(info.st_size), 'r', true);
    --count;
  }
  sync();
}

}  // namespace

int main(int argc, char** argv) {
  umask(022);
  const std::string verb = argc > 2 ? argv[1] : "";
  if (verb == "make" && argc == 5)
    make(argv[2], number(argv[3]), number(argv[4]));
  else if (verb == "change" && argc == 4)
    change(argv[2], number(argv[3]));
  else if (verb == "churn" && (argc == 4 || argc == 5))
    churn(argv[2], number(argv[3]), argc == 5 ? number(argv[4]) : 0);
  else if (verb == "churned" && argc == 5)
    return churned(argv[2], number(argv[3]), number(argv[4]));
  else if (verb == "holes" && argc == 7)
    holes(argv[2], number(argv[3]), number(argv[4]), number(argv[5]), number(argv[6]));
  else if (verb == "edges" && argc == 5)
    edges(argv[2], number(argv[3]), number(argv[4]));
  else if (verb == "digest") {
    std::vector<std::string> skipped(argv + 3, argv + argc);
    skipped.emplace_back("lost+found");
    Sha256 hash;
    digest(argv[2], "", skipped, hash);
    std::puts(hash.hex().c_str());
  } else {
    std::fputs(
        "usage: tree make DIR COUNT SEED | change DIR SEED | digest DIR [SKIP...] | churn DIR SEED [OPERATIONS] | "
        "churned DIR SEED N | holes DIR BYTES SPREAD KEEP LIMIT | edges DIR LIMIT COUNT\n",
        stderr);
    return 2;
  }
  return 0;
}
