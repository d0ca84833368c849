// SPDX-License-Identifier: LGPL-2.1-or-later
// The states that a boot may find, and the volume's contents that it may leave.
#pragma once

#include <catch2/catch.hpp>
#include <cerrno>
#include <vector>

#include "app/verbs.h"
#include "model/explorer.h"

namespace bootguard::model {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr unsigned kStride =
    31;  // of the byte values and of the bits: a sanitizer makes everything ten times slower
#else
inline constexpr unsigned kStride = 1;
#endif

struct States {
  struct State {
    const char* name;
    Node node;
    DiskImage checkpoint{0};
  };
  World world{WorldOptions{}};
  std::vector<State> all;

  States() {
    const Node armed = switched_off_after(world, Explorer(world, {}).formatted(), {Step::kBootOld, Step::kArm});
    const Node trial = switched_off_after(world, armed, {Step::kBootNew, Step::kWrite});
    const Node idle = switched_off_after(world, trial, {Step::kBootNew, Step::kMarkGood});
    all.push_back({"idle", idle, idle.volume});
    all.push_back({"armed", armed, armed.volume});
    all.push_back({"trial", trial, armed.volume});
    all.push_back({"rolling back", half_rolled_back(trial), armed.volume});
  }
  [[nodiscard]] const State& trial() const { return all[2]; }

  // The volume refuses writes: the rollback has begun and copied nothing.
  Node half_rolled_back(Node node) {
    struct NoWrites : Injector {
      Fault before(const Operation& operation) override {
        const bool hit = operation.kind == Operation::Kind::kWrite && *operation.device == "volume";
        return hit ? Fault{Fault::Kind::kFailBefore, EIO} : Fault{};
      }
    } no_writes;
    SimDisk metadata("metadata", node.metadata);
    SimDisk volume("volume", node.volume);
    FakeMachine machine;
    world.plug_in(machine, metadata, volume);
    machine.system.command_line = "bootguard.slot=old";
    machine.hooks.injector = &no_writes;
    const BootReport report = run_boot(machine.context(world.config));
    REQUIRE(report.metadata->phase == Phase::kRollingBack);
    metadata.flush();
    node.metadata = metadata.durable();
    return node;
  }
};

}  // namespace bootguard::model
