// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of the four copies to believe. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "format/codec.h"

namespace bootguard {

struct CopyRead {
  CopyState state = CopyState::kUnreadable;
  const char* detail = "";
  std::uint64_t sequence = 0;     // only if kGood
  std::uint32_t fingerprint = 0;  // CRC field of the copy: equal sequence with another fingerprint is corruption
};

struct Pick {
  std::size_t index = 0;                       // the copy to believe: highest valid sequence
  std::array<bool, layout::kCopies> repair{};  // copies that must be rewritten before acting: bad or lagging
  std::size_t repair_count = 0;
};

// Errors: kMetadataMissing (all four are zero), kMetadataVersion (the best evidence is a newer version, unknown feature
// or other endianness: any such copy, since an older copy beside it may be stale), kMetadataCorrupt (none valid, or two
// valid copies with the highest sequence differ). The text names each copy and what is wrong with it.
[[nodiscard]] Result<Pick> pick_copy(const std::array<CopyRead, layout::kCopies>& copies);

}  // namespace bootguard
