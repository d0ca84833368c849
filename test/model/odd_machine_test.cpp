// SPDX-License-Identifier: LGPL-2.1-or-later
// Single boots on machines on which something is odd that no power cut explains.
#include <catch2/catch.hpp>
#include <cerrno>

#include "cli/answer.h"
#include "model/explorer.h"

namespace bootguard::model {
namespace {

// The state of a trial that has written something; the disks of one boot after another.
struct OddMachine {
  const World world{WorldOptions{}};
  Node armed = switched_off_after(world, Explorer(world, {}).formatted(), {Step::kBootOld, Step::kArm});
  Node trial = switched_off_after(world, armed, {Step::kBootNew, Step::kWrite});
  std::uint64_t boots = 0;

  struct Outcome {
    BootReport report;
    bool volume_is_untouched = false;
    std::string log;
  };
  // `odd` is done to the machine before it boots; `node` becomes the state afterwards.
  template <class Function>
  Outcome boot(Node& node, const std::string& command_line, Function odd) {
    SimDisk metadata("metadata", node.metadata);
    SimDisk volume("volume", node.volume);
    SimDisk backup("backup", node.volume);
    Outcome outcome;
    {
      FakeMachine machine;
      world.plug_in(machine, metadata, volume);
      machine.log.keep = true;
      machine.system.boot = numbered_uuid(0x0DD, ++boots);
      machine.system.command_line = command_line;
      odd(machine, backup);
      outcome.report = run_boot(machine.context(world.config));
      for (const FakeLog::Line& line : machine.log.lines) outcome.log += line.text + "\n";
    }
    outcome.volume_is_untouched = volume.newest().difference(node.volume).empty();
    REQUIRE(backup.newest().difference(node.volume).empty());
    metadata.flush();
    volume.flush();
    node.metadata = metadata.durable();
    node.volume = volume.durable();
    return outcome;
  }
};

// Every write to the volume fails.
class ReadOnlyVolume : public Injector {
 public:
  Fault before(const Operation& operation) override {
    const bool hit = operation.kind == Operation::Kind::kWrite && *operation.device == "volume";
    return hit ? Fault{Fault::Kind::kFailBefore, EIO} : Fault{};
  }
};

void with_backup(FakeMachine& machine, SimDisk& backup) { machine.add_disk(backup, "/dev/sdb2"); }
void as_it_is(FakeMachine&, SimDisk&) {}

TEST_CASE("odd machine: a backup disk with the volume's name, in a trial: nothing is mounted, nothing is given up") {
  OddMachine machine;
  Node node = machine.trial;
  for (const char* line : {"bootguard.slot=new", "bootguard.slot=old", "rd.bootguard.action=skip"}) {
    CAPTURE(line);
    const auto outcome = machine.boot(node, line, with_backup);
    CAPTURE(outcome.log);
    CHECK_FALSE(outcome.report.mount);
    CHECK(outcome.report.device.empty());
    CHECK(exit_code(outcome.report) == ExitCode::kDeviceMissing);  // ask again
    REQUIRE(outcome.report.failure);
    CHECK(outcome.report.failure->text.find("/dev/sda2 /dev/sdb2") != std::string::npos);
    CHECK(outcome.report.metadata->phase == Phase::kTrial);
    CHECK(outcome.volume_is_untouched);
  }
  // Detached, the old slot brings the old content back.
  const auto rolled_back = machine.boot(node, "bootguard.slot=old", as_it_is);
  CHECK(rolled_back.report.metadata->last_result == LastResult::kRolledBack);
  CHECK(machine.world.differs(node.volume, machine.armed.volume) == World::kNone);
}

TEST_CASE("odd machine: a backup disk with the volume's name, in half a rollback: asked again, then finished") {
  OddMachine machine;
  Node node = machine.trial;
  ReadOnlyVolume broken;
  const auto cut =
      machine.boot(node, "bootguard.slot=old", [&broken](FakeMachine& odd, SimDisk&) { odd.hooks.injector = &broken; });
  CHECK(cut.report.metadata->phase == Phase::kRollingBack);
  const auto twice = machine.boot(node, "bootguard.slot=old", with_backup);
  CHECK_FALSE(twice.report.mount);
  CHECK(exit_code(twice.report) == ExitCode::kDeviceMissing);
  CHECK(twice.report.metadata->phase == Phase::kRollingBack);
  CHECK(twice.volume_is_untouched);
  const auto finished = machine.boot(node, "bootguard.slot=old", as_it_is);
  CHECK(finished.report.metadata->last_result == LastResult::kRolledBack);
  CHECK(machine.world.differs(node.volume, machine.armed.volume) == World::kNone);
}

TEST_CASE("odd machine: a backup disk with the volume's name, armed: given up, and no later boot rolls back") {
  OddMachine machine;
  Node node = machine.armed;
  const auto outcome = machine.boot(node, "bootguard.slot=new", with_backup);
  CHECK(outcome.report.mount);
  CHECK(outcome.report.reason == Reason::kWrongDevice);
  CHECK(exit_code(outcome.report) == ExitCode::kUnprotected);
  CHECK(outcome.report.metadata->phase == Phase::kIdle);
  CHECK(outcome.volume_is_untouched);
}

}  // namespace
}  // namespace bootguard::model
