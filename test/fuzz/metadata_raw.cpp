// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the metadata block as it is. Next to nothing of the product is reached without the checksum; this target
// is for what stands before it. Input: as for metadata.cpp.
#include "fuzz/metadata_checks.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  fuzz::Input input(data, size);
  fuzz::Input about(data, std::min<std::size_t>(size, 16));
  (void)input.take(16);
  BlockBuffer block{};
  input.fill(block);
  fuzz::check_metadata(block, about);
  return 0;
}
