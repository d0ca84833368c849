// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads from a device what the parsers in core (superblock.h, partition_table.h) want to see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "base/uuid.h"
#include "ports/block_device.h"

namespace bootguard {

// kIo if the device can not be read. An unknown content is no error.
[[nodiscard]] Result<FilesystemIdentity> read_identity(BlockDevice& device);

// A partition as its table has it.
struct TablePartition {
  std::uint32_t number = 0;
  Sectors start;          // known of GPT only; MBR: 0
  Uuid uuid;              // GPT only
  std::string part_uuid;  // as PARTUUID= has it, lower case
  std::string label;      // GPT only
};

class PartitionTable {
 public:
  // Primary GPT, else its backup, else the MBR's disk signature. An empty table where there is none. kIo as above.
  [[nodiscard]] static Result<PartitionTable> read(BlockDevice& disk);
  // What the table says about partition `number` that starts at `start`; nothing if it knows none there.
  [[nodiscard]] std::optional<TablePartition> find(std::uint32_t number, Sectors start) const;

 private:
  std::vector<TablePartition> gpt_;
  std::uint32_t mbr_signature_ = 0;
};

}  // namespace bootguard
