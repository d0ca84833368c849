// SPDX-License-Identifier: LGPL-2.1-or-later
// log-writes-check: every crash point of a life that dm-log-writes has recorded.
//
//   log-writes-check --image IMAGE --checkpoint IMAGE --log FILE --pieces FILE --metadata-bytes AT SIZE
//                    --volume-bytes AT SIZE [--end IMAGE] [--bits N] [--sample FILE --states N --seed S
//                    [--whole-bytes AT SIZE]] [CONTROL]
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
// unmounted: from here on not a byte of the volume may change. Marks "claim:..." are passed on in a sample.
//
// --sample: nothing is decided; about N of the states, S decides which, are written to FILE (see crash_sample.h).
// --whole-bytes: these bytes are never torn there, for what a filesystem itself cannot bear.
//
// Controls, which must find bad states: --without-flushes (nothing is durable before a mark; the windows of 2^N states
// are looked at), --without-copy-out (one write of old contents into the store is dropped), --without-metadata (all
// writes to it are), --stray-write SECTOR (that sector of the disk is overwritten after the mark mark-good).
//
// Exit status: 0 all good, 1 bad states, 2 usage, or a log that cannot be decided.
#include "crash_sample.h"
#include "crash_states.h"
#include "log_replay.h"

namespace log_writes {
namespace {

struct Options {
  const char* image = nullptr;
  const char* checkpoint = nullptr;
  const char* log = nullptr;
  const char* pieces = nullptr;
  const char* end = nullptr;
  Region metadata, volume, whole;
  const char* sample = nullptr;
  std::uint64_t states = 0, seed = 0;
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
    else if (left >= 1 && name == "--sample")
      options.sample = next();
    else if (left >= 1 && name == "--states")
      options.states = number(next());
    else if (left >= 1 && name == "--seed")
      options.seed = number(next());
    else if (left >= 1 && name == "--bits")
      options.bits = static_cast<unsigned>(number(next()));
    else if (left >= 2 && (name == "--metadata-bytes" || name == "--volume-bytes" || name == "--whole-bytes")) {
      Region& region = name == "--volume-bytes"  ? options.volume
                       : name == "--whole-bytes" ? options.whole
                                                 : options.metadata;
      region.at = number(next());
      region.size = number(next());
    } else
      die("usage: see the top of the source; %s?", argv[i]);
  }
  if (options.image == nullptr || options.checkpoint == nullptr || options.log == nullptr ||
      options.pieces == nullptr || options.metadata.size == 0 || options.volume.size == 0 || options.bits < 1 ||
      options.bits > 24)
    die("an option is missing, or --bits is not in 1..24");
  if (options.sample != nullptr && options.states == 0) die("a sample of how many states?");
  if (options.sample != nullptr && options.stray_sector != UINT64_MAX) die("a stray write is not in the log");
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

// A write that nobody made, in flight after the mark mark-good.
class StrayWrite {
 public:
  StrayWrite(const CrashState& state, std::uint64_t sector) : at_(sector * kSector) {
    if (sector == UINT64_MAX) return;
    if (sector >= state.size() / kSector) die("a stray write off the disk");
    asked_ = true;
  }
  template <class Look>
  void after(const Entry& entry, std::size_t number, const CrashState& state, Replay<Look>& replay) {
    if (!asked_ || entry.mark != "mark-good") return;
    for (std::size_t i = 0; i < kSector; ++i) bytes_[i] = ~state.bytes(at_)[i];
    replay.write({at_, kSector, bytes_.data(), number});
  }

 private:
  bool asked_ = false;
  std::uint64_t at_;
  std::array<Byte, kSector> bytes_{};
};

// The log as the options leave it, through `look`. The number of writes.
template <class Look>
std::size_t replay_log(const std::vector<Entry>& entries, const CrashState& state, const Options& options, Look& look) {
  const std::size_t dropped = options.without_copy_out ? copy_out_to_drop(entries, state) : entries.size();
  Replay<Look> replay(look, options.without_flushes);
  StrayWrite stray(state, options.stray_sector);
  std::size_t writes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == dropped) continue;
    if (options.without_metadata && entries[i].size != 0 && entries[i].at - options.metadata.at < options.metadata.size)
      continue;
    writes += static_cast<std::size_t>(entries[i].size != 0);
    replay.entry(entries[i], i);
    stray.after(entries[i], i, state, replay);
  }
  replay.end_epoch();
  return writes;
}

int sample(const std::vector<Entry>& entries, const Mapped& log, CrashState& state, Region header,
           const Options& options) {
  SampleWeights weights(options.metadata, header);
  replay_log(entries, state, options, weights);
  CrashSample sample(state, log, weights, options.states, options.seed, options.sample);
  sample.keep_whole(options.whole);
  replay_log(entries, state, options, sample);
  const std::uint64_t written = sample.end();
  std::printf("sample: %" PRIu64 " states, seed %" PRIu64 ", %" PRIu64 " read as bad on the host\n", written,
              options.seed, sample.bad());
  return 0;
}

int check(const Options& options) {
  const std::vector<Region> pieces = read_pieces(options.pieces, options.volume);
  CrashState state(options.image, options.checkpoint, options.metadata, options.volume, pieces);
  const Mapped log(options.log);
  const std::vector<Entry> entries = read_log(log, state.size());
  // The store's header, and its first area.
  if (options.sample != nullptr) return sample(entries, log, state, {pieces.front().at, 2 * kChunk}, options);
  CrashStates states(state, options.bits);
  if (options.without_flushes) states.look_in_windows_only();
  const std::size_t writes = replay_log(entries, state, options, states);
  if (options.end != nullptr && !state.is_same_as(Mapped(options.end)))
    die("the log does not lead to the image at the end");
  return report(states.figures(), options, entries.size(), writes);
}

}  // namespace
}  // namespace log_writes

int main(int argc, char** argv) { return log_writes::check(log_writes::parse(argc, argv)); }
