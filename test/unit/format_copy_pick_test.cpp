// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <vector>

#include "format/copy_pick.h"

namespace bootguard {
namespace {

using Copies = std::array<CopyRead, layout::kCopies>;

CopyRead good(std::uint64_t sequence, std::uint32_t fingerprint = 0) {
  return {CopyState::kGood, "", sequence, fingerprint != 0 ? fingerprint : static_cast<std::uint32_t>(sequence)};
}
CopyRead bad(CopyState state, const char* detail = "") { return {state, detail, 0, 0}; }

TEST_CASE("pick: four equal copies: the first is believed and nothing repaired") {
  const auto pick = pick_copy({good(7), good(7), good(7), good(7)});
  REQUIRE(pick);
  CHECK(pick.value().index == 0);
  CHECK(pick.value().repair_count == 0);
}

TEST_CASE("pick: copy 0 torn, copy 1 valid: believes 1 and has 0 repaired") {
  const auto pick = pick_copy({bad(CopyState::kBadCrc), good(7), good(7), good(7)});
  REQUIRE(pick);
  CHECK(pick.value().index == 1);
  CHECK(pick.value().repair == std::array<bool, 4>{true, false, false, false});
}

TEST_CASE("pick: a crash while copy 1 was written: the new state of copy 0 wins over two old ones") {
  const auto pick = pick_copy({good(8), bad(CopyState::kBadCrc), good(7), good(7)});
  REQUIRE(pick);
  CHECK(pick.value().index == 0);
  CHECK(pick.value().repair == std::array<bool, 4>{false, true, true, true});
  CHECK(pick.value().repair_count == 3);
}

TEST_CASE("pick: a crash while copy 0 was written: the old state, three times there, wins") {
  const auto pick = pick_copy({bad(CopyState::kBadCrc), good(7), good(7), good(7)});
  REQUIRE(pick);
  CHECK(pick.value().index == 1);
}

TEST_CASE("pick: one torn and one rotten copy never change the decision") {
  for (std::size_t torn = 0; torn < 4; ++torn) {
    for (std::size_t rotten = 0; rotten < 4; ++rotten) {
      Copies copies{good(7), good(7), good(7), good(7)};
      copies[torn] = bad(CopyState::kBadCrc);
      copies[rotten] = bad(CopyState::kUnreadable);
      const auto pick = pick_copy(copies);
      REQUIRE(pick);
      CHECK(copies[pick.value().index].sequence == 7);
      CHECK(pick.value().repair_count == (torn == rotten ? 1 : 2));
    }
  }
}

TEST_CASE("pick: the largest sequence wins at the end of 64 bits") {
  const auto pick = pick_copy({good(1), good(UINT64_MAX - 1), good(UINT64_MAX - 2), good(1ULL << 63)});
  REQUIRE(pick);
  CHECK(pick.value().index == 1);
}

TEST_CASE("pick: nothing but zeros is missing, and the text says how to make one") {
  const auto pick =
      pick_copy({bad(CopyState::kZero), bad(CopyState::kZero), bad(CopyState::kZero), bad(CopyState::kZero)});
  REQUIRE_FALSE(pick);
  CHECK(pick.error().code == Errc::kMetadataMissing);
  CHECK(pick.error().text.find("bootguard format") != std::string::npos);
}

TEST_CASE("pick: three zeros and an unreadable copy are corruption, not missing: the fourth may hold a trial") {
  const auto pick =
      pick_copy({bad(CopyState::kZero), bad(CopyState::kZero), bad(CopyState::kZero), bad(CopyState::kUnreadable)});
  REQUIRE_FALSE(pick);
  CHECK(pick.error().code == Errc::kMetadataCorrupt);
}

TEST_CASE("pick: the text of a refusal names each copy and what is wrong with it") {
  const auto pick = pick_copy({bad(CopyState::kBadCrc), bad(CopyState::kBadMagic), bad(CopyState::kUnreadable),
                               bad(CopyState::kBadValue, "phase")});
  REQUIRE_FALSE(pick);
  CHECK(pick.error().code == Errc::kMetadataCorrupt);
  CHECK(pick.error().text.find("copy 0 bad-crc, copy 1 bad-magic, copy 2 unreadable, copy 3 bad-value (phase)") !=
        std::string::npos);
}

TEST_CASE("pick: a newer version beside good copies is refused: the good ones may be stale") {
  for (const CopyState state : {CopyState::kNewerVersion, CopyState::kUnknownFeature, CopyState::kOtherEndian}) {
    const auto pick = pick_copy({good(7), good(7), good(7), bad(state)});
    REQUIRE_FALSE(pick);
    CHECK(pick.error().code == Errc::kMetadataVersion);
    CHECK(pick.error().text.find("copy 0 good (sequence 7)") != std::string::npos);
    CHECK(pick.error().text.find(std::string("copy 3 ") + to_string(state)) != std::string::npos);
  }
}

TEST_CASE("pick: the highest sequence with two contents is corruption, and both copies are named") {
  const auto pick = pick_copy({good(6), good(7, 1), good(7, 1), good(7, 2)});
  REQUIRE_FALSE(pick);
  CHECK(pick.error().code == Errc::kMetadataCorrupt);
  CHECK(pick.error().text.find("copies 1 and 3") != std::string::npos);
}

TEST_CASE("pick: a lower sequence with two contents is only lagging") {
  const auto pick = pick_copy({good(6, 1), good(6, 2), good(7), good(7)});
  REQUIRE(pick);
  CHECK(pick.value().index == 2);
  CHECK(pick.value().repair_count == 2);
}

// The rule once more, in another way: by sorting and by sets.
struct Expected {
  std::optional<Errc> error;
  std::uint64_t sequence = 0;
  std::set<std::size_t> believable;
};

Expected oracle(const Copies& copies) {
  const auto count = [&](std::initializer_list<CopyState> states) {
    return std::count_if(copies.begin(), copies.end(), [&](const CopyRead& c) {
      return std::find(states.begin(), states.end(), c.state) != states.end();
    });
  };
  if (count({CopyState::kNewerVersion, CopyState::kUnknownFeature, CopyState::kOtherEndian}) > 0) {
    return {Errc::kMetadataVersion, 0, {}};
  }
  if (count({CopyState::kZero}) == 4) return {Errc::kMetadataMissing, 0, {}};
  std::vector<std::pair<std::uint64_t, std::uint32_t>> contents;
  for (const CopyRead& c : copies) {
    if (c.state == CopyState::kGood) contents.emplace_back(c.sequence, c.fingerprint);
  }
  std::sort(contents.rbegin(), contents.rend());
  contents.erase(std::unique(contents.begin(), contents.end()), contents.end());
  if (contents.empty()) return {Errc::kMetadataCorrupt, 0, {}};
  if (contents.size() > 1 && contents[0].first == contents[1].first) return {Errc::kMetadataCorrupt, 0, {}};
  Expected expected{std::nullopt, contents[0].first, {}};
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i].state == CopyState::kGood && copies[i].sequence == expected.sequence) expected.believable.insert(i);
  }
  return expected;
}

// True if a copy is believed.
bool check_against_oracle(const Copies& copies) {
  const auto pick = pick_copy(copies);
  const Expected expected = oracle(copies);
  if (!pick) {
    REQUIRE(expected.error == pick.error().code);
    return false;
  }
  REQUIRE_FALSE(expected.error);
  const Pick& p = pick.value();
  REQUIRE(p.index == *expected.believable.begin());
  std::size_t repairs = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE(p.repair[i] == (expected.believable.count(i) == 0));
    repairs += p.repair[i];
  }
  REQUIRE(p.repair_count == repairs);
  return true;
}

TEST_CASE("pick: all 28561 combinations of 13 kinds of copies agree with an independent statement of the rule") {
  const std::vector<CopyRead> alphabet{good(1),
                                       good(6),
                                       good(7, 70),
                                       good(7, 71),
                                       good(UINT64_MAX - 1),
                                       bad(CopyState::kUnreadable),
                                       bad(CopyState::kZero),
                                       bad(CopyState::kBadMagic),
                                       bad(CopyState::kOtherEndian),
                                       bad(CopyState::kBadCrc),
                                       bad(CopyState::kNewerVersion),
                                       bad(CopyState::kUnknownFeature),
                                       bad(CopyState::kBadValue, "phase")};
  std::size_t believed = 0;
  std::size_t refused = 0;
  for (const CopyRead& a : alphabet) {
    for (const CopyRead& b : alphabet) {
      for (const CopyRead& c : alphabet) {
        for (const CopyRead& d : alphabet) ++(check_against_oracle({a, b, c, d}) ? believed : refused);
      }
    }
  }
  CHECK(believed + refused == 28561);
  CHECK(believed > 5000);
  CHECK(refused > 5000);
}

}  // namespace
}  // namespace bootguard
