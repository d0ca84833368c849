// SPDX-License-Identifier: LGPL-2.1-or-later
// Single boots at which something fails: what is handed over, what is recorded, and that no later boot can take a
// volume that was written to for an undisturbed trial.
#include "app/metadata_store.h"
#include "base/little_endian.h"
#include "model/bench.h"
#include "model/metadata_view.h"
#include "model/states.h"

namespace bootguard::model {
namespace {

constexpr const char* kNew = "bootguard.slot=new";
constexpr const char* kOld = "bootguard.slot=old";
constexpr const char* kTop = "/dev/mapper/bootguard-data";
const auto kWrite = Operation::Kind::kWrite;

void overwrite(PoweredOn& on, std::uint64_t block) {
  REQUIRE(on.volume.write(block * kSimBlock, pattern(9, 9), true) == 0);
}

// An entry of the exception area in this block of the volume.
void put_exception(PoweredOn& on, std::uint64_t block, std::size_t index, std::uint64_t old_chunk,
                   std::uint64_t new_chunk) {
  std::array<std::byte, kSimBlock> bytes{};
  REQUIRE(on.volume.read(block * kSimBlock, bytes) == 0);
  store_le<std::uint64_t>(bytes, index * 16, old_chunk);
  store_le<std::uint64_t>(bytes, index * 16 + 8, new_chunk);
  REQUIRE(on.volume.write(block * kSimBlock, bytes, true) == 0);
}

TEST_CASE("boot: metadata that can be read but not written: no trial begins, and the armed update is void") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    on.metadata.read_only = true;
    const BootReport report = run_boot(on.context);
    CHECK(on.machine.log.contains("the metadata can be read but not written"));
    CHECK(report.mount);
    CHECK_FALSE(report.is_protected);
    CHECK(report.device == World::kVolumePath);
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("the boot could not be counted") != std::string::npos);
  });
}

TEST_CASE("boot: metadata that cannot be written, in a trial: protected, but not counted") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    on.metadata.read_only = true;
    const BootReport report = run_boot(on.context);
    CHECK(report.is_protected);
    CHECK(report.device == kTop);
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("this boot could not be counted") != std::string::npos);
  });
}

TEST_CASE("boot: metadata of which no copy reads the same twice is read once more, to change nothing; or not known") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  for (const bool heals : {true, false}) {
    CAPTURE(heals);
    bench.node = trial;
    bench.power_on(kNew, [&](PoweredOn& on) {
      // The scan is read, what it found is not.
      Failing broken(Operation::Kind::kRead, "metadata", 4, heals ? 4 : 1'000'000);
      on.machine.hooks.injector = &broken;
      const BootReport report = run_boot(on.context);
      CHECK(report.is_protected == heals);
      CHECK(report.metadata.has_value() == heals);
      CHECK(on.machine.log.contains("the metadata can be read but not written") == heals);
      REQUIRE(report.failure);
      if (!heals) CHECK(report.failure->text.find("no copy reads the same twice") != std::string::npos);
    });
  }
}

TEST_CASE("boot: another bootguard at work: nothing may be mounted") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    const auto lock = on.machine.devices.lock(on.machine.devices.find(on.context.config.metadata).value(), 0);
    REQUIRE(lock.ok());
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(report.device.empty());
    CHECK(report.why == "another bootguard is at work on the volume");
  });
}

TEST_CASE("boot: a repair that cannot be made, or not be recorded, is a warning") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  const auto warned = [&](Failing broken, const char* text) {
    bench.node = trial;
    bench.power_on(kNew, [&](PoweredOn& on) {
      const std::array<std::byte, kSimBlock> nothing{};
      REQUIRE(on.metadata.write(World::kAreaOffset, nothing, true) == 0);
      on.machine.hooks.injector = &broken;
      CHECK(run_boot(on.context).is_protected);
      CHECK(on.machine.log.contains(text));
    });
  };
  warned(Failing(Operation::Kind::kFlush, "metadata", 0, 1),
         "metadata copies could not be repaired: flushing metadata");
  // Two bad copies, and none can be written: too few.
  bench.node = trial;
  bench.power_on(kNew, [&](PoweredOn& on) {
    const std::array<std::byte, kSimBlock> nothing{};
    for (const std::uint64_t copy : {std::uint64_t{0}, std::uint64_t{1}}) {
      REQUIRE(on.metadata.write(World::kAreaOffset + copy * layout::kCopyStrideBytes, nothing, true) == 0);
    }
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    (void)run_boot(on.context);
    CHECK(on.machine.log.contains("metadata copies could not be repaired: metadata on /dev/sda1: only 2 of 4"));
  });
  warned(Failing(kWrite, "metadata", 1), "the repair was not recorded: metadata on /dev/sda1: only 0 of 4 copies");
}

TEST_CASE("boot: armed, the old slot: recorded once; and where it cannot be, told") {
  Bench bench;
  bench.armed();
  const Node armed = bench.node;
  for (const bool first : {true, false}) {
    CAPTURE(first);
    bench.power_on(kOld, [&](PoweredOn& on) {
      CHECK_FALSE(run_boot(on.context).failure);
      CHECK((on.metadata.writes > 0) == first);
      CHECK(run_log(on.context).value().back().kind == EventKind::kWaited);
    });
  }
  bench.node = armed;
  bench.power_on(kOld, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK(on.machine.log.contains("this boot could not be recorded: metadata on /dev/sda1: only 0 of 4"));
  });
}

TEST_CASE("boot: idle, and it is not known which boot this is: nothing but the metadata is asked for") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    on.machine.system.boot = Uuid{};
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK(on.machine.dm.calls().empty());
  });
}

TEST_CASE("boot: asked again in the boot whose trial was marked good: the mapping that is mounted is the volume") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    REQUIRE(run_mark_good(on.context).ok());
    const BootReport again = run_boot(on.context);
    CHECK(again.decision == Decision::kIdle);
    CHECK(again.device == kTop);
  });
}

TEST_CASE("boot: asked again in the same boot while the volume is in use, nothing on it is looked at or changed") {
  Bench bench;
  bench.armed().power_on(kNew, [&](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    overwrite(on, bench.world.runs[0].physical.n / kSimBlock);  // a witness
    const std::uint64_t requests = on.volume.reads + on.volume.writes;
    const BootReport again = run_boot(on.context);
    CHECK(again.decision == Decision::kSameBoot);
    CHECK(again.is_protected);
    CHECK(again.device == kTop);
    CHECK(on.volume.reads + on.volume.writes == requests);
  });
}

TEST_CASE(
    "boot: asked again in the same boot: a stack in use that is not whole, or has somebody else's part, is none") {
  for (const bool is_whole : {false, true}) {
    CAPTURE(is_whole);
    Bench bench;
    bench.armed().power_on(kNew, [&](PoweredOn& on) {
      REQUIRE(run_boot(on.context).device == kTop);
      on.mount(kTop);
      if (is_whole) {
        REQUIRE(on.machine.dm.create("bootguard-data-rows", "somebody-else").ok());
      } else {
        REQUIRE(on.machine.dm.suspend("bootguard-data-undo", true).ok());
      }
      const BootReport again = run_boot(on.context);
      CHECK(again.decision == Decision::kSameBoot);
      CHECK_FALSE(again.is_protected);
      CHECK(again.metadata->last_result == LastResult::kUnprotected);
    });
  }
}

TEST_CASE("boot: a trial in use was given up where the kernel did not say which targets it has") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    on.machine.system.boot = numbered_uuid(0xBE7C, 1000);
    on.machine.dm.silent_targets.insert("linear");
    const BootReport again = run_boot(on.context);
    CHECK(again.is_protected);
    CHECK(again.device == kTop);
    CHECK(again.metadata->phase == Phase::kTrial);
  });
}

TEST_CASE("boot: armed, the old slot, a stable name: with holes over the store where it can be looked at") {
  WorldOptions options;
  options.pass_through = true;
  Bench bench(options);
  bench.armed().power_on(kOld, [](PoweredOn& on) {
    CHECK(run_boot(on.context).device == kTop);
    CHECK(on.machine.dm.table("bootguard-data").value().size() > 1);
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    on.machine.dm.available = false;
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK_FALSE(on.machine.log.contains("no stable name"));
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    // The name alone is ours: what is beneath it may be anything.
    REQUIRE(run_boot(on.context).device == kTop);
    REQUIRE(on.machine.dm.create("bootguard-data-rows", "somebody-else").ok());
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK(on.machine.log.contains("a device named bootguard-data-rows exists that this arm did not make"));
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    on.machine.dm.missing_targets.insert("linear");
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK(on.machine.log.contains("no stable name for the volume: the kernel has no device-mapper target 'linear'"));
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    on.machine.devices.disk(World::kVolumePath)->present = false;
    CHECK(run_boot(on.context).device.empty());
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    REQUIRE(on.machine.dm.create("bootguard-data", "somebody-else").ok());
    CHECK(run_boot(on.context).device == World::kVolumePath);
    CHECK(on.machine.log.contains("a device named bootguard-data exists that this arm did not make"));
  });
}

TEST_CASE("boot: a volume that can be found but not opened for writing is still handed over") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    on.volume.read_only = true;
    CHECK(run_boot(on.context).device == World::kVolumePath);
  });
}

TEST_CASE("boot: an end asked for on the command line that cannot be recorded: a trial stays one") {
  Bench bench;
  bench.in_trial().power_on("bootguard.slot=new rd.bootguard.action=commit", [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK(report.is_protected);
    CHECK(report.failure);
  });
  Bench armed;
  armed.armed().power_on("bootguard.slot=new rd.bootguard.action=commit", [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.is_protected);
    CHECK(report.device == World::kVolumePath);
    CHECK(report.reason == Reason::kCommandLine);
    CHECK(report.failure);
    CHECK_FALSE(on.machine.log.contains("the way back is lost"));
  });
}

TEST_CASE("boot: an end asked for on the command line wipes the store's header, and never what is not the store") {
  const char* const kCommit = "bootguard.slot=new rd.bootguard.action=commit";
  const auto ended = [&](Bench& bench, LastResult result) {
    bench.power_on(kCommit, [&](PoweredOn& on) { CHECK(run_boot(on.context).metadata->last_result == result); });
  };
  for (const bool trial : {true, false}) {
    CAPTURE(trial);
    Bench bench;
    trial ? bench.in_trial() : bench.armed();
    const std::uint64_t header = bench.world.store_block(0);
    Bench reused = bench;
    ended(bench, trial ? LastResult::kCommitted : LastResult::kDisarmed);
    std::array<std::byte, kSimBlock> bytes{};
    bench.node.volume.read(header * kSimBlock, bytes);
    CHECK(bytes == std::array<std::byte, kSimBlock>{});
    // Every piece of the store belongs to other files now.
    for (const ToyOptions::Run& run : reused.world.runs) {
      for (std::uint64_t b = run.physical.n / kSimBlock; b < (run.physical + run.length).n / kSimBlock; ++b)
        reused.node.volume.put(b, make_block(pattern(0xF11E, b)));
    }
    const std::uint64_t files = reused.node.volume.hash();
    ended(reused, trial ? LastResult::kCommitted : LastResult::kDisarmed);
    CHECK(reused.node.volume.hash() == files);
  }
}

TEST_CASE(
    "boot: switched off in a trial: the metadata or the store says that there is no way back, or nothing mounts") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  bench.power_on("bootguard.slot=new rd.bootguard=0", [](PoweredOn& on) {
    const std::uint64_t writes = on.volume.writes;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.failure);
    CHECK(report.metadata->last_result == LastResult::kUnprotected);
    CHECK(on.volume.writes == writes);
  });
  bench.node = trial;
  bench.power_on("bootguard.slot=new rd.bootguard=0", [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK(report.mount);
    CHECK(report.device == World::kVolumePath);
    CHECK_FALSE(on.machine.log.contains("the store could not be marked invalid"));
  });
  // A later boot cannot roll back.
  bench.power_on(kOld,
                 [](PoweredOn& on) { CHECK(run_boot(on.context).metadata->last_result == LastResult::kUnprotected); });
  bench.node = trial;
  bench.power_on("bootguard.slot=new rd.bootguard=0", [](PoweredOn& on) {
    on.metadata.read_only = true;
    Failing broken(kWrite, "volume");
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(on.machine.log.contains("the store could not be marked invalid"));
    CHECK(on.machine.log.contains("bootguard is switched off, but a running trial could not be ended"));
    // The first failure is the cause.
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("metadata on /dev/sda1: only 0 of 4 copies") == 0);
  });
  bench.power_on("bootguard.slot=new rd.bootguard=0", [](PoweredOn& on) {
    on.metadata.read_only = true;
    on.machine.devices.disk(World::kVolumePath)->present = false;
    CHECK_FALSE(run_boot(on.context).mount);
  });
}

TEST_CASE(
    "boot: the device of a trial that cannot be opened: unprotected where that can be recorded, else not mounted") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  bench.power_on(kNew, [](PoweredOn& on) {
    on.volume.read_only = true;
    const BootReport report = run_boot(on.context);
    CHECK(report.mount);
    CHECK(report.metadata->last_result == LastResult::kUnprotected);
  });
  bench.node = trial;
  bench.power_on(kNew, [](PoweredOn& on) {
    on.volume.read_only = true;
    on.metadata.read_only = true;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(on.machine.log.contains("neither the metadata nor the store can be written"));
  });
}

TEST_CASE("boot: the configuration may say to stop rather than to go on unprotected") {
  Bench bench;
  bench.world.config.on_failure = OnFailure::kStop;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    on.machine.dm.missing_targets.insert("snapshot-origin");
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(report.why == "the volume cannot be protected, and the configuration says to stop");
    CHECK(report.failure->text.find("load the module dm-snapshot") != std::string::npos);
  });
}

TEST_CASE("boot: armed, but another filesystem is on the device, or none, or it has another size: no checkpoint") {
  Bench bench;
  bench.armed();
  const Node armed = bench.node;
  const auto refused = [&](const std::string& text, auto odd) {
    bench.node = armed;
    bench.power_on(kNew, [&](PoweredOn& on) {
      odd(on);
      const BootReport report = run_boot(on.context);
      CHECK(report.mount);
      CHECK(report.reason == Reason::kWrongDevice);
      REQUIRE(report.failure);
      INFO(report.failure->text);
      CHECK(report.failure->text.find(text) != std::string::npos);
    });
  };
  refused("/dev/sda2 holds xfs 000000", [](PoweredOn& on) {
    on.identity().type = FilesystemType::kXfs;
    on.identity().type_name = "xfs";
  });
  bench.world.config.volumes[0].device = {DeviceName::Kind::kPath, World::kVolumePath};
  refused("/dev/sda2 holds no filesystem known to bootguard, not the filesystem 000000",
          [](PoweredOn& on) { on.machine.devices.disk(World::kVolumePath)->identity = FilesystemIdentity{}; });
  refused("/dev/sda2 holds ext4 000000", [](PoweredOn& on) { on.identity().uuid = numbered_uuid(0xF5, 2); });
}

TEST_CASE("boot: armed, but the superblock cannot be read: no checkpoint, and not for another device's sake") {
  Bench bench;
  bench.armed();
  bench.world.config.volumes[0].device = {DeviceName::Kind::kPath, World::kVolumePath};
  bench.power_on(kNew, [](PoweredOn& on) {
    Failing superblock(Operation::Kind::kRead, "volume", 0, 1);
    on.machine.hooks.injector = &superblock;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.is_protected);
    CHECK(report.metadata->last_reason == Reason::kStackFailed);
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("no checkpoint: reading the superblock of /dev/sda2") == 0);
  });
}

TEST_CASE("boot: a trial whose store is not valid any more: unprotected, and why is recorded") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  const auto lost = [&](Reason reason, const std::string& text, auto damage) {
    bench.node = trial;
    bench.power_on(kNew, [&](PoweredOn& on) {
      damage(on);
      const BootReport report = run_boot(on.context);
      REQUIRE(report.failure);
      INFO(report.failure->text);
      CHECK(report.mount);
      CHECK_FALSE(report.is_protected);
      CHECK(report.metadata->last_result == LastResult::kUnprotected);
      CHECK(report.metadata->last_reason == reason);
      CHECK(report.failure->text.find("the way back is lost: " + text) != std::string::npos);
    });
  };
  const std::uint64_t header = bench.world.store_block(0);
  lost(Reason::kStoreInvalid, "the store's header is neither empty nor a snapshot's",
       [&](PoweredOn& on) { overwrite(on, header); });
  lost(Reason::kStoreOverflow, "the store overflowed in an earlier boot", [&](PoweredOn& on) {
    std::array<std::byte, kSimBlock> bytes{};
    REQUIRE(on.volume.read(header * kSimBlock, bytes) == 0);
    store_le<std::uint32_t>(bytes, 4, 0);
    REQUIRE(on.volume.write(header * kSimBlock, bytes, true) == 0);
  });
  for (const std::size_t field : {std::size_t{8}, std::size_t{12}}) {
    lost(Reason::kStoreInvalid, "the store's header has version ", [&](PoweredOn& on) {
      std::array<std::byte, kSimBlock> bytes{};
      REQUIRE(on.volume.read(header * kSimBlock, bytes) == 0);
      store_le<std::uint32_t>(bytes, field, 16);
      REQUIRE(on.volume.write(header * kSimBlock, bytes, true) == 0);
    });
  }
  lost(Reason::kStackFailed, "reading volume", [](PoweredOn& on) {
    static Failing broken(Operation::Kind::kRead, "volume", 1);
    on.machine.hooks.injector = &broken;
  });
  // Behind the last exception stands what must not be there, and it cannot be wiped.
  lost(Reason::kStackFailed, "writing volume", [&](PoweredOn& on) {
    put_exception(on, bench.world.store_block(1), 200, 3, 4);
    static Failing broken(kWrite, "volume");
    on.machine.hooks.injector = &broken;
  });
}

TEST_CASE(
    "boot: what stands behind the last exception, in its area or in the next, is wiped before the store is used") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  for (const std::uint64_t chunk : {std::uint64_t{1}, std::uint64_t{1 + 257}}) {
    CAPTURE(chunk);
    const std::uint64_t area = bench.world.store_block(chunk);
    bench.node = trial;
    const BlockRef before = trial.volume.at(area);
    bench.power_on(kNew, [&](PoweredOn& on) {
      put_exception(on, area, 200, 3, 4);
      // The stack cannot be built: nobody else makes durable what was wiped.
      on.machine.dm.missing_targets.insert("snapshot");
      const BootReport report = run_boot(on.context);
      CHECK_FALSE(report.is_protected);
      CHECK(report.device == World::kVolumePath);
      CHECK(on.machine.dm.list("bootguard-").value().empty());
      CHECK(same_block(on.volume.durable().at(area), before));
    });
  }
}

TEST_CASE("boot: an exception that no kernel writes makes the store invalid: nothing is copied back") {
  struct Bad {
    std::uint64_t old_chunk, new_chunk;
    const char* fault;
  };
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  for (const Bad& bad :
       {Bad{1U << 30, 2, "lies beyond the end of the device"}, Bad{3, 1U << 30, "lies beyond the end of the store"},
        Bad{3, 1, "points to the store's own metadata"}, Bad{3, 1 + 257, "points to the store's own metadata"},
        Bad{bench.world.block_in_store(), 2, "would be copied over the store itself"}}) {
    CAPTURE(bad.fault);
    bench.node = trial;
    bench.power_on(kOld, [&](PoweredOn& on) {
      put_exception(on, bench.world.store_block(1), 0, bad.old_chunk, bad.new_chunk);
      const DiskImage before = on.volume.newest();
      const BootReport report = run_boot(on.context);
      REQUIRE(report.failure);
      INFO(report.failure->text);
      CHECK(report.failure->text.find(bad.fault) != std::string::npos);
      CHECK(report.metadata->last_reason == Reason::kStoreInvalid);
      CHECK(on.volume.newest().difference(before).empty());
    });
  }
}

TEST_CASE("boot: a volume in use or mounted is not rolled back underneath whoever uses it") {
  Bench bench;
  bench.armed();
  bench.power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    // The same machine, asked as if it had booted anew: it goes on with what is in use, or refuses to roll back.
    on.machine.system.boot = numbered_uuid(0xBE7C, 1000);
    const BootReport again = run_boot(on.context);
    CHECK(again.is_protected);
    CHECK(again.device == kTop);
    const BootReport same = run_boot(on.context);
    CHECK(same.decision == Decision::kSameBoot);
    CHECK(same.is_protected);
    CHECK(same.device == kTop);
    on.machine.system.boot = numbered_uuid(0xBE7C, 1001);
    on.machine.system.command_line = kOld;
    const BootReport refused = run_boot(on.machine.context(on.context.config));
    CHECK_FALSE(refused.mount);
    CHECK(refused.failure->text.find("the volume is in use; unmount it first") != std::string::npos);
    CHECK(refused.metadata->phase == Phase::kTrial);
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    const BootReport refused = run_boot(on.context);
    CHECK_FALSE(refused.mount);
    CHECK(refused.failure->text.find("the volume is mounted at /data; unmount it first") != std::string::npos);
  });
  bench.power_on(kOld, [](PoweredOn& on) {
    // Nothing says that it is in use: a boot must go on.
    on.machine.dm.available = false;
    on.machine.mounts.find_error.emplace(Errc::kIo, ENOENT, "opening /proc/self/mountinfo");
    CHECK(run_boot(on.context).metadata->last_result == LastResult::kRolledBack);
  });
}

TEST_CASE(
    "boot: a rollback that cannot be begun leaves the trial protected; one not recorded at its end is asked again") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  bench.power_on(kOld, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK(report.is_protected);
    CHECK(report.failure->text.find("the rollback could not be begun") != std::string::npos);
  });
  bench.node = trial;
  bench.power_on(kOld, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata", 4);
    on.machine.hooks.injector = &broken;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(report.failure->text.find("the rollback is done but could not be recorded; boot again") != std::string::npos);
    on.machine.hooks.injector = nullptr;
    CHECK(run_mark_bad(on.context).value().summary == "the rollback has begun already; reboot to finish it");
    check_refused(run_mark_good(on.context), Errc::kWrongPhase, "a rollback has begun");
    check_refused(run_disarm(on.context), Errc::kWrongPhase, "a rollback has begun");
    CHECK(run_boot(on.context).metadata->last_result == LastResult::kRolledBack);
    CHECK(run_mark_bad(on.context).value().summary == "already rolled back");
  });
}

TEST_CASE("boot: a rollback that is half done cannot go on without its store, nor while the volume is in use") {
  Bench bench;
  bench.in_trial();
  bench.power_on(kOld, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata", 4);
    on.machine.hooks.injector = &broken;
    CHECK_FALSE(run_boot(on.context).mount);
  });
  bench.power_on(kOld, [&](PoweredOn& on) {
    // Nor underneath whoever has mounted it.
    on.mount();
    const std::uint64_t writes = on.volume.writes;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(report.failure->text.find("the volume is mounted at /data; unmount it first") != std::string::npos);
    CHECK(report.metadata->phase == Phase::kRollingBack);
    CHECK(on.volume.writes == writes);
  });
  bench.power_on(kOld, [&](PoweredOn& on) {
    overwrite(on, bench.world.store_block(0));
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.mount);
    CHECK(report.failure->text.find("a rollback is half done and cannot go on") != std::string::npos);
    CHECK(report.metadata->phase == Phase::kRollingBack);
  });
}

TEST_CASE("boot: a volume that was resized is another device: no checkpoint, no trial, no rollback") {
  Bench bench;
  bench.armed();
  const Node armed = bench.node;
  const auto resized = [&](const char* command_line) {
    bench.node.volume = enlarged(bench.node.volume, 16);
    BootReport report;
    bench.power_on(command_line, [&](PoweredOn& on) {
      report = run_boot(on.context);
      REQUIRE(report.failure);
      CHECK(report.failure->text.find("it is another device, or it was resized") != std::string::npos);
      CHECK_FALSE(report.is_protected);
    });
    return report;
  };
  CHECK(resized(kNew).reason == Reason::kWrongDevice);
  bench.node = armed;
  bench.play({Step::kBootNew, Step::kWrite});
  const Node trial = bench.node;
  CHECK(resized(kNew).metadata->last_result == LastResult::kUnprotected);
  bench.node = trial;
  CHECK(resized(kOld).metadata->last_result == LastResult::kUnprotected);
  bench.node = trial;
  bench.power_on(kOld, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata", 4);
    on.machine.hooks.injector = &broken;
    CHECK_FALSE(run_boot(on.context).mount);
  });
  const BootReport half = resized(kOld);
  CHECK_FALSE(half.mount);
  CHECK(half.metadata->phase == Phase::kRollingBack);
}

TEST_CASE("boot: a kernel without dm-switch: protected all the same, and told that it costs") {
  WorldOptions options;
  options.have_switch = false;
  Bench bench(options);
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    CHECK(run_boot(on.context).is_protected);
    CHECK(on.machine.log.contains("the kernel has no dm-switch: every flush will cost one write per row"));
    CHECK(run_status(on.context).volumes.at(0).mapping == "undo");
  });
  options.pass_through = true;
  Bench plain(options);
  plain.power_on(kNew, [](PoweredOn& on) {
    CHECK(run_boot(on.context).device == kTop);
    CHECK_FALSE(on.machine.log.contains("dm-switch"));
  });
  Bench usual;
  usual.armed().power_on(kNew, [](PoweredOn& on) {
    CHECK(run_boot(on.context).is_protected);
    CHECK_FALSE(on.machine.log.contains("dm-switch"));
  });
}

TEST_CASE("boot: a stack that nobody uses is taken down before a rollback, and one that stays is in its way") {
  for (const bool stays : {false, true}) {
    Bench bench;
    bench.in_trial().power_on(kNew, [&](PoweredOn& on) {
      REQUIRE(run_boot(on.context).is_protected);
      if (stays) on.machine.dm.kept_busy.insert("bootguard-data-undo");
      on.machine.system.boot = numbered_uuid(0xBE7C, 1000);
      on.machine.system.command_line = kOld;
      const BootReport report = run_boot(on.machine.context(on.context.config));
      CHECK(report.mount == !stays);
      CHECK(report.metadata->phase == (stays ? Phase::kTrial : Phase::kIdle));
      CHECK((report.metadata->last_result == LastResult::kRolledBack) == !stays);
    });
  }
}

TEST_CASE("boot: a device mapper that is gone when the same boot asks again: unprotected, and recorded") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).is_protected);
    on.machine.dm.available = false;
    const BootReport report = run_boot(on.context);
    CHECK_FALSE(report.is_protected);
    CHECK(report.decision == Decision::kSameBoot);
    CHECK(report.metadata->last_reason == Reason::kStackFailed);
  });
}

TEST_CASE("boot, status: exceptions out of order, or so few free chunks that a mark may be lost: no way back") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  const std::uint64_t area = bench.world.store_block(1) * kSimBlock;
  for (const bool in_order : {false, true}) {
    bench.node = trial;
    bench.power_on(kNew, [&](PoweredOn& on) {
      std::array<std::byte, kSimBlock> bytes{};
      REQUIRE(on.volume.read(area, bytes) == 0);
      store_le<std::uint64_t>(bytes, 8, 2900);
      if (in_order) std::fill(bytes.begin() + 16, bytes.end(), std::byte{0});
      REQUIRE(on.volume.write(area, bytes, true) == 0);
      CHECK(run_status(on.context).volumes.at(0).store_state == (in_order ? "overflow" : "invalid"));
      const BootReport report = run_boot(on.context);
      REQUIRE(report.failure);
      INFO(report.failure->text);
      CHECK(report.failure->text.find(in_order ? "it may have overflowed without a mark"
                                               : "does not follow the one before it") != std::string::npos);
      CHECK(report.metadata->last_reason == (in_order ? Reason::kStoreOverflow : Reason::kStoreInvalid));
    });
  }
}

// Boots once for each operation there is, with that one failing; then once more, undisturbed, from the old slot: the
// old content is back exactly, or nothing was copied back and that is recorded.
void fail_each_operation(const World& world, const Node& start, const DiskImage& old_content,
                         const char* command_line) {
  for (std::uint64_t nth = 0;; ++nth) {
    REQUIRE(nth < 2000);
    Bench bench(world.options);
    bench.node = start;
    NthFault once(nth, Fault{Fault::Kind::kFailBefore, EIO});
    bool was_protected = false;
    bench.power_on(command_line, [&](PoweredOn& on) {
      on.machine.hooks.injector = &once;
      const BootReport report = run_boot(on.context);
      on.machine.hooks.injector = nullptr;
      INFO(once.hit());
      if (!report.mount) CHECK(report.device.empty());
      if (report.is_protected) CHECK(report.device == kTop);
      was_protected = report.is_protected;
    });
    if (once.hit().empty()) return;
    INFO(once.hit());
    const DiskImage newest = bench.node.volume;
    bench.power_on(kOld, [&](PoweredOn& on) {
      const BootReport report = run_boot(on.context);
      REQUIRE(report.metadata);
      const bool is_old = world.differs(on.volume.newest(), old_content) == World::kNone;
      const bool is_new = world.differs(on.volume.newest(), newest) == World::kNone;
      CHECK((is_old || is_new));
      if (was_protected) CHECK(is_old);
    });
  }
}

TEST_CASE("boot: one failing request, wherever it is: no later boot leaves a mixture of old and new") {
  for (const bool pass_through : {false, true}) {
    WorldOptions options;
    options.pass_through = pass_through;
    Bench bench(options);
    bench.armed();
    const Node armed = bench.node;
    bench.play({Step::kBootNew, Step::kWrite});
    const Node trial = bench.node;
    Failing broken(kWrite, "metadata", 4);
    bench.power_on(kOld, [&](PoweredOn& on) {
      on.machine.hooks.injector = &broken;
      CHECK_FALSE(run_boot(on.context).mount);
    });
    const Node half = bench.node;
    fail_each_operation(bench.world, armed, armed.volume, kNew);
    fail_each_operation(bench.world, armed, armed.volume, kOld);
    fail_each_operation(bench.world, trial, armed.volume, kNew);
    fail_each_operation(bench.world, trial, armed.volume, kOld);
    fail_each_operation(bench.world, trial, armed.volume, "bootguard.slot=new rd.bootguard=0");
    fail_each_operation(bench.world, half, armed.volume, kOld);
  }
}

TEST_CASE("boot: leftovers of another arm, or devices in the way: no checkpoint's stack, and the raw volume") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(on.machine.dm.create("bootguard-data-undo", "somebody-else").ok());
    const BootReport report = run_boot(on.context);
    CHECK(report.mount);
    CHECK_FALSE(report.is_protected);
    CHECK(report.device == World::kVolumePath);
    CHECK(report.failure->text.find("bootguard-data-undo exists that this arm did not make") != std::string::npos);
  });
}

TEST_CASE("boot: a volume that another driver holds is the wrong device: unprotected, recorded, and not written to") {
  for (const bool in_trial : {false, true}) {
    CAPTURE(in_trial);
    Bench bench;
    if (in_trial) {
      bench.in_trial();
    } else {
      bench.armed();
    }
    bench.world.config.volumes[0].device = {DeviceName::Kind::kPath, World::kVolumePath};
    const Node before = bench.node;
    bench.power_on(kNew, [](PoweredOn& on) {
      on.machine.devices.disk(World::kVolumePath)->unusable = "is held by md0";
      const BootReport report = run_boot(on.context);
      CHECK(report.mount);
      CHECK(report.device.empty());  // there is none to be told: the hook leaves the mount as it is
      CHECK_FALSE(report.is_protected);
      CHECK(report.metadata->last_result == LastResult::kUnprotected);
      CHECK(report.metadata->last_reason == Reason::kWrongDevice);
      CHECK(on.machine.log.contains("/dev/sda2 is held by md0"));
    });
    CHECK(bench.node.volume.difference(before.volume).empty());
  }
}

TEST_CASE("boot: the same boot asked again with another volume in the configuration: what is mapped is not handed on") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    Config renamed = on.context.config;
    renamed.volumes[0].name = *Label::parse("other");
    const BootReport report = run_boot(on.machine.context(renamed));
    CHECK(report.decision == Decision::kSameBoot);
    CHECK_FALSE(report.is_protected);
    CHECK(report.device != kTop);
    CHECK(report.metadata->last_reason == Reason::kWrongDevice);
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("names volume 'other', but the metadata was armed for 'data'") !=
          std::string::npos);
    // Whoever uses it goes on doing so.
    CHECK(on.machine.table.find(*on.machine.resolve(kTop))->write(20 * kSimBlock, pattern(7, 20), true) == 0);
  });
}

TEST_CASE("boot: a rollback that stands in a single copy goes on only once it stands in enough of them") {
  struct Flushes : Injector {
    Fault before(const Operation& operation) override {
      const bool on_metadata = *operation.device == "metadata";
      if (operation.kind == Operation::Kind::kFlush && on_metadata && fail-- > 0)
        return {Fault::Kind::kFailBefore, EIO};
      if (operation.kind != kWrite || on_metadata) return {};
      if (copies_at_first_write == 0)
        copies_at_first_write = view_metadata(metadata->durable()).in_phase(Phase::kRollingBack);
      return {};
    }
    int fail = 0;
    const SimDisk* metadata = nullptr;
    std::size_t copies_at_first_write = 0;
  };
  States states;
  const DiskImage& begun = states.all[3].node.metadata;
  for (const int failing : {1, 1'000'000}) {
    CAPTURE(failing);
    Bench bench;
    bench.node = states.trial().node;
    bench.node.metadata.put(copy_block(0), begun.at(copy_block(0)));
    bench.power_on(kNew, [&](PoweredOn& on) {
      Flushes flushes;
      flushes.fail = failing;
      flushes.metadata = &on.metadata;
      on.machine.hooks.injector = &flushes;
      const BootReport report = run_boot(on.context);
      on.machine.hooks.injector = nullptr;
      CHECK(report.decision == Decision::kResumeRollback);
      CHECK(on.machine.log.contains("metadata copies could not be repaired"));
      CHECK(report.mount == (failing == 1));
      if (report.mount) {
        CHECK(flushes.copies_at_first_write >= 3);
        CHECK(report.metadata->last_result == LastResult::kRolledBack);
        return;
      }
      CHECK(flushes.copies_at_first_write == 0);
      REQUIRE(report.failure);
      CHECK(
          report.failure->text.starts_with("a rollback is half done and cannot go on: metadata on /dev/sda1: only 0"));
    });
    const bool as_it_was = bench.node.volume.difference(states.trial().node.volume).empty();
    CHECK(as_it_was == (failing != 1));
    if (as_it_was) continue;
    CHECK(bench.world.differs(bench.node.volume, states.trial().checkpoint) == World::kNone);
  }
}

}  // namespace
}  // namespace bootguard::model
