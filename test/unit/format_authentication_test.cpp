// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks and tables with a tag: every changed byte, other keys, none; and which copy is believed.
#include <catch2/catch.hpp>
#include <string>

#include "format/authentication.h"
#include "format/copy_pick.h"
#include "format/extent_table.h"
#include "unit/format_test_hex.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

const HmacKey kKey = image_key();

HmacKey other_key() {
  HmacKey key = image_key();
  key[31] ^= std::byte{1};
  return key;
}

BlockBuffer with_good_crc(BlockBuffer block) {
  repair_crc(block);
  return block;
}

TEST_CASE("authentication: what was tagged decodes to what it was, and without a key to nothing") {
  const BlockBuffer block = encode(armed(), &kKey);
  const Decoded decoded = decode(block, &kKey);
  REQUIRE(decoded.state == CopyState::kGood);
  CHECK(decoded.metadata == armed());
  CHECK(decode(block).state == CopyState::kUnknownFeature);
  CHECK(std::string(decode(block).detail).find("configuration no key") != std::string::npos);
  const HmacKey other = other_key();
  CHECK(decode(block, &other).state == CopyState::kNotAuthentic);
  // A block without a tag is not let in by leaving the tag out.
  CHECK(decode(encode(armed()), &kKey).state == CopyState::kNotAuthentic);
  BlockBuffer claimed = encode(armed());
  poke(claimed, 24, 8, layout::kIncompatAuthenticated);
  CHECK(decode(with_good_crc(claimed), &kKey).state == CopyState::kNotAuthentic);
  CHECK(decode(encode(armed())).state == CopyState::kGood);
}

TEST_CASE("authentication: no byte of a block can be changed, whoever puts the checksum right") {
  const BlockBuffer block = encode(trial_wrapped(), &kKey);
  std::size_t good = 0;
  std::size_t without_key = 0;
  for (std::size_t i = 12; i < block.size(); ++i) {
    BlockBuffer forged = block;
    forged[i] ^= std::byte{4};
    forged = with_good_crc(forged);
    if (decode(forged, &kKey).state == CopyState::kGood) ++good;
    // Control: the same byte in a block without a tag, where reserved and in-range bytes pass.
    BlockBuffer plain = encode(trial_wrapped());
    plain[i] ^= std::byte{4};
    if (decode(with_good_crc(plain)).state == CopyState::kGood) ++without_key;
  }
  CHECK(good == 0);
  CHECK(without_key > 100);
}

TEST_CASE("authentication: no byte of a table can be changed either") {
  const ExtentTable table = store_table();
  const std::vector<std::byte> bytes = encode_table(table, &kKey);
  const auto read = [&](std::vector<std::byte> changed, const HmacKey* key) {
    std::vector<std::byte> used(changed.begin(), changed.begin() + 112);
    repair_crc(used);
    TableDescriptor descriptor = store_descriptor();
    descriptor.crc = summarize_table(used).crc;
    return decode_table(used, descriptor, arm_id(), Sectors(2097152), key).ok();
  };
  CHECK(read(bytes, &kKey));
  CHECK(read(bytes, nullptr));
  const HmacKey other = other_key();
  CHECK_FALSE(read(bytes, &other));
  CHECK_FALSE(read(encode_table(table), &kKey));
  std::size_t accepted = 0;
  std::size_t without_key = 0;
  for (std::size_t i = 12; i < 112; ++i) {
    std::vector<std::byte> forged = bytes;
    forged[i] ^= std::byte{1};
    if (read(forged, &kKey)) ++accepted;
    if (read(forged, nullptr)) ++without_key;
  }
  CHECK(accepted == 0);
  CHECK(without_key > 20);
}

TEST_CASE("authentication: a copy that is not authentic is one bad copy, and mended from the others") {
  const auto read = [](const BlockBuffer& block) {
    const Decoded decoded = decode(block, &kKey);
    return CopyRead{decoded.state, decoded.detail, decoded.metadata.sequence,
                    static_cast<std::uint32_t>(peek(block, 8, 4))};
  };
  Metadata forged = armed();
  forged.sequence += 5;
  forged.phase = Phase::kIdle;
  forged.attempts_left = 0;
  std::array<CopyRead, layout::kCopies> copies{};
  copies.fill(read(encode(armed(), &kKey)));
  copies[0] = read(encode(forged));
  const auto pick = pick_copy(copies);
  REQUIRE(pick);
  CHECK(pick.value().index == 1);
  CHECK(pick.value().repair == std::array{true, false, false, false});
  // Control: in an area without a key the forged one wins.
  const Decoded believed = decode(encode(forged));
  copies[0] = {believed.state, "", believed.metadata.sequence, 1};
  CHECK(pick_copy(copies).value().index == 0);
  copies.fill(read(encode(forged)));
  const auto none = pick_copy(copies);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::kMetadataCorrupt);
  CHECK(none.error().text.find("copy 0 not-authentic (it has no tag)") != std::string::npos);
}

}  // namespace
}  // namespace bootguard::test
