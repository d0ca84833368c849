// SPDX-License-Identifier: LGPL-2.1-or-later
// The exceptions in order of old chunk, in windows of bounded size: each pass over the store keeps the smallest ones
// that are still to come. Memory stays the same for a thousand exceptions and for a million; passes grow instead.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/cow_store.h"

namespace bootguard {

class ExceptionOrder {
 public:
  static constexpr std::size_t kWindow = 8192;  // 128 KiB of pairs

  ExceptionOrder(BlockDevice& raw, const StoreView& view, std::uint64_t exceptions);
  // The next window, sorted by old chunk; empty when all were given. kStoreInvalid if an old chunk stands there twice:
  // two old contents for one place, of which one must be wrong. The span lives until the next call.
  Result<std::span<const ExceptionPair>> next_window();

 private:
  ExceptionReader reader_;
  std::vector<ExceptionPair> window_;
  std::uint64_t exceptions_;
  std::uint64_t given_ = 0;
  Chunks last_;
};

}  // namespace bootguard
