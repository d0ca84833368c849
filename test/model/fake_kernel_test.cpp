// SPDX-License-Identifier: LGPL-2.1-or-later
// The fake kernel has the hazards the real one has (measured on 6.1, 6.12 and 7.2): a fake without them would let the
// model tests pass for the wrong reason. The contract suites compare its ioctls with the real ones.
#include <algorithm>
#include <catch2/catch.hpp>

#include "base/little_endian.h"
#include "fakes/fake_machine.h"
#include "model/world.h"

namespace bootguard {
namespace {

using model::pattern;

constexpr std::uint64_t kOriginBlocks = 64;
constexpr std::uint64_t kStoreBlocks = 40;
constexpr std::uint64_t kStoreFirst = 100;

// A disk whose first 64 blocks are the origin and whose blocks from 100 on are the store.
struct Kernel {
  SimDisk disk{"disk", Bytes(200 * kSimBlock)};
  std::unique_ptr<FakeMachine> machine = std::make_unique<FakeMachine>();
  DeviceNumber raw;

  Kernel() {
    for (std::uint64_t b = 0; b < kOriginBlocks; ++b) disk.write(b * kSimBlock, pattern(1, b), false);
    disk.flush();
    plug();
  }
  void plug() { raw = machine->add_disk(disk, "/dev/sda").number; }
  void power_cut() {
    disk.crash_losing_all();
    machine = std::make_unique<FakeMachine>();
    plug();
  }
  int make(const std::string& name, const std::string& target, const std::string& parameters, std::uint64_t blocks) {
    if (!machine->dm.create(name, "")) return -1;
    const DmRow row{Sectors(0), Sectors(blocks * 8), target, parameters};
    const auto loaded = machine->dm.load(name, std::span(&row, 1));
    if (!loaded) return loaded.error().os_error;
    return machine->dm.resume(name, true) ? 0 : -1;
  }
  int make_store() {
    return make("store", "linear", raw.to_string() + " " + std::to_string(kStoreFirst * 8), kStoreBlocks);
  }
  int make_undo() {
    const std::string store = machine->resolve("/dev/mapper/store")->to_string();
    return make("undo", "snapshot", raw.to_string() + " " + store + " P 8", kOriginBlocks);
  }
  int make_origin() { return make("origin", "snapshot-origin", raw.to_string(), kOriginBlocks); }
  SectorIo& device(const std::string& name) { return *machine->table.find(*machine->resolve("/dev/mapper/" + name)); }
  std::string undo_status() { return machine->dm.status("undo").value().front().text; }
  std::array<std::byte, kSimBlock> read(const std::string& name, std::uint64_t block) {
    std::array<std::byte, kSimBlock> bytes{};
    REQUIRE(device(name).read(block * kSimBlock, bytes) == 0);
    return bytes;
  }
};

TEST_CASE("undo: the snapshot shows old contents, the origin new ones, and both survive a power cut") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  REQUIRE(kernel.make_origin() == 0);
  CHECK(kernel.undo_status() == "16/320 16");
  REQUIRE(kernel.device("origin").write(5 * kSimBlock, pattern(2, 5), false) == 0);
  CHECK(kernel.undo_status() == "24/320 16");
  REQUIRE(kernel.device("origin").write(5 * kSimBlock, pattern(3, 5), false) == 0);
  CHECK(kernel.undo_status() == "24/320 16");  // once a chunk
  REQUIRE(kernel.device("origin").flush() == 0);
  CHECK(kernel.read("undo", 5) == pattern(1, 5));
  CHECK(kernel.read("origin", 5) == pattern(3, 5));
  kernel.power_cut();
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  CHECK(kernel.read("undo", 5) == pattern(1, 5));
  CHECK(kernel.undo_status() == "24/320 16");
}

TEST_CASE("the copy is durable before the write it saves can be") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  REQUIRE(kernel.make_origin() == 0);
  REQUIRE(kernel.device("origin").write(5 * kSimBlock, pattern(2, 5), false) == 0);
  const auto unflushed = kernel.disk.unflushed();
  REQUIRE(unflushed.size() == 1);
  CHECK(unflushed[0].block == 5);
}

TEST_CASE("hazard 4: an origin resumed before the snapshot is loaded saves only the first chunk of a request") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_origin() == 0);
  REQUIRE(kernel.make_undo() == 0);
  std::vector<std::byte> two(2 * kSimBlock, std::byte{7});
  REQUIRE(kernel.device("origin").write(8 * kSimBlock, two, false) == 0);
  CHECK(kernel.read("undo", 8) == pattern(1, 8));
  CHECK(kernel.read("undo", 9) != pattern(1, 9));
  // Suspended and resumed, it sees the snapshot.
  REQUIRE(kernel.machine->dm.suspend("origin", false));
  REQUIRE(kernel.machine->dm.resume("origin", false));
  REQUIRE(kernel.device("origin").write(10 * kSimBlock, two, false) == 0);
  CHECK(kernel.read("undo", 11) == pattern(1, 11));
}

TEST_CASE("hazard 6: overflow is marked by a plain write that a power cut can lose") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  REQUIRE(kernel.make_origin() == 0);
  for (std::uint64_t b = 0; b < 39; ++b)
    REQUIRE(kernel.device("origin").write(b * kSimBlock, pattern(2, b), false) == 0);
  CHECK(kernel.undo_status() == "Invalid");
  const auto unflushed = kernel.disk.unflushed();
  CHECK(std::any_of(unflushed.begin(), unflushed.end(), [](const auto& u) { return u.block == kStoreFirst; }));
  kernel.power_cut();
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  CHECK(kernel.undo_status() != "Invalid");
}

TEST_CASE("hazard 7: pairs beyond a gap come alive when it fills") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  std::array<std::byte, kSimBlock> area{};
  store_le<std::uint64_t>(area, 16, 33);  // pair 1: old chunk 33, new chunk 20; pair 0 is empty
  store_le<std::uint64_t>(area, 24, 20);
  kernel.disk.write((kStoreFirst + 1) * kSimBlock, area, false);
  kernel.disk.flush();
  kernel.power_cut();
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  REQUIRE(kernel.make_origin() == 0);
  CHECK(kernel.undo_status() == "16/320 16");
  REQUIRE(kernel.device("origin").write(5 * kSimBlock, pattern(2, 5), false) == 0);
  kernel.power_cut();
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  CHECK(kernel.undo_status() == "168/320 16");
}

TEST_CASE("hazard 8: rubbish where the header should be is ENXIO, and a new header is not flushed") {
  Kernel kernel;
  REQUIRE(kernel.make_store() == 0);
  REQUIRE(kernel.make_undo() == 0);
  CHECK_FALSE(kernel.disk.clean());
  kernel.power_cut();
  kernel.disk.write(kStoreFirst * kSimBlock, pattern(9, 0), false);
  REQUIRE(kernel.make_store() == 0);
  CHECK(kernel.make_undo() == ENXIO);
}

TEST_CASE("hazard 14: a flush goes once to every row, and switch forwards none") {
  Kernel kernel;
  REQUIRE(kernel.machine->dm.create("rows", ""));
  std::vector<DmRow> rows;
  for (std::uint64_t i = 0; i < 10; ++i) {
    rows.push_back({Sectors(i * 8), Sectors(8), "linear", kernel.raw.to_string() + " " + std::to_string(i * 16)});
  }
  REQUIRE(kernel.machine->dm.load("rows", rows));
  REQUIRE(kernel.machine->dm.resume("rows", false));
  const std::uint64_t before = kernel.disk.flushes;
  REQUIRE(kernel.device("rows").flush() == 0);
  CHECK(kernel.disk.flushes - before == 10);

  REQUIRE(kernel.make("switch", "switch", "1 8 0 " + kernel.raw.to_string() + " 0", kOriginBlocks) == 0);
  REQUIRE(kernel.device("switch").write(0, pattern(2, 0), false) == 0);
  REQUIRE(kernel.device("switch").flush() == 0);
  CHECK_FALSE(kernel.disk.clean());
}

TEST_CASE("switch: regions begin round-robin, and are set in hexadecimal") {
  Kernel kernel;
  REQUIRE(kernel.make("hole", "error", "", kOriginBlocks) == 0);
  const std::string hole = kernel.machine->resolve("/dev/mapper/hole")->to_string();
  REQUIRE(kernel.make("top", "switch", "2 8 0 " + kernel.raw.to_string() + " 0 " + hole + " 0", kOriginBlocks) == 0);
  std::array<std::byte, kSimBlock> bytes{};
  CHECK(kernel.device("top").read(kSimBlock, bytes) == EIO);
  REQUIRE(kernel.machine->dm.message("top", Sectors(0), "set_region_mappings 0:0 R1,3f 10:1 R1,1"));
  CHECK(kernel.device("top").read(kSimBlock, bytes) == 0);
  CHECK(kernel.device("top").read(15 * kSimBlock, bytes) == 0);
  CHECK(kernel.device("top").read(16 * kSimBlock, bytes) == EIO);
  CHECK(kernel.device("top").read(17 * kSimBlock, bytes) == EIO);
  CHECK(kernel.device("top").read(18 * kSimBlock, bytes) == 0);
  CHECK_FALSE(kernel.machine->dm.message("top", Sectors(0), "set_region_mappings 40:0"));
  CHECK_FALSE(kernel.machine->dm.message("top", Sectors(0), "set_region_mappings 0:2"));
  CHECK_FALSE(kernel.machine->dm.message("top", Sectors(0), "set_region_mappings 0:0 R1,40"));
}

TEST_CASE("a mount and a mapping exclude each other, and what is in use is not removed") {
  Kernel kernel;
  make_toy_filesystem(kernel.disk, {});
  REQUIRE(kernel.machine->mounts.mount(kernel.raw, "/m") == 0);
  CHECK(kernel.make_store() == EBUSY);
  kernel.machine->mounts.unmount("/m");
  REQUIRE(kernel.machine->dm.remove("store"));
  REQUIRE(kernel.make_store() == 0);
  CHECK(kernel.machine->mounts.mount(kernel.raw, "/m") == EBUSY);
  REQUIRE(kernel.make_undo() == 0);
  CHECK(kernel.machine->dm.remove("store").error().os_error == EBUSY);
  REQUIRE(kernel.machine->dm.remove("undo"));
  REQUIRE(kernel.machine->dm.remove("store"));
}

TEST_CASE("simulated disk: a block survives a power cut in any version since it was durable, or torn") {
  SimDisk disk("disk", Bytes(4 * kSimBlock));
  disk.write(0, pattern(1, 0), false);
  disk.flush();
  disk.write(0, pattern(2, 0), false);
  disk.write(0, pattern(3, 0), false);
  disk.write(kSimBlock, pattern(4, 1), false);
  REQUIRE(disk.unflushed().size() == 2);
  const auto first = [&](std::initializer_list<std::size_t> kept, std::initializer_list<std::size_t> torn = {}) {
    std::array<std::byte, kSimBlock> bytes{};
    disk.surviving(std::vector(kept), std::vector(torn)).read(0, bytes);
    return bytes;
  };
  CHECK(first({0, 1}) == pattern(1, 0));
  CHECK(first({1, 0}) == pattern(2, 0));
  CHECK(first({2, 1}) == pattern(3, 0));
  const auto torn = first({2, 1}, {1});
  CHECK(std::equal(torn.begin(), torn.begin() + 512, pattern(3, 0).begin()));
  CHECK(std::equal(torn.begin() + 512, torn.end(), pattern(2, 0).begin() + 512));
}

}  // namespace
}  // namespace bootguard
