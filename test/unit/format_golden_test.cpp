// SPDX-License-Identifier: LGPL-2.1-or-later
// Golden images: what is on disk, pinned three ways. Raw bytes at literal offsets (FORMAT.md), every field through the
// decoder, every byte through the encoder. test/images/README.md says how to add one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

#include "format/exception_store.h"
#include "unit/format_test_hex.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

using Image = std::vector<std::byte>;

template <class Bytes>
Image image_of(const Bytes& bytes) {
  return Image(bytes.begin(), bytes.end());
}

// As a later minor version may write it: this version's values, and more where this version has nothing.
Image newer_minor() {
  Image image = image_of(encode(idle_fresh()));
  poke(image, 14, 2, 3);           // minor version
  poke(image, 16, 8, 1ULL << 40);  // a compatible feature
  poke(image, 128, 8, 0x1122334455667788);
  poke(image, 232, 8, 0x99aabbccddeeff00);
  repair_crc(image);
  return image;
}

// Not written by this project: the kernel's layout, by hand.
Image exception_store() {
  Image image(8192);
  poke(image, 0, 8, 0x0000000170416e53);  // magic, valid
  poke(image, 8, 8, 0x0000000800000001);  // version, chunk
  const std::uint64_t pairs[][2] = {{100, 2}, {7, 3}, {262143, 4}};
  for (std::size_t i = 0; i < 3; ++i) {
    poke(image, 4096 + 16 * i, 8, pairs[i][0]);
    poke(image, 4096 + 16 * i + 8, 8, pairs[i][1]);
  }
  return image;
}

const HmacKey kKey = image_key();

// Its table has a tag as well, so the descriptor has another crc.
Metadata authenticated() {
  Metadata m = armed();
  m.volumes[0].tables[0].crc = summarize_table(encode_table(store_table(), &kKey)).crc;
  return m;
}

std::string text_at(const Image& image, std::size_t offset) {
  std::string text;
  for (; image.at(offset) != std::byte{0}; ++offset) text += static_cast<char>(image[offset]);
  return text;
}

// 16 bytes that count up from `first`: how the images' UUIDs are made.
bool counts_up(const Image& image, std::size_t offset, unsigned first) {
  for (std::size_t i = 0; i < 16; ++i) {
    if (std::to_integer<unsigned>(image.at(offset + i)) != first + i) return false;
  }
  return true;
}

void check_block(const Image& image, const Metadata& expected) {
  REQUIRE(image.size() == 4096);
  CHECK(text_at(image, 0).substr(0, 8) == "BootGrd\x1a");
  Image without_crc = image;
  poke(without_crc, 8, 4, 0);
  CHECK(peek(image, 8, 4) == crc32c(without_crc));
  CHECK(peek(image, 12, 2) == 1);
  CHECK(peek(image, 24, 8) == 0);
  CHECK(counts_up(image, 40, 0xa0));
  CHECK(peek(image, 56, 4) == 192);
  CHECK(peek(image, 60, 2) == 4);
  CHECK(peek(image, 62, 2) == 16);
  const Decoded decoded = decode(image);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata == expected);
  CHECK(image_of(encode(expected)) == image);
}

void check_volume(const Image& image, std::uint64_t filesystem, std::uint64_t chunk) {
  CHECK(peek(image, 67, 1) == 1);
  CHECK(peek(image, 512, 1) == 1);
  CHECK(peek(image, 513, 1) == filesystem);
  CHECK(peek(image, 514, 2) == 0);
  CHECK(peek(image, 516, 4) == chunk);
  CHECK(text_at(image, 520) == "userdata");
  CHECK(counts_up(image, 552, 0xb0));
  CHECK(counts_up(image, 568, 0xc0));
  CHECK(counts_up(image, 584, 0xd0));
  CHECK(peek(image, 600, 8) == 2097152);
  CHECK(peek(image, 608, 4) == 4096);
  CHECK(peek(image, 616, 8) == 106480);
  CHECK(peek(image, 624, 8) == 0);
  CHECK(peek(image, 640, 2) == 1);
  CHECK(peek(image, 642, 2) == 4);
  CHECK(peek(image, 644, 4) == 64);
  CHECK(peek(image, 648, 4) == 16);
  CHECK(peek(image, 652, 4) == 112);
  CHECK(peek(image, 656, 4) == 3);
  CHECK(peek(image, 660, 4) == peek(load_image("extent-table"), 8, 4));
  for (std::size_t i = 664; i < 2048; ++i) CHECK(image[i] == std::byte{0});
}

TEST_CASE("golden idle-fresh: idle at byte 64, sequence 1, one event") {
  const Image image = load_image("idle-fresh");
  CHECK(peek(image, 32, 8) == 1);
  CHECK(peek(image, 64, 1) == 1);
  CHECK(peek(image, 65, 3) == 0);
  CHECK(peek(image, 120, 8) == 1);
  CHECK(peek(image, 2048, 8) == 1735689600);
  CHECK(peek(image, 2056, 8) == 1);
  CHECK(peek(image, 2064, 2) == 1);
  CHECK(peek(image, 2070, 1) == 1);
  for (std::size_t i = 128; i < 2048; ++i) CHECK(image[i] == std::byte{0});
  for (std::size_t i = 2112; i < 4096; ++i) CHECK(image[i] == std::byte{0});
  check_block(image, idle_fresh());
}

TEST_CASE("golden armed: one volume with its table, all attempts left") {
  const Image image = load_image("armed");
  CHECK(peek(image, 32, 8) == 2);
  CHECK(peek(image, 64, 1) == 2);
  CHECK(peek(image, 68, 2) == 3);
  CHECK(peek(image, 70, 2) == 3);
  CHECK(peek(image, 72, 2) == 0);
  CHECK(peek(image, 88, 8) == 1735693200);
  CHECK(text_at(image, 136) == "A");
  CHECK(text_at(image, 168) == "B");
  check_volume(image, 1, 8);
  check_block(image, armed());
}

TEST_CASE("golden trial-wrapped: every field of the header at its byte") {
  const Image image = load_image("trial-wrapped");
  CHECK(peek(image, 14, 2) == 0);
  CHECK(peek(image, 16, 8) == 0);
  CHECK(peek(image, 32, 8) == 0x0102030405060708);
  CHECK(peek(image, 64, 1) == 3);
  CHECK(peek(image, 65, 1) == 1);
  CHECK(peek(image, 66, 1) == 2);
  CHECK(peek(image, 68, 2) == 5);
  CHECK(peek(image, 70, 2) == 2);
  CHECK(peek(image, 72, 2) == 3);
  CHECK(peek(image, 74, 2) == 3);
  CHECK(peek(image, 76, 4) == 0);
  CHECK(peek(image, 80, 8) == 1735700000);
  CHECK(peek(image, 88, 8) == 1735800000);
  CHECK(peek(image, 96, 8) == 1735800100);
  CHECK(counts_up(image, 104, 0xe0));
  CHECK(peek(image, 120, 8) == 37);
  CHECK(peek(image, 128, 8) == 0);
  CHECK(text_at(image, 136) == "system_a");
  CHECK(text_at(image, 168) == "system_b");
  CHECK(text_at(image, 200) == "rootfs.1+6.12-rc1_0123456789ABC");
  for (std::size_t i = 232; i < 512; ++i) CHECK(image[i] == std::byte{0});
  check_volume(image, 1, 8);
  check_block(image, trial_wrapped());
}

TEST_CASE("golden trial-wrapped: event n is at byte 2048 + 64 * ((n - 1) % 32), 33 to 37 over 1 to 5") {
  const Image image = load_image("trial-wrapped");
  for (std::uint64_t n = 6; n <= 37; ++n) CHECK(peek(image, 2048 + 64 * ((n - 1) % 32) + 8, 8) == n);
  const std::size_t newest = 2048 + 64 * 4;
  CHECK(peek(image, newest, 8) == 1735900000);
  CHECK(peek(image, newest + 16, 2) == 6);
  CHECK(peek(image, newest + 18, 2) == 2);
  CHECK(peek(image, newest + 20, 2) == 2);
  CHECK(peek(image, newest + 22, 1) == 3);
  CHECK(peek(image, newest + 23, 1) == 0);
  CHECK(text_at(image, newest + 32) == "system_b");
  const std::size_t rolled_back = 2048 + 64 * 19;
  CHECK(peek(image, rolled_back + 16, 2) == 8);
  CHECK(peek(image, rolled_back + 18, 2) == 4);
  CHECK(peek(image, rolled_back + 28, 4) == 18643);
  const std::size_t unprotected = 2048 + 64 * 20;
  CHECK(peek(image, unprotected + 16, 2) == 10);
  CHECK(peek(image, unprotected + 18, 2) == 10);
  CHECK(peek(image, unprotected + 24, 4) == 16);
}

TEST_CASE("golden idle-rolled-back: result and reason beside the record of the volume") {
  const Image image = load_image("idle-rolled-back");
  CHECK(peek(image, 64, 1) == 1);
  CHECK(peek(image, 66, 1) == 2);
  CHECK(peek(image, 74, 2) == 2);
  CHECK(peek(image, 80, 8) == 1735780000);
  CHECK(peek(image, 2048 + 64 * 3 + 28, 4) == 18643);
  check_volume(image, 2, 16);
  check_block(image, idle_rolled_back());
}

TEST_CASE("golden idle-newer-minor: read as this version knows it; written, the rest is cleared") {
  const Image image = load_image("idle-newer-minor");
  CHECK(peek(image, 14, 2) == 3);
  CHECK(peek(image, 16, 8) == 1ULL << 40);
  CHECK(image == newer_minor());
  const Decoded decoded = decode(image);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata.version_minor == 3);
  CHECK(decoded.metadata.compat == 1ULL << 40);
  CHECK(image_of(encode(decoded.metadata)) == load_image("idle-fresh"));
}

TEST_CASE("golden extent-table: header of 64 bytes, then 16 for each extent, padded to 4 KiB") {
  const Image image = load_image("extent-table");
  REQUIRE(image.size() == 4096);
  CHECK(text_at(image, 0).substr(0, 8) == "BogXTbl\x1a");
  Image used(image.begin(), image.begin() + 112);
  poke(used, 8, 4, 0);
  CHECK(peek(image, 8, 4) == crc32c(used));
  CHECK(peek(image, 12, 2) == 1);
  CHECK(peek(image, 16, 4) == 3);
  CHECK(peek(image, 20, 4) == 112);
  CHECK(counts_up(image, 24, 0xd0));
  const std::uint64_t extents[][2] = {{409600, 65536}, {671752, 8200}, {1835008, 32768}};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(peek(image, 64 + 16 * i, 8) == extents[i][0]);
    CHECK(peek(image, 64 + 16 * i + 8, 8) == extents[i][1]);
  }
  for (std::size_t i = 112; i < 4096; ++i) CHECK(image[i] == std::byte{0});

  const auto decoded = decode_table(image, armed().volumes[0].tables[0], arm_id(), Sectors(2097152));
  REQUIRE(decoded);
  CHECK(decoded.value().kind == TableKind::kStore);
  CHECK(decoded.value().arm_id == arm_id());
  CHECK(decoded.value().extents == store_table().extents);
  CHECK(encode_table(store_table()) == image);
}

TEST_CASE("golden armed-authenticated, extent-table-authenticated: RFC 2104 over all but crc and tag") {
  const auto tag_of = [](Image image, std::size_t tag, std::size_t bytes) {
    poke(image, 8, 4, 0);
    std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(tag), bytes, std::byte{0});
    HmacSha256 mac(kKey);
    for (const std::byte byte : image) mac.update(byte);
    Image digest = image_of(mac.digest());
    digest.resize(bytes);
    return digest;
  };
  const auto part = [](const Image& image, std::size_t offset, std::size_t bytes) {
    const auto begin = image.begin() + static_cast<std::ptrdiff_t>(offset);
    return Image(begin, begin + static_cast<std::ptrdiff_t>(bytes));
  };
  const Image block = load_image("armed-authenticated");
  REQUIRE(block.size() == 4096);
  CHECK(peek(block, 24, 8) == 32);
  CHECK(part(block, 480, 32) == tag_of(block, 480, 32));
  const Decoded decoded = decode(block, &kKey);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata == authenticated());
  CHECK(image_of(encode(authenticated(), &kKey)) == block);
  const Image table = load_image("extent-table-authenticated");
  REQUIRE(table.size() == 4096);
  CHECK(part(table, 40, 24) == tag_of(part(table, 0, 112), 40, 24));
  CHECK(peek(table, 8, 4) == peek(block, 512 + 128 + 20, 4));
  CHECK(encode_table(store_table(), &kKey) == table);
  CHECK(decode_table(table, authenticated().volumes[0].tables[0], arm_id(), Sectors(2097152), &kKey));
}

TEST_CASE("golden witness: of extent 1, at the sector for which it was written") {
  const Image image = load_image("witness");
  REQUIRE(image.size() == 4096);
  CHECK(text_at(image, 0).substr(0, 8) == "BogWitn\x1a");
  Image without_crc = image;
  poke(without_crc, 8, 4, 0);
  CHECK(peek(image, 8, 4) == crc32c(without_crc));
  CHECK(peek(image, 12, 4) == 1);
  CHECK(counts_up(image, 16, 0xd0));
  CHECK(peek(image, 32, 8) == 671752);
  CHECK(peek(image, 40, 8) == 8200);
  CHECK(peek(image, 48, 4) == 3);
  CHECK(text_at(image, 64).rfind("bootguard: ", 0) == 0);
  CHECK(check_witness(image, second_witness()));
  CHECK(image_of(encode_witness(second_witness())) == image);
}

TEST_CASE("golden exception-store: header chunk, then the first metadata area, ended by a new chunk 0") {
  const Image image = load_image("exception-store");
  CHECK(image == exception_store());
  const SnapHeader header = parse_snap_header(image);
  CHECK(header.present);
  CHECK(header.valid);
  CHECK(header.version == kSnapVersion);
  CHECK(header.chunk == Sectors(8));
  const auto area = std::span<const std::byte>(image).subspan(4096);
  CHECK(load_pair(area, 0).old_chunk == Chunks(100));
  CHECK(load_pair(area, 2).old_chunk == Chunks(262143));
  CHECK(load_pair(area, 2).new_chunk == Chunks(4));
  CHECK(load_pair(area, 3).new_chunk == Chunks(0));
}

TEST_CASE("golden images can be told from one another: a changed byte fails the comparison") {
  Image image = load_image("armed");
  image[64] = std::byte{3};
  CHECK(image != image_of(encode(armed())));
  CHECK(parse_hex(to_hex("any", image)) == image);
}

struct Golden {
  const char* name;
  const char* comment;
  Image image;
};

std::vector<Golden> all_goldens() {
  return {
      {"idle-fresh", "metadata block: idle, as format writes it", image_of(encode(idle_fresh()))},
      {"armed", "metadata block: armed, one volume", image_of(encode(armed()))},
      {"armed-authenticated", "metadata block: armed, with a tag", image_of(encode(authenticated(), &kKey))},
      {"trial-wrapped", "metadata block: trial, 37 events", image_of(encode(trial_wrapped()))},
      {"idle-rolled-back", "metadata block: idle after a rollback", image_of(encode(idle_rolled_back()))},
      {"idle-newer-minor", "metadata block: of a later minor version", newer_minor()},
      {"extent-table", "extent table: kind store, three extents", image_of(encode_table(store_table()))},
      {"extent-table-authenticated", "extent table: the same, with a tag",
       image_of(encode_table(store_table(), &kKey))},
      {"witness", "witness block of extent 1 of 3", image_of(encode_witness(second_witness()))},
      {"exception-store", "the kernel's exception store: header chunk and first area", exception_store()},
  };
}

TEST_CASE("print or write the golden images (BOOTGUARD_IMAGES_OUT=folder; existing files are left alone)",
          "[.regenerate]") {
  const char* folder = std::getenv("BOOTGUARD_IMAGES_OUT");
  for (const Golden& golden : all_goldens()) {
    const std::string text = to_hex(golden.comment, golden.image);
    REQUIRE(parse_hex(text) == golden.image);
    if (folder == nullptr) {
      std::cout << "==> " << golden.name << ".hex\n" << text << '\n';
      continue;
    }
    const std::string path = std::string(folder) + "/" + golden.name + ".hex";
    if (std::ifstream(path).good()) {
      WARN(path << " exists and is left alone");
      continue;
    }
    std::ofstream file(path, std::ios::binary);
    file << text;
    REQUIRE(file.flush().good());
  }
}

}  // namespace
}  // namespace bootguard::test
