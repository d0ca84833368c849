// SPDX-License-Identifier: LGPL-2.1-or-later
// Positive controls: each bug on purpose must be found, and the same exploration without it must find nothing.
#include "model/seeded_bugs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "base/little_endian.h"
#include "model/explorer.h"

namespace bootguard::model {
namespace {

constexpr std::uint64_t kEnough = 200'000;

void find_all(std::vector<SeededBug> (*make)(const World&)) {
  const World world{WorldOptions{}};
  std::vector<SeededBug> again = make(world);  // some of them remember what they did
  std::size_t index = 0, caught = 0;
  for (SeededBug& bug : make(world)) {
    Tampering* const fresh = again[index++].tampering.get();
    const World own(bug.world);
    ExplorerOptions options;
    options.lives = bug.lives;
    options.max_states = kEnough;
    options.rare = bug.rare;
    Explorer clean(own, options);
    const Node start = clean.formatted();
    options.tampering = bug.tampering.get();
    Explorer explorer(own, options);
    const auto finding = explorer.run({start});
    INFO(bug.name << ": " << explorer.summary());
    if (!finding) {
      FAIL_CHECK("not found");
      continue;
    }
    std::cout << "seeded: " << bug.name << ": caught by invariant " << finding->violation.invariant << " ("
              << finding->violation.text << ") after " << explorer.counts().boots << " boots, " << finding->states
              << " states, " << explorer.counts().crash_states << " crash states: " << finding->choices << std::endl;
    const auto replay = [&](Tampering* tampering) {
      options.tampering = tampering;
      return Explorer(own, options).replay(start, finding->choices);
    };
    const auto replayed = replay(fresh);
    REQUIRE(replayed);
    CHECK(replayed->violation.invariant == finding->violation.invariant);
    CHECK(replayed->violation.text == finding->violation.text);
    CHECK(replayed->trail == finding->trail);
    CHECK(replayed->choices == finding->choices);
    CHECK_FALSE(replay(nullptr));  // without the bug nothing is wrong with them
    ++caught;
  }
  std::cout << "measured - model: " << caught << " of " << index << " seeded bugs caught" << std::endl;
}

TEST_CASE("every seeded bug is found, and its choices find it again") { find_all(seeded_bugs); }

TEST_CASE("every seeded bug of the second set is found, and its choices find it again") { find_all(more_seeded_bugs); }

TEST_CASE("every seeded bug that takes two faults, in two sessions, is found with two and not with one") {
  WorldOptions one_attempt;
  one_attempt.attempts = 1;
  const World world{one_attempt};
  Node armed = switched_off_after(world, Explorer(world, {}).formatted(), {Step::kBootOld, Step::kArm});
  armed.depth = 0;
  const auto bug = errors_lost_after_repair(world);
  ExplorerOptions options;
  options.rare = false;
  options.switched_off_only = true;
  options.max_states = kEnough;
  options.fault_depth = 1;  // in the boot that begins the trial, and in the one after it
  options.tampering = bug.get();
  options.max_faults = 2;
  Explorer explorer(world, options);
  const auto finding = explorer.run({armed});
  INFO(explorer.summary());
  REQUIRE(finding);
  std::cout << "seeded: errors are lost in a session that repaired: caught by invariant "
            << finding->violation.invariant << " (" << finding->violation.text << ") after " << explorer.counts().boots
            << " boots, " << finding->states << " states: " << finding->choices << std::endl;
  CHECK(std::count(finding->choices.begin(), finding->choices.end(), '!') == 2);
  CHECK(Explorer(world, options).replay(armed, finding->choices));
  options.tampering = nullptr;
  CHECK_FALSE(Explorer(world, options).replay(armed, finding->choices));

  options.tampering = bug.get();
  options.max_faults = 1;
  Explorer with_one(world, options);
  CHECK_FALSE(with_one.run({armed}));
  INFO(with_one.summary());
  CHECK(with_one.complete());
}

TEST_CASE("choices that do not fit are no finding") {
  const World world{WorldOptions{}};
  Explorer explorer(world, {});
  const Node start = explorer.formatted();
  for (const char* choices :
       {"", "x", "99:0", "0:999999", "0!0@0", "0!9@0:0", "0!0:0", "0:", "0:0x", "0:0 x", "-1:0"}) {
    INFO(choices);
    CHECK_FALSE(explorer.replay(start, choices));
  }
}

Node formatted(const World& world) { return Explorer(world, {}).formatted(); }

TEST_CASE("pairs behind a gap: scrubbed at boot, and found if they are not") {
  const World world{WorldOptions{}};
  Node node = switched_off_after(world, formatted(world), {Step::kBootOld, Step::kArm});
  node = switched_off_after(world, node, {Step::kBootNew, Step::kWrite});
  // Torn off an earlier life: pairs that follow the first empty one, and bring rubbish for blocks 30 and 31.
  const std::uint64_t area = world.store_block(1) * kSimBlock;
  std::array<std::byte, kSimBlock> bytes{};
  node.volume.read(area, bytes);
  std::size_t end = 0;
  while (load_le<std::uint64_t>(bytes, end * 16 + 8) != 0) ++end;
  for (std::size_t i = 1; i < 8; ++i) {
    store_le<std::uint64_t>(bytes, (end + i) * 16, 29 + i);
    store_le<std::uint64_t>(bytes, (end + i) * 16 + 8, 40 + i);
  }
  node.volume.write(area, bytes);
  const auto to_the_end = [&](Tampering* tampering) {
    Node life = switched_off_after(world, node, {Step::kBootNew, Step::kWrite, Step::kMarkBad}, tampering);
    switched_off_after(world, life, {Step::kBootNew, Step::kWrite}, tampering);
  };
  CHECK_NOTHROW(to_the_end(nullptr));
  const auto bug = unscrubbed_tail(world);
  int caught_by = 0;
  try {
    to_the_end(bug.get());
  } catch (const Violation& violation) {
    caught_by = violation.invariant;
    std::cout << "seeded: the tail is not scrubbed: caught by invariant " << violation.invariant << " ("
              << violation.text << ")" << std::endl;
  }
  CHECK(caught_by == 1);
}

TEST_CASE("a store whose blocks belong to other files now: refused and not touched, and found if it is") {
  const World world{WorldOptions{}};
  const Node armed = switched_off_after(world, formatted(world), {Step::kBootOld, Step::kArm});
  Node reused = armed;
  for (std::uint64_t b = 64; b < 72; ++b) reused.volume.put(b, make_block(pattern(0xF11E, b)));
  reused.ghost.faults = 1;
  const auto changed = [&](Tampering* tampering) {
    const Node result = switched_off_after(world, reused, {Step::kBootNew}, tampering);
    std::size_t n = 0;
    for (std::uint64_t b = 64; b < 72; ++b) {
      if (!same_block(result.volume.at(b), reused.volume.at(b))) ++n;
    }
    return n;
  };
  CHECK(changed(nullptr) == 0);
  const auto bug = unchecked_witnesses(world, armed.volume);
  const std::size_t overwritten = changed(bug.get());
  CHECK(overwritten > 0);
  std::cout << "seeded: witnesses are not checked: caught by invariant 10 (" << overwritten
            << " blocks of other files overwritten)" << std::endl;
}

}  // namespace
}  // namespace bootguard::model
