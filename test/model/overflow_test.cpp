// SPDX-License-Identifier: LGPL-2.1-or-later
// Invariant 11: a store that fills up, to every interesting level, with the kernel's overflow mark durable or lost.
// Either the old content comes back exactly, or nothing is copied back and the newest content stays, with the reason
// recorded.
#include <catch2/catch.hpp>
#include <iostream>

#include "app/cow_store.h"
#include "model/explorer.h"

namespace bootguard::model {
namespace {

struct Outcome {
  BootReport report;
  bool is_old = false;
  bool is_new = false;
};

// A trial that writes `chunks` chunks of new content, a power cut, and the boot that shall roll back.
Outcome fill_and_roll_back(const World& world, const Node& armed, std::uint64_t first, std::uint64_t chunks,
                           bool lose_unflushed) {
  SimDisk metadata("metadata", armed.metadata);
  SimDisk volume("volume", armed.volume);
  DiskImage written;
  {
    FakeMachine machine;
    world.plug_in(machine, metadata, volume);
    machine.system.command_line = "bootguard.slot=new";
    const BootReport report = run_boot(machine.context(world.config));
    REQUIRE(report.is_protected);
    SectorIo& top = *machine.table.find(*machine.resolve(report.device));
    for (std::uint64_t b = first; b < first + chunks; ++b) {
      REQUIRE(top.write(b * kSimBlock, pattern(0x77, b), false) == 0);
      // The last writes are the ones a power cut finds unflushed, the overflow mark among them.
      if (b + 8 < first + chunks) REQUIRE(top.flush() == 0);
    }
    if (lose_unflushed) {
      volume.crash_losing_all();
    } else {
      volume.flush();
    }
    metadata.flush();
    written = volume.durable();
  }
  FakeMachine machine;
  world.plug_in(machine, metadata, volume);
  machine.system.boot = numbered_uuid(0xB007, 2);
  machine.system.command_line = "bootguard.slot=old";
  Outcome outcome;
  outcome.report = run_boot(machine.context(world.config));
  outcome.is_old = world.differs(volume.newest(), armed.volume) == World::kNone;
  outcome.is_new = world.differs(volume.newest(), written) == World::kNone;
  return outcome;
}

TEST_CASE("a store that fills up: exactly the old content, or exactly the new and a reason") {
  WorldOptions options;
  options.extra_origin_chunks = 3200;
  const World world(options);
  Explorer explorer(world, {});
  const Node armed = switched_off_after(world, explorer.formatted(), {Step::kBootOld, Step::kArm});
  const std::uint64_t first = world.volume_blocks - 3190;
  const std::uint64_t total = 3 * 1016 - 3;
  // Header and areas take 13; 2048 in flight and one area must stay free; then the store's very end.
  const std::uint64_t limit = total - 2048 - 257;
  std::size_t rolled_back = 0;
  std::size_t refused = 0;
  for (const std::uint64_t chunks :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{254}, std::uint64_t{255}, std::uint64_t{256},
        std::uint64_t{257}, limit - 6, limit - 5, limit - 4, limit - 3, limit - 2, limit, limit + 1, total - 15,
        total - 14, total - 13, total - 12, total, total + 100}) {
    for (const bool lose : {false, true}) {
      const Outcome outcome = fill_and_roll_back(world, armed, first, chunks, lose);
      INFO(chunks << " chunks, unflushed " << (lose ? "lost" : "kept") << ": " << outcome.report.why);
      REQUIRE(outcome.report.mount);
      REQUIRE(outcome.report.metadata);
      if (outcome.report.metadata->last_result == LastResult::kRolledBack) {
        ++rolled_back;
        CHECK(outcome.is_old);
        CHECK(chunks <= limit);
      } else {
        ++refused;
        CHECK(outcome.report.metadata->last_result == LastResult::kUnprotected);
        CHECK(outcome.report.metadata->last_reason == Reason::kStoreOverflow);
        CHECK(outcome.is_new);
        CHECK(chunks + 20 > limit);
      }
    }
  }
  std::cout << "overflow: " << rolled_back << " rolled back exactly, " << refused
            << " refused with the new content intact" << std::endl;
  CHECK(rolled_back > 0);
  CHECK(refused > 0);
}

}  // namespace
}  // namespace bootguard::model
