// SPDX-License-Identifier: LGPL-2.1-or-later
// What `arm` refuses, and that it leaves nothing behind when it does.
#include "model/bench.h"

namespace bootguard::model {
namespace {

const std::string kOld = "bootguard.slot=old";

// Runs `arm` on the mounted volume after `odd` was done to the machine; nothing may be left of the store's file.
template <class Function>
void refused_arm(Bench& bench, Errc code, const std::string& text, Function odd, bool mounted = true) {
  bench.power_on(kOld, [&](PoweredOn& on) {
    if (mounted) on.mount();
    odd(on);
    const auto armed = run_arm(on.context, {});
    check_refused(armed, code, text);
    CHECK(armed.error().text.find("left behind") == std::string::npos);
    on.machine.hooks.injector = nullptr;
    on.machine.mounts.find_error.reset();
    on.machine.mounts.open_error.reset();
    CHECK(run_status(on.context).metadata->phase == Phase::kIdle);
    if (!mounted) return;
    const auto mount = on.machine.mounts.find(std::vector{*on.machine.resolve(World::kVolumePath)});
    const auto file = on.machine.mounts.open_store(*mount.value(), on.context.config.volumes[0].store);
    CHECK_FALSE(file.value()->exists().value());
  });
}

TEST_CASE("arm: the slot of the update cannot be the one that runs") {
  Bench bench;
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    ArmOptions options;
    options.new_slot = *Label::parse("old");
    check_refused(run_arm(on.context, options), Errc::kUsage, "--slot old is the slot that runs now");
    options.new_slot = *Label::parse("new");
    const auto armed = run_arm(on.context, options);
    REQUIRE(armed.ok());
    CHECK(armed.value().metadata.new_slot == options.new_slot);
  });
}

TEST_CASE("arm: on a machine without slots none is named, and none is the one that runs") {
  Bench bench;
  bench.power_on("quiet", [](PoweredOn& on) {
    on.mount();
    REQUIRE(on.context.kernel.slot.empty());
    CHECK(run_arm(on.context, {}).ok());
  });
}

TEST_CASE("arm: repeated it is a no-op, with other wishes it is refused") {
  Bench bench;
  bench.armed();
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    const auto again = run_arm(on.context, {});
    REQUIRE(again.ok());
    CHECK_FALSE(again.value().changed);
    CHECK(again.value().summary == "already armed, 2 attempts");
    ArmOptions more;
    more.attempts = 5;
    check_refused(run_arm(on.context, more), Errc::kWrongPhase, "already armed with 2 attempts; 'bootguard disarm'");
    ArmOptions other;
    other.new_slot = *Label::parse("b");
    check_refused(run_arm(on.context, other), Errc::kWrongPhase, "already armed with 2 attempts; 'bootguard disarm'");
    REQUIRE(run_disarm(on.context).ok());
    REQUIRE(run_arm(on.context, other).ok());
    check_refused(run_arm(on.context, {}), Errc::kWrongPhase, "already armed with 2 attempts for slot b; 'bootguard");
  });
}

TEST_CASE("arm: not while a trial runs, and not while a rollback is half done") {
  Bench bench;
  bench.in_trial();
  bench.power_on(
      kOld, [](PoweredOn& on) { check_refused(run_arm(on.context, {}), Errc::kWrongPhase, "a trial is running"); });
  Failing broken(Operation::Kind::kWrite, "volume");
  bench.power_on(kOld, [&](PoweredOn& on) {
    on.machine.hooks.injector = &broken;
    CHECK_FALSE(run_boot(on.context).mount);
    on.machine.hooks.injector = nullptr;
    check_refused(run_arm(on.context, {}), Errc::kWrongPhase, "a rollback is not finished");
  });
}

TEST_CASE("arm: a filesystem that bootguard does not protect is refused by its name") {
  Bench bench;
  refused_arm(bench, Errc::kUnsupported, "/dev/sda2 holds btrfs: its FIEMAP addresses", [](PoweredOn& on) {
    on.identity().type = FilesystemType::kUnknown;
    on.identity().type_name = "btrfs";
  });
  refused_arm(bench, Errc::kUnsupported, "/dev/sda2 holds ntfs; bootguard protects ext4, XFS and f2fs",
              [](PoweredOn& on) {
                on.identity().type = FilesystemType::kUnknown;
                on.identity().type_name = "ntfs";
              });
  refused_arm(bench, Errc::kUnsupported, "/dev/sda2 holds no filesystem known to bootguard;", [](PoweredOn& on) {
    on.identity().type = FilesystemType::kUnknown;
    on.identity().type_name = "";
  });
}

TEST_CASE("arm: the volume must be there, mounted, and writable") {
  Bench bench;
  refused_arm(
      bench, Errc::kDeviceMissing,
      "volume data: UUID=", [](PoweredOn& on) { on.machine.devices.disk(World::kVolumePath)->present = false; }, false);
  refused_arm(
      bench, Errc::kNotMounted, "/dev/sda2 is not mounted", [](PoweredOn&) {}, false);
  refused_arm(bench, Errc::kReadOnly, "mounted read-only at /data",
              [](PoweredOn& on) { on.machine.mounts.set_read_only(World::kMountPath, true); });
}

TEST_CASE("arm: without a mount table, or where the mount goes away meanwhile, there is no store") {
  Bench bench;
  refused_arm(bench, Errc::kIo, "opening /proc/self/mountinfo", [](PoweredOn& on) {
    on.machine.mounts.find_error.emplace(Errc::kIo, ENOENT, "opening /proc/self/mountinfo");
  });
  refused_arm(bench, Errc::kNotMounted, "/data: 8:32 is not mounted there (any more)", [](PoweredOn& on) {
    on.machine.mounts.open_error.emplace(Errc::kNotMounted, 0, "/data: 8:32 is not mounted there (any more)");
  });
}

TEST_CASE("arm: a kernel without device mapper is no reason not to, the new one may have it") {
  Bench bench;
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    on.machine.dm.available = false;
    CHECK(run_arm(on.context, {}).ok());
  });
}

TEST_CASE("arm: the chunk holds a block of the filesystem at least") {
  Bench bench;
  refused_arm(bench, Errc::kConfig, "chunk-size 4096 is smaller than the filesystem's block of 8192 bytes",
              [](PoweredOn& on) { on.identity().block_bytes = 8192; });
}

TEST_CASE("arm: a store that is too small, or larger than what is free, is refused with the numbers") {
  Bench bench;
  bench.world.config.volumes[0].store_size = StoreSize{Bytes(1 << 20), 0};
  refused_arm(bench, Errc::kConfig, "store-size 1 MiB is too small to be of use; with chunks of 4 KiB it takes 10 MiB",
              [](PoweredOn&) {});
  bench.world.config.volumes[0].store_size = StoreSize{Bytes(20 << 20), 0};
  refused_arm(bench, Errc::kNoSpace, "/data has 11 MiB free, but the store takes 20 MiB", [](PoweredOn&) {});
}

TEST_CASE("arm: a store in percent is of the filesystem's size, in whole blocks") {
  Bench bench;
  bench.world.config.volumes[0].store_size = StoreSize{Bytes(0), 90};
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    on.machine.mounts.options.block = Bytes(8192);
    REQUIRE(run_arm(on.context, {}).ok());
    const auto mount = on.machine.mounts.find(std::vector{*on.machine.resolve(World::kVolumePath)});
    const auto file = on.machine.mounts.open_store(*mount.value(), on.context.config.volumes[0].store);
    const std::uint64_t size = file.value()->size().value().n;
    CHECK(size == on.volume.size() / 100 * 90 / 8192 * 8192);
  });
}

TEST_CASE("arm: a store in percent is in whole chunks where those are larger than a block") {
  WorldOptions options;
  options.chunk_bytes = 8192;
  for (const std::uint32_t percent : {85U, 86U, 87U, 88U, 89U, 90U}) {
    Bench bench(options);
    bench.world.config.volumes[0].store_size = StoreSize{Bytes(0), percent};
    bench.power_on(kOld, [&](PoweredOn& on) {
      on.mount();
      REQUIRE(run_arm(on.context, {}).ok());
      const auto mount = on.machine.mounts.find(std::vector{*on.machine.resolve(World::kVolumePath)});
      const auto file = on.machine.mounts.open_store(*mount.value(), on.context.config.volumes[0].store);
      CHECK(file.value()->size().value().n == on.volume.size() / 100 * percent / 8192 * 8192);
    });
  }
}

TEST_CASE("arm: pieces so small that no chunk is whole: too fragmented") {
  Bench bench;
  bench.world.config.volumes[0].store_size = StoreSize{Bytes(2450 * kSimBlock), 0};
  refused_arm(bench, Errc::kTooFragmented, "the filesystem gave the store 123 pieces, of which too little is left",
              [](PoweredOn& on) {
                auto& runs = on.machine.mounts.options.free_runs;
                runs.clear();
                on.machine.mounts.options.block = Bytes(1024);
                on.identity().block_bytes = 1024;
                for (std::uint64_t i = 0; i < 126; ++i) {
                  runs.push_back({Bytes((64 + i * 21) * kSimBlock + 1024), Bytes(20 * kSimBlock)});
                }
              });
}

TEST_CASE("arm: the extents are counted, and a warning tells what very many cost without dm-switch") {
  constexpr std::uint64_t kBlocks = 12;  // of an extent; a block of another file comes behind each
  WorldOptions options;
  options.extra_origin_chunks = 1000;
  for (const std::uint64_t extents : {1U, 256U, 257U}) {
    CAPTURE(extents);
    const std::uint64_t length = extents == 1 ? 256 * kBlocks : kBlocks;
    Bench bench(options);
    bench.world.config.volumes[0].store_size = StoreSize{Bytes(extents * length * kSimBlock), 0};
    bench.power_on(kOld, [&](PoweredOn& on) {
      on.mount();
      auto& runs = on.machine.mounts.options.free_runs;
      runs.clear();
      for (std::uint64_t i = 0; i < extents; ++i) {
        runs.push_back({Bytes((64 + i * (length + 1)) * kSimBlock), Bytes(length * kSimBlock)});
      }
      const auto armed = run_arm(on.context, {});
      if (!armed) FAIL(armed.error().text);
      const std::string counted = extents == 1 ? "1 extent on " : std::to_string(extents) + " extents on ";
      CHECK_THAT(armed.value().summary, Catch::EndsWith(" MiB in " + counted + World::kVolumePath));
      const auto& warnings = armed.value().warnings;
      REQUIRE(warnings.size() == (extents > 256 ? 1 : 0));
      if (extents > 256) CHECK_THAT(warnings[0], Catch::StartsWith("the store lies in 257 extents; a kernel without"));
    });
  }
}

TEST_CASE("arm, boot: an extent without a whole chunk has no witness, and is never written to") {
  Bench bench;
  constexpr std::uint64_t kPiece = 60;  // a block of the volume, of which the store gets the two KiB in the middle
  const BlockRef before = bench.node.volume.at(kPiece);
  bench.power_on(kOld, [&](PoweredOn& on) {
    on.mount();
    on.machine.mounts.options.block = Bytes(1024);
    on.identity().block_bytes = 1024;
    auto& runs = on.machine.mounts.options.free_runs;
    runs.insert(runs.begin(), {Bytes(kPiece * kSimBlock + 1024), Bytes(2048)});
    const auto armed = run_arm(on.context, {});
    if (!armed) FAIL(armed.error().text);
    CHECK_THAT(armed.value().summary, Catch::Contains("in 4 extents on"));
    CHECK(same_block(on.volume.newest().at(kPiece), before));
    CHECK(run_status(on.context).volumes.at(0).store_state == "ok");
  });
  bench.power_on("bootguard.slot=new", [&](PoweredOn& on) {
    CHECK(run_boot(on.context).is_protected);
    // It is no hole either: the chunk is the filesystem's.
    SectorIo& top = *on.machine.table.find(*on.machine.resolve("/dev/mapper/bootguard-data"));
    CHECK(top.write(kPiece * kSimBlock, pattern(5, kPiece), true) == 0);
  });
  bench.power_on(kOld, [&](PoweredOn& on) {
    CHECK(run_boot(on.context).metadata->last_result == LastResult::kRolledBack);
    CHECK(same_block(on.volume.newest().at(kPiece), before));
  });
}

TEST_CASE("arm: a store that moves while it is made, or cannot be pinned, is removed again") {
  Bench bench;
  refused_arm(bench, Errc::kStoreChanged, "the filesystem moved the store while it was being made",
              [](PoweredOn& on) { on.machine.mounts.options.moves_after_create = true; });
  refused_arm(bench, Errc::kUnsupported, "immutable", [](PoweredOn& on) { on.machine.mounts.options.can_pin = false; });
  refused_arm(bench, Errc::kNoSpace, "allocating",
              [](PoweredOn& on) { on.machine.mounts.options.create_error = ENOSPC; });
}

TEST_CASE("arm: without random numbers there is no arm id, and no store") {
  Bench bench;
  refused_arm(bench, Errc::kIo, "random numbers are not available",
              [](PoweredOn& on) { on.machine.system.random_fails = true; });
}

TEST_CASE(
    "arm: one failing request to the volume or the metadata, wherever it is: idle, told why, and the file is gone or "
    "named") {
  for (const auto& [kind, device] :
       {std::pair{Operation::Kind::kRead, "volume"}, std::pair{Operation::Kind::kWrite, "volume"},
        std::pair{Operation::Kind::kFlush, "volume"}, std::pair{Operation::Kind::kRead, "metadata"}}) {
    int refused = 0;
    for (int nth = 0; nth < 200; ++nth) {
      Bench bench;
      // By a UUID a volume that cannot be read would not be found.
      bench.world.config.volumes[0].device = {DeviceName::Kind::kPath, World::kVolumePath};
      bool reached = false;
      bench.power_on(kOld, [&, kind = kind, device = device](PoweredOn& on) {
        on.mount();
        Failing once(kind, device, nth, 1);
        on.machine.hooks.injector = &once;
        const auto armed = run_arm(on.context, {});
        on.machine.hooks.injector = nullptr;
        reached = once.hits > 0;
        if (armed) return;
        ++refused;
        CHECK_THAT(armed.error().text, Catch::Contains("Input/output error"));
        CHECK(run_status(on.context).metadata->phase == Phase::kIdle);
      });
      if (!reached) break;
      REQUIRE(nth < 199);
    }
    CAPTURE(device);
    if (std::string(device) == "volume") CHECK(refused > 0);
  }
}

TEST_CASE("arm: when the store's file cannot be removed after a failure, the error says that it is left behind") {
  Bench bench;
  bench.power_on(kOld, [](PoweredOn& on) {
    on.mount();
    on.machine.system.random_fails = true;
    // The inode is written when the file is made, and then no more.
    Failing later(Operation::Kind::kWrite, "volume", 1);
    on.machine.hooks.injector = &later;
    check_refused(run_arm(on.context, {}), Errc::kIo, "; and the store's file is left behind: ");
  });
}

}  // namespace
}  // namespace bootguard::model
