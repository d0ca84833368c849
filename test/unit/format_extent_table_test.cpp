// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "format/extent_table.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

constexpr Sectors kDevice{2097152};
using Bytes_ = std::vector<std::byte>;

TableDescriptor descriptor_of(const Bytes_& bytes, std::uint32_t entries) {
  const TableSummary summary = summarize_table(bytes);
  return {TableKind::kStore, 4, 64, 16, summary.length_bytes, entries, summary.crc};
}

Result<ExtentTable> decode_good(const Bytes_& bytes, std::uint32_t entries, Sectors device = kDevice) {
  return decode_table(bytes, descriptor_of(bytes, entries), arm_id(), device);
}

// Changes a table, repairs its checksum, names it in the descriptor: only the value itself is wrong.
std::string refusal(std::size_t offset, std::size_t width, std::uint64_t value) {
  Bytes_ bytes = encode_table(store_table());
  poke(bytes, offset, width, value);
  repair_crc(bytes, 112);
  TableDescriptor descriptor = store_descriptor();
  descriptor.crc = static_cast<std::uint32_t>(peek(bytes, 8, 4));
  const auto decoded = decode_table(bytes, descriptor, arm_id(), kDevice);
  if (decoded) return "accepted";
  CHECK(decoded.error().code == Errc::kMetadataCorrupt);
  return decoded.error().text;
}

std::string refusal(const TableDescriptor& descriptor) {
  const auto decoded = decode_table(encode_table(store_table()), descriptor, arm_id(), kDevice);
  return decoded ? "accepted" : decoded.error().text;
}

TEST_CASE("table: what was encoded is decoded, from 1 to 4092 extents") {
  for (const std::uint32_t count : {1U, 2U, 251U, 252U, 253U, 4092U}) {
    ExtentTable table{TableKind::kStore, arm_id(), {}};
    for (std::uint64_t i = 0; i < count; ++i) table.extents.push_back({Sectors(1000 + 24 * i), Sectors(8 + i % 16)});
    const Bytes_ bytes = encode_table(table);
    CHECK(bytes.size() % 4096 == 0);
    CHECK(bytes.size() <= 65536);
    CHECK(bytes.size() - (64 + 16 * count) < 4096);
    const auto decoded = decode_good(bytes, count);
    REQUIRE(decoded);
    CHECK(decoded.value().extents == table.extents);
    CHECK(decoded.value().kind == TableKind::kStore);
    CHECK(decoded.value().arm_id == arm_id());
  }
}

TEST_CASE("table: the order of the file is kept, whatever the order on the device") {
  ExtentTable table{TableKind::kStore, arm_id(), {{Sectors(900), Sectors(8)}, {Sectors(100), Sectors(8)}}};
  CHECK(decode_good(encode_table(table), 2).value().extents == table.extents);
}

TEST_CASE("table: trailing bytes of its slot are not looked at") {
  Bytes_ bytes = encode_table(store_table());
  bytes.resize(65536, std::byte{0xee});
  bytes[112] = std::byte{0xee};
  CHECK(decode_table(bytes, store_descriptor(), arm_id(), kDevice));
}

TEST_CASE("table: every single flipped bit of the bytes in use is detected") {
  Bytes_ bytes = encode_table(store_table());
  for (std::size_t bit = 0; bit < 112 * 8; ++bit) {
    const std::byte mask{static_cast<unsigned char>(1U << (bit % 8))};
    bytes[bit / 8] ^= mask;
    CAPTURE(bit);
    CHECK_FALSE(decode_table(bytes, store_descriptor(), arm_id(), kDevice));
    bytes[bit / 8] ^= mask;
  }
  CHECK(decode_table(bytes, store_descriptor(), arm_id(), kDevice));
}

TEST_CASE("table: zeros and 0xff are refused") {
  CHECK_FALSE(decode_table(Bytes_(65536), store_descriptor(), arm_id(), kDevice));
  CHECK_FALSE(decode_table(Bytes_(65536, std::byte{0xff}), store_descriptor(), arm_id(), kDevice));
}

TEST_CASE("table: each wrong value behind a good checksum is refused by name") {
  CHECK(refusal(0, 1, 0x43) == "extent table: bad magic");
  CHECK(refusal(12, 2, 2) == "extent table: of another kind");
  CHECK(refusal(12, 2, 0x0101) == "extent table: of another kind");
  CHECK(refusal(16, 4, 2) == "extent table: bad count");
  CHECK(refusal(16, 4, 0xffffffff) == "extent table: bad count");
  CHECK(refusal(20, 4, 113) == "extent table: bad length");
  CHECK(refusal(20, 4, 0xffffffff) == "extent table: bad length");
  CHECK(refusal(24, 1, 0) == "extent table: of another arm");
  CHECK(refusal(39, 1, 0) == "extent table: of another arm");
  CHECK(refusal(64 + 8, 8, 65536) == "accepted");  // the control: what stands there already
}

TEST_CASE("table: reserved bytes are ignored when read and zero when written") {
  CHECK(refusal(14, 2, 0xa5a5) == "accepted");
  for (std::size_t at = 40; at < 64; ++at) CHECK(refusal(at, 1, 0xa5) == "accepted");
  const Bytes_ bytes = encode_table(store_table());
  CHECK(peek(bytes, 14, 2) == 0);
  for (std::size_t at = 40; at < 64; at += 8) CHECK(peek(bytes, at, 8) == 0);
}

TEST_CASE("table: an extent that is empty, beyond the device or wrapping 64 bits is refused by its number") {
  CHECK(refusal(64 + 16 + 8, 8, 0) == "extent table: extent 1 is empty");
  const std::string beyond = "extent table: extent 2 ends beyond the device";
  CHECK(refusal(64 + 32 + 8, 8, 2097152 - 1835008) == "accepted");
  CHECK(refusal(64 + 32 + 8, 8, 2097152 - 1835008 + 1) == beyond);
  CHECK(refusal(64 + 32, 8, 2097152 - 32768) == "accepted");
  CHECK(refusal(64 + 32, 8, 2097152) == beyond);
  CHECK(refusal(64 + 32, 8, 2097153) == beyond);
  CHECK(refusal(64 + 32, 8, UINT64_MAX) == beyond);
  CHECK(refusal(64 + 32, 8, UINT64_MAX - 32767) == beyond);  // the end wraps to exactly 0
  CHECK(refusal(64 + 32 + 8, 8, UINT64_MAX) == beyond);
  CHECK(refusal(64 + 32 + 8, 8, UINT64_MAX - 1835007) == beyond);
}

TEST_CASE("table: extents that overlap are refused, extents that touch are not") {
  CHECK(refusal(64 + 16, 8, 409600 + 65536) == "accepted");
  CHECK(refusal(64 + 16, 8, 409600 + 65535) == "extent table: two extents overlap at sector 475135");
  CHECK(refusal(64 + 32, 8, 409600) == "extent table: two extents overlap at sector 409600");
}

TEST_CASE("table: a descriptor that does not fit is refused before anything is read through it") {
  TableDescriptor d = store_descriptor();
  CHECK(refusal(d) == "accepted");
  for (const TableKind kind : {TableKind::kUnused, TableKind::kFreeMap, static_cast<TableKind>(99)}) {
    d = store_descriptor();
    d.kind = kind;
    CHECK(refusal(d) == "extent table: the descriptor is of another kind");
  }
  d = store_descriptor();
  d.kind = TableKind::kReserve;
  CHECK(refusal(d) == "extent table: of another kind");
  for (const std::uint32_t entries : {4093U, 1U << 28, UINT32_MAX}) {
    d = store_descriptor();
    d.entries = entries;
    CHECK(refusal(d) == "extent table: the descriptor has too many entries");
  }
  for (const std::uint32_t length : {0U, 1U, 63U, 64U, 111U, 113U, UINT32_MAX}) {
    d = store_descriptor();
    d.length_bytes = length;
    CHECK(refusal(d) == "extent table: the descriptor's length is wrong");
  }
  d = store_descriptor();
  d.entries = 4092;
  d.length_bytes = 65536;
  CHECK(refusal(d) == "extent table: shorter than its descriptor says");
  d = store_descriptor();
  d.entries = 2;
  d.length_bytes = 96;
  CHECK(refusal(d) == "extent table: bad checksum");
}

TEST_CASE("table: a whole table of an earlier arm is not the one that the descriptor names") {
  TableDescriptor d = store_descriptor();
  d.crc ^= 1;
  CHECK(refusal(d) == "extent table: not the one that the descriptor names");
}

TEST_CASE("table: cut short at any byte it is refused, and never read beyond its end") {
  const Bytes_ bytes = encode_table(store_table());
  for (std::size_t size = 0; size < 112; ++size) {
    const Bytes_ cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));  // ASan guards its end
    CHECK_FALSE(decode_table(cut, store_descriptor(), arm_id(), kDevice));
  }
  const Bytes_ whole(bytes.begin(), bytes.begin() + 112);
  CHECK(decode_table(whole, store_descriptor(), arm_id(), kDevice));
}

TEST_CASE("table: random mutations, checksum repaired: refused, or every extent lies on the device") {
  std::mt19937_64 random(20250102);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes_ bytes = encode_table(store_table());
    const std::size_t width = std::size_t{1} << (random() % 4);
    poke(bytes, 12 + random() % (100 - width), width, random() >> (random() % 64));
    repair_crc(bytes, 112);
    const auto decoded = decode_good(bytes, 3);
    ++(decoded ? accepted : refused);
    if (!decoded) continue;
    for (const Extent& e : decoded.value().extents) {
      if (e.length.n == 0 || e.length > kDevice || e.start > kDevice - e.length) FAIL("an extent beyond the device");
    }
  }
  CHECK(accepted > 500);
  CHECK(refused > 500);
}

}  // namespace
}  // namespace bootguard::test
