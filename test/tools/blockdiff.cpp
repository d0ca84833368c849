// blockdiff: compares a byte range of two disk images, 4 KiB block by block.
//
//   blockdiff A B [--offset-bytes X] [--size-bytes Y] [--exclude FILE]
//
// FILE holds lines "start_sector count" (512-byte sectors, relative to the range) that may differ; '#' begins a
// comment. Holes in both images at the same place are not read. Prints the number of differing blocks and the first few
// of them. Exit status: 0 equal, 1 different, 2 usage or I/O error (also when an image is shorter than the range).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t kSector_bytes = 512;
constexpr std::int64_t kBlock_bytes = 4096;
constexpr std::int64_t kBuffer_bytes = 1 << 20;
constexpr int kShown = 10;

struct Range {
  std::int64_t begin;
  std::int64_t end;
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(2);
}

std::int64_t number(const char* text) {
  char* end = nullptr;
  const std::int64_t value = std::strtoll(text, &end, 10);
  if (end == text || *end != '\0' || value < 0) {
    std::fprintf(stderr, "blockdiff: not a number: %s\n", text);
    std::exit(2);
  }
  return value;
}

std::vector<Range> read_excluded(const char* name) {
  std::FILE* file = std::fopen(name, "r");
  if (file == nullptr) die(name);
  std::vector<Range> ranges;
  char line[256];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (line[std::strspn(line, " \t\n")] == '\0' || line[0] == '#') continue;
    std::int64_t start = 0;
    std::int64_t count = 0;
    if (std::sscanf(line, "%" SCNd64 " %" SCNd64, &start, &count) != 2 || start < 0 || count < 0) {
      std::fprintf(stderr, "blockdiff: %s: bad line: %s", name, line);
      std::exit(2);
    }
    ranges.push_back({start * kSector_bytes, (start + count) * kSector_bytes});
  }
  std::fclose(file);
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  return ranges;
}

class Image {
 public:
  explicit Image(const char* name) : name_(name), fd_(open(name, O_RDONLY | O_CLOEXEC)) {
    struct stat info {};
    if (fd_ < 0 || fstat(fd_, &info) != 0) die(name);
    size_ = info.st_size;
  }
  const char* name() const { return name_; }
  std::int64_t size() const { return size_; }

  // The first offset from `from` on that may hold something else than zeros; size() if none.
  std::int64_t next_data(std::int64_t from) const {
    const std::int64_t found = lseek(fd_, from, SEEK_DATA);
    return found < 0 ? size_ : found;
  }
  void read_at(std::int64_t offset, char* bytes, std::int64_t count) const {
    while (count > 0) {
      const ssize_t got = pread(fd_, bytes, static_cast<std::size_t>(count), offset);
      if (got <= 0) die(name_);
      offset += got;
      bytes += got;
      count -= got;
    }
  }

 private:
  const char* name_;
  int fd_;
  std::int64_t size_ = 0;
};

class Report {
 public:
  explicit Report(std::vector<Range> excluded) : excluded_(std::move(excluded)) {}

  // `at`: offset within the compared range; a and b differ somewhere in these bytes.
  void block(std::int64_t at, const char* a, const char* b, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      if (a[i] == b[i]) continue;
      const std::int64_t skip_to = end_of_excluded(at + i);
      if (skip_to > at + i) {
        i = skip_to - at - 1;
        continue;
      }
      if (different_++ < kShown) {
        std::printf("differs: block %" PRId64 " (byte %" PRId64 " of the range, sector %" PRId64 "): %02x %02x\n",
                    at / kBlock_bytes, at + i, (at + i) / kSector_bytes, static_cast<unsigned char>(a[i]),
                    static_cast<unsigned char>(b[i]));
      }
      return;
    }
  }
  std::int64_t different() const { return different_; }

 private:
  std::int64_t end_of_excluded(std::int64_t at) {
    while (next_ < excluded_.size() && excluded_[next_].end <= at) ++next_;
    std::int64_t end = at;
    for (std::size_t i = next_; i < excluded_.size() && excluded_[i].begin <= end; ++i)
      end = std::max(end, excluded_[i].end);
    return end;
  }
  std::vector<Range> excluded_;
  std::size_t next_ = 0;
  std::int64_t different_ = 0;
};

void compare(const Image& a, const Image& b, Range range, Report& report) {
  std::vector<char> left(kBuffer_bytes);
  std::vector<char> right(kBuffer_bytes);
  for (std::int64_t at = range.begin; at < range.end;) {
    const std::int64_t data = std::min(a.next_data(at), b.next_data(at));
    if (data >= range.end) return;
    if (data > at) at += (data - at) / kBlock_bytes * kBlock_bytes;  // stay on the range's own block grid
    const std::int64_t count = std::min(kBuffer_bytes, range.end - at);
    a.read_at(at, left.data(), count);
    b.read_at(at, right.data(), count);
    if (std::memcmp(left.data(), right.data(), static_cast<std::size_t>(count)) != 0) {
      for (std::int64_t i = 0; i < count; i += kBlock_bytes) {
        const std::int64_t size = std::min(kBlock_bytes, count - i);
        if (std::memcmp(&left[i], &right[i], static_cast<std::size_t>(size)) != 0)
          report.block(at - range.begin + i, &left[i], &right[i], size);
      }
    }
    at += count;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<const char*> names;
  std::int64_t offset = 0;
  std::int64_t size = -1;
  std::vector<Range> excluded;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) != 0)
      names.push_back(argv[i]);
    else if (i + 1 >= argc)
      names.clear();
    else if (word == "--offset-bytes")
      offset = number(argv[++i]);
    else if (word == "--size-bytes")
      size = number(argv[++i]);
    else if (word == "--exclude")
      excluded = read_excluded(argv[++i]);
    else {
      names.clear();
      break;
    }
  }
  if (names.size() != 2) {
    std::fputs("usage: blockdiff A B [--offset-bytes X] [--size-bytes Y] [--exclude FILE]\n", stderr);
    return 2;
  }
  const Image a(names[0]);
  const Image b(names[1]);
  if (size < 0) {
    if (a.size() != b.size()) {
      std::printf("differs: sizes %" PRId64 " and %" PRId64 "\n", a.size(), b.size());
      return 1;
    }
    size = a.size() - offset;
  }
  for (const Image* image : {&a, &b}) {
    if (size < 0 || offset > image->size() - size) {
      std::fprintf(stderr, "blockdiff: %s: shorter than the range\n", image->name());
      return 2;
    }
  }
  Report report(std::move(excluded));
  compare(a, b, {offset, offset + size}, report);
  std::printf("%" PRId64 " blocks differ\n", report.different());
  return report.different() == 0 ? 0 : 1;
}
