// SPDX-License-Identifier: LGPL-2.1-or-later
// A sample of the crash states of a recorded life, written down for a real kernel that goes on from each of them
// (guest tool resume-states). A line each, sectors of the disk, places in the log in sectors:
//
//   d AT COUNT LOG                    durable from here on
//   w AT COUNT LOG                    on the disk in the next state, beside what is durable
//   claim:TEXT                        as marked in the log
//   state ENTRY ALLOWED STANDS GOOD TORN   the state, with the phases allowed there, and how the metadata is read here
//
// Half of the states are torn anywhere, to the sector. That is more than a filesystem bears on any disk: ext4 does not
// mount with a torn superblock, and XFS takes a torn block for new by the sequence number in its first sector. These
// are good for the way back alone; in the others no write is torn inside a chunk.
#pragma once

#include "log_replay.h"
#include "random.h"

namespace log_writes {

// Where states are drawn from: each epoch, and each mark, by its weight.
class SampleWeights {
 public:
  explicit SampleWeights(Region metadata, Region header) : metadata_(metadata), header_(header) {}

  void examine(const std::vector<Write>& pending) {
    double weight = pending.empty() ? 0 : kPlain;
    for (const Write& write : pending) {
      if (is_in(write, metadata_) || is_in(write, header_)) weight = kNearDecision;
    }
    if (!pending.empty()) weight *= 1 + std::log2(static_cast<double>(pending.size())) / 4;
    weights_.push_back(weight);
  }
  void settle(const std::vector<Write>&) {}
  void on_mark(const std::string&, unsigned) {}
  void on_claim(const std::string&) {}
  void examine_durable(std::size_t) { weights_.push_back(kNearDecision); }

  double weight(std::size_t i) const { return weights_[i]; }
  double sum() const {
    double sum = 0;
    for (const double weight : weights_) sum += weight;
    return sum;
  }

 private:
  static constexpr double kPlain = 1, kNearDecision = 5;
  static bool is_in(const Write& write, Region region) {
    return write.at < region.at + region.size && region.at < write.at + write.size;
  }
  Region metadata_, header_;
  std::vector<double> weights_;
};

class CrashSample {
 public:
  CrashSample(CrashState& state, const Mapped& log, const SampleWeights& weights, std::uint64_t states,
              std::uint64_t seed, const char* file)
      : state_(state),
        places_(state),
        log_(log),
        weights_(weights),
        per_weight_(static_cast<double>(states) / weights.sum()),
        random_(seed),
        out_(std::fopen(file, "w")) {
    if (out_ == nullptr) die("%s: cannot be written", file);
    // Somewhere in the first interval; from there on in equal steps.
    due_ = static_cast<double>(below(1 << 20)) / (1 << 20);
  }

  // Is on the disk as one write left it, or not at all, where the state is not torn.
  void keep_whole(Region region) { whole_ = region; }

  void examine(const std::vector<Write>& pending) {
    std::uint64_t count = take();
    if (count == 0) return;
    places_.forget();
    state_.verdict();  // is_control() goes by the state looked at last
    const std::vector<Place> places = places_.of(pending, kSector);
    const std::size_t entry = pending.empty() ? 0 : pending.back().entry;
    for (; count > 0; --count) {
      Choice choice = choose(places, pending);
      const bool torn = below(2) == 0;
      if (!torn) {
        make_whole(places, pending, whole_, choice);
        for (std::size_t i = 0; i < places.size(); ++i) {
          const Region chunk{places[i].at / kChunk * kChunk, kChunk};
          const bool first = i == 0 || places[i - 1].at / kChunk != places[i].at / kChunk;
          if (first && !places[i].control) make_whole(places, pending, chunk, choice);
        }
      }
      write_state(entry, places, choice, torn);
    }
  }
  void settle(const std::vector<Write>& pending) {
    for (const Write& write : pending) {
      state_.put(write.at, write.data, write.size);
      run('d', write.at, write.size, write.data);
    }
  }
  void on_mark(const std::string&, unsigned allowed) {
    allowed_ = allowed;
    state_.allow(allowed);
  }
  void on_claim(const std::string& mark) { std::fprintf(out_, "%s\n", mark.c_str()); }
  void examine_durable(std::size_t entry) {
    for (std::uint64_t count = take(); count > 0; --count) write_state(entry, {}, {}, false);
  }

  // The number of states that were written down.
  std::uint64_t end() {
    if (std::ferror(out_) != 0 || std::fclose(out_) != 0) die("the sample could not be written");
    return written_;
  }
  std::uint64_t bad() const { return bad_; }

 private:
  using Choice = std::vector<std::size_t>;

  std::uint64_t take() {
    due_ += weights_.weight(next_++) * per_weight_;
    const auto count = static_cast<std::uint64_t>(due_);
    due_ -= static_cast<double>(count);
    return count;
  }
  std::uint64_t below(std::uint64_t limit) { return random_.below(limit); }

  // What is on the disk of the writes in flight: up to one of them, the last torn; any sectors; all but a few; a few.
  Choice choose(const std::vector<Place>& places, const std::vector<Write>& pending) {
    Choice choice(places.size(), 0);
    if (places.empty()) return choice;
    const std::uint64_t kind = below(8);
    if (kind == 0) {
      const Write& last = pending[below(pending.size())];
      const std::uint64_t torn_at = last.at + below(last.size / kSector + 1) * kSector;
      for (std::size_t i = 0; i < places.size(); ++i) {
        const Place& place = places[i];
        for (std::size_t k = 1; k < place.contents.size(); ++k) {
          if (was_written(place, k, pending, last, torn_at)) choice[i] = k;
        }
      }
      return choice;
    }
    const std::uint64_t of_16 = kind == 1 ? 15 : kind == 2 ? 1 : 2 + below(13);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (below(16) < of_16) choice[i] = 1 + below(places[i].contents.size() - 1);
    }
    if (kind <= 2) {  // at least one is missing, or there
      const std::size_t i = below(places.size());
      choice[i] = kind == 1 ? 0 : places[i].contents.size() - 1;
    }
    return choice;
  }
  // Of the writes in flight that touch a region some are there and some are not, each as a whole: a filesystem bears
  // that of its blocks, which may be smaller than a chunk, and never that one of them is torn.
  void make_whole(const std::vector<Place>& places, const std::vector<Write>& pending, Region whole, Choice& choice) {
    const auto in_region = [&](const Place& place) { return place.at - whole.at < whole.size; };
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (in_region(places[i])) choice[i] = 0;
    }
    for (const Write& write : pending) {
      const bool touches = write.at < whole.at + whole.size && whole.at < write.at + write.size;
      if (!touches || below(2) == 0) continue;
      for (std::size_t i = 0; i < places.size(); ++i) {
        if (in_region(places[i]) && places[i].at - write.at < write.size) choice[i] = content_of(places[i], write);
      }
    }
  }
  static std::size_t content_of(const Place& place, const Write& write) {
    const auto is_it = [&](const Byte* content) {
      return std::memcmp(content, write.data + (place.at - write.at), kSector) == 0;
    };
    const auto found = std::find_if(place.contents.begin(), place.contents.end(), is_it);
    if (found == place.contents.end()) die("a content that no place has");
    return static_cast<std::size_t>(found - place.contents.begin());
  }
  static bool was_written(const Place& place, std::size_t content, const std::vector<Write>& pending, const Write& last,
                          std::uint64_t torn_at) {
    for (const Write& write : pending) {
      const bool holds = place.at >= write.at && place.at < write.at + write.size &&
                         place.contents[content] == write.data + (place.at - write.at);
      if (holds) return &write != &last || place.at < torn_at;
      if (&write == &last) return false;
    }
    return false;
  }

  void write_state(std::size_t entry, const std::vector<Place>& places, const Choice& choice, bool torn) {
    for (std::size_t i = 0; i < choice.size(); ++i) {
      const Place& place = places[i];
      if (choice[i] == 0) continue;
      const Byte* data = place.contents[choice[i]];
      state_.put(place.at, data, place.size);
      if (run_size_ != 0 && place.at == run_at_ + run_size_ && data == run_data_ + run_size_) {
        run_size_ += place.size;
        continue;
      }
      end_run();
      run_at_ = place.at;
      run_size_ = place.size;
      run_data_ = data;
    }
    end_run();
    const bool good = state_.verdict() == Verdict::kGood;
    bad_ += static_cast<std::uint64_t>(!good);
    std::fprintf(out_, "state %zu %u %u %d %d\n", entry, allowed_, state_.stands(), good ? 1 : 0, torn ? 1 : 0);
    ++written_;
    for (std::size_t i = 0; i < choice.size(); ++i) {
      if (choice[i] != 0) state_.put(places[i].at, places[i].contents[0], places[i].size);
    }
  }
  void end_run() {
    if (run_size_ != 0) run('w', run_at_, run_size_, run_data_);
    run_size_ = 0;
  }
  void run(char what, std::uint64_t at, std::uint64_t size, const Byte* data) {
    const std::uint64_t in_log = static_cast<std::uint64_t>(data - log_.bytes);
    std::fprintf(out_, "%c %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", what, at / kSector, size / kSector,
                 in_log / kSector);
  }

  CrashState& state_;
  Places places_;
  const Mapped& log_;
  const SampleWeights& weights_;
  Region whole_;
  double per_weight_, due_ = 0;
  Random random_;
  std::uint64_t written_ = 0, bad_ = 0;
  std::FILE* out_;
  std::size_t next_ = 0;
  unsigned allowed_ = kArmed | kTrial;
  std::uint64_t run_at_ = 0, run_size_ = 0;
  const Byte* run_data_ = nullptr;
};

}  // namespace log_writes
