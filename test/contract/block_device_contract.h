// SPDX-License-Identifier: LGPL-2.1-or-later
// The contract of ports/block_device.h: BlockDevice, and of BlockDevices what every implementation can show.
#pragma once

#include "contract/subjects.h"
#include "ports/block_device.h"

namespace bootguard::contract {

struct BlockDeviceFixture {
  virtual ~BlockDeviceFixture() = default;
  virtual BlockDevices& devices() = 0;
  // A device of at least 1 MiB that may be overwritten.
  virtual DeviceInfo info() = 0;
};

}  // namespace bootguard::contract
