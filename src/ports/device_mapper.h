// SPDX-License-Identifier: LGPL-2.1-or-later
// The device mapper, as far as bootguard uses it (libdevmapper(3), Documentation/admin-guide/device-mapper).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "ports/block_device.h"

namespace bootguard {

// One row of a table: [start, start + length) of the mapped device.
struct DmRow {
  Sectors start;
  Sectors length;
  std::string target;      // "linear", "snapshot", "snapshot-origin", "switch", "error"
  std::string parameters;  // constants, numbers and device numbers only
  bool operator==(const DmRow&) const = default;
};

struct DmDevice {
  std::string name;
  std::string uuid;
  DeviceNumber number;
  std::uint32_t open_count = 0;
  bool suspended = false;
  bool live_table = false;
  bool inactive_table = false;
};

struct DmStatusRow {
  Sectors start;
  Sectors length;
  std::string target;
  std::string text;  // the target's own status: hostile, parse with care
};

class DeviceMapper {
 public:
  virtual ~DeviceMapper() = default;
  // kDmMissing if /dev/mapper/control or the driver is not there.
  virtual Result<void> check_available() = 0;
  // Whether the kernel knows the target now (loads nothing).
  virtual Result<bool> has_target(std::string_view target) = 0;
  // Creates an empty, suspended device; its node appears at node_path(name) at the first resume.
  virtual Result<DeviceNumber> create(const std::string& name, const std::string& uuid) = 0;
  // Loads the inactive table. This is where targets open their devices, and a snapshot reads its store.
  virtual Result<void> load(const std::string& name, std::span<const DmRow> table) = 0;
  // Makes the inactive table live, if there is one, and lets I/O flow; returns when the node exists. `hidden`: udev is
  // told to look away (devices that carry a second copy of a filesystem's UUID).
  virtual Result<void> resume(const std::string& name, bool hidden) = 0;
  // Waits for I/O in flight and freezes a mounted filesystem (unless no_lockfs).
  virtual Result<void> suspend(const std::string& name, bool no_lockfs) = 0;
  virtual Result<void> remove(const std::string& name) = 0;  // retried, bounded, while busy; kDmFailed EBUSY after
  virtual Result<void> clear(const std::string& name) = 0;   // drops the inactive table
  virtual Result<void> message(const std::string& name, Sectors sector, const std::string& text) = 0;
  virtual Result<std::optional<DmDevice>> find(const std::string& name) = 0;
  virtual Result<std::vector<std::string>> list(std::string_view prefix) = 0;
  virtual Result<std::vector<DmStatusRow>> status(const std::string& name) = 0;
  // The live table, as the kernel prints it.
  virtual Result<std::vector<DmRow>> table(const std::string& name) = 0;
  [[nodiscard]] virtual std::string node_path(const std::string& name) const = 0;  // "/dev/mapper/NAME"
};

}  // namespace bootguard
