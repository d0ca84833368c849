// SPDX-License-Identifier: LGPL-2.1-or-later
// Metadata block <-> bytes. Pure; the bytes are hostile until decode() has accepted them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "base/sha256.h"
#include "format/metadata.h"

namespace bootguard {

using BlockBuffer = std::array<std::byte, layout::kBlockBytes>;

// What is wrong with one copy, in the order in which it is found out.
enum class CopyState : std::uint8_t {
  kGood,
  kUnreadable,  // the device gave an error (never from decode)
  kZero,        // all bytes zero
  kBadMagic,
  kOtherEndian,  // the magic is there, byte-swapped
  kBadCrc,
  kNewerVersion,    // any other major version, with a good CRC
  kUnknownFeature,  // incompatible feature bits we do not know, or a tag and no key, with a good CRC
  kNotAuthentic,    // no tag, or another than the key gives, with a good CRC
  kBadValue,        // a good CRC over a value out of its range
};
[[nodiscard]] const char* to_string(CopyState state);

// REQUIRES: every value is in its range (as decode() would accept it; find_bad_value() tells); asserts.
// Writes this version's minor number and clears compatible bits it does not know, so the bytes may differ from those
// decoded: never write them under a sequence that is already on the device. To repair a copy, write the believed copy's
// own bytes. With a key the block gets its authentication tag.
[[nodiscard]] BlockBuffer encode(const Metadata& metadata, const HmacKey* key = nullptr);

struct Decoded {
  CopyState state = CopyState::kBadMagic;
  const char* detail = "";  // which field, for kBadValue; why, for kUnknownFeature and kNotAuthentic
  Metadata metadata;        // only if kGood
};
// REQUIRES: block.size() == kBlockBytes.
// Everything is bounded (validate.h; FORMAT.md, "Ranges"): enumerators known, volume_count <= 1 (6 once several volumes
// are supported) and not 0 outside idle, attempts_left <= limit, labels valid and NUL-padded, chunk a power of two in
// 8..128 sectors, tables within area_blocks and not over the copies, store_size a chunk multiple and <= device_size,
// events numbered consistently with events_written, area_blocks in [kMinAreaBytes, kMaxAreaBytes], sequence neither 0
// nor 2^64-1. With a key every block must have the tag that it gives, without one none may have any: a key that is left
// out must not let an old block in. In the Metadata the feature bit of the tag is never set. Values that belong to a
// reserved feature (mode redo, phase committing, ...) are refused.
[[nodiscard]] Decoded decode(std::span<const std::byte> block, const HmacKey* key = nullptr);

}  // namespace bootguard
