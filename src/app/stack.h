// SPDX-License-Identifier: LGPL-2.1-or-later
// Executes device-mapper plans. On any error of build() no mapping of ours is left, so the caller may hand over the raw
// device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cow_store.h"
#include "core/dm_plan.h"

namespace bootguard {

enum class StackKind : std::uint8_t { kUndo, kPassThrough };

// What of the volume's devices exists now.
struct StackState {
  std::vector<std::string> present;  // names, ours by uuid
  bool complete_undo = false;        // top, origin and undo live, for this arm
  bool top_live = false;
  bool top_plain = false;  // a single linear row: committed, or a pass-through without holes
  bool top_open = false;
  std::string foreign;  // a device with one of our names that is not ours (or of another arm); empty: none
};
[[nodiscard]] Result<StackState> inspect_stack(DeviceMapper& dm, const VolumeRecord& record);

// Builds a stack where nothing of ours exists (leftovers are removed first; one in use: kForeignMapping). Returns the
// path to mount. `view` may be null for a pass-through without holes.
[[nodiscard]] Result<std::string> build_stack(DeviceMapper& dm, Log& log, StackKind kind, const DeviceInfo& raw,
                                              const VolumeRecord& record, const StoreView* view);
// Swaps the live undo (or holed) stack for a plain linear table, under the mounted filesystem, and removes what was
// beneath.
[[nodiscard]] Result<void> commit_stack(DeviceMapper& dm, const DeviceInfo& raw, const VolumeRecord& record,
                                        const StoreView* view);
[[nodiscard]] Result<void> remove_stack(DeviceMapper& dm, const VolumeRecord& record);

// Fill of a running snapshot, from the kernel. Nothing if the snapshot is not there, or the kernel does not say.
[[nodiscard]] std::optional<SnapshotStatus> read_live_fill(DeviceMapper& dm, const VolumeRecord& record);

}  // namespace bootguard
