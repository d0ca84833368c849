// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes that nobody wrote on purpose, and bytes that somebody did. Random tests print their seed when they fail;
// BOOTGUARD_SEED=n replays one.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <string>

#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

std::uint64_t seed() {
  const char* text = std::getenv("BOOTGUARD_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 0) : 20250101;
}

// What decode() ignores, as FORMAT.md lists it: these bytes need not come back.
BlockBuffer without_ignored_bytes(BlockBuffer block) {
  const auto clear = [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) block[i] = std::byte{0};
  };
  const std::uint64_t volumes = peek(block, 67, 1);
  const std::uint64_t events = peek(block, 120, 8);
  clear(14, 24);  // minor version, compatible features
  clear(76, 80);
  clear(128, 136);
  clear(232, 512);
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t at = 512 + 256 * i;
    if (i >= volumes) clear(at, at + 256);
    clear(at + 3, at + 4);
    clear(at + 100, at + 104);
    clear(at + 120, at + 128);
    for (std::size_t table = 0; table < 3; ++table) clear(at + 128 + 32 * table + 24, at + 128 + 32 * table + 32);
    clear(at + 224, at + 256);
  }
  for (std::size_t i = 0; i < 32; ++i) {
    if (i < events) continue;
    clear(2048 + 64 * i, 2048 + 64 * i + 8);
    clear(2048 + 64 * i + 16, 2048 + 64 * i + 64);
  }
  repair_crc(block);
  return block;
}

// Refused, or understood completely. True if accepted.
bool check_total(const BlockBuffer& block) {
  const Decoded decoded = decode(block);
  if (decoded.state != CopyState::kGood) return false;
  if (encode(decoded.metadata) != without_ignored_bytes(block)) FAIL("accepted, but encodes to other bytes");
  return true;
}

TEST_CASE("hostile: every single flipped bit of a block is detected") {
  for (const Metadata& m : {idle_fresh(), trial_wrapped()}) {
    BlockBuffer block = encode(m);
    std::size_t flips = 0;
    for (std::size_t bit = 0; bit < block.size() * 8; ++bit) {
      const std::byte mask{static_cast<unsigned char>(1U << (bit % 8))};
      block[bit / 8] ^= mask;
      const CopyState expected = bit < 64 ? CopyState::kBadMagic : CopyState::kBadCrc;
      if (decode(block).state != expected) FAIL("bit " << bit);
      block[bit / 8] ^= mask;
      ++flips;
    }
    CHECK(flips == 32768);
    CHECK(decode(block).state == CopyState::kGood);  // the control: without a flip it is good
  }
}

TEST_CASE("hostile: a torn block, new up to any sector and old behind, or the other way round, is detected") {
  const BlockBuffer before = encode(armed());
  const BlockBuffer after = encode(trial_wrapped());
  for (std::size_t cut = 1; cut < 8; ++cut) {
    // Sectors 3 and the like may be equal in both: then there is nothing to detect.
    for (const auto& [head, tail] : {std::pair{before, after}, std::pair{after, before}}) {
      BlockBuffer torn = head;
      std::copy(tail.begin() + static_cast<std::ptrdiff_t>(512 * cut), tail.end(),
                torn.begin() + static_cast<std::ptrdiff_t>(512 * cut));
      REQUIRE(torn != before);
      REQUIRE(torn != after);
      CHECK(decode(torn).state == CopyState::kBadCrc);
    }
  }
}

TEST_CASE("hostile: random bytes are refused, also behind a good magic, version and checksum") {
  std::mt19937_64 random(seed());
  INFO("BOOTGUARD_SEED=" << seed());
  for (int round = 0; round < 2000; ++round) {
    BlockBuffer block{};
    for (std::size_t i = 0; i < block.size(); i += 8) poke(block, i, 8, random());
    CHECK(decode(block).state == CopyState::kBadMagic);
    poke(block, 0, 8, 0x1A647247746F6F42);
    CHECK(decode(block).state == CopyState::kBadCrc);
    poke(block, 12, 2, 1);
    poke(block, 24, 8, 0);
    repair_crc(block);
    CHECK(decode(block).state == CopyState::kBadValue);
  }
}

TEST_CASE("hostile: each byte set to each of some values, checksum repaired: refused, or understood completely") {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  const BlockBuffer good = encode(trial_wrapped());
  for (std::size_t at = 12; at < good.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x04U, 0x41U, 0x7fU, 0x80U, 0xffU}) {
      BlockBuffer block = good;
      block[at] = static_cast<std::byte>(value);
      repair_crc(block);
      ++(check_total(block) ? accepted : refused);
    }
  }
  CHECK(accepted + refused == 4084 * 7);
  CHECK(accepted > 1000);  // the control: both ends are reached
  CHECK(refused > 1000);
}

TEST_CASE("hostile: random mutations, checksum repaired: refused, or understood completely") {
  std::mt19937_64 random(seed());
  INFO("BOOTGUARD_SEED=" << seed());
  const BlockBuffer originals[] = {encode(idle_fresh()), encode(armed()), encode(trial_wrapped()),
                                   encode(idle_rolled_back())};
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 20000; ++round) {
    BlockBuffer block = originals[random() % 4];
    const std::uint64_t changes = 1 + random() % 4;
    for (std::uint64_t i = 0; i < changes; ++i) {
      const std::size_t width = std::size_t{1} << (random() % 4);
      // Half of them in the first 768 bytes, where the structure is.
      const std::size_t at = 12 + random() % ((random() % 2 != 0 ? 768U : 4096U) - 12 - width);
      constexpr std::uint64_t kInteresting[] = {0, 1, 2, 31, 32, 33, 0x7f, 0x80, 0xffff, 1ULL << 31, 1ULL << 63, ~0ULL};
      poke(block, at, width, random() % 2 != 0 ? random() : kInteresting[random() % 12]);
    }
    repair_crc(block);
    ++(check_total(block) ? accepted : refused);
  }
  CAPTURE(accepted, refused);
  CHECK(accepted > 500);
  CHECK(refused > 500);
}

}  // namespace
}  // namespace bootguard::test
