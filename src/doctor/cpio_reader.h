// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads cpio archives of the form "newc", the only one the kernel unpacks (Documentation/driver-api/early-userspace/
// buffer-format.rst), piece by piece as they come. Pure; every byte is hostile: no size of the archive is ever a size
// of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace bootguard {

struct CpioEntry {
  std::string name;  // as it stands, up to the first NUL
  std::uint32_t mode = 0;
  std::uint32_t links = 0;
  std::uint64_t file_number = 0;  // device and inode in one: equal for hard links
  std::uint64_t size = 0;
  std::string content;       // where it was wanted
  bool has_content = false;  // all of it
};

class CpioSink {
 public:
  virtual ~CpioSink() = default;
  // Whether the content of this entry (`size` of it) is to be kept; REQUIRES of true: size <= kMaxContent.
  virtual bool wants(const CpioEntry& entry) = 0;
  // An error ends the reading.
  virtual Result<void> take(CpioEntry entry) = 0;
};

class CpioReader {
 public:
  static constexpr std::size_t kMaxName = 4096;  // PATH_MAX, as the kernel
  static constexpr std::size_t kMaxContent = 64 * 1024;
  static constexpr std::size_t kMaxEntries = 300000;  // the largest images have 20,000

  explicit CpioReader(CpioSink& sink) : sink_(sink) {}

  // Takes archives that follow each other, and zeros between them. How many bytes it has taken: less than there are
  // only where, between two archives, something begins that is none (the compressed part). Errors: kIo, with the
  // position; then nothing more may be fed.
  [[nodiscard]] Result<std::size_t> feed(std::span<const std::byte> bytes);
  // kIo if the last archive is not complete.
  [[nodiscard]] Result<void> finish() const;
  // Archives that were read to their end.
  [[nodiscard]] std::size_t archives() const { return archives_; }

 private:
  static constexpr std::size_t kHeaderBytes = 110;
  enum class Part : std::uint8_t { kBetween, kHeader, kName, kPadding, kContent };

  Result<bool> begin_archive(std::byte first);
  Result<void> end_header();
  Result<void> end_name();
  Result<void> end_entry();
  void begin(Part part, std::uint64_t bytes);
  Result<void> end_part();
  Error broken(const char* what) const;

  CpioSink& sink_;
  Part part_ = Part::kBetween;
  Part after_padding_ = Part::kHeader;
  std::uint64_t left_ = 0;      // bytes until the part ends
  std::uint64_t position_ = 0;  // of all that was fed
  std::string gathered_;        // header or name
  std::size_t name_bytes_ = 0;
  bool keep_ = false;
  CpioEntry entry_;
  std::size_t entries_ = 0;
  std::size_t archives_ = 0;
};

}  // namespace bootguard
