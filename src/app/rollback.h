// SPDX-License-Identifier: LGPL-2.1-or-later
// Rollback in mode undo: old contents are copied from the store back to the origin, in userspace (design 5).
//
//   R1  check everything, writing nothing: witnesses, header, every exception, none double (check_rollback)
//   R2  phase rolling-back, durable in every copy (the caller, before copy_back)
//   R3  copy back, sorted by old chunk, in large writes; the store is only read. One chunk of every 1024 is read back
//   R4  flush the origin
//   R5  phase idle, result rolled back, durable (the caller)
//   R6  wipe the store's header
// A crash between any two steps is answered by starting again at R1 (or, after R5, by nothing): R3 writes the same
// bytes each time.
#pragma once

#include <cstdint>

#include "app/cow_store.h"
#include "ports/log.h"

namespace bootguard {

struct RollbackPlan {
  std::uint64_t exceptions = 0;
};
// R1. kStoreChanged, kStoreLost (invalidated, or overflow possible), kStoreInvalid.
[[nodiscard]] Result<RollbackPlan> check_rollback(BlockDevice& raw, const StoreView& view);
// R3, R4. Memory is bounded whatever the number of exceptions. Returns the chunks copied.
[[nodiscard]] Result<std::uint64_t> copy_back(BlockDevice& raw, const StoreView& view, const RollbackPlan& plan,
                                              Log& log);

}  // namespace bootguard
