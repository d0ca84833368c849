// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "format/codec.h"
#include "format/validate.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

CopyState state_of(std::span<const std::byte> block) { return decode(block).state; }

TEST_CASE("codec: what was encoded is decoded, field by field") {
  for (const Metadata& m : {idle_fresh(), armed(), trial_wrapped(), idle_rolled_back()}) {
    REQUIRE(find_bad_value(m) == nullptr);
    const BlockBuffer block = encode(m);
    const Decoded decoded = decode(block);
    REQUIRE(decoded.state == CopyState::kGood);
    CHECK(decoded.metadata == m);
    CHECK(encode(decoded.metadata) == block);
  }
}

TEST_CASE("codec: a block of zeros is zero, and of 0xff has a bad magic") {
  BlockBuffer block{};
  CHECK(state_of(block) == CopyState::kZero);
  block.fill(std::byte{0xff});
  CHECK(state_of(block) == CopyState::kBadMagic);
}

TEST_CASE("codec: zeros but for the last byte are not zero") {
  BlockBuffer block{};
  block.back() = std::byte{1};
  CHECK(state_of(block) == CopyState::kBadMagic);
}

TEST_CASE("codec: a byte-swapped magic is other-endian, whatever the checksum") {
  BlockBuffer block = encode(armed());
  for (std::size_t i = 0; i < 4; ++i) std::swap(block[i], block[7 - i]);
  CHECK(state_of(block) == CopyState::kOtherEndian);
  repair_crc(block);
  CHECK(state_of(block) == CopyState::kOtherEndian);
}

TEST_CASE("codec: any other major version is refused, but only with a good checksum") {
  for (const std::uint64_t major : {0U, 2U, 3U, 256U, 65535U}) {
    BlockBuffer block = encode(armed());
    poke(block, 12, 2, major);
    CHECK(state_of(block) == CopyState::kBadCrc);
    repair_crc(block);
    CHECK(state_of(block) == CopyState::kNewerVersion);
  }
}

TEST_CASE("codec: a newer major version is named as such even if no value of it makes sense") {
  BlockBuffer block{};
  block.fill(std::byte{0xff});
  poke(block, 0, 8, 0x1A647247746F6F42);
  poke(block, 12, 2, 2);
  repair_crc(block);
  CHECK(state_of(block) == CopyState::kNewerVersion);
}

TEST_CASE("codec: each of the 64 incompatible feature bits is refused, but only with a good checksum") {
  for (unsigned bit = 0; bit < 64; ++bit) {
    BlockBuffer block = encode(armed());
    poke(block, 24, 8, std::uint64_t{1} << bit);
    CHECK(state_of(block) == CopyState::kBadCrc);
    repair_crc(block);
    CHECK(state_of(block) == CopyState::kUnknownFeature);
  }
}

TEST_CASE("codec: each of the 64 compatible feature bits is accepted, and cleared when written") {
  for (unsigned bit = 0; bit < 64; ++bit) {
    BlockBuffer block = encode(armed());
    poke(block, 16, 8, std::uint64_t{1} << bit);
    repair_crc(block);
    const Decoded decoded = decode(block);
    REQUIRE(decoded.state == CopyState::kGood);
    CHECK(decoded.metadata.compat == std::uint64_t{1} << bit);
    CHECK(peek(encode(decoded.metadata), 16, 8) == 0);
  }
}

TEST_CASE("codec: any minor version is accepted, and the writer's own is written") {
  for (const std::uint64_t minor : {0U, 1U, 7U, 65535U}) {
    BlockBuffer block = encode(armed());
    poke(block, 14, 2, minor);
    repair_crc(block);
    const Decoded decoded = decode(block);
    REQUIRE(decoded.state == CopyState::kGood);
    CHECK(decoded.metadata.version_minor == minor);
    CHECK(peek(encode(decoded.metadata), 14, 2) == 0);
  }
}

struct Range {
  std::size_t first;
  std::size_t end;
};

TEST_CASE("codec: reserved bytes are ignored when read and zero when written") {
  // idle_fresh has no volume and one event: records and events not in use are reserved, but for the events' numbers.
  std::vector<Range> reserved{{76, 80}, {128, 136}, {232, 480}, {480, 512}, {512, 2048}};
  for (std::size_t i = 1; i < 32; ++i) {
    reserved.push_back({2048 + i * 64, 2048 + i * 64 + 8});
    reserved.push_back({2048 + i * 64 + 16, 2048 + i * 64 + 64});
  }
  const BlockBuffer clean = encode(idle_fresh());
  BlockBuffer dirty = clean;
  std::size_t bytes = 0;
  for (const Range& range : reserved) {
    for (std::size_t i = range.first; i < range.end; ++i, ++bytes) {
      REQUIRE(clean[i] == std::byte{0});
      dirty[i] = std::byte{0xa5};
    }
  }
  repair_crc(dirty);
  const Decoded decoded = decode(dirty);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata == idle_fresh());
  CHECK(encode(decoded.metadata) == clean);
  CHECK(bytes == 4 + 8 + 280 + 1536 + 31 * 56);
}

TEST_CASE("codec: reserved bytes of a volume record are ignored when read and zero when written") {
  const BlockBuffer clean = encode(armed());
  BlockBuffer dirty = clean;
  for (const Range& range : {Range{515, 516}, Range{612, 616}, Range{632, 640}, Range{664, 672}, Range{736, 768}}) {
    for (std::size_t i = range.first; i < range.end; ++i) {
      REQUIRE(clean[i] == std::byte{0});
      dirty[i] = std::byte{0xa5};
    }
  }
  repair_crc(dirty);
  const Decoded decoded = decode(dirty);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata == armed());
  CHECK(encode(decoded.metadata) == clean);
}

TEST_CASE("codec: a refused block gives no values") {
  BlockBuffer block = encode(trial_wrapped());
  poke(block, 2048 + 31 * 64 + 16, 2, 999);  // the last thing that is looked at
  repair_crc(block);
  const Decoded decoded = decode(block);
  CHECK(decoded.state == CopyState::kBadValue);
  CHECK(std::string(decoded.detail) == "event kind");
  CHECK(decoded.metadata == Metadata{});
}

TEST_CASE("codec: every state has a name of its own") {
  std::vector<std::string> names;
  for (int state = 0; state <= static_cast<int>(CopyState::kBadValue); ++state) {
    names.emplace_back(to_string(static_cast<CopyState>(state)));
  }
  CHECK(names == std::vector<std::string>{"good", "unreadable", "zero", "bad-magic", "other-endian", "bad-crc",
                                          "newer-version", "unknown-feature", "not-authentic", "bad-value"});
  CHECK(std::string(to_string(static_cast<CopyState>(200))) == "unknown");
}

TEST_CASE("validate: what decode() cannot see is still refused before encode()") {
  Metadata feature = idle_fresh();
  feature.incompat = 1;
  CHECK(std::string(find_bad_value(feature)) == "incompatible features");
  Metadata stray = idle_fresh();
  stray.events[7].number = 8;  // an event beyond events_written
  CHECK(std::string(find_bad_value(stray)) == "event number");
}

}  // namespace
}  // namespace bootguard::test
