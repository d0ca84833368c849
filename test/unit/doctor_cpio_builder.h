// SPDX-License-Identifier: LGPL-2.1-or-later
// newc archives for tests, written from the kernel's buffer-format.rst and not with the reader's constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace bootguard {

struct CpioFile {
  std::string name;
  std::string content;
  std::uint32_t mode = 0100644;
  std::uint32_t inode = 1;
  std::uint32_t links = 1;
};

inline std::string cpio_header(const CpioFile& file, std::uint64_t size, std::uint64_t name_size) {
  char header[128];
  std::snprintf(header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", file.inode,
                file.mode, 0U, 0U, file.links, 0U, static_cast<unsigned>(size), 8U, 1U, 0U, 0U,
                static_cast<unsigned>(name_size), 0U);
  return header;
}

inline void pad_to_four(std::string& out) {
  while (out.size() % 4 != 0) out += '\0';
}

inline std::string cpio_entry(const CpioFile& file) {
  std::string out = cpio_header(file, file.content.size(), file.name.size() + 1) + file.name + '\0';
  pad_to_four(out);
  out += file.content;
  pad_to_four(out);
  return out;
}

inline std::string cpio_trailer() { return cpio_entry({"TRAILER!!!", "", 0, 0, 1}); }

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace bootguard
