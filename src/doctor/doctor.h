// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `doctor`: looks at a machine's setup from all sides, changes nothing. What is looked at goes to a check of
// its own, which is pure; this is the part that reads.
#pragma once

#include <string>

#include "doctor/finding.h"
#include "linux/file_tree.h"
#include "ports/block_device.h"
#include "ports/device_mapper.h"
#include "ports/file_map.h"
#include "ports/log.h"
#include "ports/system.h"

namespace bootguard {

struct DoctorOptions {
  std::string config;  // empty: all of /etc/bootguard
  std::string image;   // empty: the usual places
};

struct DoctorWorld {
  const FileTree& files;
  BlockDevices& devices;
  DeviceMapper& dm;
  Mounts& mounts;
  System& system;
  Log& log;
  std::string sysfs = "/sys";

  // Only of this machine, and only as root.
  [[nodiscard]] bool may_ask_devices() const { return files.is_this_machine() && system.is_root(); }
  [[nodiscard]] const char* why_not_devices() const {
    return files.is_this_machine() ? "only root can look at devices" : "devices are not looked at below another root";
  }
};

// Never fails as such: what cannot be found out is a finding.
[[nodiscard]] Findings run_doctor(const DoctorOptions& options, const DoctorWorld& world);

}  // namespace bootguard
