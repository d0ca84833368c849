// SPDX-License-Identifier: LGPL-2.1-or-later
// DeviceMapper over libdevmapper(3), with and without udev.
//
// Nodes: where udevd runs, its rules make /dev/mapper/NAME, and resume() waits for that; where it does not, libdm makes
// it. /dev/mapper/control is made by libdm where it is missing; opening it lets the kernel load dm-mod if it can.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ports/device_mapper.h"

namespace bootguard {

class LibdmDeviceMapper final : public DeviceMapper {
 public:
  static constexpr std::uint32_t kNodeTimeoutMs = 5000;
  static constexpr std::uint32_t kRemoveTimeoutMs = 2000;
  static constexpr std::size_t kMaxDevices = 4096;

  Result<void> check_available() override;
  Result<bool> has_target(std::string_view target) override;
  Result<DeviceNumber> create(const std::string& name, const std::string& uuid) override;
  Result<void> load(const std::string& name, std::span<const DmRow> table) override;
  // kDmFailed also if the node does not appear within kNodeTimeoutMs and can not be made; the device is live then.
  Result<void> resume(const std::string& name, bool hidden) override;
  Result<void> suspend(const std::string& name, bool no_lockfs) override;
  // Tried again for kRemoveTimeoutMs while busy: udevd opens what is new. kDmFailed with ENXIO if there is no such
  // device.
  Result<void> remove(const std::string& name) override;
  Result<void> clear(const std::string& name) override;
  Result<void> message(const std::string& name, Sectors sector, const std::string& line) override;
  Result<std::optional<DmDevice>> find(const std::string& name) override;
  Result<std::vector<std::string>> list(std::string_view prefix) override;
  Result<std::vector<DmStatusRow>> status(const std::string& name) override;
  Result<std::vector<DmRow>> table(const std::string& name) override;
  [[nodiscard]] std::string node_path(const std::string& name) const override { return "/dev/mapper/" + name; }

 private:
  Result<void> ensure_node(const std::string& name, DeviceNumber number);

  bool udev_is_deaf_ = false;  // a node did not come in time once: not waited for again
};

}  // namespace bootguard
