// SPDX-License-Identifier: LGPL-2.1-or-later
// What an initramfs image holds, as the kernel would unpack it: paths, modes, and the content of the few small files
// that matter. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/cpio_reader.h"

namespace bootguard {

class ImageListing final : public CpioSink {
 public:
  static constexpr std::size_t kMaxPathBytes = std::size_t{32} << 20;  // of all names
  static constexpr std::size_t kMaxKeptBytes = std::size_t{8} << 20;   // of all contents

  struct Entry {
    std::string path;  // "etc/fstab": neither "./" nor "/" in front
    std::uint32_t mode = 0;
    std::uint64_t size = 0;
    std::uint64_t file_number = 0;
    std::string content;
    bool has_content = false;

    [[nodiscard]] bool is_regular() const { return (mode & 0170000) == 0100000; }
    [[nodiscard]] bool is_link() const { return (mode & 0170000) == 0120000; }
    [[nodiscard]] bool is_executable() const { return is_regular() && (mode & 0111) != 0 && size > 0; }
  };

  bool wants(const CpioEntry& entry) override;
  // Errors: kIo beyond the limits.
  Result<void> take(CpioEntry entry) override;
  // To be called once, after the last entry and before anything is looked up.
  void finish();

  // Follows symbolic links within the image, as its kernel would; null if there is no such file.
  [[nodiscard]] const Entry* find(std::string_view path) const;
  [[nodiscard]] bool has(std::string_view path) const { return find(path) != nullptr; }
  // Sorted by path; of entries with the same path the last counts, as it does for the kernel.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool has_any_below(std::string_view folder) const;

 private:
  [[nodiscard]] const Entry* at(std::string_view path) const;

  std::vector<Entry> entries_;
  std::size_t path_bytes_ = 0;
  std::size_t kept_bytes_ = 0;
};

}  // namespace bootguard
