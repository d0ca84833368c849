// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "format/witness.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

const std::string kWhat = "the witness block ";

// What check_witness() says stands there.
std::string found(std::span<const std::byte> block, const Witness& expected = second_witness()) {
  const auto checked = check_witness(block, expected);
  if (checked) return "accepted";
  CHECK(checked.error().code == Errc::kStoreChanged);
  REQUIRE(checked.error().text.rfind(kWhat, 0) == 0);
  return checked.error().text.substr(kWhat.size());
}

std::string found_after(std::size_t offset, std::size_t width, std::uint64_t value) {
  WitnessBuffer block = encode_witness(second_witness());
  poke(block, offset, width, value);
  repair_crc(block);
  return found(block);
}

TEST_CASE("witness: is accepted where it was written for") {
  CHECK(found(encode_witness(second_witness())) == "accepted");
}

TEST_CASE("witness: says what stands there instead") {
  WitnessBuffer block{};
  CHECK(found(block) == "is zeros");
  block.back() = std::byte{1};
  CHECK(found(block) == "is not a witness");
  block.fill(std::byte{0xff});
  CHECK(found(block) == "is not a witness");
  block = encode_witness(second_witness());
  block[4000] ^= std::byte{1};
  CHECK(found(block) == "has a bad checksum");
}

TEST_CASE("witness: of another arm, extent, place or store is refused") {
  Witness other = second_witness();
  other.arm_id = area_uuid();
  CHECK(found(encode_witness(other)) == "is of another arm");
  other = second_witness();
  other.index = 7;
  CHECK(found(encode_witness(other)) == "is of extent 7");
  other = second_witness();
  other.extent.start = Sectors(671744);
  CHECK(found(encode_witness(other)) == "was written for sector 671744");
  other = second_witness();
  other.extent.length = Sectors(8192);
  CHECK(found(encode_witness(other)) == "was written for 8192 sectors");
  other = second_witness();
  other.entries = 4;
  CHECK(found(encode_witness(other)) == "was written for a store of 4 extents");
}

TEST_CASE("witness: every field counts to its last byte") {
  CHECK(found_after(0, 1, 0) == "is not a witness");
  CHECK(found_after(7, 1, 0) == "is not a witness");
  CHECK(found_after(15, 1, 1) == "is of extent 16777217");
  CHECK(found_after(31, 1, 0) == "is of another arm");
  CHECK(found_after(39, 1, 0x80) == "was written for sector 9223372036855447560");
  CHECK(found_after(47, 1, 0x80) == "was written for 9223372036854784008 sectors");
  CHECK(found_after(51, 1, 1) == "was written for a store of 16777219 extents");
}

TEST_CASE("witness: reserved bytes and the text are ignored when read, but for the checksum") {
  for (const std::size_t at : {std::size_t{52}, std::size_t{63}, std::size_t{64}, std::size_t{4095}}) {
    CHECK(found_after(at, 1, 0xa5) == "accepted");
  }
  for (std::size_t at = 52; at < 64; ++at) CHECK(encode_witness(second_witness())[at] == std::byte{0});
}

TEST_CASE("witness: every single flipped bit is detected") {
  WitnessBuffer block = encode_witness(second_witness());
  for (std::size_t bit = 0; bit < block.size() * 8; ++bit) {
    const std::byte mask{static_cast<unsigned char>(1U << (bit % 8))};
    block[bit / 8] ^= mask;
    if (check_witness(block, second_witness())) FAIL("bit " << bit);
    block[bit / 8] ^= mask;
  }
  CHECK(check_witness(block, second_witness()));
}

TEST_CASE("witness: a block of another size is refused, and never read beyond its end") {
  const WitnessBuffer block = encode_witness(second_witness());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{512}, std::size_t{4095}}) {
    const std::vector<std::byte> cut(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(found(cut) == "has " + std::to_string(size) + " bytes");
  }
  std::vector<std::byte> longer(block.begin(), block.end());
  longer.push_back(std::byte{0});
  CHECK(found(longer) == "has 4097 bytes");
}

}  // namespace
}  // namespace bootguard::test
