// SPDX-License-Identifier: LGPL-2.1-or-later
// `status` and `log`: whatever state things are in, they say what can be found out, and write nothing.
#include "base/little_endian.h"
#include "model/bench.h"

namespace bootguard::model {
namespace {

constexpr const char* kNew = "bootguard.slot=new";
constexpr const char* kOld = "bootguard.slot=old";
constexpr const char* kTop = "/dev/mapper/bootguard-data";
const char* const kFull = "the store is full: there is no way back, the data stays as it is";

VolumeStatus volume_status(const PoweredOn& on) {
  const std::uint64_t writes = on.metadata.writes + on.volume.writes;
  const StatusReport report = run_status(on.context);
  CHECK(on.metadata.writes + on.volume.writes == writes);
  REQUIRE(report.volumes.size() == 1);
  return report.volumes.front();
}

TEST_CASE("status: nothing armed: no store, no mapping, and where the volume is mounted") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    CHECK(volume_status(on).mounted_at.empty());
    on.mount();
    const VolumeStatus status = volume_status(on);
    CHECK(status.record.name == *Label::parse("data"));
    CHECK(status.device == World::kVolumePath);
    CHECK(status.device_error.empty());
    CHECK(status.mounted_at == World::kMountPath);
    CHECK(status.mapping == "none");
    CHECK(status.store_state == "none");
    CHECK_FALSE(status.fill_known);
    on.machine.dm.available = false;
    CHECK(volume_status(on).mapping == "none");
    // A rescue shell without /proc.
    on.machine.mounts.find_error.emplace(Errc::kIo, ENOENT, "opening /proc/self/mountinfo");
    CHECK(volume_status(on).mounted_at.empty());
    CHECK(volume_status(on).device == World::kVolumePath);
  });
}

TEST_CASE("status: a volume that is not there is said so") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    on.machine.devices.disk(World::kVolumePath)->present = false;
    const VolumeStatus status = volume_status(on);
    CHECK(status.device.empty());
    CHECK(status.device_error.find("no such device") != std::string::npos);
    CHECK(status.store_state == "unverified");
    CHECK(status.store_detail.find("no such device") != std::string::npos);
  });
}

TEST_CASE("status: metadata that cannot be read, or is not there, is the answer") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    Failing broken(Operation::Kind::kRead, "metadata");
    on.machine.hooks.injector = &broken;
    StatusReport report = run_status(on.context);
    CHECK(report.metadata_device == World::kMetadataPath);
    CHECK(report.copies_known);
    CHECK(report.copies[0].state == CopyState::kUnreadable);
    REQUIRE(report.metadata_error);
    CHECK(report.metadata_error->code == Errc::kMetadataCorrupt);
    check_refused(run_log(on.context), Errc::kMetadataCorrupt, "metadata on /dev/sda1");
    on.machine.hooks.injector = nullptr;
    on.machine.devices.disk(World::kMetadataPath)->present = false;
    report = run_status(on.context);
    REQUIRE(report.metadata_error);
    CHECK(report.metadata_error->code == Errc::kDeviceMissing);
    CHECK_FALSE(report.copies_known);
  });
}

TEST_CASE("status: armed, the store is verified through the device, stamps too") {
  Bench bench;
  bench.armed().power_on(kNew, [&](PoweredOn& on) {
    VolumeStatus status = volume_status(on);
    CHECK(status.store_state == "ok");
    CHECK(status.fill_known);
    CHECK(status.fill_used == 0);
    CHECK(status.fill_total == status.record.store_size.n);
    // A stamp: the last chunk of a piece.
    const ToyOptions::Run& run = bench.world.runs[0];
    REQUIRE(on.volume.write((run.physical + run.length).n - kSimBlock, pattern(9, 9), true) == 0);
    status = volume_status(on);
    CHECK(status.store_state == "changed");
    CHECK(status.store_detail.find("not where it was armed") != std::string::npos);
  });
  Bench smaller;
  smaller.armed().power_on(kNew, [](PoweredOn& on) {
    Failing broken(Operation::Kind::kRead, "volume");
    on.machine.hooks.injector = &broken;
    on.machine.devices.disk(World::kVolumePath)->identity =
        FilesystemIdentity{FilesystemType::kExt4, "ext4", numbered_uuid(0xF5, 1), "data", 4096};
    const VolumeStatus status = volume_status(on);
    CHECK(status.store_state == "changed");
    CHECK(status.store_detail.find("reading volume") != std::string::npos);
  });
}

TEST_CASE("status: a witness that is gone is a store that changed; a stamp that is, only before the trial") {
  for (const bool in_trial : {false, true}) {
    CAPTURE(in_trial);
    Bench bench;
    bench.armed();
    if (in_trial) bench.play({Step::kBootNew, Step::kWrite});
    bench.power_on(kNew, [&](PoweredOn& on) {
      const auto changed = [&](const std::string& text) {
        const VolumeStatus status = volume_status(on);
        CHECK(status.store_state == "changed");
        CHECK(status.store_detail.find(text) != std::string::npos);
      };
      std::vector<std::array<std::byte, kSimBlock>> witnesses(2);
      for (std::size_t i : {std::size_t{1}, std::size_t{0}}) {
        const std::uint64_t place = bench.world.runs[i].physical.n;
        REQUIRE(on.volume.read(place, witnesses[i]) == 0);
        REQUIRE(on.volume.write(place, pattern(9, 9), true) == 0);
        changed(i == 1 ? "(1 of 3 extents differ): extent 1 at" : "(2 of 3 extents differ): extent 0 at");
      }
      for (std::size_t i = 0; i < 2; ++i) {
        REQUIRE(on.volume.write(bench.world.runs[i].physical.n, witnesses[i], true) == 0);
      }
      CHECK(volume_status(on).store_state == "ok");
      const ToyOptions::Run& run = bench.world.runs[0];
      REQUIRE(on.volume.write((run.physical + run.length).n - kSimBlock, pattern(9, 9), true) == 0);
      CHECK(volume_status(on).store_state == (in_trial ? "ok" : "changed"));
    });
  }
}

TEST_CASE("status: an extent table that no copy holds makes the store invalid") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    const std::array<std::byte, kSimBlock> nothing{};
    const TableDescriptor table = run_status(on.context).metadata->volumes[0].tables[0];
    for (std::uint64_t copy = 0; copy < table.copies; ++copy) {
      const std::uint64_t block = table.first_block + copy * table.stride_blocks;
      REQUIRE(on.metadata.write(World::kAreaOffset + block * kSimBlock, nothing, true) == 0);
    }
    const VolumeStatus status = volume_status(on);
    CHECK(status.store_state == "invalid");
    CHECK(status.store_detail.find("no copy of the extent table") != std::string::npos);
  });
}

TEST_CASE("status: a trial: the mapping, and how full the kernel says that the store is") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    on.mount(kTop);
    const VolumeStatus before = volume_status(on);
    CHECK(before.mapping == "undo");
    CHECK(before.mounted_at == World::kMountPath);
    CHECK(before.store_state == "ok");
    REQUIRE(before.fill_known);
    REQUIRE(on.machine.table.find(*on.machine.resolve(kTop))->write(20 * kSimBlock, pattern(7, 20), true) == 0);
    const VolumeStatus after = volume_status(on);
    CHECK(after.fill_used > before.fill_used);
    CHECK(after.fill_total == before.fill_total);
  });
}

TEST_CASE("status: without the stack the exceptions in the store say how full it is") {
  Bench bench;
  bench.in_trial().power_on(kNew, [&](PoweredOn& on) {
    VolumeStatus status = volume_status(on);
    CHECK(status.mapping == "none");
    CHECK(status.store_state == "ok");
    CHECK(status.fill_known);
    CHECK(status.store_detail.empty());
    CHECK(status.fill_used > 2 * 8);
    CHECK(status.fill_total <= status.record.store_size.n);
    on.machine.dm.available = false;
    CHECK(volume_status(on).fill_used == status.fill_used);
    // The kernel's mark of an overflow.
    const std::uint64_t header = bench.world.store_block(0) * kSimBlock;
    std::array<std::byte, kSimBlock> bytes{};
    REQUIRE(on.volume.read(header, bytes) == 0);
    store_le<std::uint32_t>(bytes, 4, 0);
    REQUIRE(on.volume.write(header, bytes, true) == 0);
    status = volume_status(on);
    CHECK(status.store_state == "overflow");
    CHECK(status.store_detail == kFull);
    // No snapshot's header at all.
    REQUIRE(on.volume.write(header, pattern(9, 9), true) == 0);
    status = volume_status(on);
    CHECK(status.store_state == "invalid");
    CHECK(status.store_detail.find("header is neither empty nor a snapshot's") != std::string::npos);
  });
}

TEST_CASE("status: devices with our names that are not ours are named as foreign") {
  Bench bench;
  bench.in_trial().power_on(kNew, [](PoweredOn& on) {
    REQUIRE(on.machine.dm.create("bootguard-data", "somebody-else").ok());
    CHECK(volume_status(on).mapping == "foreign");
  });
}

TEST_CASE("status: a stable name is a pass-through") {
  WorldOptions options;
  options.pass_through = true;
  Bench bench(options);
  bench.power_on(kNew, [](PoweredOn& on) {
    REQUIRE(run_boot(on.context).device == kTop);
    CHECK(volume_status(on).mapping == "pass-through");
  });
  bench.armed().power_on(kOld, [](PoweredOn& on) {  // with holes over the store
    REQUIRE(run_boot(on.context).device == kTop);
    REQUIRE(on.machine.dm.table("bootguard-data").value().size() > 1);
    CHECK(volume_status(on).mapping == "pass-through");
  });
}

// What the kernel answers when asked for a snapshot's fill, and errors.
class TalkativeMapper : public DeviceMapper {
 public:
  explicit TalkativeMapper(DeviceMapper& real) : real_(real) {}
  std::string text;
  bool no_rows = false, find_fails = false, status_fails = false, table_fails = false;

  Result<void> check_available() override { return real_.check_available(); }
  Result<bool> has_target(std::string_view target) override { return real_.has_target(target); }
  Result<DeviceNumber> create(const std::string& name, const std::string& uuid) override {
    return real_.create(name, uuid);
  }
  Result<void> load(const std::string& name, std::span<const DmRow> table) override { return real_.load(name, table); }
  Result<void> resume(const std::string& name, bool hidden) override { return real_.resume(name, hidden); }
  Result<void> suspend(const std::string& name, bool no_lockfs) override { return real_.suspend(name, no_lockfs); }
  Result<void> remove(const std::string& name) override { return real_.remove(name); }
  Result<void> clear(const std::string& name) override { return real_.clear(name); }
  Result<void> message(const std::string& name, Sectors sector, const std::string& line) override {
    return real_.message(name, sector, line);
  }
  Result<std::optional<DmDevice>> find(const std::string& name) override {
    if (find_fails) return make_error(Errc::kDmFailed, "the kernel does not say");
    return real_.find(name);
  }
  Result<std::vector<std::string>> list(std::string_view prefix) override { return real_.list(prefix); }
  Result<std::vector<DmStatusRow>> status(const std::string& name) override {
    if (status_fails) return make_error(Errc::kDmFailed, "the kernel does not say");
    if (no_rows) return std::vector<DmStatusRow>();
    auto rows = real_.status(name);
    if (rows && !text.empty()) rows.value().front().text = text;
    return rows;
  }
  Result<std::vector<DmRow>> table(const std::string& name) override {
    if (table_fails) return make_error(Errc::kDmFailed, "the kernel does not say");
    return real_.table(name);
  }
  [[nodiscard]] std::string node_path(const std::string& name) const override { return real_.node_path(name); }

 private:
  DeviceMapper& real_;
};

TEST_CASE("status: every answer of the kernel about the snapshot has a state, also one that is not understood") {
  Bench bench;
  bench.armed().power_on(kNew, [](PoweredOn& on) {
    TalkativeMapper dm(on.machine.dm);
    const Context context{
        on.context.devices, dm, on.context.mounts, on.context.system, on.context.log, on.context.config,
        on.context.kernel};
    REQUIRE(run_boot(context).is_protected);
    const auto answer = [&] { return run_status(context).volumes.at(0); };
    for (const char* lost : {"Invalid", "Overflow"}) {
      dm.text = lost;
      CAPTURE(lost);
      CHECK(answer().store_state == "overflow");
      CHECK(answer().store_detail == kFull);
    }
    check_refused(run_mark_bad(context), Errc::kStoreLost, "the store has overflowed, there is no way back");
    dm.text = "Merge failed";
    CHECK(answer().store_state == "unverified");
    CHECK(answer().store_detail == "the kernel's answer is not understood");
    dm.text = "";
    // Where the kernel says nothing, the store itself is read.
    dm.no_rows = true;
    CHECK(answer().store_state == "ok");
    dm.no_rows = false;
    dm.status_fails = true;
    CHECK(answer().store_state == "ok");
    dm.status_fails = false;
    dm.table_fails = true;
    CHECK(answer().mapping == "unknown");
    CHECK(answer().store_state == "ok");
    dm.table_fails = false;
    dm.find_fails = true;
    CHECK(answer().mapping == "unknown");
    CHECK(answer().mounted_at.empty());
    // mark-bad needs no kernel to answer.
    CHECK(run_mark_bad(context).ok());
  });
}

TEST_CASE("status: metadata armed for another volume is shown without a store") {
  Bench bench;
  bench.in_trial();
  bench.world.config.volumes[0].name = *Label::parse("other");
  bench.power_on(kNew, [](PoweredOn& on) {
    const VolumeStatus status = volume_status(on);
    CHECK(status.record.name == *Label::parse("other"));
    CHECK(status.store_state == "none");
    // A boot says whose it is, and does not touch it.
    const BootReport report = run_boot(on.context);
    REQUIRE(report.failure);
    CHECK(report.failure->text.find("names volume 'other', but the metadata was armed for 'data'") !=
          std::string::npos);
    CHECK_FALSE(report.is_protected);
  });
}

TEST_CASE("log: the events, oldest first, and no more than the ring holds") {
  Bench bench;
  bench.power_on(kNew, [](PoweredOn& on) {
    const auto events = run_log(on.context);
    REQUIRE(events.ok());
    REQUIRE(events.value().size() == 1);
    CHECK(events.value().front().kind == EventKind::kFormatted);
    on.mount();
    for (int i = 0; i < 20; ++i) {
      REQUIRE(run_arm(on.context, {}).ok());
      REQUIRE(run_disarm(on.context).ok());
    }
    const auto full = run_log(on.context);
    REQUIRE(full.ok());
    REQUIRE(full.value().size() == layout::kMaxEvents);
    CHECK(full.value().front().kind == EventKind::kArmed);
    CHECK(full.value().back().kind == EventKind::kDisarmed);
  });
}

}  // namespace
}  // namespace bootguard::model
