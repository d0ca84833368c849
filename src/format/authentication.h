// SPDX-License-Identifier: LGPL-2.1-or-later
// The authentication tag of metadata blocks and extent tables (FORMAT.md, "Authentication"). Pure.
#pragma once

#include <cstddef>
#include <span>

#include "base/sha256.h"
#include "format/layout.h"

namespace bootguard {

// What a tag covers: everything, with the checksum and the tag itself taken as zero.
struct TagPlace {
  std::size_t crc = 0;
  std::size_t tag = 0;
  std::size_t tag_bytes = 0;  // the first so many of the digest
};
inline constexpr TagPlace kBlockTag{layout::header::kCrc, layout::header::kAuthTag, 32};
inline constexpr TagPlace kTableTag{layout::table::kCrc, layout::table::kAuthTag, 24};

// Puts the tag there, and the checksum over it. REQUIRES: bytes.size() reaches over both.
void put_tag(std::span<std::byte> bytes, const TagPlace& place, const HmacKey& key);
// Takes as long for every wrong tag.
[[nodiscard]] bool has_tag(std::span<const std::byte> bytes, const TagPlace& place, const HmacKey& key);

// A whole block: sets the feature bit that says there is a tag. REQUIRES: block.size() == kBlockBytes
void authenticate_block(std::span<std::byte> block, const HmacKey& key);

}  // namespace bootguard
