// SPDX-License-Identifier: LGPL-2.1-or-later
// What the use cases make of a metadata area that does not fit, of devices in the way, and of a store of many
// exceptions.
#include <numeric>

#include "app/exception_order.h"
#include "app/metadata_store.h"
#include "app/rollback.h"
#include "base/little_endian.h"
#include "model/bench.h"

namespace bootguard::model {
namespace {

constexpr const char* kNew = "bootguard.slot=new";
constexpr const char* kTop = "/dev/mapper/bootguard-data";
const auto kWrite = Operation::Kind::kWrite;

TEST_CASE("format: what stands in the place of the area is not overwritten without --force") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    check_refused(run_format(on.context, false), Errc::kMetadataLive, "copy 0 is a metadata block (good)");
    const auto forced = run_format(on.context, true);
    REQUIRE(forced.ok());
    CHECK(forced.value().metadata.sequence > 1);
    CHECK(run_log(on.context).value().back().reason == Reason::kForce);
    REQUIRE(on.metadata.write(World::kAreaOffset, pattern(9, 9), true) == 0);
    check_refused(run_format(on.context, false), Errc::kMetadataLive, "copy 0's place is not empty");
    const std::array<std::byte, kSimBlock> nothing{};
    for (std::uint64_t i = 0; i < layout::kCopies; ++i) {
      REQUIRE(on.metadata.write(World::kAreaOffset + i * layout::kCopyStrideBytes, nothing, true) == 0);
    }
    // What stands in front of the area is not looked at.
    on.machine.devices.disk(World::kMetadataPath)->identity =
        FilesystemIdentity{FilesystemType::kExt4, "ext4", {}, "", 0};
    CHECK(run_format(on.context, false).ok());
    CHECK(run_log(on.context).value().back().reason == Reason::kNone);
  });
  bench.world.config.metadata_offset = Bytes(0);
  bench.power_on(kNew, [](PoweredOn& on) {
    const std::array<std::byte, kSimBlock> nothing{};
    for (std::uint64_t i = 0; i < layout::kCopies; ++i) {
      REQUIRE(on.metadata.write(i * layout::kCopyStrideBytes, nothing, true) == 0);
    }
    auto& identity = on.machine.devices.disk(World::kMetadataPath)->identity;
    identity = FilesystemIdentity{FilesystemType::kUnknown, "LUKS", {}, "", 0};
    check_refused(run_format(on.context, false), Errc::kMetadataLive, "/dev/sda1: /dev/sda1 holds LUKS; nothing was");
    identity = FilesystemIdentity{};
    CHECK(run_format(on.context, false).ok());
  });
}

TEST_CASE("format: a place that cannot be read is not taken for empty") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    Failing broken(Operation::Kind::kRead, "metadata");
    on.machine.hooks.injector = &broken;
    check_refused(run_format(on.context, false), Errc::kMetadataLive, "copy 0's place is not empty (unreadable)");
  });
  bench.world.config.metadata_offset = Bytes(0);
  bench.node.metadata = DiskImage(bench.node.metadata.blocks());
  bench.power_on(kNew, [](PoweredOn& on) {
    // The four copies, and then the superblock.
    Failing broken(Operation::Kind::kRead, "metadata", 4);
    on.machine.hooks.injector = &broken;
    check_refused(run_format(on.context, false), Errc::kIo, "reading the superblock of /dev/sda1");
    Failing writes(kWrite, "metadata");
    on.machine.hooks.injector = &writes;
    check_refused(run_format(on.context, true), Errc::kIo, "only 0 of 4 copies");
  });
}

TEST_CASE("format: every copy must be written, and a device that reads back other bytes is refused") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    for (const auto kind : {Operation::Kind::kWrite, Operation::Kind::kFlush}) {
      Failing once(kind, "metadata", 2, 1);
      on.machine.hooks.injector = &once;
      check_refused(run_format(on.context, true), Errc::kIo, "not every copy could be written; use another device");
    }
    on.machine.hooks.injector = nullptr;
    on.machine.system.random_fails = true;
    check_refused(run_format(on.context, true), Errc::kIo, "random numbers are not available");
  });
}

TEST_CASE("metadata: an area that does not fit its device is refused with the numbers") {
  Bench bench;
  const auto refused = [&] {
    bench.power_on(kNew, [](PoweredOn& on) {
      check_refused(run_format(on.context, true), Errc::kConfig, "does not fit: it needs 768 KiB to 64 MiB");
    });
  };
  bench.world.config.metadata_size = Bytes(64 << 20);
  refused();
  bench.world.config.metadata_size = Bytes(128 << 10);
  refused();
  const Node small = bench.node;
  bench.node.metadata = enlarged(small.metadata, (70U << 20) / kSimBlock);
  bench.world.config.metadata_size = Bytes(65 << 20);
  refused();
  bench.node = small;
  bench.world.config.metadata_size = Bytes(0);
  bench.world.config.metadata_offset = Bytes(1U << 30);
  refused();
  bench.world.config.metadata_offset = Bytes(World::kAreaOffset);
  bench.power_on(kNew, [](PoweredOn& on) {
    // Without a size: all that is there.
    CHECK(run_format(on.context, true).value().metadata.area_blocks * std::uint64_t{4096} ==
          on.metadata.size() - World::kAreaOffset);
  });
  bench.world.config.metadata_size = Bytes(World::kAreaBytes);
  bench.power_on(kNew, [](PoweredOn& on) {
    check_refused(run_log(on.context), Errc::kWrongDevice, "the area was formatted with 832 KiB, but only 768 KiB");
  });
}

TEST_CASE("metadata: a device that cannot be opened for writing is refused by every verb that changes something") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    on.metadata.read_only = true;
    check_refused(run_format(on.context, true), Errc::kReadOnly, "metadata device /dev/sda1");
    check_refused(run_mark_good(on.context), Errc::kReadOnly, "metadata device /dev/sda1");
    CHECK(run_log(on.context).ok());
  });
}

TEST_CASE("metadata: fewer than three good copies are no success, and say which") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
    REQUIRE(store.ok());
    Failing twice(kWrite, "metadata", 1, 2);
    on.machine.hooks.injector = &twice;
    check_refused(store.value().write(store.value().current()), Errc::kIo,
                  "only 2 of 4 copies hold the new state: writing metadata copy 1");
    on.machine.hooks.injector = nullptr;
    CHECK(store.value().needs_repair());
  });
}

TEST_CASE("metadata: a sequence that is used up is an error, never a wrap") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
    REQUIRE(store.ok());
    Metadata last = store.value().current();
    last.sequence = ~std::uint64_t{0} - 1;
    REQUIRE(store.value().write_fresh(last).ok());
    check_refused(store.value().write(last), Errc::kMetadataCorrupt, "the sequence is used up");
  });
}

TEST_CASE("metadata: what an unreadable copy may be ahead is left out, but does not use the sequence up") {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  struct Late {
    std::uint64_t before, after;
    int unreadable;
  };
  for (const Late& number : {Late{kLast - 1000, kLast - 1000 + 64 + 1, 1}, Late{kLast - 1000, kLast - 1000 + 1, 0},
                             Late{kLast - 64, kLast - 63, 1}}) {
    Bench bench;
    bench.power_on(kNew, [&](PoweredOn& on) {
      {
        auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
        REQUIRE(store.ok());
        Metadata late = store.value().current();
        late.sequence = number.before;
        REQUIRE(store.value().write_fresh(late).ok());
      }
      Failing once(Operation::Kind::kRead, "metadata", 0, number.unreadable);
      on.machine.hooks.injector = &once;
      auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
      REQUIRE(store.ok());
      REQUIRE(store.value().write(store.value().current()).ok());
      CHECK(store.value().current().sequence == number.after);
    });
  }
}

TEST_CASE("metadata: two reads of a copy that differ: the others decide, and without others there is none") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    Failing once(Operation::Kind::kRead, "metadata", 4, 1);
    on.machine.hooks.injector = &once;
    CHECK(MetadataStore::open(on.context, MetadataStore::Purpose::kRead).ok());
    CHECK(once.hits == 1);
    Failing later(Operation::Kind::kRead, "metadata", 4);
    on.machine.hooks.injector = &later;
    check_refused(MetadataStore::open(on.context, MetadataStore::Purpose::kRead), Errc::kIo,
                  "no copy reads the same twice");
  });
}

TEST_CASE("metadata: an extent table that is not there, or does not fit its record, is corruption") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kRead);
    REQUIRE(store.ok());
    VolumeRecord record = store.value().current().volumes[0];
    check_refused(store.value().read_table(record, TableKind::kReserve), Errc::kMetadataCorrupt, "has no extent table");
    VolumeRecord nothing = record;
    auto changed = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
    REQUIRE(changed.ok());
    const ExtentTable too_small{TableKind::kStore, record.arm_id, {Extent{Sectors(801), Sectors(8)}}};
    nothing.tables[0] = changed.value().write_table(too_small).value();
    nothing.store_size = Sectors(0);
    check_refused(load_store_view(store.value(), nothing), Errc::kMetadataCorrupt,
                  "does not give the size of the store");
    record.store_size += Sectors(8);
    check_refused(load_store_view(store.value(), record), Errc::kMetadataCorrupt,
                  "does not give the size of the store");
    Failing broken(Operation::Kind::kRead, "metadata");
    on.machine.hooks.injector = &broken;
    check_refused(load_store_view(store.value(), store.value().current().volumes[0]), Errc::kIo, "extent table copy 3");
  });
}

TEST_CASE("metadata: a new extent table is written beside the one in use, never over it") {
  Bench bench;
  std::vector<std::uint32_t> blocks;
  for (int i = 0; i < 3; ++i) {
    bench.armed().power_on(kNew, [&](PoweredOn& on) {
      blocks.push_back(run_status(on.context).metadata->volumes[0].tables[0].first_block);
      REQUIRE(run_disarm(on.context).ok());
    });
  }
  CHECK(blocks[0] * std::uint64_t{kSimBlock} == layout::kTableOffsetBytes);
  CHECK(blocks[1] != blocks[0]);
  CHECK(blocks[2] == blocks[0]);
}

TEST_CASE("mark-bad: a request that cannot be recorded is refused, and is none") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    Failing broken(kWrite, "metadata");
    on.machine.hooks.injector = &broken;
    check_refused(run_mark_bad(on.context), Errc::kIo, "only 0 of 4 copies hold the new state");
    on.machine.hooks.injector = nullptr;
    CHECK(run_status(on.context).metadata->request == Request::kNone);
  });
}

TEST_CASE("mark-bad: an update before this one that was rolled back does not answer for it") {
  Bench bench;
  bench.in_trial().play({Step::kBootOld}).armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_status(on.context).metadata->last_result == LastResult::kRolledBack);
    check_refused(run_mark_bad(on.context), Errc::kNotArmed, "armed, but no trial has begun");
    REQUIRE(run_boot(on.context).is_protected);
    const auto marked = run_mark_bad(on.context);
    REQUIRE(marked.ok());
    CHECK(marked.value().changed);
  });
}

TEST_CASE("metadata: a table copy that rotted is mended before a verb acts, and before a boot does") {
  const bool boots = GENERATE(false, true);
  Bench bench;
  bench.in_trial().power_on(kNew, [&](PoweredOn& on) {
    const TableDescriptor table = run_status(on.context).metadata->volumes[0].tables[0];
    const std::uint64_t first = World::kAreaOffset + std::uint64_t{table.first_block} * kSimBlock;
    const std::uint64_t second = first + std::uint64_t{table.stride_blocks} * kSimBlock;
    REQUIRE(on.metadata.write(first, pattern(9, 9), true) == 0);
    if (boots) {
      REQUIRE(run_boot(on.context).is_protected);
    } else {
      REQUIRE(run_mark_bad(on.context).ok());
    }
    std::array<std::byte, kSimBlock> mended{};
    std::array<std::byte, kSimBlock> good{};
    REQUIRE(on.metadata.read(first, mended) == 0);
    REQUIRE(on.metadata.read(second, good) == 0);
    CHECK(mended == good);
  });
}

TEST_CASE("mark-good, status: a volume that was resized is not written to") {
  Bench bench;
  bench.in_trial();
  bench.node.volume = enlarged(bench.node.volume, 16);
  bench.power_on(kNew, [](PoweredOn& on) {
    CHECK(run_status(on.context).volumes.at(0).store_state == "changed");
    const std::uint64_t writes = on.volume.writes;
    const auto report = run_mark_good(on.context);
    REQUIRE(report.ok());
    REQUIRE(report.value().warnings.size() == 1);
    CHECK(report.value().warnings[0].find("the volume was not tidied up: /dev/sda2 has") == 0);
    CHECK(on.volume.writes == writes);
  });
}

TEST_CASE("mark-good: what of the tidying fails is a warning, the commit stands") {
  Bench bench;
  bench.in_trial();
  const Node trial = bench.node;
  const auto warned = [&](const std::string& text, auto odd) {
    bench.node = trial;
    bench.power_on(kNew, [&](PoweredOn& on) {
      odd(on);
      const auto report = run_mark_good(on.context);
      on.machine.hooks.injector = nullptr;
      REQUIRE(report.ok());
      CHECK(report.value().metadata.last_result == LastResult::kCommitted);
      std::string all;
      for (const std::string& warning : report.value().warnings) all += warning + "\n";
      INFO(all);
      CHECK(all.find(text) != std::string::npos);
      CHECK(all.empty() == text.empty());
    });
  };
  warned("", [](PoweredOn& on) { on.machine.dm.available = false; });
  warned("the store's file was not removed: opening /proc/self/mountinfo", [](PoweredOn& on) {
    on.mount();
    on.machine.mounts.find_error.emplace(Errc::kIo, ENOENT, "opening /proc/self/mountinfo");
  });
  warned("the volume was not tidied up",
         [](PoweredOn& on) { on.machine.devices.disk(World::kVolumePath)->present = false; });
  warned("bootguard-data-undo is not of this arm and was left alone",
         [](PoweredOn& on) { REQUIRE(on.machine.dm.create("bootguard-data-undo", "somebody-else").ok()); });
  warned("the store's header was not wiped", [&](PoweredOn& on) {
    const std::uint64_t witness = bench.world.runs[0].physical.n;
    REQUIRE(on.volume.write(witness, pattern(9, 9), true) == 0);
  });
  warned("the store's file stays until the volume is mounted writable",
         [](PoweredOn& on) { on.mount(World::kVolumePath, true); });
  warned("the store's file was not removed: /data: 8:32 is not mounted there (any more)", [](PoweredOn& on) {
    on.mount();
    on.machine.mounts.open_error.emplace(Errc::kNotMounted, 0, "/data: 8:32 is not mounted there (any more)");
  });
  // The commit takes a write of each copy; after it the file's inode is the next write but one to the volume.
  warned("the store's file was not removed", [](PoweredOn& on) {
    on.mount();
    static Failing inode(kWrite, "volume", 1);
    on.machine.hooks.injector = &inode;
  });
}

TEST_CASE("mark-good, disarm: repeated, they finish what an earlier run, killed, left of the stack") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).is_protected);
    on.mount(kTop);
    Failing suspended(Operation::Kind::kDeviceMapper, "bootguard-data", 0, 1, "load");
    on.machine.hooks.injector = &suspended;
    const auto first = run_mark_good(on.context);
    on.machine.hooks.injector = nullptr;
    REQUIRE(first.ok());
    REQUIRE(first.value().warnings.size() == 1);
    CHECK(first.value().warnings[0].find("the mapping stays as it is until the next boot") != std::string::npos);
    const auto again = run_mark_good(on.context);
    REQUIRE(again.ok());
    CHECK_FALSE(again.value().changed);
    CHECK(again.value().warnings.empty());
    CHECK(on.machine.dm.list("bootguard-").value() == std::vector<std::string>{"bootguard-data"});
    CHECK(run_mark_good(on.context).ok());
  });
}

TEST_CASE("mark-good, mark-bad, disarm: with nothing armed, or no trial begun, they say so") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    check_refused(run_mark_good(on.context), Errc::kNotArmed, "nothing is armed; there is nothing to mark good");
    check_refused(run_mark_bad(on.context), Errc::kNotArmed, "nothing is armed; there is nothing to roll back");
    check_refused(run_disarm(on.context), Errc::kNotArmed, "nothing is armed; there is nothing to disarm");
  });
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    check_refused(run_mark_good(on.context), Errc::kNotArmed, "armed, but no trial has begun");
    REQUIRE(run_disarm(on.context).ok());
    const auto again = run_disarm(on.context);
    REQUIRE(again.ok());
    CHECK(again.value().summary == "already disarmed");
  });
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    check_refused(run_disarm(on.context), Errc::kWrongPhase, "a trial is running");
    CHECK(run_mark_bad(on.context).value().changed);
    CHECK_FALSE(run_mark_bad(on.context).value().changed);
  });
}

// A store with as many exceptions as the test likes, from old chunk `last` downwards.
struct ManyExceptions {
  static constexpr std::uint64_t kFirst = 1U << 16;  // block of the store's first chunk
  SimDisk disk{"volume", Bytes((kFirst + 20'000) * kSimBlock)};
  FakeBlockDevice raw{disk};
  StoreView view;

  explicit ManyExceptions(const std::vector<std::uint64_t>& old_chunks) {
    view.record.chunk = Sectors(8);
    view.record.device_size = Sectors((kFirst + 20'000) * 8);
    view.record.store_size = Sectors(20'000 * 8);
    view.map = StoreMap({Extent{Sectors(kFirst * 8), view.record.store_size}});
    for (std::size_t i = 0; i < old_chunks.size(); ++i) {
      const std::uint64_t area = area_chunk(i / 256, view.record.chunk).n;
      std::array<std::byte, 16> pair{};
      store_le<std::uint64_t>(pair, 0, old_chunks[i]);
      store_le<std::uint64_t>(pair, 8, area + 1 + i % 256);
      std::array<std::byte, kSimBlock> block{};
      REQUIRE(disk.read((kFirst + area) * kSimBlock, block) == 0);
      std::copy(pair.begin(), pair.end(), block.begin() + static_cast<std::ptrdiff_t>(i % 256 * 16));
      REQUIRE(disk.write((kFirst + area) * kSimBlock, block, false) == 0);
    }
    std::array<std::byte, kSimBlock> header{};
    store_le<std::uint32_t>(header, 0, kSnapMagic);
    store_le<std::uint32_t>(header, 4, 1);
    store_le<std::uint32_t>(header, 8, kSnapVersion);
    store_le<std::uint32_t>(header, 12, 8);
    REQUIRE(disk.write(kFirst * kSimBlock, header, true) == 0);
  }
};

TEST_CASE("rollback: more exceptions than the window holds come in order, each once") {
  const std::uint64_t count = ExceptionOrder::kWindow + 900;
  for (const std::uint64_t stride : {std::uint64_t{7919}, std::uint64_t{1}}) {  // permutations
    CAPTURE(stride);
    std::vector<std::uint64_t> old_chunks;
    for (std::uint64_t i = 0; i < count; ++i) old_chunks.push_back((i * stride) % count);
    ManyExceptions store(old_chunks);
    ExceptionOrder order(store.raw, store.view, count);
    std::uint64_t expected = 0;
    for (const std::uint64_t length : {std::uint64_t{ExceptionOrder::kWindow}, std::uint64_t{900}, std::uint64_t{0}}) {
      const auto window = order.next_window();
      REQUIRE(window.ok());
      REQUIRE(window.value().size() == length);
      for (const ExceptionPair& pair : window.value()) {
        REQUIRE(pair.old_chunk.n == expected);
        ++expected;
      }
    }
  }
}

TEST_CASE("rollback: an old chunk that was copied out twice is refused, within a window and across two") {
  ManyExceptions near({5, 6, 5});
  check_refused(ExceptionOrder(near.raw, near.view, 3).next_window(), Errc::kStoreInvalid,
                "old chunk 5 was copied out");
  std::vector<std::uint64_t> old_chunks;
  for (std::uint64_t i = 0; i < ExceptionOrder::kWindow; ++i) old_chunks.push_back(i);
  old_chunks.push_back(ExceptionOrder::kWindow - 1);
  ManyExceptions across(old_chunks);
  ExceptionOrder order(across.raw, across.view, old_chunks.size());
  REQUIRE(order.next_window().ok());
  check_refused(order.next_window(), Errc::kStoreInvalid, "an old chunk was copied out twice");
  // Before anything is copied back.
  check_refused(check_rollback(near.raw, near.view), Errc::kStoreInvalid, "old chunk 5 was copied out");
  check_refused(check_rollback(across.raw, across.view), Errc::kStoreInvalid, "an old chunk was copied out twice");
}

TEST_CASE("rollback: one failing request, wherever it is, ends it with that request's own error") {
  ManyExceptions store({5, 6, 9});
  SimHooks hooks;
  store.disk.set_hooks(&hooks);
  FakeLog log;
  for (const auto& [kind, text] : {std::pair{Operation::Kind::kRead, "reading volume"},
                                   {kWrite, "writing volume"},
                                   {Operation::Kind::kFlush, "flushing volume"}}) {
    CAPTURE(text);
    int failed = 0;
    for (int nth = 0;; ++nth) {
      REQUIRE(nth < 20);
      Failing once(kind, "volume", nth, 1);
      hooks.injector = &once;
      const auto checked = check_rollback(store.raw, store.view);
      if (!checked) {
        check_refused(checked, Errc::kIo, text);
        ++failed;
        continue;
      }
      const auto copied = copy_back(store.raw, store.view, checked.value(), log);
      if (once.hits == 0) break;
      check_refused(copied, Errc::kIo, text);
      ++failed;
    }
    CHECK(failed > 0);
  }
}

TEST_CASE("rollback: a store that changes while it is read is refused") {
  ManyExceptions store({5, 6, 7});
  check_refused(ExceptionOrder(store.raw, store.view, 4).next_window(), Errc::kStoreInvalid,
                "the store changed while it was read");
}

TEST_CASE("rollback: neighbouring old contents that lie in two pieces of the store come each from its own") {
  ManyExceptions store({5, 6, 7, 8, 9, 10, 11, 12});
  // Header, area and four old contents; behind them is another file's, and the store goes on elsewhere.
  constexpr std::uint64_t kInFirst = 6;
  constexpr std::uint64_t kSecond = 100;
  const Sectors first(kInFirst * 8);
  store.view.map = StoreMap({Extent{Sectors(ManyExceptions::kFirst * 8), first},
                             Extent{Sectors(kSecond * 8), store.view.record.store_size - first}});
  for (std::uint64_t chunk = 2; chunk < 10; ++chunk) {
    const std::uint64_t block = chunk < kInFirst ? ManyExceptions::kFirst + chunk : kSecond + chunk - kInFirst;
    REQUIRE(store.disk.write(block * kSimBlock, pattern(7, chunk), false) == 0);
  }
  FakeLog log;
  const auto copied = copy_back(store.raw, store.view, RollbackPlan{8}, log);
  REQUIRE(copied.ok());
  CHECK(copied.value() == 8);
  for (std::uint64_t chunk = 2; chunk < 10; ++chunk) {
    CAPTURE(chunk);
    CHECK(same_block(store.disk.durable().at(chunk + 3), make_block(pattern(7, chunk))));
  }
}

TEST_CASE("store: filled to its last chunk it ends there: what lies behind it is neither read nor wiped") {
  std::vector<std::uint64_t> old_chunks(256);
  std::iota(old_chunks.begin(), old_chunks.end(), 5);
  ManyExceptions store(old_chunks);
  // Behind the last old content: the first of what would be the next area.
  const std::uint64_t chunks = area_chunk(1, store.view.record.chunk).n;
  store.view.record.store_size = Sectors(chunks * 8);
  store.view.map = StoreMap({Extent{Sectors(ManyExceptions::kFirst * 8), store.view.record.store_size}});
  REQUIRE(store.disk.write((ManyExceptions::kFirst + chunks) * kSimBlock, pattern(9, 9), true) == 0);
  const auto scan = scan_store(store.raw, store.view);
  REQUIRE(scan.ok());
  CHECK(scan.value().state == StoreScan::State::kActive);
  CHECK(scan.value().exceptions == 256);
  CHECK(scan.value().used_chunks == chunks);
  CHECK(overflow_possible(scan.value(), store.view.record.chunk));
  const std::uint64_t writes = store.disk.writes;
  CHECK(scrub_tail(store.raw, store.view, scan.value()).ok());
  CHECK(store.disk.writes == writes);
}

TEST_CASE("store: of one that is fresh nothing is lost, and nothing is scrubbed: the kernel makes it anew") {
  ManyExceptions store({5, 6, 7});
  StoreScan fresh;
  REQUIRE(fresh.state == StoreScan::State::kFresh);
  fresh.total_chunks = 100;
  CHECK_FALSE(overflow_possible(fresh, store.view.record.chunk));
  const std::uint64_t writes = store.disk.writes;
  CHECK(scrub_tail(store.raw, store.view, fresh).ok());
  CHECK(store.disk.writes == writes);
}

}  // namespace
}  // namespace bootguard::model
