// SPDX-License-Identifier: LGPL-2.1-or-later
// The values that the golden images hold, with every field different from its default and from its neighbours, and
// tools to change bytes of a block. Offsets are literal numbers on purpose: these tests hold FORMAT.md against the
// code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/crc32c.h"
#include "base/little_endian.h"
#include "format/codec.h"
#include "format/extent_table.h"
#include "format/witness.h"

namespace bootguard::test {

inline Uuid uuid(std::string_view text) { return Uuid::parse(text).value(); }
inline Label label(std::string_view text) { return Label::parse(text).value(); }

inline Uuid area_uuid() { return uuid("a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf"); }
inline Uuid arm_id() { return uuid("d0d1d2d3-d4d5-d6d7-d8d9-dadbdcdddedf"); }

inline ExtentTable store_table() {
  return {TableKind::kStore,
          arm_id(),
          {{Sectors(409600), Sectors(65536)}, {Sectors(671752), Sectors(8200)}, {Sectors(1835008), Sectors(32768)}}};
}

// The key of the authenticated images: 32 bytes that count up.
inline HmacKey image_key() {
  HmacKey key{};
  for (std::size_t i = 0; i < 32; ++i) key[i] = static_cast<std::byte>(0x40 + i);
  return key;
}

inline Witness second_witness() { return {arm_id(), 1, 3, store_table().extents[1]}; }

inline TableDescriptor store_descriptor() {
  const TableSummary summary = summarize_table(encode_table(store_table()));
  return {TableKind::kStore, 4, 64, 16, summary.length_bytes, 3, summary.crc};
}

inline Event event(EventKind kind, Reason reason, std::uint16_t attempts_left, Phase phase, std::uint64_t time_s,
                   std::string_view slot) {
  Event e;
  e.kind = kind;
  e.reason = reason;
  e.attempts_left = attempts_left;
  e.phase = phase;
  e.time_s = time_s;
  e.slot = label(slot);
  return e;
}

inline Metadata idle_fresh() {
  Metadata m;
  m.area_uuid = area_uuid();
  m.area_blocks = 192;
  append_event(m, event(EventKind::kFormatted, Reason::kNone, 0, Phase::kIdle, 1735689600, ""));
  return m;
}

inline Metadata armed() {
  Metadata m = idle_fresh();
  m.sequence = 2;
  m.phase = Phase::kArmed;
  m.attempts_limit = 3;
  m.attempts_left = 3;
  m.armed_time_s = 1735693200;
  m.old_slot = label("A");
  m.new_slot = label("B");
  m.volume_count = 1;
  VolumeRecord& v = m.volumes[0];
  v.filesystem = FilesystemType::kExt4;
  v.chunk = Sectors(8);
  v.name = label("userdata");
  v.fs_uuid = uuid("b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf");
  v.part_uuid = uuid("c0c1c2c3-c4c5-c6c7-c8c9-cacbcccdcecf");
  v.arm_id = arm_id();
  v.device_size = Sectors(2097152);
  v.fs_block_bytes = 4096;
  v.store_size = Sectors(106480);  // 65528 + 8192 + 32760: each extent less its witness
  v.tables[0] = store_descriptor();
  append_event(m, event(EventKind::kArmed, Reason::kNone, 3, Phase::kArmed, 1735693200, "A"));
  return m;
}

// Two rolled back updates and a trial: 37 events, of which 33..37 overwrote 1..5.
inline Metadata trial_wrapped() {
  Metadata m = armed();
  m.sequence = 0x0102030405060708;
  m.phase = Phase::kTrial;
  m.request = Request::kRollback;
  m.last_result = LastResult::kRolledBack;
  m.last_reason = Reason::kAttemptsExhausted;
  m.attempts_limit = 5;
  m.attempts_left = 2;
  m.trial_boots = 3;
  m.last_result_time_s = 1735700000;
  m.armed_time_s = 1735800000;
  m.checkpoint_time_s = 1735800100;
  m.counted_boot_id = uuid("e0e1e2e3-e4e5-e6e7-e8e9-eaebecedeeef");
  m.old_slot = label("system_a");
  m.new_slot = label("system_b");
  m.booted_slot = label("rootfs.1+6.12-rc1_0123456789ABC");  // 31 characters, all that fit
  while (m.events_written < 36) {
    const auto n = m.events_written + 1;
    Event e = event(EventKind::kBootCounted, Reason::kNone, static_cast<std::uint16_t>(n % 6), Phase::kTrial,
                    1735690000 + n, "system_b");
    if (n == 20) e.kind = EventKind::kRolledBack, e.reason = Reason::kOldSlot, e.phase = Phase::kIdle, e.detail = 18643;
    if (n == 21) e.kind = EventKind::kUnprotected, e.reason = Reason::kStackFailed, e.os_error = 16;
    append_event(m, e);
  }
  append_event(m, event(EventKind::kRollbackRequested, Reason::kMarkBad, 2, Phase::kTrial, 1735900000, "system_b"));
  return m;
}

// After a rollback: idle with a record of the volume, result and reason.
inline Metadata idle_rolled_back() {
  Metadata m = armed();
  m.sequence = 9;
  m.phase = Phase::kIdle;
  m.last_result = LastResult::kRolledBack;
  m.last_reason = Reason::kMarkBad;
  m.attempts_left = 0;
  m.old_slot = Label();
  m.new_slot = Label();
  m.trial_boots = 2;
  m.last_result_time_s = 1735780000;
  m.checkpoint_time_s = 1735770000;
  m.booted_slot = label("A");
  m.volumes[0].filesystem = FilesystemType::kXfs;
  m.volumes[0].chunk = Sectors(16);
  append_event(m, event(EventKind::kRollbackBegun, Reason::kMarkBad, 1, Phase::kRollingBack, 1735779990, "A"));
  Event done = event(EventKind::kRolledBack, Reason::kMarkBad, 0, Phase::kIdle, 1735780000, "A");
  done.detail = 18643;
  append_event(m, done);
  return m;
}

inline void repair_crc(std::span<std::byte> block, std::size_t length) {
  store_le<std::uint32_t>(block, 8, 0);
  store_le<std::uint32_t>(block, 8, crc32c(block.first(length)));
}
inline void repair_crc(std::span<std::byte> block) { repair_crc(block, block.size()); }

// Little-endian `width` bytes at `offset`.
inline void poke(std::span<std::byte> block, std::size_t offset, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; ++i) block[offset + i] = static_cast<std::byte>(value >> (8 * i));
}
inline std::uint64_t peek(std::span<const std::byte> block, std::size_t offset, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value |= std::to_integer<std::uint64_t>(block[offset + i]) << (8 * i);
  return value;
}

}  // namespace bootguard::test
