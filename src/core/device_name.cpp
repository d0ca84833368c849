// SPDX-License-Identifier: LGPL-2.1-or-later
// Names and numbers of devices as text: the ports declare them as values, and core is the lowest layer that writes text.
#include "ports/block_device.h"

namespace bootguard {

std::string DeviceName::to_string() const {
  switch (kind) {
    case Kind::kPath: return value;
    case Kind::kPartLabel: return "PARTLABEL=" + value;
    case Kind::kPartUuid: return "PARTUUID=" + value;
    case Kind::kLabel: return "LABEL=" + value;
    case Kind::kUuid: return "UUID=" + value;
  }
  return value;
}

std::string DeviceNumber::to_string() const { return std::to_string(major) + ":" + std::to_string(minor); }

}  // namespace bootguard
