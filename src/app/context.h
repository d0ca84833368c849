// SPDX-License-Identifier: LGPL-2.1-or-later
// Everything a use case may touch. Built once, by cli/main or by a test.
#pragma once

#include "base/sha256.h"
#include "core/config.h"
#include "core/kernel_command_line.h"
#include "ports/block_device.h"
#include "ports/device_mapper.h"
#include "ports/file_map.h"
#include "ports/log.h"
#include "ports/system.h"

namespace bootguard {

struct Context {
  BlockDevices& devices;
  DeviceMapper& dm;
  Mounts& mounts;
  System& system;
  Log& log;
  const Config& config;
  KernelParameters kernel;       // of the running boot
  const HmacKey* key = nullptr;  // of config.key; nothing if there is none
};

// How long a verb waits for another instance before it answers kBusy.
inline constexpr std::uint32_t kLockTimeoutMs = 10000;

}  // namespace bootguard
