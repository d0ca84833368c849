// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Values that belong to a reserved feature (mode redo, phase committing, a sealed volume, more than one volume, table
// kinds reserve and free map) are refused: a writer that uses one sets its incompatible bit, and then this reader does
// not get here. Without the bit the value is a mistake, and taking it for something known could destroy data. Whoever
// adds a feature adds its values here, and with a second table per area the check that no two overlap.
#include "format/validate.h"

#include <bit>

namespace bootguard {
namespace {

constexpr std::uint64_t kBlock = layout::kBlockBytes;

template <class Enum>
constexpr bool in_range(Enum value, Enum first, Enum last) {
  return value >= first && value <= last;
}

bool is_phase(Phase phase) { return in_range(phase, Phase::kIdle, Phase::kRollingBack); }

const char* find_bad_table(const Metadata& m, const TableDescriptor& table) {
  if (table.kind != TableKind::kStore) return "table kind";
  if (table.copies != layout::kTableCopies) return "table copies";
  if (table.entries < 1 || table.entries > layout::kMaxExtents) return "table entries";
  if (table.length_bytes != layout::table::kHeaderBytes + table.entries * layout::table::kEntryBytes) {
    return "table length";
  }
  // 32-bit values in 64-bit arithmetic: nothing here can overflow.
  const std::uint64_t blocks = (table.length_bytes + kBlock - 1) / kBlock;
  const std::uint64_t first = table.first_block;
  const std::uint64_t stride = table.stride_blocks;
  if (first * kBlock < layout::kTableOffsetBytes) return "table first block";
  if (stride < blocks) return "table stride";
  if (first + stride * (layout::kTableCopies - 1) + blocks > m.area_blocks) return "table end";
  return nullptr;
}

const char* find_bad_tables(const Metadata& m, const VolumeRecord& v) {
  bool found = false;
  for (const TableDescriptor& table : v.tables) {
    if (table == TableDescriptor{}) continue;
    if (const char* bad = find_bad_table(m, table)) return bad;
    if (found) return "table kind twice";
    found = true;
  }
  return nullptr;
}

const char* find_bad_volume(const Metadata& m, const VolumeRecord& v) {
  if (v.mode != Mode::kUndo) return "volume mode";
  if (!in_range(v.filesystem, FilesystemType::kUnknown, FilesystemType::kF2fs)) return "volume filesystem";
  if (v.flags != 0) return "volume flags";
  if (v.seal_sector != 0) return "volume seal sector";
  if (!std::has_single_bit(v.chunk.n) || v.chunk.n < layout::kMinChunkSectors || v.chunk.n > layout::kMaxChunkSectors) {
    return "volume chunk";
  }
  if (v.name.empty()) return "volume name";
  if (v.device_size.n > layout::kMaxDeviceSectors) return "volume device size";
  const std::uint32_t block = v.fs_block_bytes;
  if (block != 0 && (!std::has_single_bit(block) || block < layout::kMinFsBlock || block > layout::kMaxFsBlock)) {
    return "volume filesystem block";
  }
  if (v.store_size > v.device_size || v.store_size.n % v.chunk.n != 0) return "volume store size";
  return find_bad_tables(m, v);
}

const char* find_bad_event(const Metadata& m, std::size_t slot) {
  const Event& e = m.events[slot];
  // Event n is at (n - 1) % 32, so this slot holds the newest n <= events_written with that remainder, or nothing.
  if (m.events_written <= slot) return e == Event{} ? nullptr : "event number";
  const std::uint64_t age = (m.events_written - 1 - slot) % layout::kMaxEvents;
  if (e.number != m.events_written - age) return "event number";
  if (!in_range(e.kind, EventKind::kFormatted, EventKind::kWaited)) return "event kind";
  if (!in_range(e.reason, Reason::kNone, Reason::kForce)) return "event reason";
  if (!is_phase(e.phase)) return "event phase";
  if (e.volume >= layout::kMaxVolumes) return "event volume";
  if (e.time_s > layout::kMaxTimeS) return "event time";
  return nullptr;
}

const char* find_bad_header(const Metadata& m) {
  if ((m.incompat & ~layout::kSupportedIncompat) != 0) return "incompatible features";
  if (m.sequence == 0 || m.sequence == UINT64_MAX) return "sequence";
  if (m.area_blocks < layout::kMinAreaBytes / kBlock || m.area_blocks > layout::kMaxAreaBytes / kBlock) {
    return "area blocks";
  }
  if (!is_phase(m.phase)) return "phase";
  if (!in_range(m.request, Request::kNone, Request::kRollback)) return "request";
  if (!in_range(m.last_result, LastResult::kNone, LastResult::kUnprotected)) return "last result";
  if (!in_range(m.last_reason, Reason::kNone, Reason::kForce)) return "last reason";
  if (m.attempts_left > m.attempts_limit) return "attempts left";
  if (m.phase == Phase::kArmed && m.attempts_left == 0) return "attempts left";
  if (m.last_result_time_s > layout::kMaxTimeS) return "last result time";
  if (m.armed_time_s > layout::kMaxTimeS) return "armed time";
  if (m.checkpoint_time_s > layout::kMaxTimeS) return "checkpoint time";
  if (m.events_written > layout::kMaxEventNumber) return "events written";
  if (m.volume_count > 1) return "volume count";
  // A trial of nothing has nothing to bring back.
  if (m.phase != Phase::kIdle && m.volume_count == 0) return "volume count";
  return nullptr;
}

}  // namespace

const char* find_bad_value(const Metadata& metadata) {
  if (const char* bad = find_bad_header(metadata)) return bad;
  for (std::size_t i = 0; i < metadata.volume_count; ++i) {
    if (const char* bad = find_bad_volume(metadata, metadata.volumes[i])) return bad;
  }
  for (std::size_t slot = 0; slot < layout::kMaxEvents; ++slot) {
    if (const char* bad = find_bad_event(metadata, slot)) return bad;
  }
  return nullptr;
}

}  // namespace bootguard
