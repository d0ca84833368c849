// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's persistent exception store, version 1 (drivers/md/dm-snap-persistent.c; Documentation/admin-guide/
// device-mapper/snapshot.rst). Read by us, written by the kernel; we only zero. Pure.
//
//   chunk 0: header.  metadata area k: chunk 1 + k * (pairs + 1), followed by `pairs` data chunks.
//   A pair is (old chunk on the origin, new chunk in the store); the first pair with new chunk 0 ends the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "base/units.h"

namespace bootguard {

inline constexpr std::uint32_t kSnapMagic = 0x70416e53;  // "SnAp"
inline constexpr std::uint32_t kSnapVersion = 1;
inline constexpr std::size_t kSnapHeaderBytes = 16;
inline constexpr std::size_t kSnapPairBytes = 16;

struct SnapHeader {
  bool present = false;  // false: magic 0 or other: never used, or wiped
  bool valid = false;    // false: the kernel gave the snapshot up (overflow, I/O error)
  std::uint32_t version = 0;
  Sectors chunk;
  // As found. Not present and 0: never used, the kernel makes a new store; not 0: garbage, which it refuses.
  std::uint32_t magic = 0;
};
// REQUIRES: chunk.size() >= kSnapHeaderBytes. The other fields are only filled in if present.
[[nodiscard]] SnapHeader parse_snap_header(std::span<const std::byte> chunk);

struct ExceptionPair {
  Chunks old_chunk;
  Chunks new_chunk;
};
// The i-th pair of a metadata area. REQUIRES: i < pairs_per_area.
[[nodiscard]] ExceptionPair load_pair(std::span<const std::byte> area, std::size_t i);

[[nodiscard]] constexpr std::uint64_t pairs_per_area(Sectors chunk) { return to_bytes(chunk).n / kSnapPairBytes; }
// Chunk number in the store of metadata area k.
[[nodiscard]] constexpr Chunks area_chunk(std::uint64_t k, Sectors chunk) {
  return Chunks(1 + k * (pairs_per_area(chunk) + 1));
}

}  // namespace bootguard
