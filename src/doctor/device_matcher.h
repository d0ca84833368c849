// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether a name in fstab or root= leads to the volume: on the machine itself by asking the devices, elsewhere by
// comparing names.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "doctor/reference.h"
#include "ports/block_device.h"

namespace bootguard {

// "UUID=..." of a tag or of a link below /dev/disk; nothing of other links and of what is no device. Other paths stay
// paths.
[[nodiscard]] std::optional<DeviceName> device_name_of(const std::string& spec);

// Pure. kUnknown where the names are of different kinds: only the device could tell.
class NameMatcher final : public VolumeMatcher {
 public:
  explicit NameMatcher(DeviceName configured) : configured_(std::move(configured)) {}
  [[nodiscard]] Match leads_to_volume(const std::string& spec) override;

 private:
  DeviceName configured_;
};

class DeviceMatcher final : public VolumeMatcher {
 public:
  // numbers: the volume's own device and the mappings above it.
  DeviceMatcher(BlockDevices& devices, DeviceName configured, std::vector<DeviceNumber> numbers)
      : devices_(devices), by_name_(std::move(configured)), numbers_(std::move(numbers)) {}
  [[nodiscard]] Match leads_to_volume(const std::string& spec) override;

 private:
  BlockDevices& devices_;
  NameMatcher by_name_;
  std::vector<DeviceNumber> numbers_;
};

}  // namespace bootguard
