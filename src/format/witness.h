// SPDX-License-Identifier: LGPL-2.1-or-later
// Witness blocks: proof, readable through the raw device, that an extent still belongs to this arm's store. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "base/units.h"
#include "base/uuid.h"
#include "format/layout.h"

namespace bootguard {

using WitnessBuffer = std::array<std::byte, layout::kWitnessBytes>;

struct Witness {
  Uuid arm_id;
  std::uint32_t index = 0;    // number of the extent
  std::uint32_t entries = 0;  // extents of the store
  Extent extent;
};

[[nodiscard]] WitnessBuffer encode_witness(const Witness& witness);
// Error kStoreChanged: what stands there instead ("the witness block is zeros", "... is not a witness", "... has a bad
// checksum", "... is of another arm", "... is of extent 7"). The caller says where.
[[nodiscard]] Result<void> check_witness(std::span<const std::byte> block, const Witness& expected);

}  // namespace bootguard
