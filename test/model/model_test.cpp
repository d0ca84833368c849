// SPDX-License-Identifier: LGPL-2.1-or-later
// Lives of an update, played through every power cut (INVARIANTS.md says what is promised and what is assumed).
//
// test/model/extended is the extended run: two faults, and a hundred million boots in all.
//
// BOOTGUARD_MODEL_SEED=n     another seed for the crash points that are sampled (the seed is printed).
// BOOTGUARD_MODEL_REPLAY=... the choices that a finding prints: plays nothing but them. Name the test case, too.
// BOOTGUARD_MODEL_SECONDS=n  processor time each exploration may take, for a short run under a sanitizer.
// BOOTGUARD_MODEL_STATES=n   states each exploration may look at, for a short run that is the same on every machine.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

#include "model/explorer.h"

namespace bootguard::model {
namespace {

bool extended() { return std::getenv("BOOTGUARD_MODEL_EXTENDED") != nullptr; }

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

// A sanitizer makes everything ten times slower; the states are the same, fewer of them will do.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kSeconds = 6;
#else
constexpr std::uint64_t kSeconds = 1'000'000;
#endif

// Of each exploration of the extended run, if there is so much in its world.
constexpr std::uint64_t kExtendedBoots = 20'000'000;

ExplorerOptions bounds() {
  ExplorerOptions options;
  if (extended()) {
    options.max_boots = kExtendedBoots;
    options.max_states = ~std::uint64_t{0};
  }
  options.seed = number_from_environment("BOOTGUARD_MODEL_SEED", 20240229);
  options.max_seconds = static_cast<double>(number_from_environment("BOOTGUARD_MODEL_SECONDS", kSeconds));
  return options;
}

Counts in_all;
int explorations = 0;

void explore(const char* name, const World& world, ExplorerOptions options, bool from_blank = false) {
  options.max_states =
      std::min(options.max_states, number_from_environment("BOOTGUARD_MODEL_STATES", options.max_states));
  Explorer explorer(world, options);
  Node start = explorer.formatted();
  if (from_blank) {
    start = Node{};
    start.metadata = world.blank_metadata;
    start.volume = world.fresh_volume;
    start.ghost.cur = world.fresh_volume;
  }
  const char* replay = std::getenv("BOOTGUARD_MODEL_REPLAY");
  const auto finding = replay == nullptr ? explorer.run({start}) : explorer.replay(start, replay);
  std::cout << name << ": " << explorer.summary() << std::endl;
  ++explorations;
  in_all.boots += explorer.counts().boots;
  in_all.distinct += explorer.counts().distinct;
  in_all.crash_states += explorer.counts().crash_states;
  in_all.faults += explorer.counts().faults;
  if (!finding) return;
  std::string text = "invariant " + std::to_string(finding->violation.invariant) + ": " + finding->violation.text;
  for (const std::string& line : finding->trail) text += "\n  " + line;
  text += "\nBOOTGUARD_MODEL_REPLAY='" + finding->choices + "'";
  FAIL(text);
}

TEST_CASE("format under power cuts", "[exploration]") {
  ExplorerOptions options = bounds();
  options.lives = 0;
  explore("format", World(WorldOptions{}), options, true);
}

TEST_CASE("one life, power cut anywhere, again and again, to the end", "[exploration]") {
  ExplorerOptions options = bounds();
  options.rare = extended();
  explore("one life", World(WorldOptions{}), options);
}

TEST_CASE("one life with the rarer ways: command line, skip, disabled, disarm, rescue shell", "[exploration]") {
  ExplorerOptions options = bounds();
  if (!extended()) options.max_states = 80'000;
  WorldOptions world;
  world.attempts = 1;
  explore("rarer ways", World(world), options);
}

TEST_CASE("two lives, one after the other in the same store", "[exploration]") {
  ExplorerOptions options = bounds();
  options.lives = 2;
  options.arms = 1;
  options.rare = false;
  if (!extended()) options.max_states = 70'000;
  WorldOptions world;
  world.attempts = 1;
  explore("two lives", World(world), options);
}

ExplorerOptions faults(std::uint32_t number) {
  ExplorerOptions options = bounds();
  options.max_faults = number;
  options.fault_depth = 6;
  options.switched_off_only = true;
  return options;
}

TEST_CASE("one fault, or one kill, at any operation of any verb, and power cuts after it", "[exploration]") {
  explore("one fault", World(WorldOptions{}), faults(1));
}

TEST_CASE("copies of the metadata destroyed at every state", "[exploration]") {
  ExplorerOptions options = bounds();
  options.damage = true;
  options.rare = false;
  if (!extended()) options.max_states = 5'000;
  explore("bad copies", World(WorldOptions{}), options);
}

TEST_CASE("the stack made of rows, with the store's pieces beginning in the middle of chunks", "[exploration]") {
  ExplorerOptions options = bounds();
  options.rare = false;
  if (!extended()) options.max_states = 70'000;
  WorldOptions world;
  world.have_switch = false;
  world.aligned = false;
  explore("rows, unaligned", World(world), options);
}

TEST_CASE("chunks of 16 KiB, and a stable name in every phase", "[exploration]") {
  ExplorerOptions options = bounds();
  options.rare = false;
  if (!extended()) options.max_states = 70'000;
  WorldOptions world;
  world.chunk_bytes = 16384;
  world.pass_through = true;
  world.aligned = false;
  explore("16 KiB chunks, pass-through", World(world), options);
}

WorldOptions in_rows() {
  WorldOptions options;
  options.have_switch = options.aligned = false;
  return options;
}
WorldOptions under_a_stable_name() {
  WorldOptions options;
  options.chunk_bytes = 16384;
  options.pass_through = true;
  return options;
}

TEST_CASE("one fault, or one kill, under a stable name and in rows", "[exploration]") {
  explore("one fault, rows", World(in_rows()), faults(1));
  explore("one fault, stable name", World(under_a_stable_name()), faults(1));
}

// All pairs in the extended run only.
void explore_two_faults(const char* name, const WorldOptions& world) {
  ExplorerOptions options = faults(2);
  if (!extended()) {
    options.rare = false;
    options.fault_stride = 29;
    options.max_states = 2'000;
  }
  explore(name, World(world), options);
}

TEST_CASE("two faults, or kills, each in a session of its own, and power cuts after them", "[exploration]") {
  explore_two_faults("two faults", {});
}
TEST_CASE("two faults in rows", "[exploration]") { explore_two_faults("two faults, rows", in_rows()); }
TEST_CASE("two faults under a stable name", "[exploration]") {
  explore_two_faults("two faults, stable name", under_a_stable_name());
}

// The last one, for all above.
TEST_CASE("explorations: a million boots in all") {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << "measured - model: " << in_all.boots << " boots, " << in_all.crash_states << " crash states, "
            << in_all.faults << " sessions with a fault, " << in_all.distinct << " distinct durable states in "
            << explorations << " explorations, at most " << usage.ru_maxrss / 1024 << " MiB" << std::endl;
  if (explorations < 13 || extended() || std::getenv("BOOTGUARD_MODEL_STATES") != nullptr ||
      bounds().max_seconds < static_cast<double>(kSeconds)) {
    WARN("not all explorations ran to their bounds: nothing to compare with");
    return;
  }
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(in_all.boots >= 1'000'000);
#endif
}

}  // namespace
}  // namespace bootguard::model
