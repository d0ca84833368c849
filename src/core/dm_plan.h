// SPDX-License-Identifier: LGPL-2.1-or-later
// The device-mapper stack as a list of steps. Pure: app/stack executes it, tests read it. Tables are made from numbers
// only. "{name}" in parameters stands for the device number of a bootguard device made by an earlier step.
//
//   bootguard-V          switch 2 paths (origin, hole) + linear tail; what is mounted
//   bootguard-V-origin   snapshot-origin over the raw device
//   bootguard-V-hole     error: answers for the store's own extents
//   bootguard-V-undo     snapshot, persistent; never mounted; hidden from udev
//   bootguard-V-store    the store's mapped pieces, one after the other
//   bootguard-V-rows     only for a store of many pieces: the linear rows that bootguard-V-store switches over
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/label.h"
#include "base/units.h"
#include "core/extents.h"
#include "ports/device_mapper.h"

namespace bootguard {

struct StackNames {
  std::string top, origin, hole, undo, store, rows;
};
[[nodiscard]] StackNames stack_names(const Label& volume);
// "BOOTGUARD-<arm id>-<name>": proves that a leftover device is ours and of which arm. The top's has no arm id: it
// outlives a commit.
[[nodiscard]] std::string stack_uuid(const std::string& name, const Label& volume, const Uuid& arm_id);

struct DmStep {
  enum class Kind : std::uint8_t { kCreate, kLoad, kResume, kSuspend, kMessage, kRemove };
  Kind kind = Kind::kCreate;
  std::string name;
  std::string uuid;          // kCreate
  std::vector<DmRow> table;  // kLoad
  std::string message;       // kMessage
  bool hidden = false;       // kResume
};

struct StackInput {
  Label volume;
  Uuid arm_id;
  DeviceNumber raw;
  VolumeGeometry geometry;
  std::span<const Extent> extents;  // the store's, as in the table; empty: no store
  bool have_switch = true;          // the kernel has dm-switch
};

// Rows a table may have before a switch must stand in for them (a flush goes to every row: hazard 14).
inline constexpr std::size_t kMaxRows = 16;

// dm-switch learns its regions from messages. A store of thousands of extents takes several, none of them larger than a
// page.
inline constexpr std::size_t kMaxMessageBytes = 4000;

// The undo stack, in the one safe order (hazard 4): store, snapshot, then the origin, then the top. Nobody may use the
// top before the last step is done; it is hidden from udev until then. Without a single mappable chunk there is nothing
// to build on: no steps. Without switch the top itself is made of snapshot-origin and error rows.
[[nodiscard]] std::vector<DmStep> plan_undo(const StackInput& input);
// Idle: a linear row. With extents: holes over them.
[[nodiscard]] std::vector<DmStep> plan_pass_through(const StackInput& input);
// The live commit: load a plain linear table into the top, suspend, resume, then remove what is beneath.
// `present`: names of the volume's devices that exist.
[[nodiscard]] std::vector<DmStep> plan_live_commit(const StackInput& input, std::span<const std::string> present);
// Removing whatever exists, top first.
[[nodiscard]] std::vector<DmStep> plan_removal(const Label& volume, std::span<const std::string> present);

// The text after "snapshot" in a status line: "used/total metadata", "Invalid", "Merge failed", "Overflow", "Unknown".
// Hostile: anything else is kUnknown, and metadata <= used <= total whatever the kernel says.
struct SnapshotStatus {
  enum class State : std::uint8_t { kActive, kInvalid, kOverflow, kMergeFailed, kUnknown };
  State state = State::kUnknown;
  Sectors used, total, metadata;  // kActive only
};
[[nodiscard]] SnapshotStatus parse_snapshot_status(std::string_view text);

}  // namespace bootguard
