// SPDX-License-Identifier: LGPL-2.1-or-later
// The metadata area as the tests see it, read straight from an image and independently of app/metadata_store.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "fakes/sim_disk.h"
#include "format/codec.h"

namespace bootguard::model {

// One distinct content of a copy, decoded once.
struct CopyContent {
  Decoded decoded;
  std::uint64_t hash = 0;  // of what matters: without sequence, times, events and boot id
};

struct MetadataView {
  std::array<std::shared_ptr<const CopyContent>, layout::kCopies> copies;
  int best = -1;             // index of the highest valid sequence
  bool twins = false;        // two good copies of one sequence differ
  std::size_t agreeing = 0;  // copies that hold the best sequence
  [[nodiscard]] const Metadata* metadata() const {
    return best < 0 ? nullptr : &copies[static_cast<std::size_t>(best)]->decoded.metadata;
  }
  [[nodiscard]] std::uint64_t sequence() const { return best < 0 ? 0 : metadata()->sequence; }
  [[nodiscard]] std::size_t in_phase(Phase phase) const;
};

[[nodiscard]] MetadataView view_metadata(const DiskImage& metadata);
[[nodiscard]] constexpr std::uint64_t copy_block(std::size_t copy) {
  return (65536 + copy * layout::kCopyStrideBytes) / kSimBlock;
}
// Equal for images that differ only in what cannot matter: absolute sequence, times, boot id, event ring.
[[nodiscard]] std::uint64_t normal_hash(const DiskImage& metadata, const MetadataView& view);

}  // namespace bootguard::model
