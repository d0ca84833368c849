// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "doctor/cpio_reader.h"
#include "doctor/image_listing.h"
#include "doctor_cpio_builder.h"

namespace bootguard {
namespace {

struct Read {
  ImageListing listing;
  std::size_t taken = 0;
  std::string error;  // empty: none
};

// Fed in pieces of `piece` bytes.
Read read(const std::string& archive, std::size_t piece = 1 << 20) {
  Read out;
  CpioReader reader(out.listing);
  for (std::size_t at = 0; at < archive.size();) {
    const std::string part = archive.substr(at, piece);
    const auto taken = reader.feed(bytes_of(part));
    if (!taken) {
      out.error = taken.error().text;
      return out;
    }
    out.taken += taken.value();
    at += part.size();
    if (taken.value() < part.size()) break;
  }
  if (const auto end = reader.finish(); !end) out.error = end.error().text;
  out.listing.finish();
  return out;
}

std::string content(const Read& read, const std::string& path) {
  const auto* const entry = read.listing.find(path);
  return entry == nullptr ? "(none)" : entry->has_content ? entry->content : "(not kept)";
}

}  // namespace

TEST_CASE("An archive is read, however its bytes are cut", "[doctor]") {
  const std::string archive =
      cpio_entry({".", "", 040755}) + cpio_entry({"./etc/a.conf", "one\n"}) + cpio_entry({"/etc/b.conf", ""}) +
      cpio_entry({"usr/bin/tool", std::string(70001, 'x'), 0100755}) + cpio_trailer() + std::string(512, '\0');
  for (const std::size_t piece : {1U, 3U, 110U, 111U, 4096U, 1U << 20}) {
    CAPTURE(piece);
    const Read out = read(archive, piece);
    CHECK(out.error.empty());
    CHECK(out.taken == archive.size());
    CHECK(content(out, "etc/a.conf") == "one\n");
    CHECK(content(out, "/etc/b.conf").empty());
    CHECK(content(out, "usr/bin/tool") == "(not kept)");
    CHECK(out.listing.find("usr/bin/tool")->is_executable());
    CHECK_FALSE(out.listing.find("etc/a.conf")->is_executable());
    CHECK(out.listing.find("etc/c.conf") == nullptr);
  }
}

TEST_CASE("Archives follow each other, and reading stops where the compressed part begins", "[doctor]") {
  const std::string early = cpio_entry({"kernel/x86/microcode/X.bin", "abc"}) + cpio_trailer() + std::string(300, '\0');
  const std::string second = cpio_entry({"etc/a.conf", "one"}) + cpio_entry({"etc/a.conf", "two"}) + cpio_trailer();
  const Read out = read(early + second + "\x28\xb5\x2f\xfd and so on");
  CHECK(out.error.empty());
  CHECK(out.taken == early.size() + second.size());
  CHECK(out.listing.entries().size() == 2);
  CHECK(content(out, "etc/a.conf") == "two");  // as the kernel unpacks them
}

TEST_CASE("Symbolic links lead where the kernel's would", "[doctor]") {
  const Read out =
      read(cpio_entry({"sbin", "usr/sbin", 0120777}) + cpio_entry({"usr/sbin", "bin", 0120777}) +
           cpio_entry({"usr/bin/bootguard", "ELF", 0100755}) + cpio_entry({"init", "/usr/../sbin/bootguard", 0120777}) +
           cpio_entry({"loop", "loop2", 0120777}) + cpio_entry({"loop2", "/loop", 0120777}) +
           cpio_entry({"up", "../../../../usr/bin/bootguard", 0120777}) + cpio_trailer());
  for (const char* const path : {"sbin/bootguard", "usr/sbin/bootguard", "/usr/bin/bootguard", "init", "up"}) {
    CAPTURE(path);
    REQUIRE(out.listing.has(path));
    CHECK(out.listing.find(path)->path == "usr/bin/bootguard");
  }
  CHECK_FALSE(out.listing.has("loop"));
  CHECK_FALSE(out.listing.has("loop2/x"));
  CHECK_FALSE(out.listing.has(""));
  CHECK(out.listing.has_any_below("usr/bin"));
  CHECK_FALSE(out.listing.has_any_below("usr/bi"));
}

TEST_CASE("Hard links have the content that comes with one of their names", "[doctor]") {
  const CpioFile empty_first{"etc/bootguard/a.conf", "", 0100644, 77, 2};
  const CpioFile with_data{"opt/copy", "text", 0100644, 77, 2};
  for (const bool data_first : {false, true}) {
    const Read out = read((data_first ? cpio_entry(with_data) + cpio_entry(empty_first)
                                      : cpio_entry(empty_first) + cpio_entry(with_data)) +
                          cpio_trailer());
    CHECK(content(out, "etc/bootguard/a.conf") == "text");
    CHECK(out.listing.find("etc/bootguard/a.conf")->size == 4);
  }
}

TEST_CASE("Hostile archives are refused with the place, and cost no memory", "[doctor]") {
  const CpioFile file{"etc/a.conf", "one"};
  const auto refused = [](const std::string& archive) { return read(archive).error; };
  using Catch::Contains;
  CHECK_THAT(refused("070707" + std::string(200, '0')), Contains("no newc header"));
  CHECK_THAT(refused("0" + std::string(200, 'x')), Contains("no newc header"));
  CHECK_THAT(refused(cpio_entry(file) + std::string(110, '\0')), Contains("no newc header"));
  std::string no_number = cpio_entry(file);
  no_number[20] = 'g';
  CHECK_THAT(refused(no_number), Contains("no number"));
  CHECK_THAT(refused(cpio_header(file, 0, 0) + "....."), Contains("empty or too long"));
  CHECK_THAT(refused(cpio_header(file, 0, 4097) + "....."), Contains("empty or too long"));
  CHECK_THAT(refused(cpio_header(file, 0, 0xFFFFFFFF) + "....."), Contains("empty or too long"));
  CHECK_THAT(refused(cpio_header(file, 3, 4) + "abcd"), Contains("without an end"));
  // A size of 4 GiB is counted, not allocated.
  CHECK_THAT(refused(cpio_header(file, 0xFFFFFFFF, 11) + "etc/a.conf" + '\0' + "xxxx"), Contains("too early"));
  // Truncated anywhere.
  const std::string whole = cpio_entry(file) + cpio_trailer();
  for (std::size_t length = 1; length < whole.size() - 3; ++length) {
    CAPTURE(length);
    CHECK_THAT(refused(whole.substr(0, length)), Contains("too early"));
  }
  CHECK(refused("").empty());
  CHECK(refused(std::string(1000, '\0')).empty());
}

TEST_CASE("More names than any image has end the reading", "[doctor]") {
  ImageListing listing;
  CpioEntry entry;
  entry.name = std::string(CpioReader::kMaxName, 'n');
  std::size_t taken = 0;
  while (listing.take(entry) && taken < 100000) ++taken;
  CHECK(taken == ImageListing::kMaxPathBytes / CpioReader::kMaxName);
}

TEST_CASE("Contents are kept up to a limit, of all of them together", "[doctor]") {
  ImageListing listing;
  CpioEntry entry;
  entry.name = "x.conf";
  entry.mode = 0100644;
  entry.size = CpioReader::kMaxContent;
  std::size_t kept = 0;
  while (listing.wants(entry) && kept < 100000) ++kept;
  CHECK(kept == ImageListing::kMaxKeptBytes / CpioReader::kMaxContent);
}

TEST_CASE("Damage at random is refused or read, never more", "[doctor]") {
  const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 1;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string whole = cpio_entry({"etc/a.conf", "one"}) + cpio_entry({"link", "etc", 0120777}) +
                            cpio_entry({"b", std::string(300, 'b'), 0100644, 9, 2}) + cpio_trailer();
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    const Read out = read(damaged, 1 + random() % 200);
    CHECK(out.listing.entries().size() <= 4);
    (void)out.listing.find("link/a.conf");
  }
}

}  // namespace bootguard
