// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/rollback.h"

#include <algorithm>
#include <cinttypes>
#include <span>
#include <vector>

#include "app/exception_order.h"

namespace bootguard {
namespace {

constexpr std::size_t kBatchBytes = 128 * 1024;

class CopyBack {
 public:
  CopyBack(BlockDevice& raw, const StoreView& view)
      : raw_(raw), view_(view), chunk_(view.record.chunk), buffer_(kBatchBytes) {}

  // Copies a part of a sorted window: each run of neighbouring old chunks is gathered in memory and written in one go.
  // The first chunk is read back: a device that loses its writes without a word must not pass for rolled back.
  Result<void> part(std::span<const ExceptionPair> pairs) {
    const std::size_t batch = kBatchBytes / to_bytes(chunk_).n;
    std::size_t begin = 0;
    while (begin < pairs.size()) {
      std::size_t end = begin + 1;
      while (end < pairs.size() && end - begin < batch && pairs[end].old_chunk.n == pairs[end - 1].old_chunk.n + 1)
        ++end;
      CHECK_OK(run(pairs.subspan(begin, end - begin)));
      if (begin == 0) CHECK_OK(read_back(pairs.front()));
      begin = end;
    }
    return {};
  }

 private:
  Result<void> run(std::span<const ExceptionPair> pairs) {
    const std::size_t chunk_bytes = to_bytes(chunk_).n;
    std::size_t i = 0;
    while (i < pairs.size()) {
      const std::uint64_t contiguous = view_.map.run_length(pairs[i].new_chunk, chunk_);
      std::size_t n = 1;
      while (i + n < pairs.size() && n < contiguous && pairs[i + n].new_chunk.n == pairs[i].new_chunk.n + n) ++n;
      const Bytes from = to_bytes(view_.map.locate(pairs[i].new_chunk, chunk_));
      CHECK_OK(raw_.read(from, std::span(buffer_).subspan(i * chunk_bytes, n * chunk_bytes)));
      i += n;
    }
    return raw_.write(address_of(pairs.front()), std::span(buffer_).first(room_at(pairs.front(), pairs.size())));
  }

  // buffer_ still holds what was written from `pair` on.
  Result<void> read_back(const ExceptionPair& pair) {
    back_.resize(room_at(pair, 1));
    CHECK_OK(raw_.read(address_of(pair), back_));
    if (std::equal(back_.begin(), back_.end(), buffer_.begin())) return {};
    return make_error(Errc::kIo, "read back other bytes than were written at byte %" PRIu64, address_of(pair).n);
  }

  [[nodiscard]] Bytes address_of(const ExceptionPair& pair) const {
    return to_bytes(Sectors(pair.old_chunk.n * chunk_.n));
  }
  // The device's last chunk may be cut short; its copy in the store is whole.
  [[nodiscard]] std::size_t room_at(const ExceptionPair& pair, std::size_t chunks) const {
    const Bytes room = to_bytes(view_.record.device_size) - address_of(pair);
    return static_cast<std::size_t>(std::min<std::uint64_t>(chunks * to_bytes(chunk_).n, room.n));
  }

  BlockDevice& raw_;
  const StoreView& view_;
  Sectors chunk_;
  std::vector<std::byte> buffer_;
  std::vector<std::byte> back_;
};

}  // namespace

Result<RollbackPlan> check_rollback(BlockDevice& raw, const StoreView& view) {
  CHECK_OK(verify_witnesses(raw, view));
  ASSIGN_OR_RETURN(const StoreScan scan, scan_store(raw, view));
  if (scan.state == StoreScan::State::kInvalidated) {
    return make_error(Errc::kStoreLost, "the store overflowed: the kernel gave up the old contents");
  }
  if (overflow_possible(scan, view.record.chunk)) {
    return make_error(Errc::kStoreLost,
                      "the store is so full (%" PRIu64 " of %" PRIu64
                      " chunks) that it may have overflowed without a mark",
                      scan.used_chunks, scan.total_chunks);
  }
  ExceptionOrder order(raw, view, scan.exceptions);
  while (true) {
    ASSIGN_OR_RETURN(const auto window, order.next_window());
    if (window.empty()) break;
  }
  return RollbackPlan{scan.exceptions};
}

Result<std::uint64_t> copy_back(BlockDevice& raw, const StoreView& view, const RollbackPlan& plan, Log& log) {
  CopyBack copy(raw, view);
  ExceptionOrder order(raw, view, plan.exceptions);
  std::uint64_t done = 0;
  log.progress("rolling back", 0, plan.exceptions);
  constexpr std::size_t kStep = 1024;  // how often progress is told
  while (true) {
    ASSIGN_OR_RETURN(auto window, order.next_window());
    if (window.empty()) break;
    while (!window.empty()) {
      const auto part = window.first(std::min(kStep, window.size()));
      CHECK_OK(copy.part(part));
      window = window.subspan(part.size());
      done += part.size();
      log.progress("rolling back", done, plan.exceptions);
    }
  }
  CHECK_OK(raw.flush());
  return done;
}

}  // namespace bootguard
