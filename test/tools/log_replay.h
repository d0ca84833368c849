// SPDX-License-Identifier: LGPL-2.1-or-later
// A recorded life from its first write to its last: which writes are in flight at once, what is durable, and what the
// marks in the log allow from then on.
#pragma once

#include "crash_places.h"

namespace log_writes {

// Marks that tell what the filesystem holds for durable from then on, and nothing of the update: "claim:...".
inline bool is_claim(const std::string& mark) { return mark.rfind("claim:", 0) == 0; }

inline unsigned allowed_from(const std::string& mark, unsigned before) {
  if (mark == "handed-over") return kTrial;
  if (mark == "mark-good") return kTrial | kCommitted;
  if (mark == "good") return kCommitted;
  if (mark == "rollback") return kTrial | kRollingBack | kRolledBack;
  if (mark == "rolled-back") return kRolledBack;
  if (mark == "unmounted" || mark == "dm-log-writes-end") return before;
  die("a mark of no meaning: %s", mark.c_str());
}

// A Look has: examine(pending), settle(pending), examine_durable(entry), on_mark(mark, allowed), on_claim(mark).
template <class Look>
class Replay {
 public:
  Replay(Look& look, bool without_flushes) : look_(look), ordered_(!without_flushes) {}

  void entry(const Entry& entry, std::size_t number) {
    if ((entry.flags & kMark) != 0) {
      if (is_claim(entry.mark)) return look_.on_claim(entry.mark);
      end_epoch();
      allowed_ = allowed_from(entry.mark, allowed_);
      look_.on_mark(entry.mark, allowed_);
      look_.examine_durable(number);
      return;
    }
    if (ordered_ && (entry.flags & kFlush) != 0) end_epoch();
    if (entry.size == 0) return;
    write({entry.at, entry.size, entry.data, number});
    if (ordered_ && (entry.flags & kFua) != 0) {
      // The log's order leaves nothing in flight beside it: plain writes stand directly before their flush.
      if (pending_.size() != 1) die("entry %zu: FUA with plain writes before it and no flush between", number);
      end_epoch();
    }
    if (!ordered_ && pending_.size() >= kWindowWrites) end_half();
  }
  void write(const Write& write) { pending_.push_back(write); }
  void end_epoch() {
    look_.examine(pending_);
    look_.settle(pending_);
    pending_.clear();
  }

 private:
  // Without flushes: the older half counts as durable, so that no two neighbours are kept apart.
  void end_half() {
    look_.examine(pending_);
    const std::vector<Write> older(pending_.begin(), pending_.begin() + kWindowWrites / 2);
    look_.settle(older);
    pending_.erase(pending_.begin(), pending_.begin() + kWindowWrites / 2);
  }

  static constexpr std::size_t kWindowWrites = 64;
  Look& look_;
  bool ordered_;
  std::vector<Write> pending_;
  unsigned allowed_ = kArmed | kTrial;
};

}  // namespace log_writes
