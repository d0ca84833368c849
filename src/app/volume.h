// SPDX-License-Identifier: LGPL-2.1-or-later
// The volume's own device, found and checked against what was armed; and where it is mounted.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/context.h"
#include "app/stack.h"
#include "base/result.h"
#include "core/transition.h"
#include "format/metadata.h"

namespace bootguard {

struct VolumeDevice {
  DeviceInfo info;
  std::unique_ptr<BlockDevice> block;
};

// This version has exactly one volume; the config parser has made sure.
[[nodiscard]] inline const VolumeConfig& volume_config(const Context& context) {
  return context.config.volumes.front();
}
// The record that belongs to the config's volume. kConfig if the metadata was armed for a volume of another name.
[[nodiscard]] Result<VolumeRecord> armed_record(const Context& context, const Metadata& metadata);

[[nodiscard]] Result<VolumeDevice> open_volume(const Context& context, BlockDevices::Access access);

// kWrongDevice: another size than was armed.
[[nodiscard]] Result<void> check_size(const VolumeDevice& device, const VolumeRecord& record);
// kWrongDevice: another filesystem (type or UUID) than was armed. Only before the checkpoint: a trial may reformat the
// volume, and its witnesses prove the device better than its superblock does.
[[nodiscard]] Result<void> check_filesystem(const Context& context, const VolumeDevice& device,
                                            const VolumeRecord& record);

// Where the volume is mounted, raw or through its mapping. Nothing if it is not.
[[nodiscard]] Result<std::optional<MountPoint>> find_volume_mount(const Context& context, const DeviceInfo& raw,
                                                                  const Label& name);

// The store's file is removed where the volume is mounted writable; otherwise nothing is done (the next `arm` does it).
// What stood in the way, for a warning; empty: removed, or nothing there.
[[nodiscard]] std::string remove_store_file(const Context& context, const DeviceInfo& raw, const Label& name);

[[nodiscard]] inline Moment now(const Context& context) { return Moment{context.system.now_s(), context.kernel.slot}; }

}  // namespace bootguard
