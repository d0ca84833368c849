// SPDX-License-Identifier: LGPL-2.1-or-later
// What mode undo builds on: snapshot-origin over a disk, a persistent snapshot of it that nobody mounts, its store
// elsewhere on the same disk.
#include <cerrno>

#include "base/little_endian.h"
#include "contract/device_mapper_contract.h"
#include "format/exception_store.h"

namespace bootguard::contract {
namespace {

constexpr Sectors kOriginSize(8192);   // the first 4 MiB of the disk
constexpr Sectors kStoreStart(16384);  // 8 MiB
constexpr std::uint64_t kChunkSectors = 8;
constexpr std::size_t kChunkBytes = kChunkSectors * kSectorBytes;

struct Stack {
  DeviceMapperFixture& fixture;
  std::uint64_t store_chunks;

  [[nodiscard]] std::string store() const { return named("-store"); }
  [[nodiscard]] std::string undo() const { return named("-undo"); }
  [[nodiscard]] std::string origin() const { return named("-origin"); }

  void zero_store_head() const {
    succeeds(fixture.raw().write(to_bytes(kStoreStart), ByteVector(2 * kChunkBytes)));
    succeeds(fixture.raw().flush());
  }
  DeviceNumber make_store() const {
    return fixture.make(store(), {row(0, store_chunks * kChunkSectors, "linear", fixture.on_disk(kStoreStart))});
  }
  Result<void> load_undo(DeviceNumber store_number) const {
    value_of(fixture.dm().create(undo(), ""));
    return fixture.dm().load(undo(),
                             std::vector{row(0, kOriginSize.n, "snapshot",
                                             fixture.disk().to_string() + " " + store_number.to_string() + " P 8")});
  }
  // In the order that is safe: the snapshot before the origin.
  void make_all() const {
    zero_store_head();
    succeeds(load_undo(make_store()));
    succeeds(fixture.dm().resume(undo(), true));
    fixture.make(origin(), {row(0, kOriginSize.n, "snapshot-origin", fixture.disk().to_string())});
  }
  void remove_all() const {
    for (const std::string& name : {origin(), undo(), store()}) succeeds(fixture.dm().remove(name));
  }
  [[nodiscard]] std::string status() const {
    const auto rows = value_of(fixture.dm().status(undo()));
    REQUIRE(rows.size() == 1);
    REQUIRE(rows[0].target == "snapshot");
    return rows[0].text;
  }
  // "used/total metadata": header and first metadata area are used from the start.
  [[nodiscard]] std::string status_with(std::uint64_t exceptions) const {
    return std::to_string((2 + exceptions) * kChunkSectors) + "/" + std::to_string(store_chunks * kChunkSectors) + " " +
           std::to_string(2 * kChunkSectors);
  }
};

}  // namespace

CONTRACT_TEST(DeviceMapperFixture, "snapshot: a store that begins with garbage is refused, zeros are a fresh one") {
  const Stack stack{fixture, 64};
  succeeds(fixture.raw().write(to_bytes(kStoreStart), pattern(2 * kChunkBytes, 3)));
  const DeviceNumber store = stack.make_store();
  const Error error = error_of(stack.load_undo(store));
  REQUIRE(error.code == Errc::kDmFailed);
  REQUIRE(error.os_error == ENXIO);
  REQUIRE_FALSE(value_of(fixture.dm().find(stack.undo()))->inactive_table);
  succeeds(fixture.dm().remove(stack.undo()));

  stack.zero_store_head();
  succeeds(stack.load_undo(store));
  succeeds(fixture.dm().resume(stack.undo(), true));
  REQUIRE(stack.status() == stack.status_with(0));
  const SnapHeader header = parse_snap_header(read_bytes(fixture.raw(), kStoreStart, kChunkBytes));
  REQUIRE(header.present);
  REQUIRE(header.valid);
  REQUIRE(header.version == kSnapVersion);
  REQUIRE(header.chunk == Sectors(kChunkSectors));
}

CONTRACT_TEST(DeviceMapperFixture, "snapshot: a write through the origin saves the old content first, once a chunk") {
  const Stack stack{fixture, 64};
  const ByteVector old_bytes = pattern(2 * kChunkBytes, 4);
  succeeds(fixture.raw().write(to_bytes(Sectors(800)), old_bytes));
  stack.make_all();
  const ByteVector new_bytes = pattern(kChunkBytes, 5);
  {
    const auto origin = fixture.open(stack.origin());
    succeeds(origin->write(to_bytes(Sectors(808)), new_bytes));
    REQUIRE(stack.status() == stack.status_with(1));
    succeeds(origin->write(to_bytes(Sectors(808)), pattern(kChunkBytes, 6)));
    REQUIRE(stack.status() == stack.status_with(1));
    succeeds(origin->write(to_bytes(Sectors(800)), ByteVector(512)));  // a part of a chunk saves all of it
    REQUIRE(stack.status() == stack.status_with(2));
    REQUIRE(same(read_bytes(*fixture.open(stack.undo()), Sectors(800), 2 * kChunkBytes), old_bytes));
  }
  stack.remove_all();
  // On disk: pairs of old and new chunk in the first metadata area, old contents where they say.
  const ByteVector area = read_bytes(fixture.raw(), kStoreStart + Sectors(kChunkSectors), kChunkBytes);
  REQUIRE(load_pair(area, 0).old_chunk == Chunks(101));
  REQUIRE(load_pair(area, 0).new_chunk == Chunks(2));
  REQUIRE(load_pair(area, 1).old_chunk == Chunks(100));
  REQUIRE(load_pair(area, 1).new_chunk == Chunks(3));
  REQUIRE(load_pair(area, 2).new_chunk == Chunks(0));
  const ByteVector saved = read_bytes(fixture.raw(), kStoreStart + Sectors(2 * kChunkSectors), kChunkBytes);
  REQUIRE(same(saved, std::span(old_bytes).subspan(kChunkBytes)));
}

CONTRACT_TEST(DeviceMapperFixture,
              "snapshot: exceptions are there again after the mappings were removed and made anew") {
  const Stack stack{fixture, 64};
  const ByteVector old_bytes = pattern(kChunkBytes, 7);
  succeeds(fixture.raw().write(to_bytes(Sectors(1600)), old_bytes));
  stack.make_all();
  succeeds(fixture.open(stack.origin())->write(to_bytes(Sectors(1600)), pattern(kChunkBytes, 8)));
  stack.remove_all();

  succeeds(stack.load_undo(stack.make_store()));
  succeeds(fixture.dm().resume(stack.undo(), true));
  fixture.make(stack.origin(), {row(0, kOriginSize.n, "snapshot-origin", fixture.disk().to_string())});
  REQUIRE(stack.status() == stack.status_with(1));
  REQUIRE(same(read_bytes(*fixture.open(stack.undo()), Sectors(1600), kChunkBytes), old_bytes));
  succeeds(fixture.open(stack.origin())->write(to_bytes(Sectors(1608)), ByteVector(kChunkBytes)));
  REQUIRE(stack.status() == stack.status_with(2));
}

CONTRACT_TEST(DeviceMapperFixture, "snapshot: a full store is given up, on disk too, and the origin goes on") {
  const Stack stack{fixture, 8};  // header, area and six chunks
  stack.make_all();
  const ByteVector bytes = pattern(16 * kChunkBytes, 9);
  {
    const auto origin = fixture.open(stack.origin());
    for (std::uint64_t i = 0; i < 16; ++i) {
      const auto chunk = std::span(bytes).subspan(i * kChunkBytes, kChunkBytes);
      succeeds(origin->write(to_bytes(Sectors(i * kChunkSectors)), chunk));
    }
    REQUIRE(stack.status() == "Invalid");
    REQUIRE(same(read_bytes(*origin, Sectors(0), bytes.size()), bytes));
  }
  stack.remove_all();
  const SnapHeader header = parse_snap_header(read_bytes(fixture.raw(), kStoreStart, kChunkBytes));
  REQUIRE(header.present);
  REQUIRE_FALSE(header.valid);
}

CONTRACT_TEST(DeviceMapperFixture, "snapshot: a store marked invalid loads, and says Invalid") {
  const Stack stack{fixture, 64};
  stack.make_all();
  stack.remove_all();
  ByteVector head = read_bytes(fixture.raw(), kStoreStart, kChunkBytes);
  store_le<std::uint32_t>(head, 4, 0);  // valid
  succeeds(fixture.raw().write(to_bytes(kStoreStart), head));
  succeeds(fixture.raw().flush());
  succeeds(stack.load_undo(stack.make_store()));
  succeeds(fixture.dm().resume(stack.undo(), true));
  REQUIRE(stack.status() == "Invalid");
}

CONTRACT_TEST(DeviceMapperFixture, "snapshot: the chunk size on disk goes before the table's") {
  const Stack stack{fixture, 64};
  stack.make_all();
  stack.remove_all();
  const DeviceNumber store = stack.make_store();
  value_of(fixture.dm().create(stack.undo(), ""));
  succeeds(fixture.dm().load(
      stack.undo(),
      std::vector{row(0, kOriginSize.n, "snapshot", fixture.disk().to_string() + " " + store.to_string() + " P 32")}));
  succeeds(fixture.dm().resume(stack.undo(), true));
  const auto table = value_of(fixture.dm().table(stack.undo()));
  REQUIRE(table.size() == 1);
  REQUIRE(table[0].parameters == fixture.disk().to_string() + " " + store.to_string() + " P 8");
}

}  // namespace bootguard::contract
