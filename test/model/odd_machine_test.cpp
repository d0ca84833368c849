// SPDX-License-Identifier: LGPL-2.1-or-later
// Single boots on machines on which something is odd that no power cut explains.
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "cli/answer.h"
#include "model/explorer.h"

namespace bootguard::model {
namespace {

// Devices that are told to be larger than they are.
class BoastfulDevices : public BlockDevices {
 public:
  explicit BoastfulDevices(BlockDevices& real) : real_(real) {}
  Bytes boast;
  Result<DeviceInfo> find(const DeviceName& name) override {
    auto found = real_.find(name);
    if (found) found.value().size += boast;
    return found;
  }
  Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override {
    return real_.open(device, access);
  }
  Result<FilesystemIdentity> identify(const DeviceInfo& device) override { return real_.identify(device); }
  Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override {
    return real_.lock(device, timeout_ms);
  }

 private:
  BlockDevices& real_;
};

// The state of a trial that has written something; the disks of one boot after another.
struct OddMachine {
  World world{WorldOptions{}};
  Node armed = switched_off_after(world, Explorer(world, {}).formatted(), {Step::kBootOld, Step::kArm});
  Node trial = switched_off_after(world, armed, {Step::kBootNew, Step::kWrite});
  std::uint64_t boots = 0;
  Bytes boast;  // of every device at the boots to come

  struct Outcome {
    BootReport report;
    bool volume_is_untouched = false;
    std::string log;
  };
  // `odd` is done to the machine before it boots, `then` afterwards; `node` becomes the state at the end.
  using Then = std::function<void(FakeMachine&, const Context&, BoastfulDevices&)>;
  template <class Function>
  Outcome boot(Node& node, const std::string& command_line, Function odd, const Then& then = {}) {
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
      BoastfulDevices devices(machine.devices);
      devices.boast = boast;
      odd(machine, backup);
      const Context context{devices,
                            machine.dm,
                            machine.mounts,
                            machine.system,
                            machine.log,
                            world.config,
                            parse_kernel_command_line(machine.system.command_line)};
      outcome.report = run_boot(context);
      if (then) then(machine, context, devices);
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

constexpr const char* kTop = "bootguard-data";
constexpr Bytes kTooMuch(1 << 20);

TEST_CASE("odd machine: the kernel finds that the stack does not fit: nothing of it is left") {
  for (const bool pass_through : {false, true}) {
    OddMachine machine;
    Node node = pass_through ? machine.trial : machine.armed;
    CAPTURE(pass_through);
    machine.world.config.volumes.front().pass_through = pass_through;
    machine.boast = kTooMuch;
    const auto outcome = machine.boot(
        node, pass_through ? "rd.bootguard.action=commit" : "bootguard.slot=new", as_it_is,
        [](FakeMachine& odd, const Context&, BoastfulDevices&) {
          const auto& calls = odd.dm.calls();
          CHECK(std::any_of(calls.begin(), calls.end(), [](const auto& call) { return call.starts_with("create "); }));
          CHECK(odd.dm.list("bootguard-").value().empty());
        });
    CAPTURE(outcome.log);
    CHECK(outcome.log.find("loading") != std::string::npos);
    CHECK(outcome.report.mount);
    CHECK(outcome.report.device == World::kVolumePath);
    CHECK(outcome.report.metadata->phase == Phase::kIdle);
    if (!pass_through) CHECK(outcome.report.reason == Reason::kStackFailed);
  }
}

TEST_CASE("odd machine: the kernel finds out at resume that the committed table does not fit: the mount goes on") {
  OddMachine machine;
  Node node = machine.armed;
  machine.boot(node, "bootguard.slot=new", as_it_is,
               [](FakeMachine& odd, const Context& context, BoastfulDevices& devices) {
                 REQUIRE(odd.mounts.mount(*odd.resolve(odd.dm.node_path(kTop)), World::kMountPath) == 0);
                 const auto before = odd.dm.table(kTop).value();
                 devices.boast = kTooMuch;
                 const auto report = run_mark_good(context);
                 REQUIRE(report.ok());
                 CHECK(report.value().metadata.last_result == LastResult::kCommitted);
                 REQUIRE(report.value().warnings.size() == 1);
                 CHECK(report.value().warnings.front().starts_with("the mapping stays as it is until the next boot"));
                 CHECK_FALSE(odd.dm.find(kTop).value()->suspended);
                 CHECK(odd.dm.table(kTop).value() == before);
                 SectorIo& top = *odd.table.find(*odd.resolve(odd.dm.node_path(kTop)));
                 CHECK(top.write(3 * kSimBlock, pattern(5, 3), true) == 0);
                 CHECK(odd.dm.hung_requests() == 0);
               });
}

// The nth resume of the volume's mapping fails, once.
class FailedResume : public Injector {
 public:
  explicit FailedResume(int nth) : left_(nth) {}
  Fault before(const Operation& operation) override {
    const bool hit = operation.kind == Operation::Kind::kDeviceMapper && *operation.device == kTop &&
                     std::string(operation.what) == "resume" && --left_ == 0;
    return hit ? Fault{Fault::Kind::kFailBefore, ENOMEM} : Fault{};
  }

 private:
  int left_;
};

TEST_CASE("odd machine: what can be neither resumed nor removed at once is not left suspended") {
  OddMachine machine;
  Node node = machine.armed;
  FailedResume resume(2);  // the one that lets go of the finished mapping
  const auto outcome = machine.boot(
      node, "bootguard.slot=new",
      [&resume](FakeMachine& odd, SimDisk&) {
        odd.hooks.injector = &resume;
        odd.dm.kept_busy.insert(kTop);  // somebody looks into it
      },
      [](FakeMachine& odd, const Context&, BoastfulDevices&) {
        const auto top = odd.dm.find(kTop).value();
        REQUIRE(top);
        CHECK_FALSE(top->suspended);
      });
  CAPTURE(outcome.log);
  CHECK_FALSE(outcome.report.is_protected);
  CHECK(outcome.log.find("could not be removed") != std::string::npos);
}

}  // namespace
}  // namespace bootguard::model
