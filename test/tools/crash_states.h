// SPDX-License-Identifier: LGPL-2.1-or-later
// All states that a power cut can leave while some writes are not yet durable, and the verdict on each.
//
// Lemma. Let K be the places that are control: metadata copies, the store's header and areas. The verdict depends on
// the other places only through "what would be at sector s when the way back has been gone?", for every s. Once K is
// chosen that is the content of one single place, and of another one for every s: s itself, or its sector in the data
// chunk of the only exception for it (a store with two exceptions for one old or to one new chunk is refused). A state
// is good if all of them are right, hence for a choice of K all states are good if and only if each content of each
// place is right with all others at their durable contents, and that state is good itself. So all choices of K, and for
// each the contents of the other places one at a time, decide every state there is: a sum in place of a product.
#pragma once

#include "crash_places.h"

namespace log_writes {

struct Figures {
  std::uint64_t enumerated = 0;    // states that were made and decided, one by one
  std::uint64_t by_lemma = 0;      // verdicts that the lemma needed
  double log2_covered = 0;         // the largest number of states of one epoch that the lemma decided, as a power of 2
  std::uint64_t lemma_epochs = 0;  // epochs with more states than were enumerated
  std::uint64_t undecided = 0;     // epochs with more choices of control than the bound
  std::uint64_t disagree = 0;      // epochs where lemma and enumeration came to different verdicts
  std::uint64_t epochs = 0;
  std::uint64_t exceptions = 0;  // the most that a durable state had
  std::array<std::uint64_t, static_cast<std::size_t>(Verdict::kVerdicts)> bad{};
  std::uint64_t all_bad() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : bad) sum += count;
    return sum;
  }
};

class CrashStates {
 public:
  // All states of an epoch are made if they are at most 2^bits.
  CrashStates(CrashState& state, unsigned bits) : state_(state), places_(state), most_(std::uint64_t{1} << bits) {}

  const Figures& figures() const { return figures_; }
  // For a log without flushes, where an epoch has no end: windows that overlap by half, and no proof for the whole.
  void look_in_windows_only() {
    lemma_ = false;
    overlap_ = true;
  }

  // The disk holds what is durable; `pending`, in order, may be there in any part. Leaves the disk as it was.
  void examine(const std::vector<Write>& pending) {
    places_.forget();
    state_.verdict();  // the durable state is the last one looked at: is_control() goes by it
    const std::vector<Place> sectors = places_.of(pending, kSector);
    if (sectors.empty()) return;
    first_entry_ = pending.front().entry;
    last_entry_ = pending.back().entry;
    ++figures_.epochs;
    const bool lemma_bad = lemma_ && !decide_by_lemma(sectors);
    const double bits = bits_of(sectors);
    if (bits <= std::log2(static_cast<double>(most_))) {
      const bool bad = !enumerate(sectors);
      if (lemma_ && lemma_bad != bad) ++figures_.disagree;
      return;
    }
    ++figures_.lemma_epochs;
    figures_.log2_covered = std::max(figures_.log2_covered, bits);
    const std::uint64_t bad_before = figures_.all_bad();
    enumerate_in_windows(places_.of(pending, kChunk));
    // What only torn sectors show has to be counted, too.
    if (lemma_bad && figures_.all_bad() == bad_before) note_bad(lemma_verdict_, lemma_places_, lemma_choice_);
  }
  // The state in which nothing is in flight, at that entry of the log.
  void examine_durable(std::size_t entry) {
    first_entry_ = last_entry_ = entry;
    const Verdict verdict = state_.verdict();
    if (verdict != Verdict::kGood) note_bad(verdict, {}, {});
  }
  // From a mark on.
  void on_mark(const std::string& mark, unsigned allowed) {
    state_.allow(allowed);
    if (mark == "unmounted") state_.fix_newest();
  }
  void on_claim(const std::string&) {}
  // `pending` is durable from now on.
  void settle(const std::vector<Write>& pending) {
    for (const Write& write : pending) state_.put(write.at, write.data, write.size);
    figures_.exceptions = std::max<std::uint64_t>(figures_.exceptions, state_.exceptions());
  }

 private:
  static double bits_of(const std::vector<Place>& places) {
    double bits = 0;
    for (const Place& place : places) bits += std::log2(static_cast<double>(place.contents.size()));
    return bits;
  }

  // Puts every choice of contents on the disk, one place changed from one to the next (a reflected Gray code of mixed
  // radix), the first places fastest, and calls look(choice). Ends with all places durable.
  template <class Look>
  void every_choice(const std::vector<Place>& places, Look look) {
    std::vector<std::size_t> choice(places.size(), 0);
    std::vector<int> step(places.size(), 1);
    look(choice);
    for (std::size_t i = 0; i < places.size();) {
      const std::size_t next = choice[i] + static_cast<std::size_t>(step[i]);
      if (next >= places[i].contents.size()) {  // also when it was 0 and went down
        step[i] = -step[i];
        ++i;
        continue;
      }
      choice[i] = next;
      put(places[i], next);
      look(choice);
      i = 0;
    }
    for (const Place& place : places) put(place, 0);
  }
  void put(const Place& place, std::size_t content) { state_.put(place.at, place.contents[content], place.size); }

  // `places`: at most most_ choices. Control last, for that is dearest to change. True if all states are good.
  bool enumerate(std::vector<Place> places) {
    std::stable_partition(places.begin(), places.end(), [](const Place& place) { return !place.control; });
    bool all_good = true;
    bool counted = figures_.enumerated != 0;  // all durable: the last state of the epoch or window before
    every_choice(places, [&](const std::vector<std::size_t>& choice) {
      const Verdict verdict = state_.verdict();
      all_good = all_good && verdict == Verdict::kGood;
      if (!counted) ++figures_.enumerated;
      if (!counted && verdict != Verdict::kGood) note_bad(verdict, places, choice);
      counted = false;
    });
    return all_good;
  }
  // As many neighbouring places at a time as give at most most_ choices; those written before them are on the disk,
  // those written after them not. Ends with all durable contents back.
  void enumerate_in_windows(const std::vector<Place>& places) {
    std::size_t begin = 0;
    while (begin < places.size()) {
      std::size_t end = begin;
      std::uint64_t choices = 1;
      while (end < places.size() && choices * places[end].contents.size() <= most_)
        choices *= places[end++].contents.size();
      if (end == begin) die("a place with more contents than the bound allows");
      enumerate(
          {places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end)});
      const std::size_t next =
          end == places.size() ? end : std::max(begin + 1, end - (overlap_ ? (end - begin) / 2 : 0));
      for (; begin < next; ++begin) put(places[begin], places[begin].contents.size() - 1);
    }
    for (const Place& place : places) put(place, 0);
  }

  // True if all states are good.
  bool decide_by_lemma(const std::vector<Place>& sectors) {
    std::vector<Place> control, others;
    for (const Place& place : sectors) (place.control ? control : others).push_back(place);
    if (bits_of(control) > kControlBits) {
      ++figures_.undecided;
      return true;
    }
    lemma_verdict_ = Verdict::kGood;
    const bool committed = state_.committed();
    bool left = false;
    const auto look = [&](const std::vector<std::size_t>& choice, const Place* other, std::size_t content) {
      ++figures_.by_lemma;
      const Verdict verdict = state_.verdict();
      // The store was taken for plain data; it must be, in every state.
      left = left || (committed && !state_.committed());
      if (verdict == Verdict::kGood || lemma_verdict_ != Verdict::kGood) return;
      lemma_verdict_ = verdict;
      lemma_places_ = control;
      lemma_choice_ = choice;
      if (other == nullptr) return;
      lemma_places_.push_back(*other);
      lemma_choice_.push_back(content);
    };
    every_choice(control, [&](const std::vector<std::size_t>& choice) {
      look(choice, nullptr, 0);
      for (const Place& place : others) {
        for (std::size_t i = 1; i < place.contents.size(); ++i) {
          put(place, i);
          look(choice, &place, i);
        }
        put(place, 0);
      }
    });
    if (left) ++figures_.undecided;
    return lemma_verdict_ == Verdict::kGood;
  }

  void note_bad(Verdict verdict, const std::vector<Place>& places, const std::vector<std::size_t>& choice) {
    ++figures_.bad[static_cast<std::size_t>(verdict)];
    if (figures_.bad[static_cast<std::size_t>(verdict)] != 1) return;
    std::printf("bad - %s: entries up to %zu, of which in flight from %zu on; of these on the disk:",
                to_string(verdict), last_entry_, first_entry_);
    bool changed = false;
    for (std::size_t i = 0; i < choice.size(); ++i) {
      if (choice[i] == 0) continue;
      changed = true;
      std::printf(" %s%" PRIu64 "+%" PRIu64 "#%zu", places[i].control ? "control " : "", places[i].at / kSector,
                  places[i].size / kSector, choice[i]);
    }
    std::printf("%s\n", changed ? "" : " nothing");
  }

  static constexpr double kControlBits = 13;
  CrashState& state_;
  Places places_;
  std::uint64_t most_;
  bool lemma_ = true, overlap_ = false;
  Figures figures_;
  // The first bad state of the epoch that the lemma found.
  Verdict lemma_verdict_ = Verdict::kGood;
  std::vector<Place> lemma_places_;
  std::vector<std::size_t> lemma_choice_;
  std::size_t first_entry_ = 0, last_entry_ = 0;
};

}  // namespace log_writes
