// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/session.h"

#include <algorithm>
#include <utility>

namespace bootguard::model {
namespace {

constexpr const char* kOldSlot = "bootguard.slot=old";
constexpr const char* kNewSlot = "bootguard.slot=new";

const char* name_of(Step step) {
  switch (step) {
    case Step::kBootNew:
      return "boot-new";
    case Step::kBootOld:
      return "boot-old";
    case Step::kBootRollback:
      return "boot-action-rollback";
    case Step::kBootCommit:
      return "boot-action-commit";
    case Step::kBootSkip:
      return "boot-action-skip";
    case Step::kBootDisabled:
      return "boot-disabled";
    case Step::kBootAgain:
      return "boot-again";
    case Step::kWrite:
      return "write";
    case Step::kMarkGood:
      return "mark-good";
    case Step::kMarkBad:
      return "mark-bad";
    case Step::kArm:
      return "arm";
    case Step::kDisarm:
      return "disarm";
    case Step::kFormat:
      return "format";
  }
  return "?";
}

std::string command_line(Step step) {
  switch (step) {
    case Step::kBootOld:
      return kOldSlot;
    case Step::kBootRollback:
      return std::string(kNewSlot) + " rd.bootguard.action=rollback";
    case Step::kBootCommit:
      return std::string(kNewSlot) + " rd.bootguard.action=commit";
    case Step::kBootSkip:
      return std::string(kNewSlot) + " rd.bootguard.action=skip";
    case Step::kBootDisabled:
      return std::string(kNewSlot) + " rd.bootguard=0";
    default:
      return kNewSlot;
  }
}

bool is_boot(Step step) { return step <= Step::kBootDisabled; }

void remember_count(Ghost& ghost, const Metadata& metadata) {
  const bool same = metadata.volumes[0].arm_id == ghost.arm_id;
  ghost.arm_id = metadata.volumes[0].arm_id;
  ghost.least_left = same ? std::min<std::uint32_t>(ghost.least_left, metadata.attempts_left) : metadata.attempts_left;
}

}  // namespace

std::string describe(const Script& script) {
  std::string text;
  for (const Step step : script) text += std::string(text.empty() ? "" : ", ") + name_of(step);
  return text;
}

std::uint64_t Ghost::hash() const {
  std::uint64_t h = 11;
  const auto add = [&](std::uint64_t value) { h = mix_hash(h, value); };
  add(cur.hash());
  add(pre ? pre->hash() : 1);
  add((armed ? 1U : 0U) | (in_trial ? 2U : 0U) | (way_back_gone ? 4U : 0U) | (commit_wanted ? 8U : 0U) |
      (rollback_wanted ? 16U : 0U) | (rollback_promised ? 32U : 0U) | (disabled_once ? 64U : 0U) |
      (end_in_one_copy ? 128U : 0U));
  add(handed_over);
  add(lives);
  add(arms);
  add(faults);
  add(kills);
  add(least_left);
  return h;
}

Session::Session(const World& world, const Node& start, const SessionOptions& options, Counts& counts, Sink sink)
    : world_(world),
      start_(start),
      options_(options),
      counts_(counts),
      sink_(std::move(sink)),
      ghost_(start.ghost),
      metadata_("metadata", start.metadata),
      volume_("volume", start.volume),
      machine_(std::make_unique<FakeMachine>()),
      random_(options.seed ^ start.volume.hash() ^ start.metadata.hash()) {
  world_.plug_in(*machine_, metadata_, volume_);
  machine_->hooks.watcher = this;
  machine_->system.uuids_made = ghost_.arms * 16;
  const MetadataView view = view_metadata(start.metadata);
  if (view.metadata() != nullptr) phase_at_start_ = view.metadata()->phase;
  BlockDevices& devices = options_.tampering ? options_.tampering->devices(machine_->devices) : machine_->devices;
  DeviceMapper& dm = options_.tampering ? options_.tampering->device_mapper(machine_->dm) : machine_->dm;
  if (options_.injector != nullptr && options_.kill) ++ghost_.kills;
  if (options_.injector != nullptr && !options_.kill) ++ghost_.faults;
  context_ = std::make_unique<Context>(
      Context{devices, dm, machine_->mounts, machine_->system, machine_->log, world_.config, {}});
  ++counts_.sessions;
}

Session::~Session() = default;

void Session::fail(int invariant, const std::string& text) const { throw Violation{invariant, text}; }

void Session::play(const Script& script) {
  script_text_ = describe(script);
  for (const Step step : script) {
    take(step);
    if (is_boot(step) && !mounted_) break;
  }
  check_names();
  before_durable();  // the power may also fail now, with all that is unflushed
  if (mounted_) machine_->mounts.unmount(World::kMountPath);
  metadata_.flush();
  volume_.flush();
  if (!world_.sentinels_whole(metadata_.durable())) fail(10, "a byte outside the metadata area changed");
  report(metadata_.durable(), volume_.durable(), "switched off");
}

void Session::take(Step step) {
  if (options_.tampering) options_.tampering->before_step(step, *machine_);
  if (is_boot(step) || step == Step::kBootAgain) {
    boot(step);
    return;
  }
  switch (step) {
    case Step::kWrite:
      write();
      break;
    case Step::kMarkGood:
      mark_good();
      break;
    case Step::kMarkBad:
      mark_bad();
      break;
    case Step::kArm:
      arm();
      break;
    case Step::kDisarm:
      disarm();
      break;
    case Step::kFormat:
      format();
      break;
    default:
      break;
  }
}

// ---- crashes

void Session::report(const DiskImage& metadata, const DiskImage& volume, const char* how) {
  if (blind_) return;
  Node node;
  node.metadata = metadata;
  node.volume = volume;
  node.ghost = ghost_;
  Ghost& ghost = node.ghost;
  if (mounted_ && writing_) {
    // The mounted system's own: unflushed writes may be lost, flushed ones may not.
    for (const std::uint64_t block : synced_.difference(volume)) {
      if (std::find(dirty_.begin(), dirty_.end(), block) != dirty_.end()) continue;
      DiskImage patched = synced_;
      patched.put(block, volume.at(block));
      if (world_.differs(synced_, patched) != World::kNone) {
        fail(1, "block " + std::to_string(block) + " was synced and is lost");
      }
    }
    ghost.cur = volume;
  } else if (inode_changes_) {
    ghost.cur.put(1, volume.at(1));
  }
  const MetadataView view = view_metadata(metadata);
  if (view.twins) fail(13, "two good copies of one sequence differ");
  if (const Metadata* m = view.metadata()) {
    if (m->sequence < ghost.sequence && ghost.faults == 0) fail(13, "the sequence fell");
    ghost.sequence = std::max(ghost.sequence, m->sequence);
    if (m->phase == Phase::kArmed || m->phase == Phase::kTrial) {
      const bool rose = m->volumes[0].arm_id == ghost.arm_id && m->attempts_left > ghost.least_left;
      if (rose && ghost.faults == 0) fail(4, "the counter rose");
      remember_count(ghost, *m);
    }
    // Outside of what the mounted system wrote, content may only move once no copy can bring an earlier phase back
    // (with a fault: one that could not be written, and is outvoted by its sequence).
    if (!(mounted_ && writing_) && world_.differs(volume, ghost.cur, !inode_changes_) != World::kNone) {
      const std::size_t earlier = view.in_phase(Phase::kTrial) + view.in_phase(Phase::kArmed);
      const bool decided =
          m->phase != Phase::kTrial && m->phase != Phase::kArmed && earlier <= (ever_faulty() ? 1U : 0U);
      if (!decided) fail(3, "old content was copied back before rolling-back was durable in every copy");
    }
  }
  node.trail = std::make_shared<const Trail>(Trail{start_.trail, script_text_ + ": " + how, ""});
  node.depth = start_.depth + 1;
  sink_(std::move(node));
}

void Session::before_durable() {
  if (!options_.report_crashes) return;
  const auto metadata = metadata_.unflushed();
  const auto volume = volume_.unflushed();
  std::vector<std::size_t> choices;  // versions to choose from, by block
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  std::uint64_t total = 1;
  const auto add = [&](const SimDisk::Unflushed& block, std::size_t torn) {
    for (const SimDisk::Version& version : block.versions) order.emplace_back(version.order, choices.size());
    choices.push_back(block.versions.size() + 1 + torn);
    total = std::min<std::uint64_t>(total * choices.back(), 1U << 20);
  };
  // A metadata block may also be torn: its first sector new, the others old. The volume is the filesystem's, which
  // deals in whole blocks, and dm-snapshot's, whose areas are 4 KiB here.
  for (const auto& block : metadata) add(block, options_.tearing ? 1 : 0);
  for (const auto& block : volume) add(block, 0);
  ++counts_.crash_points;
  const std::size_t split = metadata.size();
  const auto crash = [&](const std::vector<std::size_t>& chosen) {
    ++counts_.crash_states;
    std::vector<std::size_t> versions = chosen;
    std::vector<std::size_t> torn(chosen.size(), 0);
    for (std::size_t i = 0; i < split; ++i) {
      if (chosen[i] <= metadata[i].versions.size()) continue;
      versions[i] = metadata[i].versions.size();
      torn[i] = 1;
    }
    const std::span<const std::size_t> all(versions);
    report(metadata_.surviving(all.first(split), torn), volume_.surviving(all.subspan(split)), "power cut");
  };
  std::vector<std::size_t> kept(choices.size(), 0);
  if (total <= options_.exhaustive_limit) {
    for (;;) {
      crash(kept);
      std::size_t i = 0;
      while (i < kept.size() && ++kept[i] == choices[i]) kept[i++] = 0;
      if (i == kept.size()) break;
    }
    return;
  }
  ++counts_.sampled_points;
  // Every prefix of the writes, every single loss, every single survivor, and some at random.
  std::sort(order.begin(), order.end());
  crash(kept);
  for (const auto& [when, block] : order) {
    ++kept[block];
    crash(kept);
  }
  const std::vector<std::size_t> newest = kept;
  for (std::size_t i = 0; i < newest.size(); ++i) {
    std::vector<std::size_t> one_lost = newest;
    one_lost[i] = 0;
    crash(one_lost);
    std::vector<std::size_t> one_kept(newest.size(), 0);
    one_kept[i] = newest[i];
    crash(one_kept);
  }
  for (int n = 0; n < 64; ++n) {
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<std::size_t>(random_() % choices[i]);
    crash(kept);
  }
}

// ---- verbs

void Session::boot(Step step) {
  if (step == Step::kBootAgain && faulty_now()) return;  // what failed may be mended by it
  ++counts_.boots;
  if (step != Step::kBootAgain) {
    machine_->system.command_line = command_line(step);
    machine_->system.boot = numbered_uuid(0xB007, ++ghost_.boots);
    if (phase_at_start_ == Phase::kTrial && (step == Step::kBootOld || step == Step::kBootRollback)) {
      ghost_.rollback_wanted = true;
    }
    if (step == Step::kBootCommit) ghost_.commit_wanted = true;
    if (step == Step::kBootDisabled && phase_at_start_ == Phase::kTrial) ghost_.disabled_once = true;
  }
  const DiskImage volume_before = volume_.newest();
  const DiskImage metadata_before = metadata_.newest();
  context_->kernel = parse_kernel_command_line(machine_->system.command_line);
  BootReport report = verb([&] { return run_boot(*context_); });
  if (step == Step::kBootAgain) {
    if (volume_before.hash() != volume_.newest().hash() || metadata_before.hash() != metadata_.newest().hash()) {
      fail(8, "a second run of boot in one boot changed something");
    }
    if (last_boot_ && (report.device != last_boot_->device || report.is_protected != last_boot_->is_protected)) {
      fail(8,
           "a second run of boot in one boot answered \"" + report.device + "\" after \"" + last_boot_->device + "\"");
    }
    return;
  }
  last_boot_ = report;
  check_boot(report, step);
  if (options_.tampering) options_.tampering->handed_over();
  mount(report);
}

void Session::check_end_of_update(const Metadata& metadata, std::size_t copies) {
  const DiskImage now = volume_.newest();
  const bool trial = ghost_.armed;
  if (!trial) return;
  ghost_.end_in_one_copy = faulty_now() && !ghost_.in_trial && copies == 1;
  const DiskImage& expected = metadata.last_result == LastResult::kRolledBack && ghost_.pre ? *ghost_.pre : ghost_.cur;
  switch (metadata.last_result) {
    case LastResult::kRolledBack: {
      const bool justified = ghost_.rollback_wanted || ghost_.least_left == 0;
      if (!justified) fail(1, "rolled back though nothing asked for it");
      if (ghost_.way_back_gone) fail(1, "rolled back after an unprotected boot");
      break;
    }
    case LastResult::kCommitted:
      if (!ghost_.commit_wanted) fail(2, "committed though nothing asked for it");
      break;
    default:
      break;
  }
  if (const std::uint64_t block = world_.differs(now, expected, false); block != World::kNone) {
    fail(1, std::string("handed over as ") +
                (metadata.last_result == LastResult::kRolledBack ? "rolled back" : "committed or given up") +
                ", but block " + std::to_string(block) + " is not what it should be");
  }
  ghost_.cur = now;
  ghost_.pre.reset();
  ghost_.armed = ghost_.in_trial = ghost_.way_back_gone = false;
  ghost_.commit_wanted = ghost_.rollback_wanted = ghost_.rollback_promised = false;
  ghost_.handed_over = 0;
  ++ghost_.lives;
}

void Session::check_boot(const BootReport& report, Step step) {
  if (!report.mount) {
    if (!faulty_now()) fail(7, "not mountable: " + report.why + (report.failure ? ": " + report.failure->text : ""));
    return;
  }
  if (faulty_now() && !report.metadata && ghost_.armed) {
    // A known limit, not explored further: a trial whose metadata cannot be read in one boot, and can in the next.
    blind_ = true;
    ++counts_.blind;
    return;
  }
  // What would be there if the power failed right now and all that is unflushed were lost: the worst case.
  const MetadataView durable = view_metadata(metadata_.durable());
  const Metadata* m = durable.metadata();
  const DiskImage now = volume_.newest();
  if (report.is_protected) {
    // What was asked for could be written to some copies only: the next boot acts on it, and protecting until then is
    // right.
    const bool begun = faulty_now() && m != nullptr &&
                       (m->phase == Phase::kRollingBack || (m->phase == Phase::kIdle && ghost_.commit_wanted));
    if (m == nullptr || (m->phase != Phase::kTrial && !begun)) {
      fail(5, "handed over as protected before the trial was durable");
      return;
    }
    // Disarmed in a single copy, for which a failing disk was to blame and which the boot reported; and another fault
    // hid it, in this boot or in one that was cut off.
    if (!ghost_.armed && ghost_.end_in_one_copy && ghost_.faults > 1) {
      ghost_.armed = true;
      ghost_.end_in_one_copy = false;
    }
    if (!ghost_.armed) fail(3, "a trial without arm: an update that ended came back");
    if (ghost_.way_back_gone) fail(1, "protected again after an unprotected boot of the same trial");
    // (A rollback that cannot be recorded cannot be begun: then the trial goes on until it can.)
    if (ghost_.rollback_promised && step != Step::kBootCommit && !faulty_now())
      fail(9, "mark-bad answered 0, yet the trial goes on");
    // A later power cut in this session may leave it in some copies only, beside an end that was begun.
    if (m->phase == Phase::kTrial) remember_count(ghost_, *m);
    if (report.decision == Decision::kStartTrial || report.decision == Decision::kContinueTrial) {
      ++ghost_.handed_over;
      if (m->attempts_left + ghost_.handed_over > m->attempts_limit) {
        if (!faulty_now()) fail(5, "handed over before the decrement was durable");
        --ghost_.handed_over;  // the counter could not be written: protected, but not counted
      }
    }
    if (ghost_.handed_over > world_.options.attempts) fail(4, "more trial boots than attempts");
    if (const std::uint64_t block = world_.differs(now, ghost_.cur, false); block != World::kNone) {
      fail(1, "the trial goes on with a mixture: block " + std::to_string(block));
    }
    if (!ghost_.in_trial) {
      ghost_.in_trial = true;
      ghost_.pre = now;
    }
    return;
  }
  if (m == nullptr) {
    // Nothing readable: the volume is handed over as it is.
    if (!ever_faulty() && ghost_.sequence > 0) fail(6, "the metadata became unreadable without a fault");
    return;
  }
  switch (m->phase) {
    case Phase::kIdle:
      if (ghost_.armed && m->volumes[0].arm_id == ghost_.arm_before) {
        ghost_.armed = false;  // the arm was cut off before it was durable
        break;
      }
      if (m->last_result == LastResult::kUnprotected && ghost_.armed && !ever_faulty() && !ghost_.disabled_once) {
        fail(7, "the way back was given up without a fault: " + report.why +
                    (report.failure ? ": " + report.failure->text : ""));
      }
      if (ghost_.armed) {
        check_end_of_update(*m, durable.agreeing);
        return;
      }
      break;
    case Phase::kArmed:
      break;
    default:
      if (!faulty_now()) {
        fail(1, "handed over unprotected in mid-trial: " + report.why +
                    (report.failure ? ": " + report.failure->text : ""));
      }
      ghost_.way_back_gone = true;
      break;
  }
  if (const std::uint64_t block = world_.differs(now, ghost_.cur, false); block != World::kNone) {
    fail(phase_at_start_ == Phase::kIdle ? 2 : 1, "handed over with a mixture: block " + std::to_string(block));
  }
}

void Session::mount(const BootReport& report) {
  mounted_.reset();
  protected_ = report.is_protected;
  // No path: the device was not found, and the hook goes on waiting for it.
  if (!report.mount || (report.device.empty() && faulty_now())) return;
  const auto number = machine_->resolve(report.device);
  if (!number) {
    fail(7, "boot says to mount " + report.device + ", which is not there");
    return;
  }
  const int error = machine_->mounts.mount(*number, World::kMountPath);
  // A device mapper that does nothing any more cannot let go of the volume either.
  if (error == EBUSY && faulty_now()) return;
  if (error != 0) fail(7, "mounting " + report.device + ": errno " + std::to_string(error));
  mounted_ = *number;
  synced_ = volume_.newest();
  dirty_.clear();
}

void Session::put(std::uint64_t offset, std::span<const std::byte> bytes) {
  SectorIo* io = machine_->table.find(*mounted_);
  for (std::uint64_t b = offset / kSimBlock; b * kSimBlock < offset + bytes.size(); ++b) dirty_.push_back(b);
  const int error = io->write(offset, bytes, false);
  // A mapping that can no longer be resumed stays frozen: with the fault it must, without one it must not.
  if (error != 0 && !faulty_now()) fail(10, "the mounted system cannot write: errno " + std::to_string(error));
}

void Session::write() {
  if (!mounted_) return;
  SectorIo* io = machine_->table.find(*mounted_);
  writing_ = true;
  synced_ = volume_.newest();
  ghost_.cur = synced_;
  dirty_.clear();
  for (const SimDisk::Unflushed& left : volume_.unflushed()) dirty_.push_back(left.block);  // a sync failed earlier
  std::uint64_t tag = 0x100 + ghost_.lives;
  if (ghost_.in_trial) tag = 0x200 + 16 * ghost_.lives + ghost_.handed_over;
  std::vector<std::byte> two;
  for (const std::uint64_t b : {std::uint64_t{10}, std::uint64_t{11}}) {
    const auto bytes = pattern(tag, b);
    two.insert(two.end(), bytes.begin(), bytes.end());
  }
  if (ghost_.in_trial) {
    put(10 * kSimBlock, two);  // two chunks in one request: hazard 4
    // Beside the store: the last bytes before a piece and the first behind it.
    const ToyOptions::Run& run = world_.runs[0];
    put(run.physical.n - 1024, std::span<const std::byte>(two).first(1024));
  } else {
    put(20 * kSimBlock, std::span<const std::byte>(two).first(kSimBlock));
  }
  if (const int error = io->flush()) {
    if (!faulty_now()) fail(10, "the mounted system cannot sync: errno " + std::to_string(error));
  } else {
    synced_ = volume_.newest();
    dirty_.clear();
  }
  if (ghost_.in_trial) {
    const std::uint64_t block = 12 + ghost_.handed_over % 4;
    put(block * kSimBlock, pattern(tag + 8, block));
    put(10 * kSimBlock, pattern(tag + 8, 10));
  }
  if (protected_) {
    const auto before = volume_.newest().hash();
    const std::uint64_t inside = world_.block_in_store();
    if (io->write(inside * kSimBlock, pattern(3, inside), false) == 0 || volume_.newest().hash() != before) {
      fail(10, "the mounted system could write into the store");
    }
  }
  // From here on the filesystem is quiet: what is unflushed counts as written.
  io->flush();
  writing_ = false;
  ghost_.cur = volume_.newest();
}

void Session::check_exit_0(const char* verb, Phase phase) {
  const MetadataView durable = view_metadata(metadata_.durable());
  std::size_t holding = 0;
  for (const auto& copy : durable.copies) {
    if (copy->decoded.state == CopyState::kGood && copy->decoded.metadata.phase == phase &&
        copy->decoded.metadata.sequence == durable.sequence()) {
      ++holding;
    }
  }
  if (holding < (ever_faulty() ? 3U : 4U)) {
    fail(9, std::string(verb) + " answered 0, but only " + std::to_string(holding) + " copies are durable");
  }
}

void Session::mark_good() {
  ghost_.commit_wanted = ghost_.armed;
  const bool trial = ghost_.armed && phase_at_start_ != Phase::kIdle;
  inode_changes_ = true;
  auto done = verb([&] { return run_mark_good(*context_); });
  if (done && trial && done.value().metadata.last_result == LastResult::kCommitted) {
    check_exit_0("mark-good", Phase::kIdle);
    const std::uint64_t writes = metadata_.writes + volume_.writes;
    auto again = run_mark_good(*context_);
    if (!faulty_now() && (!again || again.value().changed || metadata_.writes + volume_.writes != writes)) {
      fail(8, "mark-good a second time is not a no-op: " + (again ? again.value().summary : again.error().text));
    }
    if (world_.differs(volume_.newest(), ghost_.cur, false) != World::kNone) {
      fail(2, "mark-good changed the volume's content");
    }
    ghost_.cur = volume_.newest();
    ghost_.pre.reset();
    ghost_.armed = ghost_.in_trial = ghost_.way_back_gone = false;
    ghost_.commit_wanted = ghost_.rollback_wanted = ghost_.rollback_promised = false;
    ghost_.handed_over = 0;
    ++ghost_.lives;
    protected_ = false;
  }
  before_durable();
  ghost_.cur.put(1, volume_.newest().at(1));
  inode_changes_ = false;
}

void Session::mark_bad() {
  ghost_.rollback_wanted = true;
  auto done = verb([&] { return run_mark_bad(*context_); });
  if (!done) return;
  ghost_.rollback_promised = true;
  const std::uint64_t writes = metadata_.writes + volume_.writes;
  auto again = run_mark_bad(*context_);
  if (!faulty_now() && (!again || again.value().changed || metadata_.writes + volume_.writes != writes)) {
    fail(8, "mark-bad a second time is not a no-op");
  }
}

void Session::arm() {
  ++ghost_.arms;
  machine_->system.uuids_made = ghost_.arms * 16;
  if (!ghost_.armed) {
    ghost_.commit_wanted = ghost_.rollback_wanted = ghost_.rollback_promised = ghost_.disabled_once = false;
  }
  ghost_.armed = true;
  ghost_.end_in_one_copy = false;
  const MetadataView view = view_metadata(metadata_.durable());
  ghost_.arm_before = view.metadata() != nullptr ? view.metadata()->volumes[0].arm_id : Uuid{};
  inode_changes_ = true;
  auto done = verb([&] { return run_arm(*context_, ArmOptions{}); });
  if (done) {
    check_exit_0("arm", Phase::kArmed);
    const std::uint64_t writes = metadata_.writes + volume_.writes;
    auto again = run_arm(*context_, ArmOptions{});
    if (!faulty_now() && (!again || again.value().changed || metadata_.writes + volume_.writes != writes)) {
      fail(8, "arm a second time is not a no-op: " + (again ? again.value().summary : again.error().text));
    }
  } else if (!ever_faulty()) {
    fail(7, "arm fails: " + done.error().text);
  }
  before_durable();
  ghost_.cur.put(1, volume_.newest().at(1));
  inode_changes_ = false;
}

void Session::disarm() {
  inode_changes_ = true;
  auto done = verb([&] { return run_disarm(*context_); });
  if (done && phase_at_start_ == Phase::kArmed) {
    check_exit_0("disarm", Phase::kIdle);
    ghost_.armed = false;
    ++ghost_.lives;
  }
  before_durable();
  ghost_.cur.put(1, volume_.newest().at(1));
  inode_changes_ = false;
}

void Session::format() {
  auto done = verb([&] { return run_format(*context_, ghost_.sequence > 0); });
  if (done) check_exit_0("format", Phase::kIdle);
}

void Session::check_names() {
  for (const std::string& call : machine_->dm.calls()) {
    if (call.find(" bootguard-") == std::string::npos) fail(10, "device-mapper call on another's device: " + call);
  }
  if (machine_->dm.hung_requests() > 0 && !faulty_now()) fail(7, "I/O to a suspended device: it would wait for ever");
}

}  // namespace bootguard::model
