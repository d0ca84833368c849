// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/seeded_bugs.h"

#include <algorithm>
#include <map>

#include "model/bug_bases.h"

namespace bootguard::model {
namespace {

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

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
class OneCopyOnly : public WithholdingBug {
 public:
  using WithholdingBug::WithholdingBug;

 private:
  Result<bool> withholds(BlockDevice&, bool metadata, Bytes offset, std::span<const std::byte>) override {
    return metadata && copy_at(offset) > 0;
  }
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
class NoRepair : public WithholdingBug {
 public:
  using WithholdingBug::WithholdingBug;
  void begin_session() override {
    WithholdingBug::begin_session();
    started_.clear();
  }

 private:
  Result<bool> withholds(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!metadata || copy_at(offset) < 0) return false;
    const std::uint64_t wanted = decode(in).metadata.sequence;
    std::uint64_t best = 0;
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      ASSIGN_OR_RETURN(const Decoded decoded, durable_copy(real, i));
      if (decoded.state == CopyState::kGood) best = std::max(best, decoded.metadata.sequence);
    }
    if (wanted == best && copy_at(offset) != 0 && !started_.contains(best)) return true;
    started_[wanted] = true;
    return false;
  }
  std::map<std::uint64_t, bool> started_;
};

// Keeps back what boot writes to the metadata, until the volume has been handed over.
class CountAfterHandOver : public WithholdingBug {
 public:
  using WithholdingBug::WithholdingBug;
  void handed_over() override {
    SimDisk& disk = *machine_->devices.disk(World::kMetadataPath)->disk;
    release_metadata([&](std::uint64_t offset, const auto& bytes) {
      disk.write(offset, bytes, false);
      disk.flush();
    });
  }

 protected:
  Result<bool> withholds(BlockDevice&, bool metadata, Bytes, std::span<const std::byte>) override {
    return metadata && step_ == Step::kBootNew;
  }
};

// Copies back first and makes "rolling back" durable afterwards.
class CopyBackFirst : public CountAfterHandOver {
 public:
  using CountAfterHandOver::CountAfterHandOver;
  Result<void> flush(BlockDevice& real, bool metadata) override {
    CHECK_OK(real.flush());
    if (!metadata) handed_over();
    return {};
  }

 protected:
  Result<bool> withholds(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    bool withheld = is_metadata_of(metadata, offset, in, Phase::kRollingBack) && step_ == Step::kBootNew;
    // Repairs of a rollback that did begin are let through: that would be another bug.
    for (std::size_t i = 0; withheld && i < layout::kCopies; ++i) {
      ASSIGN_OR_RETURN(const Decoded decoded, durable_copy(real, i));
      withheld = decoded.metadata.phase != Phase::kRollingBack;
    }
    return withheld;
  }
};

// A state is never written, though every answer says it was.
class NeverRecorded : public WithholdingBug {
 public:
  NeverRecorded(const World& world, Phase phase, LastResult result)
      : WithholdingBug(world), phase_(phase), result_(result) {}

 private:
  Result<bool> withholds(BlockDevice&, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    return is_metadata_of(metadata, offset, in, phase_) &&
           (phase_ != Phase::kIdle || decode(in).metadata.last_result == result_);
  }
  Phase phase_;
  LastResult result_;
};

// The attempts that are left are told, and written as they were.
class NotCounted : public WithholdingBug {
 public:
  using WithholdingBug::WithholdingBug;

 private:
  Result<bool> withholds(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!is_metadata_of(metadata, offset, in, Phase::kTrial)) return false;
    Metadata forged = decode(in).metadata;
    forged.attempts_left = forged.attempts_limit;
    CHECK_OK(real.write(offset, encode(forged)));
    return true;
  }
};

// One block that should be copied back is not.
class BlockNotCopied : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { left_out_ = false; }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata || left_out_ || in_store(offset)) return real.write(offset, in);
    left_out_ = true;
    return in.size() > kSimBlock ? real.write(offset + Bytes(kSimBlock), in.subspan(kSimBlock)) : Result<void>();
  }

 private:
  bool left_out_ = false;
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
class StoreNotFresh : public WithholdingBug {
 public:
  using WithholdingBug::WithholdingBug;

 private:
  Result<bool> withholds(BlockDevice&, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    return !metadata && in_header(offset) && all_zero(in);
  }
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
  add("a trial is never recorded", std::make_unique<NeverRecorded>(world, Phase::kTrial, LastResult::kNone));
  add("a rollback that has begun is never recorded",
      std::make_unique<NeverRecorded>(world, Phase::kRollingBack, LastResult::kNone));
  add("the end of a rollback is never recorded",
      std::make_unique<NeverRecorded>(world, Phase::kIdle, LastResult::kRolledBack));
  add("marked good is answered, and never recorded",
      std::make_unique<NeverRecorded>(world, Phase::kIdle, LastResult::kCommitted));
  add("no attempt is ever used up", std::make_unique<NotCounted>(world));
  add("one block is not copied back", std::make_unique<BlockNotCopied>(world));
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
