// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/volume.h"

#include <cinttypes>
#include <utility>
#include <vector>

namespace bootguard {

Result<VolumeRecord> armed_record(const Context& context, const Metadata& metadata) {
  const Label& name = volume_config(context).name;
  for (std::size_t i = 0; i < metadata.volume_count; ++i) {
    if (metadata.volumes[i].name == name) return metadata.volumes[i];
  }
  return make_error(Errc::kConfig, "the configuration names volume '%s', but the metadata was armed for %s%s%s",
                    name.c_str(), metadata.volume_count == 0 ? "none" : "'",
                    metadata.volume_count == 0 ? "" : metadata.volumes[0].name.c_str(),
                    metadata.volume_count == 0 ? "" : "'");
}

Result<VolumeDevice> open_volume(const Context& context, BlockDevices::Access access) {
  const VolumeConfig& config = volume_config(context);
  auto info = context.devices.find(config.device);
  if (!info) return with_context(info.error(), "volume %s", config.name.c_str());
  auto block = context.devices.open(info.value(), access);
  if (!block) return with_context(block.error(), "volume %s", config.name.c_str());
  return VolumeDevice{std::move(info).value(), std::move(block).value()};
}

Result<void> check_size(const VolumeDevice& device, const VolumeRecord& record) {
  const Sectors size = to_sectors_down(device.block->size());
  if (size == record.device_size) return {};
  return make_error(Errc::kWrongDevice,
                    "%s has %" PRIu64 " sectors, but the volume that was armed had %" PRIu64
                    ": it is another device, or it was resized",
                    device.info.path.c_str(), size.n, record.device_size.n);
}

Result<void> check_filesystem(const Context& context, const VolumeDevice& device, const VolumeRecord& record) {
  ASSIGN_OR_RETURN(const FilesystemIdentity identity, context.devices.identify(device.info));
  if (identity.type == record.filesystem && identity.uuid == record.fs_uuid) return {};
  const bool known = !identity.type_name.empty();
  return make_error(Errc::kWrongDevice, "%s holds %s%s%s, not the filesystem %s that was armed",
                    device.info.path.c_str(), known ? identity.type_name.c_str() : "no filesystem known to bootguard",
                    known ? " " : "", known ? identity.uuid.to_string().c_str() : "",
                    record.fs_uuid.to_string().c_str());
}

Result<std::optional<MountPoint>> find_volume_mount(const Context& context, const DeviceInfo& raw, const Label& name) {
  std::vector<DeviceNumber> numbers{raw.number};
  if (context.dm.check_available()) {
    ASSIGN_OR_RETURN(const auto top, context.dm.find(stack_names(name).top));
    if (top) numbers.push_back(top->number);
  }
  return context.mounts.find(numbers);
}

std::string remove_store_file(const Context& context, const DeviceInfo& raw, const Label& name) {
  const auto mount = find_volume_mount(context, raw, name);
  if (!mount) return mount.error().text;
  if (!mount.value()) return {};
  if (mount.value()->read_only) return "the store's file stays until the volume is mounted writable";
  auto file = context.mounts.open_store(*mount.value(), volume_config(context).store);
  if (!file) return file.error().text;
  auto removed = file.value()->remove();
  return removed ? std::string() : removed.error().text;
}

}  // namespace bootguard
