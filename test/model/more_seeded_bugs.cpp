// SPDX-License-Identifier: LGPL-2.1-or-later
// More bugs on purpose: one place each at which the protocol goes wrong, stated as a function.
#include <functional>

#include "base/little_endian.h"
#include "model/bug_bases.h"
#include "model/seeded_bugs.h"

namespace bootguard::model {
namespace {

struct CopyWrite {
  int copy;  // which of the four
  Step step;
};

// Metadata is written otherwise than asked for; to the process that writes it, it looks right.
class Forged : public WithholdingBug {
 public:
  using Change = std::function<bool(Metadata& wanted, CopyWrite where)>;  // true: write it as it is now
  Forged(const World& world, Change change) : WithholdingBug(world), change_(std::move(change)) {}
  void before_step(Step step, FakeMachine& machine) override {
    begin_session();
    WithholdingBug::before_step(step, machine);
  }

 private:
  Result<bool> withholds(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    const int copy = metadata ? copy_at(offset) : -1;
    if (copy < 0) return false;
    Metadata wanted = decode(in).metadata;
    if (!change_(wanted, {copy, step_})) return false;
    CHECK_OK(real.write(offset, encode(wanted)));
    return true;
  }
  Change change_;
};

// Metadata is not written where it should be; read back, it looks right for the rest of the session.
class NotWritten : public WithholdingBug {
 public:
  using Which = std::function<bool(const Metadata& wanted, CopyWrite where)>;
  NotWritten(const World& world, Which which) : WithholdingBug(world), which_(std::move(which)) {}

 private:
  Result<bool> withholds(BlockDevice&, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    const int copy = metadata ? copy_at(offset) : -1;
    return copy >= 0 && which_(decode(in).metadata, {copy, step_});
  }
  Which which_;
};

// Metadata is understood otherwise than it was written, until the session writes some.
class Misread : public DeviceBug {
 public:
  using Change = std::function<void(Metadata& found, Step step)>;
  Misread(const World& world, Change change) : DeviceBug(world), change_(std::move(change)) {}
  void begin_session() override { honest_ = false; }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    CHECK_OK(real.read(offset, out));
    if (!metadata || copy_at(offset) < 0 || honest_) return {};
    Decoded decoded = decode(out);
    if (decoded.state != CopyState::kGood) return {};
    change_(decoded.metadata, step_);
    const BlockBuffer forged = encode(decoded.metadata);
    std::copy(forged.begin(), forged.end(), out.begin());
    return {};
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    honest_ = honest_ || metadata;
    return real.write(offset, in);
  }

 private:
  Change change_;
  bool honest_ = false;
};

// Something is done to the volume just before metadata of a kind is first written in a session.
class DoneTooEarly : public DeviceBug {
 public:
  using Which = std::function<bool(const Metadata& wanted)>;
  using Act = std::function<void(SimDisk& volume)>;
  DoneTooEarly(const World& world, Which which, Act act)
      : DeviceBug(world), which_(std::move(which)), act_(std::move(act)) {}
  void begin_session() override { done_ = false; }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata && !done_ && copy_at(offset) >= 0 && which_(decode(in).metadata)) {
      done_ = true;
      SimDisk& volume = *machine_->devices.disk(World::kVolumePath)->disk;
      act_(volume);
      volume.flush();
    }
    return real.write(offset, in);
  }

 private:
  Which which_;
  Act act_;
  bool done_ = false;
};

// Flushes of the volume that follow a write to such a place do nothing.
class NoFlushAfter : public DeviceBug {
 public:
  using Which = std::function<bool(std::span<const std::byte> in, bool in_store)>;
  NoFlushAfter(const World& world, Which which) : DeviceBug(world), which_(std::move(which)) {}
  void begin_session() override { skip_ = false; }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (!metadata) skip_ = which_(in, in_store(offset));
    return real.write(offset, in);
  }
  Result<void> flush(BlockDevice& real, bool metadata) override {
    return !metadata && skip_ ? Result<void>() : real.flush();
  }

 private:
  Which which_;
  bool skip_ = false;
};

// Each copy of the metadata is flushed before it is written, not after.
class FlushedBefore : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata) CHECK_OK(real.flush());
    return real.write(offset, in);
  }
  Result<void> flush(BlockDevice& real, bool metadata) override { return metadata ? Result<void>() : real.flush(); }
};

// What is copied back goes to another place, or is changed on its way there.
class CopiedBackWrong : public DeviceBug {
 public:
  using Change = std::function<void(Bytes& offset, std::vector<std::byte>& bytes)>;
  CopiedBackWrong(const World& world, Change change) : DeviceBug(world), change_(std::move(change)) {}
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    const auto found = metadata ? written_.end() : written_.find(offset.n);
    if (found == written_.end()) return real.read(offset, out);
    std::copy_n(found->second.begin(), std::min(out.size(), found->second.size()), out.begin());
    return {};
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata || in_store(offset)) return real.write(offset, in);
    written_[offset.n] = {in.begin(), in.end()};  // for the read-back
    std::vector<std::byte> bytes(in.begin(), in.end());
    change_(offset, bytes);
    return real.write(offset, bytes);
  }
  void begin_session() override { written_.clear(); }

 private:
  Change change_;
  std::map<std::uint64_t, std::vector<std::byte>> written_;
};

// The store's exceptions are read otherwise than the kernel wrote them.
class ExceptionsMisread : public DeviceBug {
 public:
  using Change = std::function<void(std::span<std::byte> area, std::size_t pairs)>;
  ExceptionsMisread(const World& world, Change change) : DeviceBug(world), change_(std::move(change)) {}
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    CHECK_OK(real.read(offset, out));
    if (metadata || offset.n != world_.store_block(1) * kSimBlock) return {};
    std::size_t pairs = 0;
    while (pairs < out.size() / 16 && load_le<std::uint64_t>(out, pairs * 16 + 8) != 0) ++pairs;
    if (pairs > 0) change_(out, pairs);
    return {};
  }

 private:
  Change change_;
};

// Tables of the stack are loaded otherwise.
class OtherTable : public MapperBug {
 public:
  using Change = std::function<void(const std::string& name, std::vector<DmRow>& rows)>;
  explicit OtherTable(Change change) : change_(std::move(change)) {}
  Result<void> load(const std::string& name, std::span<const DmRow> table) override {
    std::vector<DmRow> rows(table.begin(), table.end());
    change_(name, rows);
    return real_->load(name, rows);
  }

 private:
  Change change_;
};

class NotResumed : public MapperBug {
 public:
  Result<void> resume(const std::string& name, bool hidden) override {
    return name == kTop ? Result<void>() : real_->resume(name, hidden);
  }
};

// A verb takes any error of the volume for success, in a session that had to repair the metadata.
class ErrorsLostAfterRepair : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { best_ = 0, repaired_ = wrote_ = false; }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    CHECK_OK(real.read(offset, out));
    if (metadata && !wrote_ && copy_at(offset) >= 0) best_ = std::max(best_, decode(out).metadata.sequence);
    return {};
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    if (metadata && copy_at(offset) >= 0 && decode(in).metadata.sequence <= best_) repaired_ = true;
    wrote_ = wrote_ || metadata;
    auto written = real.write(offset, in);
    return metadata || !repaired_ || in_store(offset) ? std::move(written) : Result<void>();
  }

 private:
  std::uint64_t best_ = 0;  // on the disk when the session began
  bool wrote_ = false;
  bool repaired_ = false;
};

bool ends_as(const Metadata& m, LastResult result) { return m.phase == Phase::kIdle && m.last_result == result; }

}  // namespace

std::unique_ptr<Tampering> errors_lost_after_repair(const World& world) {
  return std::make_unique<ErrorsLostAfterRepair>(world);
}

std::vector<SeededBug> more_seeded_bugs(const World& world) {
  std::vector<SeededBug> bugs;
  const auto add = [&](const char* name, std::unique_ptr<Tampering> tampering) -> SeededBug& {
    bugs.push_back(SeededBug{name, std::move(tampering), world.options, 1});
    return bugs.back();
  };
  const auto forged = [&](const char* name, Forged::Change change) -> SeededBug& {
    return add(name, std::make_unique<Forged>(world, std::move(change)));
  };
  const auto not_written = [&](const char* name, NotWritten::Which which) -> SeededBug& {
    return add(name, std::make_unique<NotWritten>(world, std::move(which)));
  };
  const auto misread = [&](const char* name, Misread::Change change) -> SeededBug& {
    return add(name, std::make_unique<Misread>(world, std::move(change)));
  };
  const auto wipe_header = [&world](SimDisk& volume) {
    volume.write(world.store_block(0) * kSimBlock, std::vector<std::byte>(kSimBlock), false);
  };

  // Skipped writes.
  not_written("armed is answered, and never recorded",
              [](const Metadata& m, CopyWrite) { return m.phase == Phase::kArmed; });
  not_written("the last copy is never written", [](const Metadata&, CopyWrite at) { return at.copy == 3; });
  not_written("a commit is written to one copy only",
              [](const Metadata& m, CopyWrite at) { return ends_as(m, LastResult::kCommitted) && at.copy > 0; });
  not_written("rolling-back is written to one copy only",
              [](const Metadata& m, CopyWrite at) { return m.phase == Phase::kRollingBack && at.copy > 0; });
  not_written("rolling-back is written to three copies only",
              [](const Metadata& m, CopyWrite at) { return m.phase == Phase::kRollingBack && at.copy == 3; });
  not_written("only the first boot of a trial is counted",
              [](const Metadata& m, CopyWrite) { return m.phase == Phase::kTrial && m.trial_boots > 1; });
  not_written("disarmed is answered, and never recorded", [](const Metadata& m, CopyWrite) {
    return ends_as(m, LastResult::kDisarmed);
  }).rare = true;
  not_written("a commit from the command line is never recorded", [](const Metadata& m, CopyWrite at) {
    return ends_as(m, LastResult::kCommitted) && at.step == Step::kBootCommit;
  }).rare = true;
  not_written("a boot with bootguard switched off is never recorded", [](const Metadata& m, CopyWrite) {
    return ends_as(m, LastResult::kUnprotected);
  }).rare = true;

  // Wrong writes.
  forged("marked bad is answered, and the request is not recorded", [](Metadata& m, CopyWrite) {
    return std::exchange(m.request, Request::kNone) == Request::kRollback;
  }).rare = true;
  forged("mark-good writes the wrong phase", [](Metadata& m, CopyWrite) {
    if (!ends_as(m, LastResult::kCommitted)) return false;
    m.phase = Phase::kRollingBack;
    m.last_result = LastResult::kNone;
    return true;
  });
  forged("a commit is recorded as a rollback", [](Metadata& m, CopyWrite) {
    if (!ends_as(m, LastResult::kCommitted)) return false;
    m.last_result = LastResult::kRolledBack;
    return true;
  });
  forged("a rollback is recorded as a commit", [](Metadata& m, CopyWrite) {
    if (!ends_as(m, LastResult::kRolledBack)) return false;
    m.last_result = LastResult::kCommitted;
    return true;
  });
  forged("the end of a rollback is recorded at its beginning", [](Metadata& m, CopyWrite) {
    if (m.phase != Phase::kRollingBack) return false;
    m.phase = Phase::kIdle;
    m.request = Request::kNone;
    m.last_result = LastResult::kRolledBack;
    return true;
  });
  forged("the first boot of a trial uses up no attempt", [](Metadata& m, CopyWrite) {
    if (m.phase != Phase::kTrial || m.trial_boots != 1) return false;
    m.attempts_left = m.attempts_limit;
    return true;
  });
  forged("an attempt comes back with every boot", [](Metadata& m, CopyWrite) {
    if (m.phase != Phase::kTrial || m.trial_boots < 2) return false;
    ++m.attempts_left;
    return true;
  });
  forged("the boot that was counted is not recorded", [](Metadata& m, CopyWrite) {
    if (m.phase != Phase::kTrial) return false;
    m.counted_boot_id = Uuid{};
    return true;
  });
  forged("the sequence does not grow", [](Metadata& m, CopyWrite) {
    if (m.phase != Phase::kTrial) return false;
    --m.sequence;
    return true;
  });
  forged("copies of one sequence differ", [](Metadata& m, CopyWrite at) {
    if (at.copy != 2) return false;
    ++m.armed_time_s;
    return true;
  });

  // Wrong reads.
  misread("a stale count is believed", [](Metadata& m, Step) {
    if (m.phase == Phase::kTrial) m.attempts_left = m.attempts_limit;
  });
  misread("a rollback that has begun is taken for a trial", [](Metadata& m, Step step) {
    if (m.phase != Phase::kRollingBack || step != Step::kBootNew) return;
    m.phase = Phase::kTrial;
    m.attempts_left = 1;
  });
  misread("a rollback that has begun is taken for one that has ended", [](Metadata& m, Step) {
    if (m.phase != Phase::kRollingBack) return;
    m.phase = Phase::kIdle;
    m.last_result = LastResult::kRolledBack;
  });
  misread("a request to roll back is overlooked", [](Metadata& m, Step) { m.request = Request::kNone; }).rare = true;
  misread("an armed update is taken for a trial", [](Metadata& m, Step step) {
    if (m.phase == Phase::kArmed && step == Step::kBootNew) m.phase = Phase::kTrial;
  });

  // Wrong order.
  add("each copy is flushed before it is written", std::make_unique<FlushedBefore>(world));
  add("the header is wiped before the commit is durable",
      std::make_unique<DoneTooEarly>(
          world, [](const Metadata& m) { return ends_as(m, LastResult::kCommitted); }, wipe_header));
  add("the store is made fresh at every boot of a trial",
      std::make_unique<DoneTooEarly>(
          world, [](const Metadata& m) { return m.phase == Phase::kTrial && m.trial_boots > 1; },
          [&world, wipe_header](SimDisk& volume) {
            wipe_header(volume);
            volume.write(world.store_block(1) * kSimBlock, std::vector<std::byte>(kSimBlock), false);
          }));
  add("the header is wiped when a rollback begins",
      std::make_unique<DoneTooEarly>(
          world, [](const Metadata& m) { return m.phase == Phase::kRollingBack; }, wipe_header));
  add("what was copied back is not flushed",
      std::make_unique<NoFlushAfter>(world, [](std::span<const std::byte>, bool in_store) { return !in_store; }));

  // Wrong content.
  add("copied back to the neighbouring chunk",
      std::make_unique<CopiedBackWrong>(world, [](Bytes& offset, auto&) { offset += Bytes(kSimBlock); }));
  add("the last bytes of what is copied back are lost",
      std::make_unique<CopiedBackWrong>(world, [](Bytes&, auto& b) { b.resize(b.size() - kSimBlock / 8); }));
  add("the last exception is overlooked",
      std::make_unique<ExceptionsMisread>(world, [](std::span<std::byte> area, std::size_t pairs) {
        std::fill_n(area.begin() + static_cast<std::ptrdiff_t>((pairs - 1) * 16), 16, std::byte{0});
      }));
  add("two exceptions change places",
      std::make_unique<ExceptionsMisread>(world, [](std::span<std::byte> area, std::size_t pairs) {
        if (pairs < 2) return;
        std::swap_ranges(area.begin(), area.begin() + 8, area.begin() + 16);
      }));

  // Wrong stack.
  add("the volume is mounted past the snapshot", std::make_unique<OtherTable>([](const std::string& name, auto& rows) {
        if (!name.ends_with("-origin")) return;
        for (DmRow& row : rows) {
          if (row.target == "snapshot-origin") row.target = "linear", row.parameters += " 0";
        }
      }));
  add("the snapshot does not persist", std::make_unique<OtherTable>([](const std::string& name, auto& rows) {
        if (!name.ends_with("-undo")) return;
        const std::size_t at = rows[0].parameters.find(" P ");
        rows[0].parameters[at + 1] = 'N';
      }));
  add("the volume is never resumed", std::make_unique<NotResumed>());
  return bugs;
}

}  // namespace bootguard::model
