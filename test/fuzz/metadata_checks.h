// SPDX-License-Identifier: LGPL-2.1-or-later
// What must hold of any 4096 bytes given to the reader of the metadata block (FORMAT.md, sections 3 to 5 and 9).
#pragma once

#include <span>

#include "fuzz/fuzz.h"

namespace bootguard::fuzz {

// `rest` says what this boot is like.
void check_metadata(std::span<const std::byte> block, Input& rest);
// ... and what the other three copies are.
void check_copies(std::span<const std::byte> block, Input& rest);

}  // namespace bootguard::fuzz
