// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/witness.h"

#include <algorithm>
#include <cinttypes>
#include <string>
#include <string_view>

#include "base/format_text.h"
#include "base/little_endian.h"
#include "format/block_bytes.h"

namespace bootguard {
namespace {

namespace field = layout::witness;

// For whoever finds the block with a hex editor. Covered by the checksum, else not looked at by readers.
constexpr std::string_view kText =
    "bootguard: this is part of the file that keeps the old contents of this filesystem while an update is on trial.\n"
    "Do not change it. `bootguard status` says whether it is in use; `bootguard mark-good` or `disarm` removes it.\n";
static_assert(field::kText + kText.size() <= layout::kWitnessBytes);

// What stands there instead of the witness; empty if it is the witness.
std::string find_difference(std::span<const std::byte> block, const Witness& expected) {
  if (block.size() != layout::kWitnessBytes) return format_text("has %zu bytes", block.size());
  if (load_le<std::uint64_t>(block, field::kMagic) != layout::kWitnessMagic) {
    const bool zero = std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; });
    return zero ? "is zeros" : "is not a witness";
  }
  if (load_le<std::uint32_t>(block, field::kCrc) != crc_without_field(block, field::kCrc)) return "has a bad checksum";
  if (load_uuid(block, field::kArmId) != expected.arm_id) return "is of another arm";
  const auto index = load_le<std::uint32_t>(block, field::kIndex);
  if (index != expected.index) return format_text("is of extent %" PRIu32, index);
  const auto start = load_le<std::uint64_t>(block, field::kStartSector);
  // The filesystem moved the extent, and the witness with it.
  if (start != expected.extent.start.n) return format_text("was written for sector %" PRIu64, start);
  const auto sectors = load_le<std::uint64_t>(block, field::kSectors);
  if (sectors != expected.extent.length.n) return format_text("was written for %" PRIu64 " sectors", sectors);
  const auto entries = load_le<std::uint32_t>(block, field::kEntries);
  if (entries != expected.entries) return format_text("was written for a store of %" PRIu32 " extents", entries);
  return {};
}

}  // namespace

WitnessBuffer encode_witness(const Witness& witness) {
  WitnessBuffer block{};
  const std::span<std::byte> out(block);
  store_le<std::uint64_t>(out, field::kMagic, layout::kWitnessMagic);
  store_le(out, field::kIndex, witness.index);
  store_uuid(out, field::kArmId, witness.arm_id);
  store_le(out, field::kStartSector, witness.extent.start.n);
  store_le(out, field::kSectors, witness.extent.length.n);
  store_le(out, field::kEntries, witness.entries);
  for (std::size_t i = 0; i < kText.size(); ++i) out[field::kText + i] = static_cast<std::byte>(kText[i]);
  store_le(out, field::kCrc, crc_without_field(out, field::kCrc));
  return block;
}

Result<void> check_witness(std::span<const std::byte> block, const Witness& expected) {
  const std::string difference = find_difference(block, expected);
  if (difference.empty()) return {};
  return make_error(Errc::kStoreChanged, "the witness block %s", difference.c_str());
}

}  // namespace bootguard
