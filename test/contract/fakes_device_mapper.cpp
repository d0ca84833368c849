// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/device_mapper_contract.h"
#include "fakes/fake_device_mapper.h"

namespace bootguard::contract {
namespace {

// A mapping of the fake as a BlockDevice; held like a mount while it lives.
class MappedDevice final : public BlockDevice {
 public:
  MappedDevice(DeviceTable& table, DeviceNumber number) : table_(table), number_(number) {
    REQUIRE(table_.claim_for_mount(number_) == 0);
  }
  MappedDevice(const MappedDevice&) = delete;
  MappedDevice& operator=(const MappedDevice&) = delete;
  ~MappedDevice() override { table_.release_from_mount(number_); }

  Result<void> read(Bytes offset, std::span<std::byte> out) override { return checked(io().read(offset.n, out)); }
  Result<void> write(Bytes offset, std::span<const std::byte> in) override {
    return checked(io().write(offset.n, in, false));
  }
  Result<void> flush() override { return checked(io().flush()); }
  [[nodiscard]] Bytes size() const override { return Bytes(table_.find(number_)->size()); }
  [[nodiscard]] Bytes logical_block() const override { return Bytes(512); }

 private:
  SectorIo& io() { return *table_.find(number_); }
  static Result<void> checked(int error) {
    if (error != 0) return system_error(Errc::kIo, error, "mapping");
    return {};
  }
  DeviceTable& table_;
  DeviceNumber number_;
};

class FakeDeviceMapperFixture final : public DeviceMapperFixture {
 public:
  FakeDeviceMapperFixture() { table_.add(kNumber, &disk_); }
  DeviceMapper& dm() override { return dm_; }
  DeviceNumber disk() override { return kNumber; }
  BlockDevice& raw() override { return raw_; }
  std::unique_ptr<BlockDevice> open(const std::string& name) override {
    return std::make_unique<MappedDevice>(table_, value_of(dm_.find(name))->number);
  }
  bool node_is_right(const std::string& name) override {
    const auto device = value_of(dm_.find(name));
    return device && dm_.number_of(dm_.node_path(name)) == device->number;
  }

 private:
  static constexpr DeviceNumber kNumber{8, 16};
  SimDisk disk_{"sdb", Bytes(32 << 20)};
  FakeBlockDevice raw_{disk_};
  DeviceTable table_;
  FakeDeviceMapper dm_{table_};
};

const SubjectRegistration<DeviceMapperFixture> kFake({"fake device mapper", "",
                                                      [] { return std::make_unique<FakeDeviceMapperFixture>(); }});

}  // namespace
}  // namespace bootguard::contract
