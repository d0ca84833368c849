// SPDX-License-Identifier: LGPL-2.1-or-later
// Partition tables made by the real sfdisk (where it is installed), altered ones, and made-up ones.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "base/little_endian.h"
#include "core/partition_table.h"
#include "unit/crc32_ieee.h"

namespace bootguard {
namespace {

using Image = std::vector<std::byte>;

constexpr std::size_t kSector = 512;
constexpr std::uint64_t kBlocks = 16 * 2048;  // 16 MiB

// A disk of 16 MiB that sfdisk has partitioned; nothing, and a line SKIPPED, without it.
std::optional<Image> partitioned(const std::string& script) {
  if (std::system("PATH=$PATH:/usr/sbin:/sbin command -v sfdisk >/dev/null 2>&1") != 0) {
    std::printf("SKIPPED: sfdisk is not installed\n");
    return std::nullopt;
  }
  std::string path = "/tmp/bootguard-partitions-XXXXXX";
  const int fd = ::mkstemp(path.data());
  REQUIRE(fd >= 0);
  REQUIRE(::ftruncate(fd, kBlocks * kSector) == 0);
  ::close(fd);
  const std::string command = "printf '" + script + "' | PATH=$PATH:/usr/sbin:/sbin sfdisk -q " + path;
  REQUIRE(std::system(command.c_str()) == 0);
  Image image(kBlocks * kSector);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(image.data()), static_cast<std::streamsize>(image.size()));
  ::unlink(path.c_str());
  REQUIRE(file);
  return image;
}

std::optional<Image> gpt_disk() {
  return partitioned(
      "label: gpt\\n"
      "start=2048, size=2048, name=bootguard, uuid=00112233-4455-6677-8899-aabbccddeeff\\n"
      "start=4096, size=8192, name=\"Daten ü €\", uuid=b0070000-0000-4000-8000-000000000002\\n");
}

std::span<const std::byte> sector(const Image& image, std::uint64_t block) {
  return std::span(image).subspan(block * kSector, kSector);
}

// A header that is right, for tests that make it wrong in one place.
Image header_block(std::uint64_t own_block = 1) {
  Image block(kSector);
  const char* signature = "EFI PART";
  for (std::size_t i = 0; i < 8; ++i) block[i] = static_cast<std::byte>(signature[i]);
  store_le<std::uint32_t>(block, 8, 0x00010000);
  store_le<std::uint32_t>(block, 12, 92);
  store_le<std::uint64_t>(block, 24, own_block);
  store_le<std::uint64_t>(block, 72, 2);
  store_le<std::uint32_t>(block, 80, 128);
  store_le<std::uint32_t>(block, 84, 128);
  return block;
}
std::optional<GptHeader> parse_with_crc(Image block, std::uint64_t own_block = 1) {
  store_le<std::uint32_t>(block, 16, 0);
  const std::size_t size = std::min<std::size_t>(load_le<std::uint32_t>(block, 12), kSector);
  store_le<std::uint32_t>(block, 16, test::crc32_ieee(std::span(block).first(size)));
  return parse_gpt_header(block, own_block, kBlocks);
}

}  // namespace

TEST_CASE("partition table: what sfdisk made, from the primary header and from the backup") {
  const auto image = gpt_disk();
  if (!image) return;
  for (const std::uint64_t block : {std::uint64_t{1}, kBlocks - 1}) {
    const auto header = parse_gpt_header(sector(*image, block), block, kBlocks);
    REQUIRE(header.has_value());
    const auto entries = std::span(*image).subspan(header->entries_block * kSector, header->entries_bytes());
    const auto partitions = parse_gpt_entries(entries, *header);
    REQUIRE(partitions.has_value());
    REQUIRE(partitions->size() == 2);
    const GptPartition& first = (*partitions)[0];
    REQUIRE(first.number == 1);
    REQUIRE(first.label == "bootguard");
    REQUIRE(first.uuid.to_string() == "00112233-4455-6677-8899-aabbccddeeff");
    REQUIRE(first.first_block == 2048);
    REQUIRE(first.last_block == 4095);
    const GptPartition& second = (*partitions)[1];
    REQUIRE(second.number == 2);
    REQUIRE(second.label == "Daten \u00fc \u20ac");
    REQUIRE(second.uuid.to_string() == "b0070000-0000-4000-8000-000000000002");
  }
  const auto mbr = parse_mbr(sector(*image, 0));
  REQUIRE(mbr.has_value());
  REQUIRE(mbr->protective);
}

TEST_CASE("partition table: every flipped bit of a header or an entry is noticed") {
  const auto image = gpt_disk();
  if (!image) return;
  const auto header = parse_gpt_header(sector(*image, 1), 1, kBlocks);
  REQUIRE(header.has_value());
  for (std::size_t bit = 0; bit < 92 * 8; ++bit) {
    Image block(sector(*image, 1).begin(), sector(*image, 1).end());
    block[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    CAPTURE(bit);
    REQUIRE_FALSE(parse_gpt_header(block, 1, kBlocks).has_value());
  }
  const auto entries = std::span(*image).subspan(header->entries_block * kSector, header->entries_bytes());
  for (std::size_t bit = 0; bit < 3 * kGptEntryBytes * 8; bit += 7) {
    Image bytes(entries.begin(), entries.end());
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    REQUIRE_FALSE(parse_gpt_entries(bytes, *header).has_value());
  }
  REQUIRE_FALSE(parse_gpt_entries(entries.first(entries.size() - 1), *header).has_value());
}

TEST_CASE("partition table: a header is believed only where it says it is, and within bounds") {
  REQUIRE(parse_with_crc(header_block()).has_value());
  REQUIRE_FALSE(parse_with_crc(header_block(), 2).has_value());
  struct Wrong {
    std::size_t offset;
    std::uint64_t value;
    std::size_t bytes;
  };
  const Wrong wrong[] = {{0, 0, 8},
                         {12, 91, 4},
                         {12, 513, 4},
                         {12, 0xFFFFFFFF, 4},
                         {72, 0, 8},
                         {72, 1, 8},
                         {72, kBlocks, 8},
                         {72, kBlocks - 3, 8},
                         {72, ~std::uint64_t{0}, 8},
                         {80, 0, 4},
                         {80, kMaxGptEntries + 1, 4},
                         {80, 0xFFFFFFFF, 4},
                         {84, 0, 4},
                         {84, 64, 4},
                         {84, 256, 4}};
  for (const Wrong& field : wrong) {
    Image block = header_block();
    for (std::size_t i = 0; i < field.bytes; ++i)
      block[field.offset + i] = static_cast<std::byte>(field.value >> (8 * i));
    CAPTURE(field.offset, field.value);
    REQUIRE_FALSE(parse_with_crc(block).has_value());
  }
  // With blocks of 4 KiB the backup's 128 entries take four of them, right before it.
  Image backup = header_block(kBlocks - 1);
  store_le<std::uint64_t>(backup, 72, kBlocks - 5);
  REQUIRE(parse_with_crc(backup, kBlocks - 1).has_value());
}

TEST_CASE("partition table: unused entries and entries that end before they begin are left out") {
  Image bytes(4 * kGptEntryBytes);
  for (std::size_t i : {std::size_t{1}, std::size_t{3}}) {
    const auto entry = std::span(bytes).subspan(i * kGptEntryBytes, kGptEntryBytes);
    entry[0] = std::byte{1};
    store_le<std::uint64_t>(entry, 32, 100);
    store_le<std::uint64_t>(entry, 40, i == 1 ? 99 : 100);
  }
  const GptHeader header{2, 4, test::crc32_ieee(bytes)};
  const auto partitions = parse_gpt_entries(bytes, header);
  REQUIRE(partitions.has_value());
  REQUIRE(partitions->size() == 1);
  REQUIRE((*partitions)[0].number == 4);
}

TEST_CASE("partition table: an MBR has a signature, and its partitions the names that the kernel gives them") {
  const auto image = partitioned("label: dos\\nlabel-id: 0x1234abcd\\nstart=2048, size=2048\\n");
  if (!image) return;
  const auto mbr = parse_mbr(sector(*image, 0));
  REQUIRE(mbr.has_value());
  REQUIRE_FALSE(mbr->protective);
  REQUIRE(mbr->signature == 0x1234abcd);
  REQUIRE(mbr_part_uuid(0x1234abcd, 1) == "1234abcd-01");
  REQUIRE(mbr_part_uuid(0x0000000f, 0x2c) == "0000000f-2c");
  REQUIRE(mbr_part_uuid(0xffffffff, 0x123) == "ffffffff-123");
  REQUIRE_FALSE(parse_mbr(Image(kSector)).has_value());
}

TEST_CASE("partition table: UTF-16 becomes UTF-8, up to the first NUL, and lone surrogates are replaced") {
  const auto text = [](std::vector<std::uint16_t> units) {
    Image bytes(units.size() * 2);
    for (std::size_t i = 0; i < units.size(); ++i) store_le<std::uint16_t>(bytes, 2 * i, units[i]);
    return utf8_from_utf16le(bytes);
  };
  REQUIRE(text({}).empty());
  REQUIRE(text({'a', 'b', 0, 'c'}) == "ab");
  REQUIRE(text({0xFC, 0x20AC}) == "\u00fc\u20ac");
  REQUIRE(text({0xD7FF, 0xE000, 0xFF21}) == "\uD7FF\uE000\uFF21");
  REQUIRE(text({0xD83D, 0xDE00}) == "\U0001F600");
  REQUIRE(text({0xD83D, 'x'}) == "\uFFFDx");
  REQUIRE(text({0xDE00, 0xD83D}) == "\uFFFD\uFFFD");
  REQUIRE(text({0xDE00, 0xDE00}) == "\uFFFD\uFFFD");
  REQUIRE(text({0xD83D, 0xE000}) == "\uFFFD\uE000");
  REQUIRE(utf8_from_utf16le(Image(1)).empty());
}

TEST_CASE("partition table: random bytes with good checksums are read within their bounds") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    Image block = header_block();
    const std::size_t at = 8 + random() % 84;
    block[at] = static_cast<std::byte>(random());
    const auto header = parse_with_crc(block);
    if (!header) continue;
    Image bytes(header->entries_bytes());
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    GptHeader right = *header;
    right.entries_crc = test::crc32_ieee(bytes);
    REQUIRE(parse_gpt_entries(bytes, right).has_value());
  }
}

}  // namespace bootguard
