// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as drivers/md/dm-snap-persistent.c writes them.
#include <array>
#include <catch2/catch.hpp>
#include <vector>

#include "format/exception_store.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

std::array<std::byte, 16> header(std::uint64_t magic, std::uint64_t valid, std::uint64_t version, std::uint64_t chunk) {
  std::array<std::byte, 16> bytes{};
  poke(bytes, 0, 4, magic);
  poke(bytes, 4, 4, valid);
  poke(bytes, 8, 4, version);
  poke(bytes, 12, 4, chunk);
  return bytes;
}

TEST_CASE("exception store: the header is four little-endian numbers, magic \"SnAp\" first") {
  const auto bytes = header(0x70416e53, 1, 1, 8);
  CHECK(static_cast<char>(bytes[0]) == 'S');
  CHECK(static_cast<char>(bytes[1]) == 'n');
  CHECK(static_cast<char>(bytes[2]) == 'A');
  CHECK(static_cast<char>(bytes[3]) == 'p');
  const SnapHeader parsed = parse_snap_header(bytes);
  CHECK(parsed.present);
  CHECK(parsed.valid);
  CHECK(parsed.version == 1);
  CHECK(parsed.chunk == Sectors(8));
}

TEST_CASE("exception store: valid 0 is a snapshot that the kernel gave up, anything else is valid, as to the kernel") {
  CHECK_FALSE(parse_snap_header(header(0x70416e53, 0, 1, 8)).valid);
  CHECK(parse_snap_header(header(0x70416e53, 0, 1, 8)).present);
  CHECK(parse_snap_header(header(0x70416e53, 2, 1, 8)).valid);
  CHECK(parse_snap_header(header(0x70416e53, 0x80000000, 1, 8)).valid);
}

TEST_CASE("exception store: zeros and garbage are no header, and are told apart by the magic") {
  const SnapHeader zero = parse_snap_header(header(0, 0, 0, 0));
  CHECK_FALSE(zero.present);
  CHECK(zero.magic == 0);
  const SnapHeader garbage = parse_snap_header(header(0x536e4170, 1, 1, 8));  // byte-swapped
  CHECK_FALSE(garbage.present);
  CHECK(garbage.magic == 0x536e4170);
  CHECK_FALSE(garbage.valid);
  CHECK(garbage.chunk == Sectors(0));
}

TEST_CASE("exception store: a hostile version or chunk is handed on as it is, for the caller to refuse") {
  const SnapHeader parsed = parse_snap_header(header(0x70416e53, 1, 0xffffffff, 0xffffffff));
  CHECK(parsed.version == 0xffffffff);
  CHECK(parsed.chunk == Sectors(0xffffffff));
}

TEST_CASE("exception store: pairs are two little-endian 64-bit numbers, old chunk first") {
  std::vector<std::byte> area(4096);
  poke(area, 0, 8, 5);
  poke(area, 8, 8, 2);
  poke(area, 4080, 8, 0x0102030405060708);
  poke(area, 4088, 8, UINT64_MAX);
  CHECK(load_pair(area, 0).old_chunk == Chunks(5));
  CHECK(load_pair(area, 0).new_chunk == Chunks(2));
  CHECK(load_pair(area, 1).new_chunk == Chunks(0));
  CHECK(load_pair(area, 255).old_chunk == Chunks(0x0102030405060708));
  CHECK(load_pair(area, 255).new_chunk == Chunks(UINT64_MAX));
}

TEST_CASE("exception store: metadata areas stand at chunk 1 and then every pairs + 1 chunks") {
  CHECK(pairs_per_area(Sectors(8)) == 256);
  CHECK(pairs_per_area(Sectors(128)) == 4096);
  CHECK(area_chunk(0, Sectors(8)) == Chunks(1));
  CHECK(area_chunk(1, Sectors(8)) == Chunks(258));
  CHECK(area_chunk(2, Sectors(8)) == Chunks(515));
  CHECK(area_chunk(1, Sectors(32)) == Chunks(1026));
}

}  // namespace
}  // namespace bootguard::test
