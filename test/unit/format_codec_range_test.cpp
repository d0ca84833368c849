// SPDX-License-Identifier: LGPL-2.1-or-later
// The range of every field, on raw bytes at the offsets of FORMAT.md: what lies inside is accepted and comes back as
// the same bytes, what lies outside is refused by the field's name.
#include <catch2/catch.hpp>
#include <string>

#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

using Values = std::vector<std::uint64_t>;
constexpr std::uint64_t kMax64 = UINT64_MAX;
constexpr std::uint64_t kMax32 = UINT32_MAX;
constexpr std::uint64_t kMaxTime = 253402300799;

struct Field {
  const char* name;
  std::size_t offset;
  std::size_t width;
  Values good;
  Values bad;
};

BlockBuffer with(BlockBuffer block, std::size_t offset, std::size_t width, std::uint64_t value) {
  poke(block, offset, width, value);
  repair_crc(block);
  return block;
}

void check_good(const BlockBuffer& block) {
  const Decoded decoded = decode(block);
  CHECK(std::string(decoded.detail).empty());
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(encode(decoded.metadata) == block);
}

void check_bad(const BlockBuffer& block, const std::string& name) {
  const Decoded decoded = decode(block);
  REQUIRE(decoded.state == CopyState::kBadValue);
  CHECK(decoded.detail == name);
}

void check_field(const BlockBuffer& base, const Field& field) {
  for (const std::uint64_t value : field.good) {
    CAPTURE(field.name, field.offset, value);
    check_good(with(base, field.offset, field.width, value));
  }
  for (const std::uint64_t value : field.bad) {
    CAPTURE(field.name, field.offset, value);
    check_bad(with(base, field.offset, field.width, value), field.name);
  }
}

// first..last are good and every other number of the field's width is bad.
void check_enumerator(const BlockBuffer& base, const char* name, std::size_t offset, std::size_t width,
                      std::uint64_t first, std::uint64_t last) {
  Field field{name, offset, width, {}, {}};
  for (std::uint64_t value = 0; value < (width == 1 ? 256 : 400); ++value) {
    (value >= first && value <= last ? field.good : field.bad).push_back(value);
  }
  if (width == 2) {
    // A good low byte below a high byte that is not 0.
    for (std::uint64_t value = first; value < 0x10000; value += 0x100) {
      if (value > last) field.bad.push_back(value);
    }
    field.bad.push_back(0xffff);
  }
  REQUIRE(field.good.size() == last - first + 1);
  check_field(base, field);
}

// A trial with 2 of 5 attempts left, 37 events, one volume whose store is a multiple of every chunk size.
BlockBuffer base_block() {
  Metadata m = trial_wrapped();
  m.volumes[0].store_size = Sectors(106496);
  return encode(m);
}

TEST_CASE("ranges: every enumerator, and every number beside") {
  const BlockBuffer base = base_block();
  check_enumerator(base, "phase", 64, 1, 1, 4);
  check_enumerator(base, "request", 65, 1, 0, 1);
  check_enumerator(base, "last result", 66, 1, 0, 4);
  check_enumerator(base, "volume count", 67, 1, 1, 1);
  check_enumerator(base, "last reason", 74, 2, 0, 13);
  check_enumerator(base, "volume mode", 512, 1, 1, 1);
  check_enumerator(base, "volume filesystem", 513, 1, 0, 3);
  check_enumerator(base, "volume flags", 514, 1, 0, 0);
  check_enumerator(base, "table kind", 640, 2, 1, 1);
  for (const std::size_t slot : {std::size_t{0}, std::size_t{4}, std::size_t{5}, std::size_t{31}}) {
    const std::size_t at = 2048 + 64 * slot;
    check_enumerator(base, "event kind", at + 16, 2, 1, 12);
    check_enumerator(base, "event reason", at + 18, 2, 0, 13);
    check_enumerator(base, "event phase", at + 22, 1, 1, 4);
    check_enumerator(base, "event volume", at + 23, 1, 0, 5);
  }
}

TEST_CASE("ranges: every integer of the header") {
  const BlockBuffer base = base_block();
  const std::vector<Field> fields{
      {"sequence", 32, 8, {1, 2, kMax64 - 1}, {0, kMax64}},
      {"area blocks", 56, 4, {192, 193, 16384}, {0, 1, 191, 16385, kMax32}},
      {"copies", 60, 2, {4}, {0, 1, 3, 5, 0x0104, 0xffff}},
      {"copy stride", 62, 2, {16}, {0, 1, 15, 17, 0x0110, 0xffff}},
      {"attempts left", 68, 2, {2, 3, 5, 1000, 0xffff}, {0, 1}},
      {"attempts left", 70, 2, {0, 1, 5}, {6, 0x0100, 0xffff}},
      {"trial boots", 72, 2, {0, 1, 0xffff}, {}},
      {"last result time", 80, 8, {0, 1, kMaxTime}, {kMaxTime + 1, kMax64}},
      {"armed time", 88, 8, {0, 1, kMaxTime}, {kMaxTime + 1, kMax64}},
      {"checkpoint time", 96, 8, {0, 1, kMaxTime}, {kMaxTime + 1, kMax64}},
      // Any other number does not fit those of the events.
      {"event number", 120, 8, {37}, {0, 1, 5, 31, 32, 33, 36, 38, 69, kMax64 - 1}},
      {"events written", 120, 8, {}, {kMax64}},
  };
  for (const Field& field : fields) check_field(base, field);
}

TEST_CASE("ranges: every integer of a volume record") {
  const BlockBuffer base = base_block();
  const std::vector<Field> fields{
      {"volume chunk", 516, 4, {8, 16, 32, 64, 128}, {0, 1, 2, 4, 7, 9, 12, 24, 127, 129, 256, 1U << 31, kMax32}},
      {"volume device size", 600, 8, {106496, 1ULL << 54}, {(1ULL << 54) + 1, 1ULL << 55, kMax64}},
      {"volume store size", 600, 8, {}, {0, 1, 106495}},
      {"volume filesystem block", 608, 4, {0, 512, 1024, 4096, 65536}, {1, 256, 511, 513, 3000, 131072, kMax32}},
      {"volume store size", 616, 8, {0, 8, 2097152}, {1, 4, 7, 2097151, 2097153, 2097160, kMax64 - 7, kMax64}},
      {"volume seal sector", 624, 8, {0}, {1, kMax64}},
  };
  for (const Field& field : fields) check_field(base, field);
}

TEST_CASE("ranges: a table lies behind the copies and inside the area, and its copies not over each other") {
  const BlockBuffer base = base_block();  // area of 192 blocks; 3 extents: 112 bytes, one block
  const std::vector<Field> fields{
      {"table copies", 642, 2, {4}, {0, 1, 3, 5, 0xffff}},
      {"table first block", 644, 4, {64, 65, 128, 143}, {0, 1, 63}},
      {"table end", 644, 4, {}, {144, 191, 192, 1U << 20, 1U << 31, kMax32}},
      {"table stride", 648, 4, {1, 16, 42}, {0}},
      {"table end", 648, 4, {}, {43, 192, 1U << 30, 1431655765, 1431655766, kMax32}},
      {"table length", 652, 4, {112}, {0, 64, 111, 113, 128, kMax32}},
      {"table length", 656, 4, {3}, {1, 2, 4, 4092}},
      {"table entries", 656, 4, {}, {0, 4093, 1U << 28, (1U << 28) + 3, kMax32}},
      {"table crc", 660, 4, {0, 1, kMax32}, {}},
  };
  for (const Field& field : fields) check_field(base, field);
}

TEST_CASE("ranges: the largest table needs a stride of 16 blocks, and fits the smallest area twice") {
  BlockBuffer block = base_block();
  poke(block, 652, 4, 65536);
  poke(block, 656, 4, 4092);
  for (const std::uint64_t first : {64U, 128U}) {
    poke(block, 644, 4, first);
    repair_crc(block);
    check_good(block);
  }
  check_bad(with(block, 648, 4, 15), "table stride");
  check_bad(with(block, 644, 4, 129), "table end");
}

TEST_CASE("ranges: a descriptor without a kind is all zero, reserved bytes apart") {
  const BlockBuffer base = base_block();
  for (const std::size_t second : {std::size_t{672}, std::size_t{704}}) {
    for (std::size_t at = 2; at < 24; ++at) check_bad(with(base, second + at, 1, 1), "table kind");
    CHECK(decode(with(base, second + 24, 8, 1)).state == CopyState::kGood);
  }
}

TEST_CASE("ranges: two tables of one kind are refused, as nobody could say which one counts") {
  BlockBuffer block = base_block();
  for (std::size_t i = 0; i < 32; ++i) block[704 + i] = block[640 + i];
  check_bad(with(block, 704 + 4, 4, 128), "table kind twice");
}

TEST_CASE("ranges: an event time is bounded, its other integers are free") {
  const BlockBuffer base = base_block();
  for (const std::size_t slot : {std::size_t{0}, std::size_t{31}}) {
    const std::size_t at = 2048 + 64 * slot;
    check_field(base, {"event time", at, 8, {0, 1, kMaxTime}, {kMaxTime + 1, kMax64}});
    check_field(base, {"event attempts", at + 20, 2, {0, 1, 0xffff}, {}});
    check_field(base, {"event errno", at + 24, 4, {0, 5, kMax32}, {}});
    check_field(base, {"event detail", at + 28, 4, {0, 1, kMax32}, {}});
  }
}

TEST_CASE("ranges: every event of a full ring has the one number that its place allows") {
  const BlockBuffer base = base_block();
  for (std::size_t slot = 0; slot < 32; ++slot) {
    const std::uint64_t number = slot < 5 ? 33 + slot : 1 + slot;
    check_field(base, {"event number",
                       2048 + 64 * slot + 8,
                       8,
                       {number},
                       {0, number - 1, number + 1, number + 32, number - 32, number + (1ULL << 32), kMax64}});
  }
}

TEST_CASE("ranges: a ring not yet full has numbers where events are, and none behind") {
  const BlockBuffer base = encode(armed());  // 2 events
  for (std::size_t slot = 0; slot < 32; ++slot) {
    const std::uint64_t number = slot < 2 ? 1 + slot : 0;
    check_field(base, {"event number", 2048 + 64 * slot + 8, 8, {number}, {slot + 3, 33 + slot, kMax64}});
  }
}

TEST_CASE("ranges: an empty ring, and one at the end of 64 bits") {
  Metadata empty;
  empty.area_blocks = 192;
  check_good(encode(empty));
  Metadata last = trial_wrapped();
  last.events_written = UINT64_MAX - 1;
  for (std::uint64_t slot = 0; slot < 32; ++slot) {
    last.events[slot].number = last.events_written - (last.events_written - 1 - slot) % 32;
  }
  check_good(encode(last));
}

TEST_CASE("ranges: volumes may be missing in idle only") {
  const BlockBuffer idle = encode(idle_rolled_back());
  for (std::uint64_t count = 0; count < 256; ++count) {
    const Decoded decoded = decode(with(idle, 67, 1, count));
    CAPTURE(count);
    CHECK(decoded.state == (count <= 1 ? CopyState::kGood : CopyState::kBadValue));
  }
  const Decoded none = decode(with(idle, 67, 1, 0));
  CHECK(none.metadata.volumes[0] == VolumeRecord{});  // the bytes of a record not in use are not looked at
}

TEST_CASE("ranges: what is armed has an attempt left, a trial may have none") {
  Metadata m = trial_wrapped();
  m.attempts_left = 1;
  CHECK(decode(with(encode(m), 70, 2, 0)).state == CopyState::kGood);
  m.phase = Phase::kArmed;
  const BlockBuffer armed = encode(m);
  CHECK(decode(armed).state == CopyState::kGood);
  const Decoded none = decode(with(armed, 70, 2, 0));
  CHECK(none.state == CopyState::kBadValue);
  CHECK(none.detail == std::string_view("attempts left"));
}

TEST_CASE("ranges: labels hold allowed characters, end with a NUL and are zero behind it") {
  struct Place {
    const char* name;
    std::size_t offset;
  };
  for (const Place& place : {Place{"old slot", 136}, Place{"new slot", 168}, Place{"booted slot", 200},
                             Place{"volume name", 520}, Place{"event slot", 2048 + 32}, Place{"event slot", 4064}}) {
    CAPTURE(place.name, place.offset);
    BlockBuffer base = base_block();
    poke(base, place.offset, 8, 0x62615f6b736964);  // "disk_ab"
    for (std::size_t i = 8; i < 32; ++i) base[place.offset + i] = std::byte{0};
    repair_crc(base);
    check_good(base);
    for (const std::uint64_t c :
         {0x01U, 0x0aU, 0x20U, 0x22U, 0x24U, 0x27U, 0x2fU, 0x3bU, 0x5cU, 0x60U, 0x7fU, 0x80U, 0xffU}) {
      check_bad(with(base, place.offset + 3, 1, c), place.name);
    }
    check_bad(with(base, place.offset, 1, '-'), place.name);
    check_bad(with(base, place.offset, 1, '.'), place.name);
    check_bad(with(base, place.offset + 31, 1, 'x'), place.name);  // behind the NUL
    check_bad(with(base, place.offset + 8, 1, 'x'), place.name);
    check_bad(with(base, place.offset, 1, 0), place.name);  // empty, with a rest
    for (std::size_t i = 0; i < 32; ++i) base[place.offset + i] = std::byte{'x'};
    check_bad(with(base, place.offset, 1, 'x'), place.name);  // no NUL
    check_good(with(base, place.offset + 31, 1, 0));
  }
}

TEST_CASE("ranges: of several bad values a label is named before others, and the first of them") {
  const BlockBuffer bad_label = with(base_block(), 136, 1, '-');
  check_bad(with(bad_label, 168, 1, '-'), "old slot");
  check_bad(with(bad_label, 67, 1, 7), "old slot");
}

TEST_CASE("ranges: slots may be unknown, a volume's name not") {
  const BlockBuffer base = base_block();
  for (const std::size_t offset : {std::size_t{136}, std::size_t{168}, std::size_t{200}, std::size_t{2048 + 32}}) {
    BlockBuffer block = base;
    for (std::size_t i = 0; i < 32; ++i) block[offset + i] = std::byte{0};
    repair_crc(block);
    check_good(block);
  }
  BlockBuffer block = base;
  for (std::size_t i = 0; i < 32; ++i) block[520 + i] = std::byte{0};
  repair_crc(block);
  check_bad(block, "volume name");
}

}  // namespace
}  // namespace bootguard::test
