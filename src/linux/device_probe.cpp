// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/device_probe.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "core/partition_table.h"
#include "core/superblock.h"

namespace bootguard {
namespace {

// One of the two headers with its entries; an empty list if it is damaged.
Result<std::vector<TablePartition>> read_gpt(BlockDevice& disk, std::uint64_t header_block) {
  const Bytes unit = disk.logical_block();
  const std::uint64_t blocks = disk.size().n / unit.n;
  std::vector<TablePartition> partitions;
  std::vector<std::byte> buffer(static_cast<std::size_t>(unit.n));
  CHECK_OK(disk.read(unit * header_block, buffer));
  const auto header = parse_gpt_header(buffer, header_block, blocks);
  if (!header) return partitions;
  const Bytes bytes = round_up(Bytes(header->entries_bytes()), unit);
  if (bytes.n / unit.n > blocks - header->entries_block) return partitions;
  buffer.resize(static_cast<std::size_t>(bytes.n));
  CHECK_OK(disk.read(unit * header->entries_block, buffer));
  const auto entries = parse_gpt_entries(buffer, *header);
  if (!entries) return partitions;
  for (const GptPartition& entry : *entries) {
    if (entry.last_block >= blocks) continue;
    TablePartition partition;
    partition.number = entry.number;
    partition.start = to_sectors_down(unit * entry.first_block);
    partition.uuid = entry.uuid;
    partition.part_uuid = entry.uuid.to_string();
    partition.label = entry.label;
    partitions.push_back(std::move(partition));
  }
  return partitions;
}

}  // namespace

Result<FilesystemIdentity> read_identity(BlockDevice& device) {
  const Bytes unit = device.logical_block();
  const Bytes size = round_down(device.size(), unit);
  const Bytes head_size = std::min(size, round_up(Bytes(kProbeHeadBytes), unit));
  const Bytes tail_size = std::min(size, round_up(Bytes(kProbeTailBytes), unit));
  std::vector<std::byte> head(static_cast<std::size_t>(head_size.n));
  CHECK_OK(device.read(Bytes(0), head));
  std::vector<std::byte> tail(static_cast<std::size_t>(tail_size.n));
  CHECK_OK(device.read(size - tail_size, tail));
  return identify_superblock({head, tail, size});
}

Result<PartitionTable> PartitionTable::read(BlockDevice& disk) {
  PartitionTable table;
  const Bytes unit = disk.logical_block();
  const std::uint64_t blocks = disk.size().n / unit.n;
  if (blocks < 3) return table;
  std::vector<std::byte> sector(static_cast<std::size_t>(unit.n));
  CHECK_OK(disk.read(Bytes(0), sector));
  // Without a protective MBR the kernel ignores a GPT: a stale one beneath a newer MBR must not give names.
  const auto mbr = parse_mbr(sector);
  if (!mbr) return table;
  if (!mbr->protective) {
    table.mbr_signature_ = mbr->signature;
    return table;
  }
  if (auto primary = read_gpt(disk, 1)) table.gpt_ = std::move(primary).value();
  if (!table.gpt_.empty()) return table;
  ASSIGN_OR_RETURN(table.gpt_, read_gpt(disk, blocks - 1));
  return table;
}

std::optional<TablePartition> PartitionTable::find(std::uint32_t number, Sectors start) const {
  for (const TablePartition& partition : gpt_) {
    // Both: the kernel's partitions may have been changed by hand since, or stem from the other header.
    if (partition.number == number && partition.start == start) return partition;
  }
  if (mbr_signature_ == 0) return std::nullopt;
  TablePartition partition;
  partition.number = number;
  partition.part_uuid = mbr_part_uuid(mbr_signature_, number);
  return partition;
}

}  // namespace bootguard
