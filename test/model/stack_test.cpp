// SPDX-License-Identifier: LGPL-2.1-or-later
// Stacks in states that no run ends in by itself: half built, suspended, emptied by hand; and a kernel that does not
// answer.
#include <utility>

#include "app/metadata_store.h"
#include "base/little_endian.h"
#include "core/dm_plan.h"
#include "model/bench.h"

namespace bootguard::model {
namespace {

constexpr const char* kNew = "bootguard.slot=new";
constexpr const char* kTop = "bootguard-data";
constexpr const char* kOrigin = "bootguard-data-origin";
constexpr const char* kUndo = "bootguard-data-undo";
const std::string kNode = "/dev/mapper/bootguard-data";

void boot_and_mount(PoweredOn& on) {
  REQUIRE(run_boot(on.context).device == kNode);
  on.mount(kNode);
}

// Whoever uses the mapping writes.
int write_to_top(PoweredOn& on) {
  return on.machine.table.find(*on.machine.resolve(kNode))->write(20 * kSimBlock, pattern(7, 20), true);
}

std::string mapping(const PoweredOn& on) { return run_status(on.context).volumes.at(0).mapping; }
bool is_plain(const PoweredOn& on) {
  const auto table = on.machine.dm.table(kTop).value();
  return table.size() == 1 && table[0].target == "linear";
}

// The trial is committed; the only warning there is, if any.
std::string warning_of(const Result<VerbReport>& marked_good) {
  if (!marked_good) FAIL(marked_good.error().text);
  CHECK(marked_good.value().metadata.last_result == LastResult::kCommitted);
  const auto& warnings = marked_good.value().warnings;
  REQUIRE(warnings.size() <= 1);
  return warnings.empty() ? "" : warnings[0];
}

TEST_CASE("stack: a kernel that does not say which targets it has: nothing is built, and that is recorded") {
  for (const char* target : {"linear", "switch"}) {
    CAPTURE(target);
    Bench bench;
    bench.armed().power_on(kNew, [&](PoweredOn& on) {
      on.machine.dm.silent_targets.insert(target);
      const BootReport report = run_boot(on.context);
      CHECK(report.device == World::kVolumePath);
      CHECK_FALSE(report.is_protected);
      CHECK(report.metadata->last_reason == Reason::kStackFailed);
      REQUIRE(report.failure);
      CHECK(report.failure->text.find("the stack could not be built: asking for " + std::string(target)) == 0);
      CHECK(on.machine.dm.list("bootguard-").value().empty());
    });
  }
}

TEST_CASE("stack: a kernel that does not say which targets it has leaves the committed mapping as it is") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    const auto before = on.machine.dm.table(kTop).value();
    on.machine.dm.silent_targets.insert("switch");
    CHECK_THAT(warning_of(run_mark_good(on.context)),
               Catch::StartsWith("the mapping stays as it is until the next boot: asking for switch"));
    CHECK(on.machine.dm.table(kTop).value() == before);
    CHECK(write_to_top(on) == 0);
    on.machine.dm.silent_targets.clear();
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(is_plain(on));
  });
}

// dmsetup wipe_table
void empty_by_hand(PoweredOn& on) {
  DmRow error;
  error.length = to_sectors_down(Bytes(on.volume.size()));
  error.target = "error";
  REQUIRE(on.machine.dm.load(kTop, {&error, 1}).ok());
  REQUIRE(on.machine.dm.suspend(kTop, true).ok());
  REQUIRE(on.machine.dm.resume(kTop, false).ok());
  REQUIRE(write_to_top(on) == EIO);
}

TEST_CASE("stack: a mapping that was emptied by hand leads to the volume again at the end of the update") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    empty_by_hand(on);
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(is_plain(on));
    CHECK(write_to_top(on) == 0);
  });
  // A single row, and yet no stable name that could be left as it is.
  WorldOptions options;
  options.pass_through = true;
  Bench stable(options);
  stable.power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    REQUIRE(run_arm(on.context, {}).ok());
    empty_by_hand(on);
    REQUIRE(run_disarm(on.context).ok());
    CHECK(is_plain(on));
    CHECK(write_to_top(on) == 0);
  });
}

TEST_CASE("stack: a stable name without holes stays as it is when the update is disarmed") {
  WorldOptions options;
  options.pass_through = true;
  Bench bench(options);
  bench.power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    REQUIRE(run_arm(on.context, {}).ok());
    const std::size_t calls = on.machine.dm.calls().size();
    const auto disarmed = run_disarm(on.context);
    REQUIRE(disarmed.ok());
    CHECK(disarmed.value().changed);
    CHECK(disarmed.value().warnings.empty());
    const auto again = run_disarm(on.context);
    REQUIRE(again.ok());
    CHECK_FALSE(again.value().changed);
    for (std::size_t i = calls; i < on.machine.dm.calls().size(); ++i) {
      const std::string& call = on.machine.dm.calls()[i];
      CAPTURE(call);
      CHECK((call.starts_with("find ") || call.starts_with("table ")));
    }
    CHECK(write_to_top(on) == 0);
  });
}

TEST_CASE("stack: what a mark-good could not tidy up waits until the device mapper answers again") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    Failing load(Operation::Kind::kDeviceMapper, kTop, 0, 1, "load");
    on.machine.hooks.injector = &load;
    CHECK_THAT(warning_of(run_mark_good(on.context)), Catch::StartsWith("the mapping stays as it is"));
    const auto left = on.machine.dm.list("bootguard-").value();
    REQUIRE(left.size() > 1);
    const auto nothing_done = [&] {
      const std::uint64_t writes = on.volume.writes;
      const auto again = run_mark_good(on.context);
      CHECK(warning_of(again).empty());
      CHECK_FALSE(again.value().changed);
      CHECK(on.volume.writes == writes);
    };
    Failing find(Operation::Kind::kDeviceMapper, kTop, 0, 1, "find");
    on.machine.hooks.injector = &find;
    nothing_done();
    CHECK(find.hits == 1);
    on.machine.dm.available = false;
    nothing_done();
    on.machine.dm.available = true;
    CHECK(on.machine.dm.list("bootguard-").value() == left);
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(on.machine.dm.list("bootguard-").value() == std::vector<std::string>{kTop});
  });
}

TEST_CASE("stack: what a mark-good could not remove below a mapping that passes through is not called incomplete") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    Failing remove(Operation::Kind::kDeviceMapper, kUndo, 0, 1, "remove");
    on.machine.hooks.injector = &remove;
    CHECK_FALSE(warning_of(run_mark_good(on.context)).empty());
    REQUIRE(on.machine.dm.list("bootguard-").value().size() > 1);
    CHECK(is_plain(on));
    CHECK(mapping(on) == "pass-through");
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(on.machine.dm.list("bootguard-").value() == std::vector<std::string>{kTop});
  });
}

TEST_CASE("stack: an end that is recorded without a volume leaves nothing to be looked for") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    for (const LastResult result : {LastResult::kCommitted, LastResult::kDisarmed}) {
      {
        auto store = MetadataStore::open(on.context, MetadataStore::Purpose::kChange);
        REQUIRE(store.ok());
        Metadata ended = store.value().current();
        REQUIRE(ended.volume_count == 0);
        ended.last_result = result;
        REQUIRE(store.value().write(ended).ok());
      }
      const std::size_t calls = on.machine.dm.calls().size();
      const auto again = result == LastResult::kCommitted ? run_mark_good(on.context) : run_disarm(on.context);
      REQUIRE(again.ok());
      CHECK_FALSE(again.value().changed);
      CHECK(on.machine.dm.calls().size() == calls);
    }
  });
}

TEST_CASE("stack: one with a part that is suspended is not taken for finished: it is made anew, and nothing hangs") {
  for (const char* part : {kTop, kOrigin, kUndo}) {
    CAPTURE(part);
    Bench bench;
    bench.armed().power_on(kNew, [&](PoweredOn& on) {
      REQUIRE(run_boot(on.context).device == kNode);
      CHECK(mapping(on) == "undo");
      REQUIRE(on.machine.dm.suspend(part, true).ok());
      CHECK(mapping(on) == (std::string_view(part) == kTop ? "none" : "incomplete"));
      const BootReport again = run_boot(on.context);
      CHECK(again.decision == Decision::kSameBoot);
      CHECK(again.is_protected);
      CHECK(again.device == kNode);
      CHECK(mapping(on) == "undo");
      CHECK(write_to_top(on) == 0);
      CHECK(on.machine.dm.hung_requests() == 0);
    });
  }
}

TEST_CASE("stack: a stable name without a table is made anew") {
  WorldOptions options;
  options.pass_through = true;
  Bench bench(options);
  bench.power_on(kNew, [](PoweredOn& on) {
    REQUIRE(on.machine.dm.create(kTop, stack_uuid(kTop, on.context.config.volumes[0].name, {})).ok());
    CHECK(run_boot(on.context).device == kNode);
    REQUIRE(is_plain(on));
    CHECK(write_to_top(on) == 0);
  });
}

TEST_CASE("stack: a store that the kernel alone takes for invalid protects nothing, and is told") {
  // Between the product's look at the header and the kernel's: as a disk that answers two reads differently.
  struct Changed : Injector {
    Fault before(const Operation& operation) override {
      if (volume == nullptr || *operation.device != kUndo) return {};
      std::array<std::byte, kSimBlock> header{};
      store_le<std::uint32_t>(header, 0, 0x70416E53);  // "SnAp", not valid
      store_le<std::uint32_t>(header, 8, 1);
      store_le<std::uint32_t>(header, 12, 8);
      SimDisk* disk = std::exchange(volume, nullptr);
      REQUIRE(disk->write(block * kSimBlock, header, true) == 0);
      return {};
    }
    SimDisk* volume = nullptr;
    std::uint64_t block = 0;
  };
  for (const bool in_trial : {false, true}) {
    CAPTURE(in_trial);
    Bench bench;
    (in_trial ? bench.in_trial() : bench.armed()).power_on(kNew, [&](PoweredOn& on) {
      Changed changed;
      changed.volume = &on.volume;
      changed.block = bench.world.store_block(0);
      on.machine.hooks.injector = &changed;
      const BootReport report = run_boot(on.context);
      on.machine.hooks.injector = nullptr;
      CHECK(changed.volume == nullptr);
      CHECK(report.mount);
      CHECK_FALSE(report.is_protected);
      CHECK(report.device == World::kVolumePath);
      CHECK(report.reason == Reason::kStackFailed);
      REQUIRE(report.failure);
      CHECK(report.failure->text.find("the kernel takes the store for invalid") != std::string::npos);
      CHECK(report.metadata->last_result == LastResult::kUnprotected);
      CHECK_FALSE(on.machine.dm.find(kTop).value());
      on.mount();
    });
  }
}

TEST_CASE("stack: a stable name that a killed run left without its regions is built again") {
  struct KilledAtMessage : Injector {
    Fault before(const Operation& operation) override {
      return std::string_view(operation.what) == "message" ? Fault{Fault::Kind::kCutBefore, 0} : Fault{};
    }
  } killed;
  WorldOptions options;
  options.pass_through = true;
  Bench bench(options);
  bench.armed().power_on("bootguard.slot=old", [&](PoweredOn& on) {
    on.machine.hooks.injector = &killed;
    CHECK_THROWS_AS(run_boot(on.context), PowerCut);
    on.machine.hooks.injector = nullptr;
    REQUIRE(on.machine.dm.find(kTop).value()->live_table);
    CHECK(run_boot(on.context).device == kNode);
    // Regions that no message has mapped lead to the volume and to nowhere in turn.
    SectorIo* top = on.machine.table.find(*on.machine.resolve(kNode));
    for (const std::uint64_t block : {20U, 21U, 22U})
      CHECK(top->write(block * kSimBlock, pattern(7, block), true) == 0);
    // From now on it is somebody's.
    on.mount(kNode);
    const std::size_t calls = on.machine.dm.calls().size();
    CHECK(run_boot(on.context).device == kNode);
    for (std::size_t i = calls; i < on.machine.dm.calls().size(); ++i) {
      const std::string& call = on.machine.dm.calls()[i];
      CAPTURE(call);
      CHECK((call.starts_with("find ") || call.starts_with("table ")));
    }
  });
}

TEST_CASE(
    "stack: a stable name that is suspended, or has holes in rows, is plain and live when the update is disarmed") {
  WorldOptions options;
  options.pass_through = true;
  Bench suspended(options);
  suspended.power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    REQUIRE(run_arm(on.context, {}).ok());
    REQUIRE(on.machine.dm.suspend(kTop, true).ok());
    REQUIRE(run_disarm(on.context).ok());
    CHECK(is_plain(on));
    CHECK(write_to_top(on) == 0);
    CHECK(on.machine.dm.hung_requests() == 0);
  });
  for (const bool have_switch : {false, true}) {
    options.have_switch = have_switch;
    Bench holes(options);
    holes.armed().power_on("bootguard.slot=old", [&](PoweredOn& on) {
      boot_and_mount(on);
      const auto rows = on.machine.dm.table(kTop).value();
      REQUIRE(rows.size() > 1);
      REQUIRE(rows[0].target == (have_switch ? "switch" : "linear"));
      const auto disarmed = run_disarm(on.context);
      REQUIRE(disarmed.ok());
      CHECK(disarmed.value().warnings.empty());
      CHECK(is_plain(on));
      CHECK(on.machine.dm.list("bootguard-").value() == std::vector<std::string>{kTop});
    });
  }
}

TEST_CASE("stack: a committed mapping of which parts could not be removed is no undo any more") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    on.machine.dm.kept_busy.insert(kUndo);
    CHECK_THAT(warning_of(run_mark_good(on.context)), Catch::Contains("bootguard-data-undo: removing"));
    CHECK(mapping(on) == "pass-through");
    // Repeated, it finishes.
    on.machine.dm.kept_busy.clear();
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(on.machine.dm.list("bootguard-").value() == std::vector<std::string>{kTop});
  });
}

// Takes a device away at its nth find.
class Vanishing : public Injector {
 public:
  Vanishing(FakeMachine& machine, std::string name, int nth) : machine_(machine), name_(std::move(name)), left_(nth) {}
  Fault before(const Operation& operation) override {
    if (operation.kind == Operation::Kind::kDeviceMapper && *operation.device == name_ &&
        std::string(operation.what) == "find" && --left_ == 0) {
      REQUIRE(machine_.dm.remove(name_).ok());
    }
    return {};
  }

 private:
  FakeMachine& machine_;
  std::string name_;
  int left_;
};

TEST_CASE(
    "stack: a part that vanishes, or is not told of, while it is built upon: unprotected, and that is the reason") {
  const auto failed = [](const std::string& text, const auto& odd) {
    Bench bench;
    bench.armed().power_on(kNew, [&](PoweredOn& on) {
      const auto injector = odd(on);
      on.machine.hooks.injector = injector.get();
      const BootReport report = run_boot(on.context);
      on.machine.hooks.injector = nullptr;
      CHECK_FALSE(report.is_protected);
      REQUIRE(report.failure);
      CHECK_THAT(report.failure->text, Catch::Contains(text));
      CHECK(on.machine.dm.list("bootguard-").value().empty());
    });
  };
  const std::string store = "bootguard-data-store";
  // The first find is the look at what there is.
  failed("bootguard-data-store does not exist",
         [&](PoweredOn& on) { return std::make_unique<Vanishing>(on.machine, store, 2); });
  failed("finding bootguard-data-store: ",
         [&](PoweredOn&) { return std::make_unique<Failing>(Operation::Kind::kDeviceMapper, store, 1, 1, "find"); });
}

TEST_CASE("stack: a build that fails says that something of it is left exactly if there is") {
  Bench bench;
  bench.armed();
  const Node armed = bench.node;
  int left = 0;
  for (const int times : {1, 1'000'000}) {
    bool reached = true;
    for (int nth = 0; reached; ++nth) {
      REQUIRE(nth < 100);
      CAPTURE(times, nth);
      bench.node = armed;
      bench.power_on(kNew, [&](PoweredOn& on) {
        Failing failing(Operation::Kind::kDeviceMapper, kTop, nth, times);
        on.machine.hooks.injector = &failing;
        (void)run_boot(on.context);
        on.machine.hooks.injector = nullptr;
        reached = failing.hits > 0;
        if (!reached) return;
        const bool is_left = !on.machine.dm.list("bootguard-").value().empty();
        CHECK(on.machine.log.contains("what was built could not be removed") == is_left);
        if (is_left) ++left;
      });
    }
  }
  CHECK(left > 0);
}

TEST_CASE("stack: what cannot be removed is resumed, if need be at the third try") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    // The finished top, and then twice where it should go on.
    Failing resume(Operation::Kind::kDeviceMapper, kTop, 1, 3, "resume");
    on.machine.hooks.injector = &resume;
    on.machine.dm.kept_busy.insert(kTop);
    CHECK_FALSE(run_boot(on.context).is_protected);
    CHECK(resume.hits == 3);
    CHECK_FALSE(on.machine.dm.find(kTop).value()->suspended);
  });
}

TEST_CASE("stack: parts without a top, left by a run that was killed, are removed by mark-good") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    const VolumeRecord record = run_status(on.context).volumes.at(0).record;
    for (const bool changed : {true, false}) {
      REQUIRE(on.machine.dm.create(kUndo, stack_uuid(kUndo, record.name, record.arm_id)).ok());
      const auto marked = run_mark_good(on.context);
      CHECK(warning_of(marked).empty());
      CHECK(marked.value().changed == changed);
      CHECK(on.machine.dm.list("bootguard-").value().empty());
    }
  });
}

TEST_CASE("stack: leftovers that cannot be removed: unprotected and recorded, and none of them is left suspended") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).is_protected);
    on.machine.dm.kept_busy.insert(kUndo);
    const BootReport again = run_boot(on.context);
    CHECK(again.device == World::kVolumePath);
    CHECK_FALSE(again.is_protected);
    CHECK(again.metadata->last_result == LastResult::kUnprotected);
    CHECK(again.metadata->last_reason == Reason::kStackFailed);
    REQUIRE(again.failure);
    CHECK(again.failure->text.find("the stack could not be built: bootguard-data-undo: removing") == 0);
    const auto left = on.machine.dm.list("bootguard-").value();
    CHECK(left.size() > 1);
    for (const std::string& name : left) {
      CAPTURE(name);
      CHECK_FALSE(on.machine.dm.find(name).value()->suspended);
    }
  });
}

TEST_CASE("stack: devices without a table, left by a run that was killed, are removed by mark-good") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    const VolumeStatus before = run_status(on.context).volumes.at(0);
    for (const char* name : {kTop, kUndo}) {
      REQUIRE(on.machine.dm.create(name, stack_uuid(name, before.record.name, before.record.arm_id)).ok());
    }
    REQUIRE(on.machine.dm.suspend(kTop, true).ok());
    // The kernel cannot tell how full the store is; the store can.
    const VolumeStatus status = run_status(on.context).volumes.at(0);
    CHECK(status.mapping == "none");
    CHECK(status.store_state == "ok");
    CHECK(status.fill_known);
    CHECK(status.fill_used == before.fill_used);
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(on.machine.dm.list("bootguard-").value().empty());
  });
}

TEST_CASE("stack: a suspended mapping that cannot be resumed keeps its table, and the next mark-good resumes it") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    boot_and_mount(on);
    const auto before = on.machine.dm.table(kTop).value();
    REQUIRE(on.machine.dm.suspend(kTop, true).ok());
    Failing resume(Operation::Kind::kDeviceMapper, kTop, 0, 1, "resume");
    on.machine.hooks.injector = &resume;
    CHECK_THAT(warning_of(run_mark_good(on.context)),
               Catch::StartsWith("the mapping stays as it is until the next boot: resuming bootguard-data"));
    CHECK(on.machine.dm.table(kTop).value() == before);
    CHECK(warning_of(run_mark_good(on.context)).empty());
    CHECK(is_plain(on));
    CHECK(write_to_top(on) == 0);
  });
}

}  // namespace
}  // namespace bootguard::model
