// SPDX-License-Identifier: LGPL-2.1-or-later
// The metadata block as a value. Every enumerator's number is on disk and never changes its meaning (FORMAT.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/label.h"
#include "base/units.h"
#include "base/uuid.h"
#include "format/layout.h"

namespace bootguard {

// Where the update's life stands (design 4). One phase for all volumes: they share one counter.
enum class Phase : std::uint8_t { kIdle = 1, kArmed = 2, kTrial = 3, kRollingBack = 4, kCommitting = 5 };
// What a person asked for, to be acted on at the next boot.
enum class Request : std::uint8_t { kNone = 0, kRollback = 1 };
// How the last update ended.
enum class LastResult : std::uint8_t {
  kNone = 0,
  kCommitted = 1,
  kRolledBack = 2,
  kDisarmed = 3,
  kUnprotected = 4,  // the way back was lost or given up; the data stayed as it was
};
enum class Reason : std::uint16_t {
  kNone = 0,
  kMarkGood = 1,  // a person or health check said good
  kMarkBad = 2,   // ... or bad
  kAttemptsExhausted = 3,
  kOldSlot = 4,        // the slot that ran at `arm` was booted again
  kCommandLine = 5,    // the kernel command line asked for it
  kDisabled = 6,       // the kernel command line switched bootguard off
  kStoreChanged = 7,   // the store does not verify
  kStoreOverflow = 8,  // the store is full, or so near it that a lost overflow mark could matter
  kStoreInvalid = 9,   // exceptions that must not be merged
  kStackFailed = 10,   // device-mapper could not build the stack
  kWrongDevice = 11,   // size or filesystem differs from what was armed
  kDisarm = 12,        // `disarm`
  kForce = 13,         // `format --force`
};
enum class EventKind : std::uint16_t {
  kFormatted = 1,
  kArmed = 2,
  kDisarmed = 3,
  kCheckpoint = 4,  // the trial begins
  kBootCounted = 5,
  kRollbackRequested = 6,  // mark-bad
  kRollbackBegun = 7,
  kRolledBack = 8,  // detail: chunks copied back
  kCommitted = 9,
  kUnprotected = 10,  // the way back is gone; reason says why
  kRepaired = 11,     // lagging or bad copies were rewritten; detail: how many
  kWaited = 12,       // armed, but the old slot was booted
};
enum class Mode : std::uint8_t { kUndo = 1, kRedo = 2 };
enum class FilesystemType : std::uint8_t { kUnknown = 0, kExt4 = 1, kXfs = 2, kF2fs = 3 };
enum class TableKind : std::uint16_t { kUnused = 0, kStore = 1, kReserve = 2, kFreeMap = 3 };
enum VolumeFlags : std::uint8_t { kVolumeSealed = 1 };  // reserved

struct TableDescriptor {
  TableKind kind = TableKind::kUnused;
  std::uint16_t copies = 0;
  std::uint32_t first_block = 0;    // 4 KiB units from the start of the area
  std::uint32_t stride_blocks = 0;  // 4 KiB units
  std::uint32_t length_bytes = 0;
  std::uint32_t entries = 0;
  std::uint32_t crc = 0;
  bool operator==(const TableDescriptor&) const = default;
};

struct VolumeRecord {
  Mode mode = Mode::kUndo;
  FilesystemType filesystem = FilesystemType::kUnknown;
  std::uint8_t flags = 0;
  Sectors chunk;
  Label name;
  Uuid fs_uuid;
  Uuid part_uuid;
  Uuid arm_id;
  Sectors device_size;
  std::uint32_t fs_block_bytes = 0;
  Sectors store_size;
  std::uint64_t seal_sector = 0;
  std::array<TableDescriptor, layout::volume::kMaxTables> tables;
  bool operator==(const VolumeRecord&) const = default;
};

struct Event {
  std::uint64_t time_s = 0;
  std::uint64_t number = 0;
  EventKind kind = EventKind::kFormatted;
  Reason reason = Reason::kNone;
  std::uint16_t attempts_left = 0;
  Phase phase = Phase::kIdle;
  std::uint8_t volume = 0;
  std::uint32_t os_error = 0;
  std::uint32_t detail = 0;
  Label slot;
  bool operator==(const Event&) const = default;
};

struct Metadata {
  std::uint16_t version_minor = layout::kVersionMinor;
  std::uint64_t compat = 0;
  std::uint64_t incompat = 0;
  std::uint64_t sequence = 1;
  Uuid area_uuid;
  std::uint32_t area_blocks = 0;
  Phase phase = Phase::kIdle;
  Request request = Request::kNone;
  LastResult last_result = LastResult::kNone;
  Reason last_reason = Reason::kNone;
  std::uint16_t attempts_limit = 0;
  std::uint16_t attempts_left = 0;
  std::uint16_t trial_boots = 0;
  std::uint64_t last_result_time_s = 0;
  std::uint64_t armed_time_s = 0;
  std::uint64_t checkpoint_time_s = 0;
  Uuid counted_boot_id;
  Label old_slot;
  Label new_slot;
  Label booted_slot;
  std::uint8_t volume_count = 0;
  std::array<VolumeRecord, layout::kMaxVolumes> volumes;  // [0, volume_count) in use
  std::uint64_t events_written = 0;
  std::array<Event, layout::kMaxEvents> events;  // ring: event number n is at (n - 1) % 32
  bool operator==(const Metadata&) const = default;
};

// Adds an event to the ring, numbering it; the oldest falls out. Sequence and phase are the caller's.
void append_event(Metadata& metadata, Event event);

}  // namespace bootguard
