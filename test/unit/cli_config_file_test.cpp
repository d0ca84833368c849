// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/config_file.h"

namespace bootguard {
namespace {

constexpr const char* kSound =
    "[bootguard]\n"
    "metadata = PARTLABEL=bootguard\n"
    "attempts = 5\n"
    "[volume userdata]\n"
    "device = /dev/sda3\n";

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "bootguard-cli-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string put(const char* name, const std::string& text) const {
    std::ofstream(path_ + "/" + name) << text;
    return path_ + "/" + name;
  }
  std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string refusal(const Result<Config>& result) {
  if (result) return "(accepted)";
  CHECK(result.error().code == Errc::kConfig);
  return result.error().text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the named file is read, and no other in its place") {
  const Folder folder;
  const Result<Config> config = load_config(folder.put("a.conf", kSound));
  REQUIRE(config);
  CHECK(config.value().attempts == 5);
  CHECK(contains(refusal(load_config(folder / "none.conf")), "none.conf"));
}

TEST_CASE("the first file that exists counts") {
  const Folder folder;
  const std::string none = folder / "no-such-folder/x.conf";
  const std::string first = folder.put("first.conf", kSound);
  const std::string second = folder.put("second.conf", "nonsense");
  const char* const paths[] = {none.c_str(), first.c_str(), second.c_str()};
  CHECK(load_config("", paths));
}

TEST_CASE("a file that exists but is wrong is an error, not a reason to take the next") {
  const Folder folder;
  const std::string wrong = folder.put("wrong.conf", "nonsense");
  const std::string sound = folder.put("sound.conf", kSound);
  const char* const paths[] = {wrong.c_str(), sound.c_str()};
  CHECK(contains(refusal(load_config("", paths)), "wrong.conf"));
  const std::string folder_itself = folder / ".";
  const char* const directory[] = {folder_itself.c_str(), sound.c_str()};
  CHECK(contains(refusal(load_config("", directory)), "reading"));
}

TEST_CASE("no file at all names all places") {
  const char* const paths[] = {"/nonexistent/a.conf", "/nonexistent/b.conf"};
  CHECK(refusal(load_config("", paths)) == "no configuration: none of /nonexistent/a.conf, /nonexistent/b.conf exists");
}

TEST_CASE("an endless or huge file is refused") {
  const Folder folder;
  CHECK(contains(refusal(load_config("/dev/zero")), "larger than 64 KiB"));
  CHECK(contains(refusal(load_config(folder.put("big.conf", std::string(65537, '#')))), "larger than 64 KiB"));
  std::string full = kSound;
  while (full.size() + 2 <= 65536) full += "#\n";
  CHECK(load_config(folder.put("full.conf", full)));
}

}  // namespace bootguard
