// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/device_mapper_contract.h"

#include <algorithm>
#include <cerrno>

namespace bootguard::contract {
namespace {

// The code and errno of what must fail in the device mapper.
void fails_with(const Result<void>& result, int os_error) {
  const Error error = error_of(result);
  CAPTURE(error.text);
  REQUIRE(error.code == Errc::kDmFailed);
  REQUIRE(error.os_error == os_error);
}

}  // namespace

CONTRACT_TEST(DeviceMapperFixture, "device mapper: it is there, and knows which targets it has") {
  succeeds(fixture.dm().check_available());
  for (const char* target : {"linear", "error", "snapshot", "snapshot-origin", "switch"}) {
    CAPTURE(target);
    REQUIRE(value_of(fixture.dm().has_target(target)));
  }
  REQUIRE_FALSE(value_of(fixture.dm().has_target("no-such-target")));
  REQUIRE_FALSE(value_of(fixture.dm().has_target("snap")));
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: what was never made is not found, and nothing can be done to it") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-missing");
  REQUIRE_FALSE(value_of(dm.find(name)).has_value());
  fails_with(dm.load(name, std::vector{row(0, 8, "error", "")}), ENXIO);
  fails_with(dm.resume(name, false), ENXIO);
  fails_with(dm.suspend(name, false), ENXIO);
  fails_with(dm.clear(name), ENXIO);
  fails_with(dm.remove(name), ENXIO);
  fails_with(dm.message(name, Sectors(0), "hello"), ENXIO);
  REQUIRE(error_of(dm.status(name)).os_error == ENXIO);
  REQUIRE(error_of(dm.table(name)).os_error == ENXIO);
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: create, load, resume, remove") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  const DeviceNumber number = value_of(dm.create(name, "BOOTGUARD-contract-a"));
  auto device = value_of(dm.find(name));
  REQUIRE(device.has_value());
  REQUIRE(device->name == name);
  REQUIRE(device->uuid == "BOOTGUARD-contract-a");
  REQUIRE(device->number == number);
  REQUIRE_FALSE(device->live_table);
  REQUIRE_FALSE(device->inactive_table);
  REQUIRE(value_of(dm.table(name)).empty());

  const std::vector<DmRow> table{row(0, 1024, "linear", fixture.on_disk(Sectors(2048))), row(1024, 512, "error", "")};
  succeeds(dm.load(name, table));
  device = value_of(dm.find(name));
  REQUIRE_FALSE(device->live_table);
  REQUIRE(device->inactive_table);

  succeeds(dm.resume(name, false));
  device = value_of(dm.find(name));
  REQUIRE(device->live_table);
  REQUIRE_FALSE(device->inactive_table);
  REQUIRE_FALSE(device->suspended);
  REQUIRE(device->open_count == 0);
  REQUIRE(fixture.node_is_right(name));
  const auto live = value_of(dm.table(name));
  REQUIRE(live.size() == 2);
  REQUIRE(live[0] == table[0]);
  REQUIRE(live[1].target == "error");

  succeeds(dm.remove(name));
  REQUIRE_FALSE(value_of(dm.find(name)).has_value());
  REQUIRE_FALSE(fixture.node_is_right(name));
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a linear row reads and writes where it says, an error row nowhere") {
  const std::string name = named("-a");
  fixture.make(name, {row(0, 1024, "linear", fixture.on_disk(Sectors(4096))), row(1024, 1024, "error", "")});
  const ByteVector bytes = pattern(8192, 1);
  const auto mapping = fixture.open(name);
  REQUIRE(mapping->size() == to_bytes(Sectors(2048)));
  succeeds(mapping->write(to_bytes(Sectors(16)), bytes));
  succeeds(mapping->flush());
  REQUIRE(same(read_bytes(fixture.raw(), Sectors(4096 + 16), 8192), bytes));
  ByteVector answer(4096);
  REQUIRE_FALSE(mapping->read(to_bytes(Sectors(1024)), answer).ok());
  REQUIRE_FALSE(mapping->write(to_bytes(Sectors(1024)), answer).ok());
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a name or a uuid is given only once") {
  DeviceMapper& dm = fixture.dm();
  value_of(dm.create(named("-a"), "BOOTGUARD-contract-a"));
  const auto same_name = dm.create(named("-a"), "BOOTGUARD-contract-b");
  REQUIRE(error_of(same_name).os_error == EBUSY);
  REQUIRE(error_of(same_name).code == Errc::kDmFailed);
  const auto same_uuid = dm.create(named("-b"), "BOOTGUARD-contract-a");
  REQUIRE(error_of(same_uuid).os_error == EBUSY);
  REQUIRE_FALSE(value_of(dm.find(named("-b"))).has_value());
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: what is open or used by another mapping is not removed") {
  DeviceMapper& dm = fixture.dm();
  const DeviceNumber number = fixture.make(named("-a"), {row(0, 2048, "linear", fixture.on_disk(Sectors(0)))});
  {
    const auto held = fixture.open(named("-a"));
    REQUIRE(value_of(dm.find(named("-a")))->open_count == 1);
    fails_with(dm.remove(named("-a")), EBUSY);
  }
  fixture.make(named("-b"), {row(0, 2048, "linear", number.to_string() + " 0")});
  fails_with(dm.remove(named("-a")), EBUSY);
  REQUIRE(value_of(dm.find(named("-a")))->live_table);
  succeeds(dm.remove(named("-b")));
  succeeds(dm.remove(named("-a")));
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a load that fails leaves the live table") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  fixture.make(name, {row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))});
  const auto before = value_of(dm.table(name));
  const std::vector<DmRow> wrong[] = {
      {row(0, 2048, "linear", "nonsense")},
      {row(0, 2048, "no-such-target", fixture.on_disk(Sectors(0)))},
      {row(8, 2048, "linear", fixture.on_disk(Sectors(0)))},  // a gap at the start
      {row(0, 1024, "linear", fixture.on_disk(Sectors(0))), row(1024, 1024, "linear", "999:999 0")},
      {},
  };
  for (const auto& table : wrong) {
    CAPTURE(table.size());
    const Error error = error_of(dm.load(name, table));
    REQUIRE(error.code == Errc::kDmFailed);
    REQUIRE(error.os_error != 0);
    const auto device = value_of(dm.find(name));
    REQUIRE(device->live_table);
    REQUIRE_FALSE(device->inactive_table);
    REQUIRE(value_of(dm.table(name)) == before);
  }
}

// Not so a mapping's first table (below). Whoever resumes another one has to resume once more when that fails.
CONTRACT_TEST(
    DeviceMapperFixture,
    "device mapper: a row beyond the end of its device is found out at resume, which leaves the mapping suspended") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  const std::string beyond = fixture.on_disk(Sectors(std::uint64_t{1} << 40));
  const std::uint64_t much = std::uint64_t{1} << 40;
  fixture.make(name, {row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))});
  const auto before = value_of(dm.table(name));
  for (const DmRow& far : {row(0, 2048, "linear", beyond), row(0, much, "snapshot-origin", fixture.disk().to_string()),
                           row(0, 2048, "switch", "1 8 0 " + beyond)}) {
    CAPTURE(far.target);
    succeeds(dm.load(name, std::vector{far}));
    fails_with(dm.resume(name, false), EINVAL);
    const auto device = value_of(dm.find(name));
    REQUIRE(device->suspended);
    REQUIRE(device->live_table);
    REQUIRE_FALSE(device->inactive_table);
    REQUIRE(value_of(dm.table(name)) == before);
    succeeds(dm.resume(name, false));
    REQUIRE_FALSE(value_of(dm.find(name))->suspended);
    REQUIRE(value_of(dm.table(name)) == before);
  }
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a mapping's first table is looked at when it is loaded") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  const std::vector<DmRow> good{row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))};
  const std::vector<DmRow> far{row(0, 2048, "linear", fixture.on_disk(Sectors(std::uint64_t{1} << 40)))};
  value_of(dm.create(name, ""));
  for (int i = 0; i < 2; ++i) {
    fails_with(dm.load(name, far), EINVAL);
    REQUIRE_FALSE(value_of(dm.find(name))->inactive_table);
  }
  // The second one is not, live or not; without a table to go back to there is nothing left to resume.
  succeeds(dm.load(name, good));
  succeeds(dm.load(name, far));
  for (int i = 0; i < 2; ++i) {
    fails_with(dm.resume(name, false), EINVAL);
    REQUIRE_FALSE(value_of(dm.find(name))->live_table);
    REQUIRE_FALSE(value_of(dm.find(name))->inactive_table);
  }
  succeeds(dm.remove(name));
}

CONTRACT_TEST(DeviceMapperFixture,
              "device mapper: a new table takes the place of the live one at resume; clear drops it") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  const std::vector<DmRow> first{row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))};
  const std::vector<DmRow> second{row(0, 2048, "linear", fixture.on_disk(Sectors(6144)))};
  fixture.make(name, first);
  succeeds(dm.load(name, second));
  REQUIRE(value_of(dm.find(name))->inactive_table);
  REQUIRE(value_of(dm.table(name)) == first);
  succeeds(dm.clear(name));
  REQUIRE_FALSE(value_of(dm.find(name))->inactive_table);
  succeeds(dm.resume(name, false));
  REQUIRE(value_of(dm.table(name)) == first);

  succeeds(dm.load(name, second));
  succeeds(dm.suspend(name, false));
  REQUIRE(value_of(dm.find(name))->suspended);
  succeeds(dm.resume(name, false));
  REQUIRE_FALSE(value_of(dm.find(name))->suspended);
  REQUIRE(value_of(dm.table(name)) == second);
  REQUIRE(fixture.node_is_right(name));
}

CONTRACT_TEST(DeviceMapperFixture,
              "device mapper: suspended without locking the file system, and twice, and resumed twice") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-a");
  fixture.make(name, {row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))});
  succeeds(dm.suspend(name, true));
  REQUIRE(value_of(dm.find(name))->suspended);
  succeeds(dm.resume(name, false));
  succeeds(dm.resume(name, false));
  REQUIRE_FALSE(value_of(dm.find(name))->suspended);
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a hidden mapping has its node, too") {
  const std::string name = named("-hidden");
  fixture.make(name, {row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))}, true);
  REQUIRE(fixture.node_is_right(name));
  succeeds(fixture.dm().remove(name));
  REQUIRE_FALSE(fixture.node_is_right(name));
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: names are listed by their beginning") {
  DeviceMapper& dm = fixture.dm();
  REQUIRE(value_of(dm.list(kPrefix)).empty());
  for (const char* suffix : {"-a", "-ab", "-b"}) value_of(dm.create(named(suffix), ""));
  auto names = value_of(dm.list(named("-a")));
  std::sort(names.begin(), names.end());
  REQUIRE(names == std::vector<std::string>{named("-a"), named("-ab")});
  REQUIRE(value_of(dm.list(kPrefix)).size() == 3);
  REQUIRE(value_of(dm.list("bootguard-no-such")).empty());
}

CONTRACT_TEST(DeviceMapperFixture, "device mapper: a switch sends each region where the message says") {
  DeviceMapper& dm = fixture.dm();
  const std::string name = named("-switch");
  const DeviceNumber hole = fixture.make(named("-hole"), {row(0, 2048, "error", "")});
  const DeviceNumber data = fixture.make(named("-data"), {row(0, 2048, "linear", fixture.on_disk(Sectors(2048)))});
  fixture.make(name, {row(0, 1024, "switch", "2 8 0 " + data.to_string() + " 0 " + hole.to_string() + " 0"),
                      row(1024, 1024, "linear", data.to_string() + " 1024")});
  const ByteVector bytes = pattern(4096, 2);
  ByteVector answer(4096);
  const auto mapping = fixture.open(name);
  // Before any message regions go round the paths: every one of them has to be set.
  succeeds(mapping->read(to_bytes(Sectors(80)), answer));
  REQUIRE_FALSE(mapping->read(to_bytes(Sectors(88)), answer).ok());
  succeeds(dm.message(name, Sectors(0), "set_region_mappings 0:0 R1,7f"));
  succeeds(mapping->write(to_bytes(Sectors(80)), bytes));
  REQUIRE(same(read_bytes(fixture.raw(), Sectors(2048 + 80), 4096), bytes));

  succeeds(dm.message(name, Sectors(0), "set_region_mappings a:1"));  // numbers are hexadecimal
  REQUIRE_FALSE(mapping->read(to_bytes(Sectors(80)), answer).ok());
  succeeds(mapping->read(to_bytes(Sectors(72)), answer));
  succeeds(mapping->read(to_bytes(Sectors(88)), answer));
  succeeds(dm.message(name, Sectors(0), "set_region_mappings a:0"));
  REQUIRE(same(read_bytes(*mapping, Sectors(80), 4096), bytes));

  for (const char* text :
       {"nonsense", "set_region_mappings a:2", "set_region_mappings ffff:1", "set_region_mappings a"}) {
    CAPTURE(text);
    const Error error = error_of(dm.message(name, Sectors(0), text));
    REQUIRE(error.code == Errc::kDmFailed);
    REQUIRE(error.os_error == EINVAL);
  }
  // Not to the linear row.
  REQUIRE(error_of(dm.message(name, Sectors(1024), "set_region_mappings a:1")).os_error == EINVAL);
}

}  // namespace bootguard::contract
