// SPDX-License-Identifier: LGPL-2.1-or-later
// Partition tables, as far as PARTLABEL= and PARTUUID= need them (UEFI specification 2.10, chapter 5; the kernel's
// block/partitions/efi.c and msdos.c). Pure; every byte is hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/uuid.h"

namespace bootguard {

// Limits: the kernel makes no partition from other entry sizes, and no tool writes more than 1024 entries.
inline constexpr std::size_t kGptEntryBytes = 128;
inline constexpr std::uint32_t kMaxGptEntries = 1024;

struct MbrTable {
  bool protective = false;      // a partition of type 0xEE: the kernel looks for a GPT
  std::uint32_t signature = 0;  // of the disk; 0: none
};
// Nothing if it is no MBR. REQUIRES: sector.size() >= 512.
[[nodiscard]] std::optional<MbrTable> parse_mbr(std::span<const std::byte> sector);
// "1234abcd-02": what the kernel and PARTUUID= call partition `number` of an MBR disk.
[[nodiscard]] std::string mbr_part_uuid(std::uint32_t signature, std::uint32_t number);

struct GptHeader {
  std::uint64_t entries_block = 0;  // logical block of the first entry, within the disk
  std::uint32_t entries = 0;        // 1..kMaxGptEntries
  std::uint32_t entries_crc = 0;
  [[nodiscard]] std::size_t entries_bytes() const { return entries * kGptEntryBytes; }
};
// A header read from logical block `own_block` of a disk of `disk_blocks`. Nothing unless signature, size, CRC, own
// position and every bound are right. REQUIRES: block.size() >= 512.
[[nodiscard]] std::optional<GptHeader> parse_gpt_header(std::span<const std::byte> block, std::uint64_t own_block,
                                                        std::uint64_t disk_blocks);

struct GptPartition {
  std::uint32_t number = 0;       // as in sda3: 3
  std::uint64_t first_block = 0;  // logical blocks, both inclusive, first <= last
  std::uint64_t last_block = 0;
  Uuid uuid;
  std::string label;  // UTF-8, hostile: not fit to be printed raw
};
// The used entries. Nothing if `bytes` is too short or its CRC is not the header's.
[[nodiscard]] std::optional<std::vector<GptPartition>> parse_gpt_entries(std::span<const std::byte> bytes,
                                                                         const GptHeader& header);

// UTF-16LE up to the first NUL, as GPT and f2fs hold names; lone surrogates become U+FFFD.
[[nodiscard]] std::string utf8_from_utf16le(std::span<const std::byte> bytes);

}  // namespace bootguard
