// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/block_device_contract.h"

#include "contract/patterns.h"

namespace bootguard::contract {
namespace {

using Access = BlockDevices::Access;

std::unique_ptr<BlockDevice> open(BlockDeviceFixture& fixture, Access access = Access::kReadWrite) {
  return value_of(fixture.devices().open(fixture.info(), access));
}

ByteVector read(BlockDevice& device, Bytes offset, std::size_t size) {
  ByteVector bytes(size);
  succeeds(device.read(offset, bytes));
  return bytes;
}

}  // namespace

CONTRACT_TEST(BlockDeviceFixture, "block device: what was written is read back, also through another opening") {
  const auto device = open(fixture);
  const ByteVector bytes = pattern(4096, 1);
  succeeds(device->write(Bytes(8192), bytes));
  REQUIRE(same(read(*device, Bytes(8192), 4096), bytes));
  succeeds(device->flush());
  REQUIRE(same(read(*open(fixture, Access::kRead), Bytes(8192), 4096), bytes));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: a write changes nothing beside it") {
  const auto device = open(fixture);
  const std::size_t unit = device->logical_block().n;
  const ByteVector before = pattern(8 * unit, 2);
  succeeds(device->write(Bytes(4 * unit), before));
  const ByteVector one = pattern(unit, 3);
  succeeds(device->write(Bytes(6 * unit), one));
  ByteVector wanted = before;
  std::copy(one.begin(), one.end(), wanted.begin() + static_cast<std::ptrdiff_t>(2 * unit));
  REQUIRE(same(read(*device, Bytes(4 * unit), 8 * unit), wanted));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: memory of any alignment and size will do") {
  const auto device = open(fixture);
  const std::size_t size = 300 * 1024;  // more than any buffer inside, and no power of two
  ByteVector memory = pattern(size + 1, 4);
  const std::span<std::byte> odd = std::span(memory).subspan(1);
  succeeds(device->write(Bytes(4096), odd));
  const ByteVector wanted(odd.begin(), odd.end());
  ByteVector answer(size + 3);
  succeeds(device->read(Bytes(4096), std::span(answer).subspan(3)));
  REQUIRE(same(std::span<const std::byte>(answer).subspan(3), wanted));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: its last block belongs to it") {
  const auto device = open(fixture);
  const Bytes unit = device->logical_block();
  REQUIRE(unit.n >= 512);
  REQUIRE((unit.n & (unit.n - 1)) == 0);
  REQUIRE(device->size() >= Bytes(1 << 20));
  const Bytes last = round_down(device->size(), unit) - unit;
  const ByteVector bytes = pattern(unit.n, 5);
  succeeds(device->write(last, bytes));
  REQUIRE(same(read(*device, last, unit.n), bytes));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: across and beyond its end nothing is read and nothing is written") {
  const auto device = open(fixture);
  const Bytes unit = device->logical_block();
  const Bytes end = round_down(device->size(), unit);
  const ByteVector before = pattern(unit.n, 6);
  succeeds(device->write(end - unit, before));
  const ByteVector bytes = pattern(2 * unit.n, 7);
  ByteVector answer(2 * unit.n);
  const Bytes wrapping(~std::uint64_t{0} - unit.n + 1);
  for (const Bytes offset : {end - unit, end, end + unit, wrapping}) {
    CAPTURE(offset.n);
    const auto written = device->write(offset, bytes);
    REQUIRE_FALSE(written.ok());
    REQUIRE(written.error().code == Errc::kIo);
    REQUIRE_FALSE(written.error().text.empty());
    const auto got = device->read(offset, answer);
    REQUIRE_FALSE(got.ok());
    REQUIRE(got.error().code == Errc::kIo);
  }
  REQUIRE(same(read(*device, end - unit, unit.n), before));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: what is no multiple of its blocks is refused") {
  const auto device = open(fixture);
  const ByteVector before = read(*device, Bytes(0), 8192);
  ByteVector bytes = pattern(4096, 8);
  REQUIRE_FALSE(device->write(Bytes(100), bytes).ok());
  REQUIRE_FALSE(device->read(Bytes(100), bytes).ok());
  REQUIRE_FALSE(device->write(Bytes(0), std::span(bytes).first(100)).ok());
  REQUIRE_FALSE(device->read(Bytes(0), std::span(bytes).first(100)).ok());
  REQUIRE(same(read(*device, Bytes(0), 8192), before));
}

CONTRACT_TEST(BlockDeviceFixture, "block device: opened for reading it can not be written") {
  const auto device = open(fixture, Access::kRead);
  const ByteVector before = read(*device, Bytes(0), 4096);
  const auto result = device->write(Bytes(0), pattern(4096, 9));
  REQUIRE_FALSE(result.ok());
  REQUIRE(result.error().code == Errc::kIo);
  REQUIRE(same(read(*device, Bytes(0), 4096), before));
}

CONTRACT_TEST(BlockDeviceFixture, "block devices: a path is found, with number, size and access; another is missing") {
  const DeviceInfo known = fixture.info();
  const DeviceInfo found = value_of(fixture.devices().find({DeviceName::Kind::kPath, known.path}));
  REQUIRE(found.path == known.path);
  REQUIRE(found.number == known.number);
  REQUIRE(found.size == open(fixture)->size());
  REQUIRE_FALSE(found.read_only);
  const auto missing = fixture.devices().find({DeviceName::Kind::kPath, "/dev/no-such-device"});
  REQUIRE_FALSE(missing.ok());
  REQUIRE(missing.error().code == Errc::kDeviceMissing);
}

CONTRACT_TEST(BlockDeviceFixture, "block devices: unknown names are missing") {
  using Kind = DeviceName::Kind;
  const DeviceName names[] = {{Kind::kPartLabel, "no-such-label"},
                              {Kind::kLabel, "no-such-label"},
                              {Kind::kPartUuid, "5f6b1c1e-0000-4000-8000-000000000001"},
                              {Kind::kUuid, "5f6b1c1e-0000-4000-8000-000000000001"}};
  for (const DeviceName& name : names) {
    const auto result = fixture.devices().find(name);
    CAPTURE(name.to_string());
    REQUIRE_FALSE(result.ok());
    REQUIRE(result.error().code == Errc::kDeviceMissing);
  }
}

CONTRACT_TEST(BlockDeviceFixture, "block devices: unknown content is no error") {
  const auto device = open(fixture);
  succeeds(device->write(Bytes(0), ByteVector(256 * 1024)));
  const ByteVector zero(256 * 1024);
  succeeds(device->write(device->size() - Bytes(zero.size()), zero));
  const FilesystemIdentity identity = value_of(fixture.devices().identify(fixture.info()));
  REQUIRE(identity.type == FilesystemType::kUnknown);
  REQUIRE(identity.uuid.is_nil());
}

CONTRACT_TEST(BlockDeviceFixture, "block devices: a lock excludes the next one until it is let go") {
  auto first = value_of(fixture.devices().lock(fixture.info(), 100));
  const auto second = fixture.devices().lock(fixture.info(), 100);
  REQUIRE_FALSE(second.ok());
  REQUIRE(second.error().code == Errc::kBusy);
  REQUIRE(second.error().text.find(fixture.info().path) != std::string::npos);
  first.reset();
  REQUIRE(fixture.devices().lock(fixture.info(), 100).ok());
}

}  // namespace bootguard::contract
