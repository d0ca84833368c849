// SPDX-License-Identifier: LGPL-2.1-or-later
// Golden images as text (test/images/README.md): "offset: hex bytes" lines, lines of zeros left out, '#' starts a
// comment.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace bootguard::test {

inline std::string images_folder() {
  if (const char* folder = std::getenv("BOOTGUARD_TEST_IMAGES")) return folder;
  // Where the sources were when this was compiled: __FILE__ does not say, it is relative in every build.
  const std::string folder = BOOTGUARD_SOURCES "/test/images";
  if (std::ifstream(folder + "/README.md").good()) return folder;
  throw std::runtime_error("test/images not found: set BOOTGUARD_TEST_IMAGES to its path");
}

inline std::vector<std::byte> parse_hex(const std::string& text) {
  std::vector<std::byte> bytes;
  std::size_t at = 0;
  std::size_t line_end = 0;
  for (; at < text.size(); at = line_end + 1) {
    line_end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, line_end - at);
    line.erase(std::min(line.find('#'), line.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) {
      if (line.find_first_not_of(" \t") != std::string::npos) throw std::runtime_error("no offset: " + line);
      continue;
    }
    std::string rest = line.substr(colon + 1);
    if (line.compare(0, colon, "size") == 0) {
      bytes.resize(std::stoul(rest, nullptr, 16));
      continue;
    }
    std::size_t offset = std::stoul(line.substr(0, colon), nullptr, 16);
    for (std::size_t i = 0; i < rest.size();) {
      if (rest[i] == ' ') {
        ++i;
        continue;
      }
      bytes.at(offset++) = static_cast<std::byte>(std::stoul(rest.substr(i, 2), nullptr, 16));
      i += 2;
    }
  }
  return bytes;
}

inline std::vector<std::byte> load_image(const std::string& name) {
  const std::string path = images_folder() + "/" + name + ".hex";
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return parse_hex(std::string(std::istreambuf_iterator<char>(file), {}));
}

inline std::string to_hex(const std::string& comment, std::span<const std::byte> bytes) {
  std::string text = "# " + comment + "\n";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "size: %04x\n", static_cast<unsigned>(bytes.size()));
  text += buffer;
  for (std::size_t line = 0; line < bytes.size(); line += 16) {
    bool zero = true;
    for (std::size_t i = line; i < line + 16 && i < bytes.size(); ++i) zero = zero && bytes[i] == std::byte{0};
    if (zero) continue;
    std::snprintf(buffer, sizeof buffer, "%04x:", static_cast<unsigned>(line));
    text += buffer;
    for (std::size_t i = line; i < line + 16 && i < bytes.size(); ++i) {
      if (i % 8 == 0 && i != line) text += ' ';
      std::snprintf(buffer, sizeof buffer, " %02x", std::to_integer<unsigned>(bytes[i]));
      text += buffer;
    }
    text += '\n';
  }
  return text;
}

}  // namespace bootguard::test
