// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/exception_store.h"

#include <cassert>

#include "base/little_endian.h"

namespace bootguard {

SnapHeader parse_snap_header(std::span<const std::byte> chunk) {
  assert(chunk.size() >= kSnapHeaderBytes);
  SnapHeader header;
  header.magic = load_le<std::uint32_t>(chunk, 0);
  header.present = header.magic == kSnapMagic;
  if (!header.present) return header;
  header.valid = load_le<std::uint32_t>(chunk, 4) != 0;  // as the kernel takes it: anything but 0
  header.version = load_le<std::uint32_t>(chunk, 8);
  header.chunk = Sectors(load_le<std::uint32_t>(chunk, 12));
  return header;
}

ExceptionPair load_pair(std::span<const std::byte> area, std::size_t i) {
  assert(i < area.size() / kSnapPairBytes);
  return {Chunks(load_le<std::uint64_t>(area, i * kSnapPairBytes)),
          Chunks(load_le<std::uint64_t>(area, i * kSnapPairBytes + sizeof(std::uint64_t)))};
}

}  // namespace bootguard
