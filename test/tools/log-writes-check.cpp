// SPDX-License-Identifier: LGPL-2.1-or-later
// log-writes-check: every crash point of a life that dm-log-writes has recorded.
//
//   log-writes-check --image IMAGE --checkpoint IMAGE --log FILE --pieces FILE --metadata-bytes AT SIZE
//                    --volume-bytes AT SIZE [--end IMAGE] [--bits N] [CONTROL]
//
// IMAGE: the disk when the recording began, and as it was at the checkpoint; --end: and when it ended, which the log
// must lead to, byte for byte. Pieces: the rows of the device that maps
// the store, as "start count", sectors of the volume. An epoch is what lies between two flushes; for each point in it
// and each part of its writes, to the sector, the state on the disk must be one from which the machine gets where it
// should: before the trial and after a rollback the volume is the checkpoint; in between the exceptions, copied back,
// give the checkpoint; after the commit nothing is copied back any more. The store's own extents do not count, but
// their witnesses do. No run fills its store: the kernel's mark of an overflow, a plain write (hazard 6 in the
// project's notes on the kernel), is not among these states.
//
// Marks in the log tell what is allowed from then on: handed-over (trial only), mark-good, good, rollback, rolled-back;
// unmounted: from here on not a byte of the volume may change.
//
// Controls, which must find bad states: --without-flushes (nothing is durable before a mark; the windows of 2^N states
// are looked at), --without-copy-out (one write of old contents into the store is dropped), --without-metadata (all
// writes to it are), --stray-write SECTOR (that sector of the disk is overwritten after the mark mark-good).
//
// Exit status: 0 all good, 1 bad states, 2 usage, or a log that cannot be decided.
#include "crash_states.h"

namespace log_writes {
namespace {

struct Options {
  const char* image = nullptr;
  const char* checkpoint = nullptr;
  const char* log = nullptr;
  const char* pieces = nullptr;
  const char* end = nullptr;
  Region metadata, volume;
  unsigned bits = 12;
  bool without_flushes = false;
  bool without_copy_out = false;
  bool without_metadata = false;
  std::uint64_t stray_sector = UINT64_MAX;
};

std::uint64_t number(const char* text) {
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(text, &end, 10);
  if (end == text || *end != '\0') die("not a number: %s", text);
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const int left = argc - i - 1;
    const auto next = [&] { return argv[++i]; };
    if (name == "--without-flushes")
      options.without_flushes = true;
    else if (name == "--without-copy-out")
      options.without_copy_out = true;
    else if (name == "--without-metadata")
      options.without_metadata = true;
    else if (left >= 1 && name == "--stray-write")
      options.stray_sector = number(next());
    else if (left >= 1 && name == "--image")
      options.image = next();
    else if (left >= 1 && name == "--checkpoint")
      options.checkpoint = next();
    else if (left >= 1 && name == "--log")
      options.log = next();
    else if (left >= 1 && name == "--pieces")
      options.pieces = next();
    else if (left >= 1 && name == "--end")
      options.end = next();
    else if (left >= 1 && name == "--bits")
      options.bits = static_cast<unsigned>(number(next()));
    else if (left >= 2 && (name == "--metadata-bytes" || name == "--volume-bytes")) {
      Region& region = name == "--volume-bytes" ? options.volume : options.metadata;
      region.at = number(next());
      region.size = number(next());
    } else
      die("usage: see the top of the source; %s?", argv[i]);
  }
  if (options.image == nullptr || options.checkpoint == nullptr || options.log == nullptr ||
      options.pieces == nullptr || options.metadata.size == 0 || options.volume.size == 0 || options.bits < 1 ||
      options.bits > 24)
    die("an option is missing, or --bits is not in 1..24");
  return options;
}

std::vector<Region> read_pieces(const char* name, Region volume) {
  std::FILE* file = std::fopen(name, "r");
  if (file == nullptr) die("%s: cannot be read", name);
  std::vector<Region> pieces;
  std::uint64_t start = 0;
  std::uint64_t count = 0;
  int found = 0;
  while ((found = std::fscanf(file, "%" SCNu64 " %" SCNu64, &start, &count)) == 2)
    pieces.push_back({volume.at + start * kSector, count * kSector});
  if (found != EOF || pieces.empty()) die("%s: not lines of start and count", name);
  std::fclose(file);
  return pieces;
}

unsigned allowed_from(const std::string& mark, unsigned before) {
  if (mark == "handed-over") return kTrial;
  if (mark == "mark-good") return kTrial | kCommitted;
  if (mark == "good") return kCommitted;
  if (mark == "rollback") return kTrial | kRollingBack | kRolledBack;
  if (mark == "rolled-back") return kRolledBack;
  if (mark == "unmounted" || mark == "dm-log-writes-end") return before;
  die("a mark of no meaning: %s", mark.c_str());
}

// The write of old contents to drop: in the middle of all those that changed the store's data.
std::size_t copy_out_to_drop(const std::vector<Entry>& entries, const CrashState& state) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (entry.size != 0 && state.is_store_data(entry.at) &&
        std::memcmp(entry.data, state.at_start(entry.at), entry.size) != 0)
      found.push_back(i);
  }
  if (found.empty()) die("no write of old contents is in the log");
  return found[found.size() / 2];
}

class Replay {
 public:
  Replay(CrashState& state, CrashStates& states, const Options& options)
      : state_(state), states_(states), options_(options) {}

  void entry(const Entry& entry, std::size_t number) {
    if ((entry.flags & kMark) != 0) {
      end_epoch();
      allowed_ = allowed_from(entry.mark, allowed_);
      state_.allow(allowed_);
      if (entry.mark == "unmounted") state_.fix_newest();
      states_.examine_durable(number);
      if (entry.mark == "mark-good" && options_.stray_sector != UINT64_MAX) write_stray(number);
      return;
    }
    const bool ordered = !options_.without_flushes;
    if (ordered && (entry.flags & kFlush) != 0) end_epoch();
    if (entry.size == 0) return;
    pending_.push_back({entry.at, entry.size, entry.data, number});
    if (ordered && (entry.flags & kFua) != 0) {
      // The log's order leaves nothing in flight beside it: plain writes stand directly before their flush.
      if (pending_.size() != 1) die("entry %zu: FUA with plain writes before it and no flush between", number);
      end_epoch();
    }
    if (!ordered && pending_.size() >= kWindowWrites) end_half();
  }
  void end_epoch() {
    states_.examine(pending_);
    states_.settle(pending_);
    pending_.clear();
  }

 private:
  // Without flushes: the older half counts as durable, so that no two neighbours are kept apart.
  void end_half() {
    states_.examine(pending_);
    const std::vector<Write> older(pending_.begin(), pending_.begin() + kWindowWrites / 2);
    states_.settle(older);
    pending_.erase(pending_.begin(), pending_.begin() + kWindowWrites / 2);
  }

  void write_stray(std::size_t number) {
    const std::uint64_t at = options_.stray_sector * kSector;
    if (at >= state_.size()) die("a stray write off the disk");
    for (std::size_t i = 0; i < kSector; ++i) stray_[i] = ~state_.bytes(at)[i];
    pending_.push_back({at, kSector, stray_.data(), number});
  }

  static constexpr std::size_t kWindowWrites = 64;
  CrashState& state_;
  CrashStates& states_;
  const Options& options_;
  std::vector<Write> pending_;
  std::array<Byte, kSector> stray_{};
  unsigned allowed_ = kArmed | kTrial;
};

int report(const Figures& figures, const Options& options, std::size_t entries, std::size_t writes) {
  std::printf("%zu writes, at most %" PRIu64 " exceptions\n", writes, figures.exceptions);
  for (std::size_t i = 0; i < figures.bad.size(); ++i) {
    if (figures.bad[i] != 0)
      std::printf("bad - %" PRIu64 " states: %s\n", figures.bad[i], to_string(static_cast<Verdict>(i)));
  }
  std::printf("measured - log-writes: %zu entries, %" PRIu64 " epochs, %" PRIu64 " states, %" PRIu64 " bad", entries,
              figures.epochs, figures.enumerated, figures.all_bad());
  if (options.without_flushes) {
    std::printf(" (in overlapping windows)\n");
    return figures.all_bad() != 0 ? 1 : 0;
  }
  std::printf("; %" PRIu64 " epochs enumerated to the sector, %" PRIu64
              " (of up to 2^%.0f states) decided by the lemma\n",
              figures.epochs - figures.lemma_epochs, figures.lemma_epochs, figures.log2_covered);
  std::printf("beside the lemma those %" PRIu64 " epochs were enumerated to the chunk, in windows of 2^%u states\n",
              figures.lemma_epochs, options.bits);
  std::printf(
      "lemma: once metadata, header and areas are chosen, each sector's content after the way back comes from one "
      "place, "
      "another for each; so all choices of these, and the others' contents one at a time, decide all states: %" PRIu64
      " verdicts; it agreed with the enumeration wherever that was full\n",
      figures.by_lemma);
  std::fflush(stdout);
  if (figures.undecided != 0 || figures.disagree != 0)
    die("%" PRIu64 " epochs undecided, %" PRIu64 " where lemma and enumeration disagree", figures.undecided,
        figures.disagree);
  return figures.all_bad() != 0 ? 1 : 0;
}

int check(const Options& options) {
  CrashState state(options.image, options.checkpoint, options.metadata, options.volume,
                   read_pieces(options.pieces, options.volume));
  const Mapped log(options.log);
  const std::vector<Entry> entries = read_log(log, state.size());
  CrashStates states(state, options.bits);
  if (options.without_flushes) states.look_in_windows_only();
  const std::size_t dropped = options.without_copy_out ? copy_out_to_drop(entries, state) : entries.size();
  Replay replay(state, states, options);
  std::size_t writes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == dropped) continue;
    if (options.without_metadata && entries[i].size != 0 && entries[i].at - options.metadata.at < options.metadata.size)
      continue;
    writes += static_cast<std::size_t>(entries[i].size != 0);
    replay.entry(entries[i], i);
  }
  replay.end_epoch();
  if (options.end != nullptr && !state.is_same_as(Mapped(options.end)))
    die("the log does not lead to the image at the end");
  return report(states.figures(), options, entries.size(), writes);
}

}  // namespace
}  // namespace log_writes

int main(int argc, char** argv) { return log_writes::check(log_writes::parse(argc, argv)); }
