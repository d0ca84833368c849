// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/partition_table.h"

#include <algorithm>
#include <array>

#include "base/little_endian.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kGptSignature = 0x5452415020494645;  // "EFI PART"
constexpr std::size_t kSectorBytes = 512;
constexpr std::size_t kMinHeaderBytes = 92;

// CRC-32 of IEEE 802.3, as UEFI wants it; by bits, because it covers a few kilobytes once.
std::uint32_t crc32_ieee(std::span<const std::byte> bytes, std::uint32_t crc) {
  crc = ~crc;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// The first three fields of a GUID are little-endian on disk; a Uuid has the bytes as they are printed.
Uuid load_guid(std::span<const std::byte> bytes) {
  static constexpr std::array<std::uint8_t, 16> kOrder{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  Uuid uuid;
  for (std::size_t i = 0; i < kOrder.size(); ++i) uuid.bytes[i] = std::to_integer<std::uint8_t>(bytes[kOrder[i]]);
  return uuid;
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&text](std::uint32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::string utf8_from_utf16le(std::span<const std::byte> bytes) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  std::string text;
  for (std::size_t i = 0; i + 2 <= bytes.size(); i += 2) {
    const std::uint32_t unit = load_le<std::uint16_t>(bytes, i);
    if (unit == 0) break;
    if (unit < 0xD800 || unit > 0xDFFF) {
      append_utf8(text, unit);
      continue;
    }
    const std::uint32_t next = i + 4 <= bytes.size() ? load_le<std::uint16_t>(bytes, i + 2) : 0U;
    if (unit <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF) {
      append_utf8(text, 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00));
      i += 2;
    } else {
      append_utf8(text, kReplacement);
    }
  }
  return text;
}

std::optional<MbrTable> parse_mbr(std::span<const std::byte> sector) {
  if (load_le<std::uint16_t>(sector, 510) != 0xAA55) return std::nullopt;
  MbrTable table;
  table.signature = load_le<std::uint32_t>(sector, 440);
  for (std::size_t i = 0; i < 4; ++i) {
    if (sector[446 + 16 * i + 4] == std::byte{0xEE}) table.protective = true;
  }
  return table;
}

std::string mbr_part_uuid(std::uint32_t signature, std::uint32_t number) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(signature >> shift) & 0xF];
  text += '-';
  if (number > 0xFF) text += kDigits[(number >> 8) & 0xF];
  text += kDigits[(number >> 4) & 0xF];
  text += kDigits[number & 0xF];
  return text;
}

std::optional<GptHeader> parse_gpt_header(std::span<const std::byte> block, std::uint64_t own_block,
                                          std::uint64_t disk_blocks) {
  if (load_le<std::uint64_t>(block, 0) != kGptSignature) return std::nullopt;
  const std::size_t header_bytes = load_le<std::uint32_t>(block, 12);
  if (header_bytes < kMinHeaderBytes || header_bytes > kSectorBytes) return std::nullopt;
  // The CRC is over the header with its own field zero.
  constexpr std::array<std::byte, 4> kZero{};
  std::uint32_t crc = crc32_ieee(block.first(16), 0);
  crc = crc32_ieee(kZero, crc);
  crc = crc32_ieee(block.subspan(20, header_bytes - 20), crc);
  if (crc != load_le<std::uint32_t>(block, 16)) return std::nullopt;
  // A header somewhere else is a copy of another disk, or of this one before it was resized.
  if (load_le<std::uint64_t>(block, 24) != own_block) return std::nullopt;
  if (load_le<std::uint32_t>(block, 84) != kGptEntryBytes) return std::nullopt;

  GptHeader header;
  header.entries_block = load_le<std::uint64_t>(block, 72);
  header.entries = load_le<std::uint32_t>(block, 80);
  header.entries_crc = load_le<std::uint32_t>(block, 88);
  if (header.entries == 0 || header.entries > kMaxGptEntries) return std::nullopt;
  const std::uint64_t blocks = header.entries_bytes() / kSectorBytes + 1;  // at least as many as any block size needs
  if (header.entries_block < 2 || header.entries_block >= disk_blocks) return std::nullopt;
  if (own_block == 1 && disk_blocks - header.entries_block < blocks) return std::nullopt;
  return header;
}

std::optional<std::vector<GptPartition>> parse_gpt_entries(std::span<const std::byte> bytes, const GptHeader& header) {
  if (bytes.size() < header.entries_bytes()) return std::nullopt;
  bytes = bytes.first(header.entries_bytes());
  if (crc32_ieee(bytes, 0) != header.entries_crc) return std::nullopt;
  std::vector<GptPartition> partitions;
  for (std::uint32_t i = 0; i < header.entries; ++i) {
    const std::span<const std::byte> entry = bytes.subspan(i * kGptEntryBytes, kGptEntryBytes);
    const auto type = entry.first(16);
    if (std::all_of(type.begin(), type.end(), [](std::byte b) { return b == std::byte{0}; })) continue;
    GptPartition partition;
    partition.number = i + 1;
    partition.uuid = load_guid(entry.subspan(16, 16));
    partition.first_block = load_le<std::uint64_t>(entry, 32);
    partition.last_block = load_le<std::uint64_t>(entry, 40);
    if (partition.last_block < partition.first_block) continue;
    partition.label = utf8_from_utf16le(entry.subspan(56, 72));
    partitions.push_back(std::move(partition));
  }
  return partitions;
}

}  // namespace bootguard
