// SPDX-License-Identifier: LGPL-2.1-or-later
// The log of dm-log-writes (Documentation/admin-guide/device-mapper/log-writes.rst, drivers/md/dm-log-writes.c): a
// super block, then for each write a sector that tells what it was, followed by its data. All integers little-endian.
//
// What its order means: a plain write gets into the log when a flush that was sent after the write had ended has ended
// itself, and stands before that flush; a write with FUA when it has ended. So everything before a flush was durable
// when the flush had ended, and in between any part of it. What the log does not tell: that a plain write ended while a
// FUA write or a flush was under way; it then stands behind that.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/little_endian.h"
#include "base/units.h"

namespace log_writes {

using Byte = std::byte;
inline constexpr std::uint64_t kSector = bootguard::kSectorBytes;
inline constexpr int kUsage = 2;

[[noreturn, gnu::format(printf, 1, 2)]] inline void die(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::fputs("log-writes-check: ", stderr);
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  va_end(arguments);
  std::exit(kUsage);
}

// A file in memory; what is written to it stays there.
struct Mapped {
  Byte* bytes = nullptr;
  std::uint64_t size = 0;

  explicit Mapped(const char* name) {
    const int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd < 0 || fstat(fd, &info) != 0 || info.st_size <= 0) die("%s: cannot be read, or is empty", name);
    size = static_cast<std::uint64_t>(info.st_size);
    void* where = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    if (where == MAP_FAILED) die("%s: cannot be mapped", name);
    close(fd);
    bytes = static_cast<Byte*>(where);
  }
};

enum Flag : std::uint64_t { kFlush = 1, kFua = 2, kDiscard = 4, kMark = 8 };

struct Entry {
  std::uint64_t at = 0;    // bytes, on the disk
  std::uint64_t size = 0;  // bytes; 0 for a flush alone
  std::uint64_t flags = 0;
  const Byte* data = nullptr;
  std::string mark;
};

// Everything in it is checked: a log that was cut, or one of another size than its super block says, ends the program.
inline std::vector<Entry> read_log(const Mapped& log, std::uint64_t disk_bytes) {
  constexpr std::uint64_t kMagic = 0x6a736677736872;
  constexpr std::size_t kEntryBytes = 32;
  const auto word = [&](std::uint64_t at) {
    if (at + 8 > log.size) die("the log ends in the middle");
    return bootguard::load_le<std::uint64_t>({log.bytes + at, 8}, 0);
  };
  if (word(0) != kMagic || word(8) != 1) die("not a log of dm-log-writes, version 1");
  const std::uint64_t count = word(16);
  if ((word(24) & 0xffffffff) != kSector) die("sectors of another size");
  std::vector<Entry> entries;
  std::uint64_t at = kSector;
  for (std::uint64_t i = 0; i < count; ++i) {
    Entry entry;
    const std::uint64_t sectors = word(at + 8);
    entry.flags = word(at + 16);
    const std::uint64_t mark_bytes = word(at + 24);
    // Of a flush without data it tells nothing, and may lie below zero: a linear row that lies further up than what it
    // maps subtracts.
    const std::uint64_t first = sectors == 0 ? 0 : word(at);
    if (first > disk_bytes / kSector || sectors > disk_bytes / kSector - first) die("entry %zu: off the disk", i);
    entry.at = first * kSector;
    entry.size = sectors * kSector;
    if ((entry.flags & kDiscard) != 0) die("entry %zu: a discard: dm-snapshot lets none through", i);
    if ((entry.flags & kMark) != 0) {
      if (mark_bytes > kSector - kEntryBytes) die("entry %zu: a mark that is too long", i);
      const char* text = reinterpret_cast<const char*>(log.bytes + at + kEntryBytes);
      entry.mark.assign(text, strnlen(text, mark_bytes));
    }
    at += kSector;
    entry.data = log.bytes + at;
    if (at > log.size || entry.size > log.size - at) die("entry %zu: beyond the log's end", i);
    at += entry.size;
    entries.push_back(std::move(entry));
  }
  if (entries.empty() || entries.back().mark != "dm-log-writes-end") die("the log was not ended: writes are missing");
  return entries;
}

}  // namespace log_writes
