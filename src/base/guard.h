// SPDX-License-Identifier: LGPL-2.1-or-later
// Guards against the hazards that were found by experiment (named where each is used). In the product every guard is
// always on, at no cost. A test build (-Dtest_hooks=true) can switch one off, to show that its test fails without it.
#pragma once

#include <cstdint>

namespace bootguard {

enum class Guard : std::uint8_t {
  kWholeChunks = 1,     // only whole, origin-aligned chunks of the store are mapped, and no exception may meet them
  kHoles = 2,           // the store's extents answer with errors in the mounted table
  kImmutable = 3,       // the store's file cannot be written or removed
  kSnapshotFirst = 4,   // the origin goes live after the snapshot is loaded
  kOverflowMargin = 6,  // so few free chunks that an overflow mark may be lost: no rollback
  kScrub = 7,           // nothing behind the first empty exception comes back to life
  kFreshHeader = 8,     // header and first area are zero when the checkpoint is taken
  kTidyCommit = 11,     // a commit leaves one full mapping, not two
  kWipe = 12,           // an ended store does not look like a live one
  kSwitch = 14,         // a table of many rows is a switch, so that a flush is not sent to every row
  kWitness = 15,        // the store is where it was armed
  kRepair = 17,         // lagging metadata copies are mended before anything acts
};

#ifdef BOOTGUARD_TEST_HOOKS
inline std::uint32_t guards_off = 0;  // bit n: Guard n is off
[[nodiscard]] inline bool guard_on(Guard guard) { return (guards_off >> static_cast<unsigned>(guard) & 1U) == 0; }
#else
[[nodiscard]] constexpr bool guard_on(Guard) { return true; }
#endif

}  // namespace bootguard
