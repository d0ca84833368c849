// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/block_device_contract.h"
#include "fakes/fake_block_device.h"

namespace bootguard::contract {
namespace {

class FakeBlockDeviceFixture final : public BlockDeviceFixture {
 public:
  explicit FakeBlockDeviceFixture(Bytes logical_block) {
    devices_.add(disk_, "/dev/sda").logical_block = logical_block;
  }
  BlockDevices& devices() override { return devices_; }
  DeviceInfo info() override { return value_of(devices_.find({DeviceName::Kind::kPath, "/dev/sda"})); }

 private:
  SimDisk disk_{"sda", Bytes(4 << 20)};
  DeviceTable table_;
  FakeBlockDevices devices_{table_};
};

const SubjectRegistration<BlockDeviceFixture> kSmallBlocks({"fake block device, blocks of 512 bytes", "", [] {
                                                              return std::make_unique<FakeBlockDeviceFixture>(
                                                                  Bytes(512));
                                                            }});
const SubjectRegistration<BlockDeviceFixture> kLargeBlocks({"fake block device, blocks of 4096 bytes", "", [] {
                                                              return std::make_unique<FakeBlockDeviceFixture>(
                                                                  Bytes(4096));
                                                            }});

}  // namespace
}  // namespace bootguard::contract
