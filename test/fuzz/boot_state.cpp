// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz/boot_state.h"

#include <algorithm>
#include <array>

#include "app/verbs.h"
#include "base/little_endian.h"
#include "core/transition.h"
#include "format/copy_pick.h"
#include "format/witness.h"
#include "fuzz/exceptions.h"

namespace bootguard::fuzz {
namespace {

using model::World;
constexpr std::size_t kMostChanges = 32;

std::uint64_t copy_byte(std::size_t copy) { return World::kAreaOffset + copy * layout::kCopyStrideBytes; }

BlockBuffer read_block(const Disks& disks, std::size_t copy) {
  BlockBuffer block{};
  disks.metadata.read(copy_byte(copy), block);
  return block;
}

// ---- a life

// One time the machine is on, up to a clean switching off.
template <class Function>
void while_on(Disks& disks, std::uint64_t boot, Function function) {
  SimDisk metadata("metadata", disks.metadata);
  SimDisk volume("volume", disks.volume);
  {
    FakeMachine machine;
    the_world().plug_in(machine, metadata, volume);
    machine.system.boot = numbered_uuid(0xB007, boot);
    machine.system.command_line = "bootguard.slot=old";
    function(machine);
  }
  disks = {metadata.newest(), volume.newest()};
}

void boot_and_write(Disks& disks, std::uint64_t boot) {
  while_on(disks, boot, [&](FakeMachine& machine) {
    machine.system.command_line = "bootguard.slot=new";
    const BootReport report = run_boot(machine.context(the_world().config));
    must(report.is_protected, "a life goes its ordinary way");
    SectorIo* mapped = machine.table.find(*machine.resolve(report.device));
    for (std::uint64_t block = 10; block < 14; ++block) {
      must(mapped->write(block * kSimBlock, model::pattern(0x100 + boot, block), false) == 0, "the mapping is written");
    }
  });
}

void put_metadata(Disks& disks, const Metadata& metadata) {
  for (std::size_t copy = 0; copy < layout::kCopies; ++copy) disks.metadata.write(copy_byte(copy), encode(metadata));
}

// Armed where the store of an earlier trial lay, which no one had wiped: header and first area are still there.
Disks over_an_old_store(const Disks& armed, const Disks& trial) {
  Disks disks = armed;
  const StoreView view = *believe(armed).store;
  std::vector<std::byte> bytes(to_bytes(view.record.chunk).n);
  for (const Chunks chunk : {Chunks(0), area_chunk(0, view.record.chunk)}) {
    trial.volume.read(byte_of(view, chunk), bytes);
    disks.volume.write(byte_of(view, chunk), bytes);
  }
  return disks;
}

std::vector<Disks> make_life() {
  std::vector<Disks> life;
  Disks disks{the_world().blank_metadata, the_world().fresh_volume};
  life.push_back(disks);  // never formatted
  while_on(disks, 1, [](FakeMachine& machine) {
    must(run_format(machine.context(the_world().config), false).ok(), "a life begins");
  });
  life.push_back(disks);
  while_on(disks, 2, [](FakeMachine& machine) {
    const auto number = machine.resolve(World::kVolumePath);
    must(machine.mounts.mount(*number, World::kMountPath) == 0, "the volume is mounted");
    must(run_arm(machine.context(the_world().config), ArmOptions{}).ok(), "an update is armed");
    machine.mounts.unmount(World::kMountPath);
  });
  life.push_back(disks);
  for (std::uint64_t boot = 3; boot <= 4; ++boot) {  // as many as there are attempts
    boot_and_write(disks, boot);
    life.push_back(disks);
  }
  const Metadata trial = decode(read_block(disks, 0)).metadata;
  put_metadata(disks, begin_rollback(trial, Reason::kOldSlot, Moment{}));
  life.push_back(disks);
  put_metadata(disks, commit(trial, Reason::kMarkGood, Moment{}));
  life.push_back(disks);
  life.push_back(over_an_old_store(life[2], life[3]));
  return life;
}

// ---- what the input does to it

std::span<std::byte> part_of(std::span<std::byte> bytes, std::uint64_t offset, std::uint64_t length) {
  const auto from = static_cast<std::size_t>(offset % bytes.size());
  return bytes.subspan(from, std::min<std::size_t>(static_cast<std::size_t>(length), bytes.size() - from));
}

void change_block(Disks& disks, Input& input, std::size_t first, std::size_t last, bool repaired) {
  const std::uint64_t offset = input.number(2);
  const auto bytes = input.take(1 + static_cast<std::size_t>(input.number(1)) % 64);
  for (std::size_t copy = first; copy <= last; ++copy) {
    BlockBuffer block = read_block(disks, copy);
    const auto target = part_of(block, offset, bytes.size());
    std::copy_n(bytes.begin(), target.size(), target.begin());
    if (repaired) repair_block(block);
    disks.metadata.write(copy_byte(copy), block);
  }
}

// A number in place of one in an entry of the table, in all copies, with every checksum that covers it.
void change_table(Disks& disks, Input& input) {
  const Metadata metadata = decode(read_block(disks, 0)).metadata;
  const TableDescriptor& table = metadata.volumes[0].tables[0];
  if (metadata.volume_count == 0 || table.kind != TableKind::kStore) return;
  std::vector<std::byte> bytes(layout::kTableSlotBytes);
  const std::uint64_t at = World::kAreaOffset + std::uint64_t{table.first_block} * layout::kBlockBytes;
  if (at + layout::kTableSlotBytes > World::kAreaOffset + World::kAreaBytes) return;
  disks.metadata.read(at, bytes);
  const std::uint64_t entry = input.number(1) % (2 * table.entries);
  const auto place = static_cast<std::size_t>(layout::table::kHeaderBytes + entry * 8);
  const std::uint64_t old = load_le<std::uint64_t>(bytes, place);
  // Mostly a little off, now and then anything.
  const std::uint64_t kind = input.number(1);
  const std::uint64_t value = kind < 100 ? old + kind : kind < 200 ? old - (kind - 100) : input.number(8);
  store_le(std::span(bytes), place, value);
  repair_table(bytes);
  for (std::size_t copy = 0; copy < layout::kCopies; ++copy) {
    const std::uint64_t to = at + copy * table.stride_blocks * layout::kBlockBytes;
    if (to + bytes.size() <= World::kAreaOffset + World::kAreaBytes) disks.metadata.write(to, bytes);
    BlockBuffer block = read_block(disks, copy);
    store_le(std::span<std::byte>(block),
             layout::kVolumeOffset + layout::volume::kTables + layout::table_descriptor::kCrc,
             load_le<std::uint32_t>(bytes, layout::table::kCrc));
    repair_block(block);
    disks.metadata.write(copy_byte(copy), block);
  }
}

// The store as it should be where the table now says that it lies: a table that was made up from end to end.
void make_consistent(Disks& disks) {
  Metadata metadata = decode(read_block(disks, 0)).metadata;
  const TableDescriptor& table = metadata.volumes[0].tables[0];
  if (metadata.volume_count == 0 || table.kind != TableKind::kStore) return;
  VolumeRecord& record = metadata.volumes[0];
  std::vector<std::byte> bytes(layout::kTableSlotBytes);
  const std::uint64_t at = World::kAreaOffset + std::uint64_t{table.first_block} * layout::kBlockBytes;
  if (at + bytes.size() > World::kAreaOffset + World::kAreaBytes) return;
  disks.metadata.read(at, bytes);
  const auto decoded = decode_table(bytes, table, record.arm_id, record.device_size);
  if (!decoded || record.device_size.n != the_world().volume_blocks * 8) return;
  const std::vector<Extent>& extents = decoded.value().extents;
  const VolumeGeometry geometry{record.device_size, record.chunk, Bytes(record.fs_block_bytes)};
  const std::vector<Extent> pieces = mapped_pieces(extents, geometry);
  record.store_size = total_length(pieces);
  put_metadata(disks, metadata);
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const auto place = witness_place(extents[i], geometry);
    if (!place) continue;
    const Witness witness{record.arm_id, static_cast<std::uint32_t>(i), table.entries, extents[i]};
    disks.volume.write(to_bytes(*place).n, encode_witness(witness));
  }
  if (metadata.phase != Phase::kArmed) return;
  for (const Sectors place : stamp_places(pieces, record.chunk, record.store_size)) {
    disks.volume.write(to_bytes(place).n, encode_witness(stamp(record, place)));
  }
}

// One exception in place of another: number, old chunk, new chunk.
void change_exception(Disks& disks, const Believed& believed, Input& input) {
  const std::uint64_t index = input.number(1);
  const std::uint64_t old_chunk = input.number(2);
  const std::uint64_t new_chunk = input.number(2);
  if (!believed.store || store_chunks(*believed.store) < 2) return;
  std::array<std::byte, kSnapPairBytes> pair{};
  store_le(std::span<std::byte>(pair), 0, old_chunk);
  store_le(std::span<std::byte>(pair), 8, new_chunk);
  const std::uint64_t area = byte_of(*believed.store, area_chunk(0, believed.store->record.chunk));
  disks.volume.write(area + index % pairs_per_area(believed.store->record.chunk) * kSnapPairBytes, pair);
}

void change_store(Disks& disks, const Believed& believed, Input& input) {
  const std::uint64_t chunk = input.number(1);
  const std::uint64_t offset = input.number(2);
  const auto bytes = input.take(1 + static_cast<std::size_t>(input.number(1)) % 16);
  if (!believed.store || chunk >= store_chunks(*believed.store)) return;
  const std::uint64_t room = to_bytes(believed.store->record.chunk).n;
  const std::uint64_t at = offset % (room - 16);
  if (!bytes.empty()) disks.volume.write(byte_of(*believed.store, Chunks(chunk)) + at, bytes);
}

void change_witness(Disks& disks, const Believed& believed, Input& input) {
  const std::uint64_t number = input.number(1);
  const std::uint64_t offset = input.number(1);
  const auto bytes = input.take(1);
  if (!believed.store || bytes.empty()) return;
  const Extent& extent = believed.store->extents[number % believed.store->extents.size()];
  const auto place = witness_place(extent, believed.store->geometry);
  if (place) disks.volume.write(to_bytes(*place).n + offset, bytes);
}

void change(Disks& disks, Input& input) {
  const std::uint64_t tag = input.number(1);
  const std::size_t copy = tag / 8 % layout::kCopies;
  switch (tag % 8) {
    case 0:
      return change_block(disks, input, 0, layout::kCopies - 1, true);
    case 1:
      return change_block(disks, input, copy, copy, true);
    case 2:
      return change_block(disks, input, copy, copy, false);
    case 3:
      return change_table(disks, input);
    case 4:
      return change_exception(disks, believe(disks), input);
    case 5:
      return change_store(disks, believe(disks), input);
    case 6:
      return change_witness(disks, believe(disks), input);
    default:
      return make_consistent(disks);
  }
}

}  // namespace

const model::World& the_world() {
  static const World world{model::WorldOptions{}};
  return world;
}

Disks take_disks(Input& input) {
  static const std::vector<Disks> life = make_life();
  Disks disks = life[input.number(1) % life.size()];
  for (std::size_t i = 0; i < kMostChanges && !input.empty(); ++i) change(disks, input);
  return disks;
}

Believed believe(const Disks& disks) {
  Believed believed;
  std::array<CopyRead, layout::kCopies> copies{};
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const BlockBuffer block = read_block(disks, i);
    const Decoded decoded = decode(block);
    copies[i] = {decoded.state, decoded.detail, decoded.metadata.sequence,
                 load_le<std::uint32_t>(block, layout::header::kCrc)};
  }
  const auto pick = pick_copy(copies);
  if (!pick) return believed;
  Metadata metadata = decode(read_block(disks, pick.value().index)).metadata;
  if (std::uint64_t{metadata.area_blocks} * layout::kBlockBytes > World::kAreaBytes) return believed;
  believed.metadata = metadata;
  const VolumeRecord& record = metadata.volumes[0];
  if (metadata.volume_count == 0 || to_bytes(record.device_size).n != the_world().volume_blocks * kSimBlock) {
    return believed;
  }
  for (const TableDescriptor& table : record.tables) {
    if (table.kind != TableKind::kStore) continue;
    for (std::size_t copy = 0; copy < layout::kTableCopies && !believed.store; ++copy) {
      std::vector<std::byte> bytes(round_up(Bytes(table.length_bytes), Bytes(layout::kBlockBytes)).n);
      const std::uint64_t block = table.first_block + copy * std::uint64_t{table.stride_blocks};
      disks.metadata.read(World::kAreaOffset + block * layout::kBlockBytes, bytes);
      auto decoded = decode_table(bytes, table, record.arm_id, record.device_size);
      if (!decoded) continue;
      StoreView view;
      view.record = record;
      view.geometry = {record.device_size, record.chunk, Bytes(record.fs_block_bytes)};
      view.extents = decoded.value().extents;
      std::vector<Extent> pieces = mapped_pieces(view.extents, view.geometry);
      if (pieces.empty() || total_length(pieces) != record.store_size) break;
      view.pieces_by_start = pieces;
      std::sort(view.pieces_by_start.begin(), view.pieces_by_start.end(),
                [](const Extent& a, const Extent& b) { return a.start < b.start; });
      view.map = StoreMap(std::move(pieces));
      believed.store = std::move(view);
    }
  }
  return believed;
}

}  // namespace bootguard::fuzz
