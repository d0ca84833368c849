// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/config_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace bootguard {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

bool is_absent(int os_error) { return os_error == ENOENT || os_error == ENOTDIR; }

// "e": a mapping's helper program must not inherit it.
File open_file(const char* path) { return File(std::fopen(path, "re")); }

Result<std::string> read_all(std::FILE* file, const std::string& path) {
  std::string text;
  std::array<char, 1024> buffer;
  for (;;) {
    errno = 0;
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file);
    text.append(buffer.data(), count);
    if (text.size() > kMaxConfigBytes) {
      return make_error(Errc::kConfig, "%s: larger than 64 KiB, which no configuration is", path.c_str());
    }
    if (count == buffer.size()) continue;
    if (std::ferror(file) != 0) return system_error(Errc::kConfig, errno, "reading %s", path.c_str());
    return text;
  }
}

Result<Config> read_config(File file, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, read_all(file.get(), path));
  return parse_config(text, path);
}

constexpr std::size_t kMinKeyBytes = 32;  // as many as the tag has

Error cannot_open(const char* path) { return system_error(Errc::kConfig, errno, "opening %s", path); }

}  // namespace

Result<void> load_key(const Config& config, HmacKey& key) {
  if (config.key.empty()) return {};
  const File file = open_file(config.key.c_str());
  if (!file) return cannot_open(config.key.c_str());
  const std::size_t count = std::fread(key.data(), 1, key.size(), file.get());
  if (count < kMinKeyBytes || std::fgetc(file.get()) != EOF) {
    return make_error(Errc::kConfig, "%s: a key has 32 to 64 bytes", config.key.c_str());
  }
  return {};
}

Result<Config> load_config(const std::string& named, std::span<const char* const> paths) {
  if (!named.empty()) {
    File file = open_file(named.c_str());
    if (!file) return cannot_open(named.c_str());
    return read_config(std::move(file), named);
  }
  std::string looked_at;
  for (const char* const path : paths) {
    if (File file = open_file(path)) return read_config(std::move(file), path);
    if (!is_absent(errno)) return cannot_open(path);
    if (!looked_at.empty()) looked_at += ", ";
    looked_at += path;
  }
  return make_error(Errc::kConfig, "no configuration: none of %s exists", looked_at.c_str());
}

}  // namespace bootguard
