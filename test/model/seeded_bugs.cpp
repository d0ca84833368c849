// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/seeded_bugs.h"

#include <algorithm>
#include <map>
#include <utility>

namespace bootguard::model {
namespace {

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

// A device under a bug's control. The default passes everything on.
class DeviceBug : public Tampering {
 public:
  explicit DeviceBug(const World& world) : world_(world) {}

  virtual Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) {
    (void)metadata;
    return real.read(offset, out);
  }
  virtual Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) {
    (void)metadata;
    return real.write(offset, in);
  }
  virtual Result<void> flush(BlockDevice& real, bool metadata) {
    (void)metadata;
    return real.flush();
  }
  virtual void begin_session() {}

  BlockDevices& devices(BlockDevices& real) override {
    wrapper_ = std::make_unique<Wrapper>(*this, real);
    begin_session();
    return *wrapper_;
  }
  void before_step(Step step, FakeMachine& machine) override {
    step_ = step;
    machine_ = &machine;
  }

 protected:
  [[nodiscard]] bool in_header(Bytes offset) const {
    return offset.n == world_.store_block(0) * kSimBlock || offset.n == world_.store_block(1) * kSimBlock;
  }
  [[nodiscard]] bool in_store(Bytes offset) const {
    return std::any_of(world_.runs.begin(), world_.runs.end(), [&](const ToyOptions::Run& run) {
      return offset.n + kSimBlock > run.physical.n && offset.n < (run.physical + run.length).n;
    });
  }
  static int copy_at(Bytes offset) {
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      if (offset.n == copy_block(i) * kSimBlock) return static_cast<int>(i);
    }
    return -1;
  }

  const World& world_;
  Step step_ = Step::kWrite;
  FakeMachine* machine_ = nullptr;

 private:
  class Device : public BlockDevice {
   public:
    Device(DeviceBug& bug, std::unique_ptr<BlockDevice> real, bool metadata)
        : bug_(bug), real_(std::move(real)), metadata_(metadata) {}
    Result<void> read(Bytes offset, std::span<std::byte> out) override {
      return bug_.read(*real_, metadata_, offset, out);
    }
    Result<void> write(Bytes offset, std::span<const std::byte> in) override {
      return bug_.write(*real_, metadata_, offset, in);
    }
    Result<void> flush() override { return bug_.flush(*real_, metadata_); }
    [[nodiscard]] Bytes size() const override { return real_->size(); }
    [[nodiscard]] Bytes logical_block() const override { return real_->logical_block(); }

   private:
    DeviceBug& bug_;
    std::unique_ptr<BlockDevice> real_;
    bool metadata_;
  };
  class Wrapper : public BlockDevices {
   public:
    Wrapper(DeviceBug& bug, BlockDevices& real) : bug_(bug), real_(real) {}
    Result<DeviceInfo> find(const DeviceName& name) override { return real_.find(name); }
    Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override {
      auto opened = real_.open(device, access);
      if (!opened) return opened;
      return std::unique_ptr<BlockDevice>(
          std::make_unique<Device>(bug_, std::move(opened).value(), device.path == World::kMetadataPath));
    }
    Result<FilesystemIdentity> identify(const DeviceInfo& device) override { return real_.identify(device); }
    Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override {
      return real_.lock(device, timeout_ms);
    }

   private:
    DeviceBug& bug_;
    BlockDevices& real_;
  };
  std::unique_ptr<Wrapper> wrapper_;
};

// Keeps writes to itself, answers reads from them, and lets go of them when told.
class Withheld {
 public:
  void clear() { writes_.clear(); }
  void put(Bytes offset, std::span<const std::byte> in) { writes_[offset.n] = {in.begin(), in.end()}; }
  bool get(Bytes offset, std::span<std::byte> out) const {
    const auto found = writes_.find(offset.n);
    if (found == writes_.end() || found->second.size() < out.size()) return false;
    std::copy_n(found->second.begin(), out.size(), out.begin());
    return true;
  }
  void drop(Bytes offset) { writes_.erase(offset.n); }
  template <class Function>
  void release(Function function) {
    for (const auto& [offset, bytes] : writes_) function(offset, bytes);
    writes_.clear();
  }

 private:
  std::map<std::uint64_t, std::vector<std::byte>> writes_;
};

class NoMetadataFlush : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  Result<void> flush(BlockDevice& real, bool metadata) override { return metadata ? Result<void>() : real.flush(); }
};

class NoVolumeFlush : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  Result<void> flush(BlockDevice& real, bool metadata) override { return metadata ? real.flush() : Result<void>(); }
};

// One flush for all four copies instead of one each.
class OneFlushForAll : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { last_ = -1; }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata) last_ = copy_at(offset);
    return real.write(offset, in);
  }
  Result<void> flush(BlockDevice& real, bool metadata) override {
    if (metadata && last_ >= 0 && last_ < 3) return {};
    return real.flush();
  }

 private:
  int last_ = -1;
};

// Writes to a single copy; a cache makes the others look written.
class OneCopyOnly : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { withheld_.clear(); }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    if (metadata && withheld_.get(offset, out)) return {};
    return real.read(offset, out);
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata && copy_at(offset) > 0) {
      withheld_.put(offset, in);
      return {};
    }
    return real.write(offset, in);
  }

 private:
  Withheld withheld_;
};

// Believes the oldest valid copy instead of the newest.
class StalePreferred : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { armed_ = true; }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    if (!metadata || copy_at(offset) < 0 || !armed_) return real.read(offset, out);
    std::uint64_t lowest = ~std::uint64_t{0};
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      BlockBuffer copy{};
      CHECK_OK(real.read(Bytes(copy_block(i) * kSimBlock), copy));
      const Decoded decoded = decode(copy);
      if (decoded.state != CopyState::kGood || decoded.metadata.sequence >= lowest) continue;
      lowest = decoded.metadata.sequence;
      std::copy(copy.begin(), copy.end(), out.begin());
    }
    return lowest == ~std::uint64_t{0} ? real.read(offset, out) : Result<void>();
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    armed_ = armed_ && !metadata;  // honest from the first write on, so that read-back works
    return real.write(offset, in);
  }

 private:
  bool armed_ = true;
};

// Repair writes (of a sequence that is on the device already) do not happen.
class NoRepair : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override {
    withheld_.clear();
    started_.clear();
  }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    if (metadata && withheld_.get(offset, out)) return {};
    return real.read(offset, out);
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!metadata || copy_at(offset) < 0) return real.write(offset, in);
    const Decoded wanted = decode(in);
    std::uint64_t best = 0;
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      BlockBuffer copy{};
      CHECK_OK(real.read(Bytes(copy_block(i) * kSimBlock), copy));
      const Decoded decoded = decode(copy);
      if (decoded.state == CopyState::kGood) best = std::max(best, decoded.metadata.sequence);
    }
    if (wanted.metadata.sequence == best && copy_at(offset) != 0 && !started_.contains(best)) {
      withheld_.put(offset, in);
      return {};
    }
    started_[wanted.metadata.sequence] = true;
    withheld_.drop(offset);
    return real.write(offset, in);
  }

 private:
  Withheld withheld_;
  std::map<std::uint64_t, bool> started_;
};

// Keeps back what boot writes to the metadata, until the volume has been handed over.
class CountAfterHandOver : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { withheld_.clear(); }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    if (metadata && withheld_.get(offset, out)) return {};
    return real.read(offset, out);
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata && step_ == Step::kBootNew) {
      withheld_.put(offset, in);
      return {};
    }
    return real.write(offset, in);
  }
  void handed_over() override {
    SimDisk& disk = *machine_->devices.disk(World::kMetadataPath)->disk;
    withheld_.release([&](std::uint64_t offset, const auto& bytes) {
      disk.write(offset, bytes, false);
      disk.flush();
    });
  }

 private:
  Withheld withheld_;
};

// Copies back first and makes "rolling back" durable afterwards.
class CopyBackFirst : public CountAfterHandOver {
 public:
  using CountAfterHandOver::CountAfterHandOver;
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    bool withheld = metadata && copy_at(offset) >= 0 && decode(in).metadata.phase == Phase::kRollingBack;
    // Repairs of a rollback that did begin are let through: that would be another bug.
    for (std::size_t i = 0; withheld && i < layout::kCopies; ++i) {
      BlockBuffer copy{};
      CHECK_OK(real.read(Bytes(copy_block(i) * kSimBlock), copy));
      withheld = decode(copy).metadata.phase != Phase::kRollingBack;
    }
    return withheld ? CountAfterHandOver::write(real, metadata, offset, in) : real.write(offset, in);
  }
  Result<void> flush(BlockDevice& real, bool metadata) override {
    CHECK_OK(real.flush());
    if (!metadata) handed_over();
    return {};
  }
};

// Wipes the store's header as soon as the first chunk was copied back.
class HeaderWipedEarly : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { wiped_ = false; }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    CHECK_OK(real.write(offset, in));
    if (metadata || wiped_ || in_store(offset)) return {};
    wiped_ = true;
    const std::vector<std::byte> zeros(kSimBlock);
    return real.write(Bytes(world_.store_block(0) * kSimBlock), zeros);
  }

 private:
  bool wiped_ = false;
};

// Leaves the header and the first area as an earlier update left them.
class StoreNotFresh : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { withheld_.clear(); }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    if (!metadata && withheld_.get(offset, out)) return {};
    return real.read(offset, out);
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!metadata && in_header(offset) && all_zero(in)) {
      withheld_.put(offset, in);
      return {};
    }
    return real.write(offset, in);
  }

 private:
  Withheld withheld_;
};

// Writes that scrub a metadata area do not happen.
class TailNotScrubbed : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!metadata && step_ == Step::kBootNew && offset.n == world_.store_block(1) * kSimBlock && !all_zero(in))
      return {};
    return real.write(offset, in);
  }
};

// Witnesses always look right.
class WitnessesUnchecked : public DeviceBug {
 public:
  WitnessesUnchecked(const World& world, DiskImage volume) : DeviceBug(world), volume_(std::move(volume)) {}
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    for (const ToyOptions::Run& run : world_.runs) {
      if (metadata || offset != run.physical) continue;
      volume_.read(offset.n, out);
      return {};
    }
    return real.read(offset, out);
  }

 private:
  DiskImage volume_;
};

// A device mapper under a bug's control. The default passes everything on.
class MapperBug : public Tampering, public DeviceMapper {
 public:
  DeviceMapper& device_mapper(DeviceMapper& real) override {
    real_ = &real;
    begin_session();
    return *this;
  }
  virtual void begin_session() {}
  Result<void> check_available() override { return real_->check_available(); }
  Result<bool> has_target(std::string_view target) override { return real_->has_target(target); }
  Result<DeviceNumber> create(const std::string& name, const std::string& uuid) override {
    return real_->create(name, uuid);
  }
  Result<void> load(const std::string& name, std::span<const DmRow> table) override { return real_->load(name, table); }
  Result<void> resume(const std::string& name, bool hidden) override { return real_->resume(name, hidden); }
  Result<void> suspend(const std::string& name, bool no_lockfs) override { return real_->suspend(name, no_lockfs); }
  Result<void> remove(const std::string& name) override { return real_->remove(name); }
  Result<void> clear(const std::string& name) override { return real_->clear(name); }
  Result<void> message(const std::string& name, Sectors sector, const std::string& text) override {
    return real_->message(name, sector, text);
  }
  Result<std::optional<DmDevice>> find(const std::string& name) override { return real_->find(name); }
  Result<std::vector<std::string>> list(std::string_view prefix) override { return real_->list(prefix); }
  Result<std::vector<DmStatusRow>> status(const std::string& name) override { return real_->status(name); }
  Result<std::vector<DmRow>> table(const std::string& name) override { return real_->table(name); }
  [[nodiscard]] std::string node_path(const std::string& name) const override { return real_->node_path(name); }

 protected:
  static constexpr const char* kTop = "bootguard-data";
  DeviceMapper* real_ = nullptr;
};

// The snapshot is loaded after what is mounted was resumed (hazard 4).
class SnapshotLast : public MapperBug {
 public:
  void begin_session() override { table_.clear(); }
  Result<void> load(const std::string& name, std::span<const DmRow> table) override {
    if (!name.ends_with("-undo")) return real_->load(name, table);
    undo_ = name;
    table_.assign(table.begin(), table.end());
    return {};
  }
  Result<void> resume(const std::string& name, bool hidden) override {
    if (name.ends_with("-undo")) return {};
    CHECK_OK(real_->resume(name, hidden));
    if (name != kTop || table_.empty()) return {};
    CHECK_OK(real_->load(undo_, table_));
    table_.clear();
    return real_->resume(undo_, true);
  }

 private:
  std::string undo_;
  std::vector<DmRow> table_;
};

// switch without the linear row that forwards flushes (hazard 14).
class NoTailRow : public MapperBug {
 public:
  Result<void> load(const std::string& name, std::span<const DmRow> table) override {
    std::vector<DmRow> rows(table.begin(), table.end());
    if (name == kTop && rows.size() == 2 && rows[1].target == "linear")
      rows[1] = {rows[1].start, rows[1].length, "error", ""};
    return real_->load(name, rows);
  }
};

// No error target over the store (hazard 2): regions are mapped to path 0 only.
class NoHoles : public MapperBug {
 public:
  Result<void> message(const std::string& name, Sectors sector, const std::string& text) override {
    std::string changed = text;
    for (std::size_t at = changed.find(":1"); at != std::string::npos; at = changed.find(":1", at))
      changed[at + 1] = '0';
    return real_->message(name, sector, changed);
  }
};

}  // namespace

std::vector<SeededBug> seeded_bugs(const World& world) {
  std::vector<SeededBug> bugs;
  const auto add = [&](const char* name, std::unique_ptr<Tampering> tampering) -> SeededBug& {
    bugs.push_back(SeededBug{name, std::move(tampering), world.options, 1});
    return bugs.back();
  };
  add("flushing the metadata does nothing", std::make_unique<NoMetadataFlush>(world));
  add("flushing the volume does nothing", std::make_unique<NoVolumeFlush>(world));
  add("one flush for all four copies", std::make_unique<OneFlushForAll>(world));
  add("only one copy is written, a cache hides it from the read-back", std::make_unique<OneCopyOnly>(world));
  add("the oldest valid copy is believed", std::make_unique<StalePreferred>(world));
  add("copies are not repaired before acting", std::make_unique<NoRepair>(world));
  add("the boot is counted after the hand-over", std::make_unique<CountAfterHandOver>(world));
  add("copied back before rolling-back is durable", std::make_unique<CopyBackFirst>(world));
  add("the header is wiped before the end of the rollback is durable", std::make_unique<HeaderWipedEarly>(world));
  add("the store is not made fresh at the checkpoint", std::make_unique<StoreNotFresh>(world));
  add("the snapshot is loaded after the volume was resumed (rows)", std::make_unique<SnapshotLast>())
      .world.have_switch = false;
  add("switch without its linear tail", std::make_unique<NoTailRow>());
  add("no holes over the store", std::make_unique<NoHoles>());
  return bugs;
}

std::unique_ptr<Tampering> unscrubbed_tail(const World& world) { return std::make_unique<TailNotScrubbed>(world); }

std::unique_ptr<Tampering> unchecked_witnesses(const World& world, const DiskImage& volume_when_armed) {
  return std::make_unique<WitnessesUnchecked>(world, volume_when_armed);
}

}  // namespace bootguard::model
