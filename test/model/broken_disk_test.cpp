// SPDX-License-Identifier: LGPL-2.1-or-later
// Single boots on disks that fail for good, as t-broken-disk.sh found them on a real kernel.
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "app/verbs.h"
#include "cli/answer.h"
#include "model/explorer.h"
#include "model/metadata_view.h"

namespace bootguard::model {
namespace {

// Fails what it is told to.
struct Failing : Injector {
  std::function<bool(const Operation&)> hit;
  Fault before(const Operation& operation) override {
    return hit && hit(operation) ? Fault{Fault::Kind::kFailBefore, EIO} : Fault{};
  }
};

// A device that answers every write with success and forgets it.
class Losing : public BlockDevice {
 public:
  explicit Losing(std::unique_ptr<BlockDevice> real) : real_(std::move(real)) {}
  Result<void> read(Bytes offset, std::span<std::byte> out) override { return real_->read(offset, out); }
  Result<void> write(Bytes, std::span<const std::byte>) override { return {}; }
  Result<void> flush() override { return {}; }
  [[nodiscard]] Bytes size() const override { return real_->size(); }
  [[nodiscard]] Bytes logical_block() const override { return real_->logical_block(); }

 private:
  std::unique_ptr<BlockDevice> real_;
};

class LosingDevices : public BlockDevices {
 public:
  explicit LosingDevices(BlockDevices& real) : real_(real) {}
  std::string losing;  // path of the device that loses writes
  Result<DeviceInfo> find(const DeviceName& name) override { return real_.find(name); }
  Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override {
    auto opened = real_.open(device, access);
    if (!opened || device.path != losing) return opened;
    return std::unique_ptr<BlockDevice>(std::make_unique<Losing>(std::move(opened).value()));
  }
  Result<FilesystemIdentity> identify(const DeviceInfo& device) override { return real_.identify(device); }
  Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override {
    return real_.lock(device, timeout_ms);
  }

 private:
  BlockDevices& real_;
};

struct BrokenMachine {
  World world{WorldOptions{}};
  Node armed = switched_off_after(world, Explorer(world, {}).formatted(), {Step::kBootOld, Step::kArm});
  Node trial = switched_off_after(world, armed, {Step::kBootNew, Step::kWrite});
  Failing failing;
  std::string losing;
  std::string log;
  std::uint64_t boots = 0;

  // One boot; `node` becomes the state at the end.
  BootReport boot(Node& node, const std::string& command_line) {
    SimDisk metadata("metadata", node.metadata);
    SimDisk volume("volume", node.volume);
    BootReport report;
    {
      FakeMachine machine;
      world.plug_in(machine, metadata, volume);
      machine.log.keep = true;
      machine.system.boot = numbered_uuid(0xB80, ++boots);
      machine.system.command_line = command_line;
      machine.hooks.injector = &failing;
      LosingDevices devices(machine.devices);
      devices.losing = losing;
      report = run_boot(Context{devices, machine.dm, machine.mounts, machine.system, machine.log, world.config,
                                parse_kernel_command_line(command_line)});
      log.clear();
      for (const FakeLog::Line& line : machine.log.lines) log += line.text + "\n";
    }
    metadata.flush();
    volume.flush();
    node.metadata = metadata.durable();
    node.volume = volume.durable();
    return report;
  }
  void sound() {
    failing.hit = nullptr;
    losing.clear();
  }
  [[nodiscard]] bool log_has(const char* text) const { return log.find(text) != std::string::npos; }
};

std::uint64_t events_of(const Node& node) { return view_metadata(node.metadata).metadata()->events_written; }

TEST_CASE("broken disk: a copy that could not be repaired was logged as repaired, anew at every boot") {
  BrokenMachine machine;
  for (std::size_t copy = 0; copy < layout::kCopies; ++copy) {
    CAPTURE(copy);
    Node node = switched_off_after(machine.world, machine.trial, {Step::kBootNew, Step::kMarkGood});
    const std::uint64_t before = events_of(node);
    const std::uint64_t place = copy_block(copy) * kSimBlock;
    machine.failing.hit = [place](const Operation& operation) {
      return *operation.device == "metadata" && operation.offset == place &&
             (operation.kind == Operation::Kind::kRead || operation.kind == Operation::Kind::kWrite);
    };
    for (int again = 0; again < 2; ++again) {
      const BootReport report = machine.boot(node, "bootguard.slot=new");
      CAPTURE(machine.log);
      CHECK(exit_code(report) == ExitCode::kDone);
      CHECK_FALSE(machine.log_has("repaired"));
      CHECK(machine.log_has("only 3 of 4 copies hold the state"));
      CHECK(events_of(node) == before);
    }
    // The control: what can be repaired is, and is told.
    machine.sound();
    node.metadata.put(copy_block(copy), nullptr);
    machine.boot(node, "bootguard.slot=new");
    CHECK(machine.log_has("repaired 1 of 4"));
    CHECK_FALSE(machine.log_has("the repair was not recorded"));
    CHECK(events_of(node) == before + 1);
  }
}

TEST_CASE("broken disk: a copy that cannot be written is told once a run, however often it is tried") {
  BrokenMachine machine;
  Node node = machine.trial;
  int tries = 0;
  machine.failing.hit = [&tries](const Operation& operation) {
    const bool bad = *operation.device == "metadata" && operation.offset == copy_block(2) * kSimBlock;
    if (bad && operation.kind == Operation::Kind::kWrite) ++tries;
    return bad && operation.kind != Operation::Kind::kFlush;
  };
  CHECK(machine.boot(node, "bootguard.slot=new").is_protected);
  CHECK(tries >= 2);
  const std::size_t told = machine.log.find("only 3 of 4 copies hold the state");
  CHECK(told != std::string::npos);
  CHECK(machine.log.find("only 3 of 4 copies hold the state", told + 1) == std::string::npos);
}

TEST_CASE("broken disk: the checkpoint could not be recorded, and the next boot took one of later data") {
  BrokenMachine machine;
  Node node = machine.armed;
  machine.failing.hit = [](const Operation& operation) {
    return *operation.device == "metadata" && operation.kind == Operation::Kind::kWrite;
  };
  const BootReport first = machine.boot(node, "bootguard.slot=new");
  CHECK(exit_code(first) == ExitCode::kUnprotected);
  CHECK(first.device == World::kVolumePath);
  CHECK_FALSE(machine.log_has("the store can still be taken"));
  REQUIRE(view_metadata(node.metadata).metadata()->phase == Phase::kArmed);
  // The new system writes, past everything; then the metadata has healed.
  node.volume.put(10, make_block(pattern(0xE0, 10)));
  const DiskImage newest = node.volume;
  machine.sound();
  const BootReport second = machine.boot(node, "bootguard.slot=new");
  CHECK_FALSE(second.is_protected);
  CHECK(second.metadata->phase == Phase::kIdle);
  CHECK(second.metadata->last_result == LastResult::kUnprotected);
  CHECK(machine.world.differs(node.volume, newest) == World::kNone);
  // The control: without the first boot the same one begins the trial.
  Node control = machine.armed;
  CHECK(machine.boot(control, "bootguard.slot=new").is_protected);
}

TEST_CASE("broken disk: neither the checkpoint nor the store's end could be recorded: told, and the machine comes up") {
  BrokenMachine machine;
  Node node = machine.armed;
  bool recorded = true;
  machine.failing.hit = [&](const Operation& operation) {
    if (operation.kind != Operation::Kind::kWrite) return false;
    if (*operation.device == "metadata") {
      recorded = false;
      return true;
    }
    // The header can be written, the stamp cannot.
    return !recorded && operation.offset != machine.world.store_block(0) * kSimBlock;
  };
  const BootReport report = machine.boot(node, "bootguard.slot=new");
  CAPTURE(machine.log);
  CHECK(exit_code(report) == ExitCode::kUnprotected);
  CHECK(report.device == World::kVolumePath);
  CHECK(machine.log_has("the store can still be taken for one that waits for its trial"));
}

TEST_CASE(
    "broken disk: neither header nor metadata could be written, and the next boot took a checkpoint of later data") {
  BrokenMachine machine;
  Node node = machine.armed;
  machine.failing.hit = [&](const Operation& operation) {
    return operation.kind == Operation::Kind::kWrite &&
           (*operation.device == "metadata" || operation.offset == machine.world.store_block(0) * kSimBlock);
  };
  const BootReport first = machine.boot(node, "bootguard.slot=new");
  CAPTURE(machine.log);
  CHECK(exit_code(first) == ExitCode::kUnprotected);
  CHECK(first.device == World::kVolumePath);
  CHECK(machine.log_has("the store could not be marked invalid"));
  REQUIRE(view_metadata(node.metadata).metadata()->phase == Phase::kArmed);
  machine.sound();
  const BootReport second = machine.boot(node, "bootguard.slot=new");
  CHECK_FALSE(second.is_protected);
  CHECK(second.metadata->last_result == LastResult::kUnprotected);
}

TEST_CASE("broken disk: a checkpoint that may be on disk and cannot be made void: nothing is mounted") {
  BrokenMachine machine;
  Node node = machine.armed;
  bool counted = false;
  machine.failing.hit = [&](const Operation& operation) {
    if (operation.kind != Operation::Kind::kWrite) return false;
    counted = counted || *operation.device == "metadata";
    return counted;
  };
  const BootReport report = machine.boot(node, "bootguard.slot=new");
  CHECK_FALSE(report.mount);
  CHECK(machine.log_has("neither the metadata nor the store can be written"));
}

TEST_CASE("broken disk: a trial that cannot be made void keeps all of its store") {
  BrokenMachine machine;
  Node node = machine.trial;
  machine.failing.hit = [&](const Operation& operation) {
    return operation.kind == Operation::Kind::kWrite &&
           (*operation.device == "metadata" || operation.offset == machine.world.store_block(0) * kSimBlock);
  };
  CHECK_FALSE(machine.boot(node, "bootguard.slot=new rd.bootguard=0").mount);
  CHECK(node.volume.difference(machine.trial.volume).empty());
}

TEST_CASE("broken disk: a header that cannot be made empty, though nothing says so, is no checkpoint") {
  BrokenMachine machine;
  Node node = machine.armed;
  node.volume.put(machine.world.store_block(0), make_block(pattern(0xA5, 0)));
  machine.losing = World::kVolumePath;
  const BootReport report = machine.boot(node, "bootguard.slot=new");
  CHECK_FALSE(report.is_protected);
  CHECK(report.metadata->last_result == LastResult::kUnprotected);
  CHECK(machine.log_has("no checkpoint: zeros do not read back"));
}

TEST_CASE("broken disk: a witness or a stamp that cannot be read is not one that differs") {
  BrokenMachine machine;
  const ToyOptions::Run& run = machine.world.runs.front();
  for (const std::uint64_t place : {run.physical.n, (run.physical + run.length).n - kSimBlock}) {
    Node node = machine.armed;
    machine.failing.hit = [&](const Operation& operation) {
      return operation.kind == Operation::Kind::kRead && *operation.device == "volume" && operation.offset == place;
    };
    const BootReport report = machine.boot(node, "bootguard.slot=new");
    CHECK_FALSE(report.is_protected);
    CHECK(report.metadata->last_reason == Reason::kStackFailed);
    CHECK(machine.log_has("no checkpoint: reading volume"));
  }
}

TEST_CASE("broken disk: a volume that lost every write passed for rolled back") {
  BrokenMachine machine;
  Node node = machine.trial;
  machine.losing = World::kVolumePath;
  for (int again = 0; again < 2; ++again) {
    const BootReport report = machine.boot(node, "bootguard.slot=old");
    CAPTURE(machine.log);
    CHECK(exit_code(report) == ExitCode::kStop);
    CHECK(report.metadata->phase == Phase::kRollingBack);
    CHECK(machine.log_has("read back other bytes"));
    CHECK(machine.world.differs(node.volume, machine.trial.volume) == World::kNone);
  }
  machine.sound();
  machine.boot(node, "bootguard.slot=old");
  CHECK(view_metadata(node.metadata).metadata()->last_result == LastResult::kRolledBack);
  CHECK(machine.world.differs(node.volume, machine.armed.volume) == World::kNone);
}

TEST_CASE("broken disk: metadata that loses every write is no metadata: no trial begins, none ends") {
  BrokenMachine machine;
  machine.losing = World::kMetadataPath;
  Node armed = machine.armed;
  const BootReport first = machine.boot(armed, "bootguard.slot=new");
  CHECK(exit_code(first) == ExitCode::kUnprotected);
  CHECK(machine.log_has("the boot could not be counted: metadata on /dev/sda1: only 0 of 4 copies hold the new state"));
  CHECK(machine.log_has("read back other bytes than were written"));
  Node trial = machine.trial;
  const BootReport second = machine.boot(trial, "bootguard.slot=old");
  CHECK(second.is_protected);
  CHECK(machine.log_has("the rollback could not be begun"));
}

TEST_CASE("broken disk: what is not the store any more was overwritten when the metadata could not be written") {
  BrokenMachine machine;
  machine.failing.hit = [](const Operation& operation) {
    return *operation.device == "metadata" && operation.kind == Operation::Kind::kWrite;
  };
  for (const Node& start : {machine.armed, machine.trial}) {
    Node node = start;
    // The first witness gone: another system has used these blocks.
    const std::uint64_t first = machine.world.runs.front().physical.n / kSimBlock;
    for (std::uint64_t block = first; block < first + 8; ++block)
      node.volume.put(block, make_block(pattern(0xA5, block)));
    const DiskImage before = node.volume;
    const BootReport report = machine.boot(node, "bootguard.slot=new");
    CHECK(exit_code(report) == ExitCode::kUnprotected);
    CHECK(node.volume.difference(before).empty());
  }
  // Armed, with the end of a piece gone.
  Node partly = machine.armed;
  const ToyOptions::Run& run = machine.world.runs.back();
  const std::uint64_t last = (run.physical + run.length).n / kSimBlock - 1;
  partly.volume.put(last, make_block(pattern(0xA5, last)));
  const DiskImage without = partly.volume;
  machine.boot(partly, "bootguard.slot=new");
  CHECK(machine.log_has("or not all of it"));
  CHECK(partly.volume.difference(without).empty());
  // The control: a store that is still there, but holds what must not be copied back, is voided.
  Node control = machine.trial;
  control.volume.put(machine.world.store_block(0), make_block(pattern(0xA5, 0)));
  const DiskImage voided = control.volume;
  machine.boot(control, "bootguard.slot=new");
  CHECK_FALSE(control.volume.difference(voided).empty());
}

}  // namespace
}  // namespace bootguard::model
