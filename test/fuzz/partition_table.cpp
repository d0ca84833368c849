// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: MBR, GPT header and GPT entries. Input: 8 bytes blocks of the disk, 8 the block of the header, 1 (bit 0:
// signature, size and place of the header are put right; bit 1: the number of entries, too;
// bit 2: the signature of an MBR), 96 bytes header, entries.
#include "core/partition_table.h"

#include <algorithm>
#include <array>

#include "base/little_endian.h"
#include "fuzz/fuzz.h"
#include "unit/crc32_ieee.h"

namespace bootguard::fuzz {
namespace {

// As RFC 3629 has it: no overlong form, no surrogate, nothing above 0x10FFFF.
bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned first = byte(i);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80) return false;
    }
    const unsigned second = byte(i + 1);
    if (first == 0xE0 && second < 0xA0) return false;
    if (first == 0xED && second > 0x9F) return false;
    if (first == 0xF0 && second < 0x90) return false;
    if (first == 0xF4 && second > 0x8F) return false;
    i += length;
  }
  return true;
}

void check_label(const std::string& label, std::size_t units) {
  must(is_utf8(label), "a label is UTF-8, whatever the disk says");
  must(label.find('\0') == std::string::npos && label.size() <= 3 * units, "a label ends where its field does");
}

void check_entries(std::span<const std::byte> bytes, const GptHeader& header) {
  const auto partitions = parse_gpt_entries(bytes, header);
  if (bytes.size() < header.entries_bytes()) {
    must(!partitions, "entries that are not all there are refused");
    return;
  }
  must(partitions.has_value(), "entries with the right checksum are read");
  must(partitions->size() <= header.entries, "no more partitions than entries");
  std::uint32_t before = 0;
  for (const GptPartition& partition : *partitions) {
    must(partition.number > before && partition.number <= header.entries, "a partition has the number of its entry");
    before = partition.number;
    must(partition.first_block <= partition.last_block, "no partition ends before it begins");
    check_label(partition.label, 36);
  }
  GptHeader other = header;
  other.entries_crc ^= 1;
  must(!parse_gpt_entries(bytes, other), "a wrong checksum is refused");
}

void check_mbr(std::span<const std::byte> sector) {
  const auto table = parse_mbr(sector);
  if (!table) return;
  for (const std::uint32_t number : {1U, 15U, 256U}) {
    const std::string name = mbr_part_uuid(table->signature, number);
    must(name.size() == (number > 255 ? 12 : 11) && name[8] == '-', "a name as the kernel makes it");
  }
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  fuzz::Input input(data, size);
  const std::uint64_t blocks = input.number(8);
  const std::uint64_t own = input.number(8);
  const std::uint64_t right = input.number(1);
  std::vector<std::byte> block(512);
  input.fill(std::span(block).first(96));
  const std::span<const std::byte> entries = input.rest();
  const std::span<std::byte> out(block);
  if ((right & 1U) != 0) {
    store_le<std::uint64_t>(out, 0, 0x5452415020494645);
    store_le<std::uint32_t>(out, 12, 92);
    store_le<std::uint64_t>(out, 24, own);
    store_le<std::uint32_t>(out, 84, kGptEntryBytes);
  }
  if ((right & 2U) != 0) store_le<std::uint32_t>(out, 80, static_cast<std::uint32_t>(entries.size() / kGptEntryBytes));
  if ((right & 4U) != 0) store_le<std::uint16_t>(out, 510, 0xAA55);
  const std::uint32_t used = std::min<std::uint32_t>(load_le<std::uint32_t>(block, 80), kMaxGptEntries + 1);
  const std::size_t covered = std::min(used * kGptEntryBytes, entries.size());
  store_le<std::uint32_t>(out, 88, test::crc32_ieee(entries.first(covered)));
  store_le<std::uint32_t>(out, 16, 0);
  const std::uint32_t bytes = std::clamp<std::uint32_t>(load_le<std::uint32_t>(block, 12), 20, 512);
  store_le<std::uint32_t>(out, 16, test::crc32_ieee(std::span(block).first(bytes)));

  fuzz::check_mbr(block);
  fuzz::check_label(utf8_from_utf16le(entries), entries.size() / 2 + 1);
  const auto header = parse_gpt_header(block, own, blocks);
  if (!header) return 0;
  fuzz::must(header->entries > 0 && header->entries <= kMaxGptEntries, "the number of entries is bounded");
  fuzz::must(header->entries_block >= 2 && header->entries_block < blocks, "the entries lie on the disk");
  fuzz::check_entries(entries, *header);
  return 0;
}
