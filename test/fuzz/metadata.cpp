// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the metadata block, its checksum repaired, so that the fuzzer gets to what lies behind it.
// Input: 16 bytes about the other copies and this boot, then up to 4096 of the block; the rest of it is zeros.
#include "fuzz/metadata_checks.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  fuzz::Input input(data, size);
  // In front, as blocks are mostly zeros at their end and need not be spelled out.
  fuzz::Input about(data, std::min<std::size_t>(size, 16));
  (void)input.take(16);
  BlockBuffer block{};
  input.fill(block);
  fuzz::repair_block(block);
  fuzz::check_metadata(block, about);
  fuzz::check_copies(block, about);
  return 0;
}
