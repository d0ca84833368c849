// SPDX-License-Identifier: LGPL-2.1-or-later
// One powered-on machine over disks that outlive it: everything a use case may touch. When the power fails, this object
// is thrown away and another is made over the same disks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/context.h"
#include "fakes/fake_block_device.h"
#include "fakes/fake_device_mapper.h"
#include "fakes/fake_file_map.h"
#include "fakes/fake_system.h"
#include "fakes/sim_disk.h"

namespace bootguard {

struct FakeMachine {
  FakeMachine() = default;
  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;
  ~FakeMachine() {
    for (SimDisk* disk : disks) disk->set_hooks(nullptr);
  }

  SimHooks hooks;
  std::vector<SimDisk*> disks;
  DeviceTable table;
  FakeBlockDevices devices{table};
  FakeDeviceMapper dm{table, &hooks};
  FakeMounts mounts{table};
  FakeSystem system;
  FakeLog log;

  FakeBlockDevices::Disk& add_disk(SimDisk& disk, const std::string& path, const std::string& part_label = "") {
    disk.set_hooks(&hooks);
    disks.push_back(&disk);
    FakeBlockDevices::Disk& added = devices.add(disk, path, part_label);
    dm.name_disk(path, added.number);
    return added;
  }
  // A path as boot answers it ("/dev/sdb1", "/dev/mapper/bootguard-x") to its device.
  [[nodiscard]] std::optional<DeviceNumber> resolve(const std::string& path) const { return dm.number_of(path); }
  [[nodiscard]] Context context(const Config& config) {
    return Context{devices, dm, mounts, system, log, config, parse_kernel_command_line(system.command_line)};
  }
};

}  // namespace bootguard
