// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/superblock.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/little_endian.h"
#include "core/partition_table.h"
#include "format/block_bytes.h"
#include "format/layout.h"

namespace bootguard {
namespace {

using Input = std::span<const std::byte>;

template <class T>
T load_be(Input bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(static_cast<T>(value << 8) | std::to_integer<T>(bytes[offset + i]));
  }
  return value;
}

bool has(Input bytes, std::size_t offset, std::string_view magic) {
  if (offset > bytes.size() || bytes.size() - offset < magic.size()) return false;
  for (std::size_t i = 0; i < magic.size(); ++i) {
    if (bytes[offset + i] != static_cast<std::byte>(magic[i])) return false;
  }
  return true;
}

std::string text_until_nul(Input bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    if (byte == std::byte{0}) break;
    text += std::to_integer<char>(byte);
  }
  return text;
}

constexpr bool power_of_two_between(std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  return value >= low && value <= high && (value & (value - 1)) == 0;
}

// ext2, ext3, ext4: superblock at 1024.
std::optional<FilesystemIdentity> probe_ext(Input head) {
  constexpr std::size_t kAt = 1024;
  if (head.size() < kAt + 1024) return std::nullopt;
  const Input block = head.subspan(kAt, 1024);
  if (load_le<std::uint16_t>(block, 56) != 0xEF53) return std::nullopt;
  const auto log_block = load_le<std::uint32_t>(block, 24);
  if (log_block > 6) return std::nullopt;  // 64 KiB
  const auto compat = load_le<std::uint32_t>(block, 92);
  const auto incompat = load_le<std::uint32_t>(block, 96);
  const auto ro_compat = load_le<std::uint32_t>(block, 100);
  constexpr std::uint32_t kHasJournal = 0x4;
  constexpr std::uint32_t kJournalDevice = 0x8;
  constexpr std::uint32_t kExt4Incompat = 0x40 | 0x80 | 0x200;               // extents, 64bit, flex_bg
  constexpr std::uint32_t kExt4RoCompat = 0x8 | 0x10 | 0x20 | 0x40 | 0x400;  // huge_file .. metadata_csum

  FilesystemIdentity identity;
  identity.uuid = load_uuid(block, 104);
  identity.label = text_until_nul(block.subspan(120, 16));
  identity.block_bytes = 1024U << log_block;
  if ((incompat & kJournalDevice) != 0) {
    identity.type_name = "external ext4 journal";
  } else if ((incompat & kExt4Incompat) == 0 && (ro_compat & kExt4RoCompat) == 0) {
    identity.type_name = (compat & kHasJournal) != 0 ? "ext3" : "ext2";
  } else if ((compat & kHasJournal) != 0 && load_le<std::uint32_t>(block, 224) == 0) {
    identity.type_name = "ext4 with an external journal";  // its other half would not be protected
  } else {
    identity.type = FilesystemType::kExt4;
    identity.type_name = "ext4";
  }
  return identity;
}

// XFS: superblock at 0, big-endian.
std::optional<FilesystemIdentity> probe_xfs(Input head) {
  if (!has(head, 0, "XFSB") || head.size() < 512) return std::nullopt;
  const auto block_bytes = load_be<std::uint32_t>(head, 4);
  const auto sector_bytes = load_be<std::uint16_t>(head, 102);
  if (!power_of_two_between(block_bytes, 512, 65536)) return std::nullopt;
  if (!power_of_two_between(sector_bytes, 512, 32768)) return std::nullopt;
  FilesystemIdentity identity;
  identity.uuid = load_uuid(head, 32);
  identity.label = text_until_nul(head.subspan(108, 12));
  identity.block_bytes = block_bytes;
  if (load_be<std::uint64_t>(head, 16) != 0) {
    identity.type_name = "xfs with a realtime device";
  } else if (load_be<std::uint64_t>(head, 48) == 0) {
    identity.type_name = "xfs with an external log";
  } else {
    identity.type = FilesystemType::kXfs;
    identity.type_name = "xfs";
  }
  return identity;
}

// f2fs: superblock at 1024 of blocks 0 and 1.
std::optional<FilesystemIdentity> probe_f2fs(Input head) {
  constexpr std::size_t kBytes = 3072;  // what of a block remains behind the offset
  for (const std::size_t at : {std::size_t{1024}, std::size_t{4096 + 1024}}) {
    if (head.size() < at + kBytes) continue;
    const Input block = head.subspan(at, kBytes);
    if (load_le<std::uint32_t>(block, 0) != 0xF2F52010) continue;
    const auto log_block = load_le<std::uint32_t>(block, 16);
    if (log_block < 12 || log_block > 16) continue;
    FilesystemIdentity identity;
    identity.uuid = load_uuid(block, 108);
    identity.label = utf8_from_utf16le(block.subspan(124, 1024));
    identity.block_bytes = 1U << log_block;
    constexpr std::size_t kDevices = 2201;
    constexpr std::size_t kDeviceBytes = 68;
    if (block[kDevices + kDeviceBytes] != std::byte{0}) {
      identity.type_name = "f2fs over several devices";
    } else {
      identity.type = FilesystemType::kF2fs;
      identity.type_name = "f2fs";
    }
    return identity;
  }
  return std::nullopt;
}

std::optional<FilesystemIdentity> probe_btrfs(Input head) {
  constexpr std::size_t kAt = 65536;
  if (!has(head, kAt + 64, "_BHRfS_M") || head.size() < kAt + 1024) return std::nullopt;
  FilesystemIdentity identity;
  identity.type_name = "btrfs";
  identity.uuid = load_uuid(head, kAt + 32);
  identity.label = text_until_nul(head.subspan(kAt + 299, 256));
  return identity;
}

bool is_md_member(const ProbedBytes& probed) {
  constexpr std::string_view kMagic("\xfc\x4e\x2b\xa9", 4);
  constexpr std::string_view kMagicBig("\xa9\x2b\x4e\xfc", 4);  // 0.90 is in the byte order of its maker
  if (has(probed.head, 0, kMagic) || has(probed.head, 4096, kMagic)) return true;  // 1.1, 1.2
  const std::uint64_t size = probed.device_size.n;
  const std::uint64_t tail_at = size - std::min<std::uint64_t>(size, probed.tail.size());
  const auto tail_has = [&](std::uint64_t offset, std::string_view magic) {
    return offset >= tail_at && has(probed.tail, static_cast<std::size_t>(offset - tail_at), magic);
  };
  if (size < 131072) return false;
  const std::uint64_t version_0_90 = (size & ~std::uint64_t{65535}) - 65536;
  const std::uint64_t version_1_0 = (size - 8192) & ~std::uint64_t{4095};
  return tail_has(version_0_90, kMagic) || tail_has(version_0_90, kMagicBig) || tail_has(version_1_0, kMagic);
}

// Empty if it is none.
const char* container_name(const ProbedBytes& probed) {
  if (is_md_member(probed)) return "member of an md array";
  if (has(probed.head, 0, std::string_view("LUKS\xba\xbe", 6))) return "LUKS";
  for (std::size_t sector = 0; sector < 4; ++sector) {
    if (has(probed.head, sector * 512, "LABELONE") && has(probed.head, sector * 512 + 24, "LVM2 001")) {
      return "LVM physical volume";
    }
  }
  if (has(probed.head, 4096 + 24, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca")) return "bcache";
  return "";
}

// Weak signatures, believed only where nothing else is recognised: a boot sector in front of ext4 may carry them too.
const char* other_name(Input head) {
  struct Signature {
    std::size_t offset;
    std::string_view magic;
    const char* name;
  };
  static constexpr std::array<Signature, 14> kSignatures{{
      {4086, "SWAPSPACE2", "swap"},
      {4086, "SWAP-SPACE", "swap"},
      {16374, "SWAPSPACE2", "swap"},
      {65526, "SWAPSPACE2", "swap"},
      {3, "NTFS    ", "ntfs"},
      {3, "EXFAT   ", "exfat"},
      {3, "-FVE-FS-", "BitLocker"},
      {82, "FAT32   ", "vfat"},
      {54, "FAT16   ", "vfat"},
      {54, "FAT12   ", "vfat"},
      {0, "hsqs", "squashfs"},
      {1024, "\xe2\xe1\xf5\xe0", "erofs"},
      {32769, "CD001", "iso9660"},
      {4086, "S1SUSPEND", "swap (hibernated)"},
  }};
  for (const Signature& signature : kSignatures) {
    if (has(head, signature.offset, signature.magic)) return signature.name;
  }
  return "";
}

Uuid luks_uuid(Input head) {
  constexpr std::size_t kAt = 168;
  if (head.size() < kAt + 40) return {};
  return Uuid::parse(text_until_nul(head.subspan(kAt, 40))).value_or(Uuid{});
}

bool is_metadata_copy(Input head, std::size_t copy) {
  const std::size_t at = copy * layout::kCopyStrideBytes;
  return head.size() >= at + layout::kBlockBytes &&
         load_le<std::uint64_t>(head, at + layout::header::kMagic) == layout::kMagic;
}

// The lookup must survive what the area itself survives: a torn and a rotten copy.
std::optional<FilesystemIdentity> probe_metadata_area(Input head) {
  FilesystemIdentity identity;
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    if (!is_metadata_copy(head, i)) continue;
    const Input block = head.subspan(i * layout::kCopyStrideBytes, layout::kBlockBytes);
    const bool whole =
        crc_without_field(block, layout::header::kCrc) == load_le<std::uint32_t>(block, layout::header::kCrc);
    if (whole || identity.type_name.empty()) identity.uuid = load_uuid(block, layout::header::kAreaUuid);
    identity.type_name = "bootguard";
    if (whole) break;
  }
  if (identity.type_name.empty()) return std::nullopt;
  return identity;
}

}  // namespace

FilesystemIdentity identify_superblock(const ProbedBytes& probed) {
  FilesystemIdentity identity;
  if (const char* container = container_name(probed); *container != '\0') {
    identity.type_name = container;
    if (identity.type_name == "LUKS") identity.uuid = luks_uuid(probed.head);
    return identity;
  }
  if (is_metadata_copy(probed.head, 0)) return *probe_metadata_area(probed.head);

  std::string names;
  std::size_t found = 0;
  for (auto* probe : {&probe_ext, &probe_xfs, &probe_f2fs, &probe_btrfs}) {
    auto candidate = probe(probed.head);
    if (!candidate) continue;
    if (found++ > 0) names += ", ";
    names += candidate->type_name;
    identity = std::move(*candidate);
  }
  if (found == 1) return identity;
  if (found > 1) {
    // Guessing which one is stale could protect the wrong one.
    identity = FilesystemIdentity{};
    identity.type_name = std::move(names);
    return identity;
  }
  // Last: what looks like copy 1 may be a file's content where copy 0 is a filesystem's superblock.
  if (auto area = probe_metadata_area(probed.head)) return *area;
  identity.type_name = other_name(probed.head);
  return identity;
}

}  // namespace bootguard
