// SPDX-License-Identifier: LGPL-2.1-or-later
// What doc/ says is what the program does.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "cli/exit_code.h"
#include "core/config.h"

namespace bootguard {
namespace {

// Whatever folder the test is started in; elsewhere than where it was built, BOOTGUARD_SOURCE_ROOT says where.
std::string read_from_sources(const std::string& path) {
  const char* const root = std::getenv("BOOTGUARD_SOURCE_ROOT");
  std::ifstream file(std::string(root != nullptr ? root : BOOTGUARD_SOURCES) + "/" + path);
  if (!file) FAIL(path << " not found: set BOOTGUARD_SOURCE_ROOT to the checkout");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Rows ".It 16 Ss no-space" of the table in the manual page: number and name.
std::map<int, std::string> codes_in_manual() {
  std::map<int, std::string> codes;
  std::istringstream lines(read_from_sources("doc/bootguard.8"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == ".Sh EXIT STATUS") {
      inside = true;
    } else if (line.rfind(".Sh ", 0) == 0) {
      inside = false;
    } else if (inside && line.rfind(".It ", 0) == 0) {
      std::istringstream words(line.substr(4));
      int number = -1;
      std::string quoted;
      words >> number >> quoted;
      REQUIRE(codes.count(number) == 0);
      codes[number] = quoted;
    }
  }
  return codes;
}

std::string without_comment_marks_of_keys(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool is_key = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    out += (is_key ? line.substr(1) : line) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the manual page lists exactly the exit codes there are") {
  std::map<int, std::string> expected;
  for (int i = 0; i <= static_cast<int>(Errc::kStop); ++i) {
    const ErrorText& text = describe(static_cast<Errc>(i));
    expected[static_cast<int>(text.exit)] = text.name;
  }
  expected[static_cast<int>(ExitCode::kDone)] = "done";
  expected[static_cast<int>(ExitCode::kUnprotected)] = "unprotected";
  CHECK(codes_in_manual() == expected);
}

TEST_CASE("the example configuration is accepted, and what it calls defaults are the defaults") {
  const std::string text = read_from_sources("doc/bootguard.conf");
  const Result<Config> plain = parse_config(text, "bootguard.conf");
  REQUIRE(plain);
  const Result<Config> spelt_out = parse_config(without_comment_marks_of_keys(text), "bootguard.conf");
  REQUIRE(spelt_out);
  const Config& a = plain.value();
  const Config& b = spelt_out.value();
  CHECK(a.metadata_offset == b.metadata_offset);
  CHECK(a.metadata_size == b.metadata_size);
  CHECK(a.attempts == b.attempts);
  CHECK(a.on_failure == b.on_failure);
  CHECK(a.volumes.at(0).store == b.volumes.at(0).store);
  CHECK(a.volumes.at(0).store_size.percent == b.volumes.at(0).store_size.percent);
  CHECK(a.volumes.at(0).store_size.bytes == b.volumes.at(0).store_size.bytes);
  CHECK(a.volumes.at(0).chunk == b.volumes.at(0).chunk);
  CHECK(a.volumes.at(0).pass_through == b.volumes.at(0).pass_through);
  CHECK(text != without_comment_marks_of_keys(text));
}

TEST_CASE("the manual page of the configuration names every key") {
  const std::string manual = read_from_sources("doc/bootguard.conf.5");
  const std::string example = read_from_sources("doc/bootguard.conf");
  for (const char* const key : {"metadata", "metadata-offset", "metadata-size", "attempts", "key", "on-failure",
                                "device", "store", "store-size", "chunk-size", "pass-through"}) {
    CAPTURE(key);
    CHECK(manual.find(std::string(".It Cm ") + key + " Ns = Ns ") != std::string::npos);
    CHECK(example.find(std::string(key) + " = ") != std::string::npos);
  }
}

}  // namespace bootguard
