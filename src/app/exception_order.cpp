// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/exception_order.h"

#include <algorithm>
#include <cinttypes>

namespace bootguard {
namespace {
bool by_old(const ExceptionPair& a, const ExceptionPair& b) { return a.old_chunk < b.old_chunk; }
}  // namespace

ExceptionOrder::ExceptionOrder(BlockDevice& raw, const StoreView& view, std::uint64_t exceptions)
    : reader_(raw, view), exceptions_(exceptions) {
  window_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(exceptions, kWindow)));
}

Result<std::span<const ExceptionPair>> ExceptionOrder::next_window() {
  window_.clear();
  if (given_ >= exceptions_) return std::span<const ExceptionPair>();
  reader_.rewind();
  ExceptionPair pair;
  std::uint64_t seen = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader_.next(pair));
    if (!more) break;
    ++seen;
    if (given_ > 0 && pair.old_chunk <= last_) continue;
    if (window_.size() == kWindow) {
      if (!by_old(pair, window_.front())) continue;
      std::pop_heap(window_.begin(), window_.end(), by_old);
      window_.pop_back();
    }
    window_.push_back(pair);
    std::push_heap(window_.begin(), window_.end(), by_old);
  }
  if (seen != exceptions_) return make_error(Errc::kStoreInvalid, "the store changed while it was read");
  std::sort_heap(window_.begin(), window_.end(), by_old);
  const auto twice =
      std::adjacent_find(window_.begin(), window_.end(),
                         [](const ExceptionPair& a, const ExceptionPair& b) { return a.old_chunk == b.old_chunk; });
  if (twice != window_.end()) {
    return make_error(Errc::kStoreInvalid, "old chunk %" PRIu64 " was copied out twice", twice->old_chunk.n);
  }
  // A pair equal to the last of a full window is passed over by the next: then fewer are found than the store holds.
  if (window_.empty()) return make_error(Errc::kStoreInvalid, "an old chunk was copied out twice");
  given_ += window_.size();
  last_ = window_.back().old_chunk;
  return std::span<const ExceptionPair>(window_);
}

}  // namespace bootguard
