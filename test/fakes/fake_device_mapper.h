// SPDX-License-Identifier: LGPL-2.1-or-later
// A device mapper in memory: real tables, real I/O paths down to the simulated disks, real error numbers. Each ioctl is
// a fault point (it may fail before or after its effect).
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fakes/fake_block_device.h"
#include "fakes/fake_dm_targets.h"
#include "ports/device_mapper.h"

namespace bootguard {

class FakeDeviceMapper : public DeviceMapper {
 public:
  explicit FakeDeviceMapper(DeviceTable& table, SimHooks* hooks = nullptr);
  ~FakeDeviceMapper() override;

  // Settings.
  bool available = true;
  std::set<std::string> missing_targets;
  std::set<std::string> silent_targets;  // has_target() fails for them
  std::set<std::string> kept_busy;       // names whose remove() always answers EBUSY
  void name_disk(const std::string& path, DeviceNumber number) { world_.named[path] = number; }

  // What a test asks afterwards.
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }  // "create NAME", "load NAME", ...
  [[nodiscard]] const std::set<std::string>& hidden() const { return hidden_; }
  // I/O that would have waited for ever (to a suspended device); it answers EIO here.
  [[nodiscard]] std::uint64_t hung_requests() const { return hung_; }
  // A node's device, for mounts and for I/O of the test's own.
  [[nodiscard]] std::optional<DeviceNumber> number_of(const std::string& path) const;

  Result<void> check_available() override;
  Result<bool> has_target(std::string_view target) override;
  Result<DeviceNumber> create(const std::string& name, const std::string& uuid) override;
  Result<void> load(const std::string& name, std::span<const DmRow> table) override;
  Result<void> resume(const std::string& name, bool hidden) override;
  Result<void> suspend(const std::string& name, bool no_lockfs) override;
  Result<void> remove(const std::string& name) override;
  Result<void> clear(const std::string& name) override;
  Result<void> message(const std::string& name, Sectors sector, const std::string& text) override;
  Result<std::optional<DmDevice>> find(const std::string& name) override;
  Result<std::vector<std::string>> list(std::string_view prefix) override;
  Result<std::vector<DmStatusRow>> status(const std::string& name) override;
  Result<std::vector<DmRow>> table(const std::string& name) override;
  [[nodiscard]] std::string node_path(const std::string& name) const override { return "/dev/mapper/" + name; }

 private:
  struct Row {
    std::uint64_t start = 0;
    std::uint64_t length = 0;
    std::string target_name;
    std::unique_ptr<FakeTarget> target;
  };
  using Table = std::vector<Row>;
  class Mapped;  // one device
  static bool fits(const Table& table);

  // The fault point of an ioctl: an error to return at once, or one to return once its effect is there.
  struct Gate {
    int before = 0;
    int after = 0;
  };
  Gate gate(const char* what, const std::string& name);
  [[nodiscard]] Mapped* device(const std::string& name) const;
  [[nodiscard]] static Error failed(const char* what, const std::string& name, int error);

  FakeDmWorld world_;
  SimHooks* hooks_;
  std::map<std::string, std::unique_ptr<Mapped>> devices_;
  std::vector<std::string> calls_;
  std::set<std::string> hidden_;
  std::uint64_t hung_ = 0;
};

}  // namespace bootguard
