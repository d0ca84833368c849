// tree: deterministic file trees for tests inside the virtual machine (built static).
//
//   tree make DIR COUNT SEED          makes COUNT small files, links and directories below DIR
//   tree change DIR SEED              overwrites, appends, truncates, renames, deletes, adds: about half of what is
//   there tree digest DIR [SKIP...]         SHA-256 over the names, types, modes, owners, sizes and contents below DIR;
//                                     SKIP: names directly below DIR to leave out (lost+found always is)
//   tree churn DIR SEED [OPERATIONS]  writes with fsync, for ever or OPERATIONS times; prints "churn SEED N" when all
//   up to N are durable tree churned DIR SEED N           exit 0 if all that was durable at "churn SEED N" is there (or
//   newer), each file whole
#include "tree.h"

namespace {

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

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

int run(int argc, char** argv) {
  const std::string verb = argc > 2 ? argv[1] : "";
  if (verb == "make" && argc == 5)
    tree::make(argv[2], number(argv[3]), number(argv[4]));
  else if (verb == "change" && argc == 4)
    tree::change(argv[2], number(argv[3]));
  else if (verb == "churn" && (argc == 4 || argc == 5))
    tree::churn(argv[2], number(argv[3]), argc == 5 ? number(argv[4]) : 0, true);
  else if (verb == "churned" && argc == 5)
    return tree::churned(argv[2], number(argv[3]), number(argv[4])) == 0 ? 0 : 1;
  else if (verb == "holes" && argc == 7)
    holes(argv[2], number(argv[3]), number(argv[4]), number(argv[5]), number(argv[6]));
  else if (verb == "edges" && argc == 5)
    edges(argv[2], number(argv[3]), number(argv[4]));
  else if (verb == "digest") {
    std::puts(tree::digest(argv[2], {argv + 3, argv + argc}).c_str());
  } else {
    std::fputs(
        "usage: tree make DIR COUNT SEED | change DIR SEED | digest DIR [SKIP...] | churn DIR SEED [OPERATIONS] | "
        "churned DIR SEED N | holes DIR BYTES SPREAD KEEP LIMIT | edges DIR LIMIT COUNT\n",
        stderr);
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  umask(022);
  try {
    return run(argc, argv);
  } catch (const tree::Failed& failed) {
    std::fprintf(stderr, "tree: %s\n", failed.what.c_str());
    return 1;
  }
}
