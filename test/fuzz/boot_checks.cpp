// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz/boot_checks.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "app/rollback.h"
#include "format/witness.h"
#include "fuzz/exceptions.h"

namespace bootguard::fuzz {
namespace {

using model::World;

// Far above what the largest store of the world needs, far below for ever.
constexpr std::uint64_t kMostRequests = 20000;
constexpr std::size_t kMostDmCalls = 200;

bool block_of_store(const StoreView& view, std::uint64_t block, Chunks chunk) {
  const std::uint64_t first = byte_of(view, chunk) / kSimBlock;
  return block >= first && block < first + to_bytes(view.record.chunk).n / kSimBlock;
}

// What boot may write into a store: the header, and the areas (fresh ones, and what is scrubbed).
bool is_stores_own(const Believed& believed, std::uint64_t block) {
  if (!believed.store) return false;
  const StoreView& view = *believed.store;
  if (block_of_store(view, block, Chunks(0))) return true;
  for (std::uint64_t area = 0;; ++area) {
    const Chunks chunk = area_chunk(area, view.record.chunk);
    if (chunk.n >= store_chunks(view)) return false;
    if (block_of_store(view, block, chunk)) return true;
  }
}

bool witnesses_hold(const DiskImage& volume, const StoreView& view) {
  WitnessBuffer block{};
  for (std::size_t i = 0; i < view.extents.size(); ++i) {
    const auto place = witness_place(view.extents[i], view.geometry);
    if (!place) continue;
    volume.read(to_bytes(*place).n, block);
    const auto entries = static_cast<std::uint32_t>(view.extents.size());
    if (!check_witness(block, {view.record.arm_id, static_cast<std::uint32_t>(i), entries, view.extents[i]})) {
      return false;
    }
  }
  return true;
}

// ---- what was written

void check_metadata_device(const BootRun& run) {
  const DiskImage after = run.metadata.newest();
  must(the_world().sentinels_whole(after), "not one byte outside the metadata area changes");
  const auto changed = run.before.metadata.difference(after);
  if (!run.believed.metadata) {
    must(changed.empty() && run.metadata.writes == 0, "metadata that tells nothing is not touched");
    return;
  }
  for (const std::uint64_t block : changed) {
    const std::uint64_t in_area = block - World::kAreaOffset / kSimBlock;
    const bool is_copy = in_area < 64 && in_area % 16 == 0;
    bool is_table = false;
    for (const TableDescriptor& table : run.believed.metadata->volumes[0].tables) {
      if (table.kind == TableKind::kUnused) continue;
      const std::uint64_t blocks = (table.length_bytes + kSimBlock - 1) / kSimBlock;
      for (std::uint64_t copy = 0; copy < layout::kTableCopies; ++copy) {
        const std::uint64_t first = table.first_block + copy * table.stride_blocks;
        is_table = is_table || (in_area >= first && in_area < first + blocks);
      }
    }
    must(is_copy || is_table, "in the area only copies and the tables they name are written");
  }
}

void check_volume_content(const BootRun& run) {
  const DiskImage after = run.volume.newest();
  if (!run.believed.store) {
    must(run.volume.writes == 0, "without a store that is known nothing on the volume is touched");
    return;
  }
  const StoreView& view = *run.believed.store;
  DiskImage expected = run.before.volume;
  const Phase phase = run.believed.metadata->phase;
  const bool copied = run.report.chunks_copied_back > 0;
  if (copied) {
    must(phase == Phase::kTrial || phase == Phase::kRollingBack, "only a trial is rolled back");
    must(witnesses_hold(run.before.volume, view), "nothing is copied back from a store that has no witnesses");
    const Pairs pairs = read_pairs(run.before.volume, view);
    must(all_allowed(view, pairs), "nothing is copied over the store or past the device");
    must(pairs.size() == run.report.chunks_copied_back, "every exception is copied back");
    expected = copied_back(expected, view, pairs);
  }
  for (const std::uint64_t block : expected.difference(after)) {
    must(is_stores_own(run.believed, block), "outside the store only a rollback changes anything, and only to the old");
  }
}

// ---- what is mapped

struct Target {
  std::uint32_t major = 0, minor = 0;
  std::uint64_t sector = 0;
};

// Of a linear row, as the kernel prints it.
Target parse_linear(const std::string& parameters) {
  Target target;
  const int found =
      std::sscanf(parameters.c_str(), "%" SCNu32 ":%" SCNu32 " %" SCNu64, &target.major, &target.minor, &target.sector);
  must(found == 3, "a linear row names a device and a sector");
  return target;
}

void check_linear(const BootRun& run, const std::string& name, const DmRow& row, DeviceNumber raw) {
  const Target target = parse_linear(row.parameters);
  const SectorIo* device = run.machine.table.find(DeviceNumber{target.major, target.minor});
  must(device != nullptr, "a row leads to a device that exists");
  must(target.sector <= device->size() / 512 && row.length.n <= device->size() / 512 - target.sector,
       "no row leads past the end of its device");
  const bool is_raw = target.major == raw.major && target.minor == raw.minor;
  const bool is_store = name.ends_with("-store") || name.ends_with("-rows");
  if (!is_store) {
    must(target.sector == row.start.n, "the volume's sectors keep their places");
  } else if (is_raw) {
    must(run.believed.store.has_value(), "a store that is mapped is known");
    const auto& pieces = run.believed.store->pieces_by_start;
    must(std::any_of(pieces.begin(), pieces.end(),
                     [&](const Extent& piece) {
                       return piece.start.n <= target.sector && target.sector + row.length.n <= piece.end().n;
                     }),
         "the store is mapped to its own pieces only");
  }
}

void check_tables(const BootRun& run) {
  const DeviceNumber raw = *run.machine.resolve(World::kVolumePath);
  const auto names = run.machine.dm.list("");
  for (const std::string& name : names ? names.value() : std::vector<std::string>()) {
    must(name.starts_with("bootguard-"), "only bootguard's own names are used");
    const auto table = run.machine.dm.table(name);
    must(table.ok() && !table.value().empty(), "no device is left without a table");
    Sectors at;
    for (const DmRow& row : table.value()) {
      must(row.start == at && row.length.n > 0, "the rows of a table follow each other");
      at += row.length;
      if (row.target == "linear") check_linear(run, name, row, raw);
    }
    const bool store = name.ends_with("-store") || name.ends_with("-rows");
    const std::uint64_t size = store ? run.believed.store->record.store_size.n : the_world().volume_blocks * 8;
    must(at.n == size, "a table covers what it stands for");
  }
}

void check_top(const BootRun& run) {
  const auto number = run.machine.resolve(run.report.device);
  must(number.has_value(), "what is to be mounted is there");
  SectorIo* top = run.machine.table.find(*number);
  must(top->size() == the_world().volume_blocks * kSimBlock, "what is to be mounted is as large as the volume");
  std::array<std::byte, kSimBlock> bytes{};
  std::array<std::byte, kSimBlock> wanted{};
  const DiskImage now = run.volume.newest();
  must(top->read(2 * kSimBlock, bytes) == 0, "what is to be mounted can be read");
  now.read(2 * kSimBlock, wanted);
  must(bytes == wanted, "what is to be mounted is the volume");
  if (!run.report.is_protected) return;
  for (const Extent& piece : run.believed.store->pieces_by_start) {
    for (const Sectors sector :
         {piece.start - run.believed.store->record.chunk, piece.start, piece.end() - Sectors(8)}) {
      must(top->read(to_bytes(sector).n, bytes) != 0, "the mounted system cannot reach the store");
    }
  }
}

// ---- what is said and recorded

void check_protected(const BootRun& run, const Believed& after) {
  must(run.report.mount && run.report.device == "/dev/mapper/bootguard-data", "protected is what goes by the mapping");
  must(after.metadata && after.metadata->phase == Phase::kTrial, "protected is what is durable as a trial");
  must(run.believed.store.has_value(), "protected is what has a store");
  must(witnesses_hold(run.before.volume, *run.believed.store), "no store is mapped without its witnesses");
  const DiskImage now = run.volume.newest();
  must(ends_in_zeros(now, *run.believed.store), "nothing can come to life behind the last exception");
  if (run.report.decision == Decision::kStartTrial) {
    must(read_pairs(now, *run.believed.store).empty(), "a checkpoint begins with an empty store");
  }
  if (run.report.decision == Decision::kContinueTrial && !run.report.failure) {
    must(after.metadata->attempts_left + 1 == run.believed.metadata->attempts_left, "a boot costs an attempt");
  }
}

void check_unprotected(const BootRun& run, const Believed& after) {
  if (!after.metadata) return;
  must(after.metadata->phase != Phase::kRollingBack, "half-copied data is never mounted");
  if (after.metadata->phase != Phase::kTrial) return;
  must(after.store.has_value(), "a trial goes on past bootguard only if its store is known");
  std::array<std::byte, kSnapHeaderBytes> header{};
  run.volume.newest().read(byte_of(*after.store, Chunks(0)), header);
  const SnapHeader found = parse_snap_header(header);
  must(found.present && !found.valid, "a trial goes on past bootguard only with its store voided");
}

}  // namespace

void check_boot(const BootRun& run) {
  must(run.machine.dm.hung_requests() == 0, "no request waits for ever");
  must(run.machine.dm.calls().size() <= kMostDmCalls, "the calls to the device mapper are bounded");
  must(run.metadata.reads + run.metadata.writes + run.volume.reads + run.volume.writes <= kMostRequests,
       "the requests to the disks are bounded");
  check_metadata_device(run);
  check_volume_content(run);
  check_tables(run);
  const Believed after = believe({run.metadata.newest(), run.volume.newest()});
  must(after.metadata.has_value() == run.believed.metadata.has_value(), "what could be read can be read, and no more");
  if (after.metadata) {
    must(after.metadata->sequence >= run.believed.metadata->sequence, "the sequence does not fall");
    must(after.metadata->phase == Phase::kIdle || after.metadata->attempts_left <= run.believed.metadata->attempts_left,
         "no boot gives an attempt back");
  } else {
    must(run.report.mount && !run.report.is_protected, "metadata that tells nothing leaves the machine bootable");
  }
  if (!run.report.mount) {
    must(run.report.device.empty() && run.report.failure.has_value(), "where nothing may be mounted it says why");
    return;
  }
  must(!run.report.device.empty(), "there is something to mount");
  check_top(run);
  if (run.report.is_protected) {
    check_protected(run, after);
  } else {
    check_unprotected(run, after);
  }
}

}  // namespace bootguard::fuzz
