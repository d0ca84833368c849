// SPDX-License-Identifier: LGPL-2.1-or-later
// Where every byte of the metadata area lies. FORMAT.md is the specification; these constants are its other half, and
// the static_asserts prove that nothing overlaps. Offsets are bytes, all integers little-endian.
//
//   area:  copy 0     copy 1     copy 2     copy 3     table slots of generation 0   ... of generation 1
//          0          64 KiB     128 KiB    192 KiB    256 KiB  4 x 64 KiB           512 KiB  4 x 64 KiB      768 KiB
#pragma once

#include <cstddef>
#include <cstdint>

namespace bootguard::layout {

inline constexpr std::size_t kBlockBytes = 4096;        // one copy; also the unit of table addresses
inline constexpr std::size_t kCopies = 4;               // one torn and one rotten copy leave two
inline constexpr std::size_t kCopyStrideBytes = 65536;  // copies share no erase block or track neighbourhood
inline constexpr std::size_t kTableOffsetBytes = kCopies * kCopyStrideBytes;
inline constexpr std::size_t kTableSlotBytes = 65536;
inline constexpr std::size_t kTableCopies = 4;
inline constexpr std::size_t kTableGenerations = 2;  // a new table never overwrites the one in use
inline constexpr std::size_t kMinAreaBytes = kTableOffsetBytes + kTableGenerations * kTableCopies * kTableSlotBytes;
inline constexpr std::size_t kMaxAreaBytes = std::size_t{64} << 20;
static_assert(kMinAreaBytes == 768 * 1024);

inline constexpr std::uint64_t kMagic = 0x1A647247746F6F42;  // bytes on disk: "BootGrd\x1a"
inline constexpr std::uint16_t kVersionMajor = 1;            // a reader refuses any other
inline constexpr std::uint16_t kVersionMinor = 0;            // a reader accepts any

// Feature bits. A reader refuses unknown incompatible bits; a writer clears compatible bits it does not know.
enum Incompatible : std::uint64_t {
  kIncompatRedo = 1U << 0,           // reserved: a volume in mode redo, phase committing
  kIncompatMultiVolume = 1U << 1,    // reserved: more than one volume under the counter
  kIncompatSeal = 1U << 2,           // reserved: the volume's first chunk lives in the store
  kIncompatFreeMap = 1U << 3,        // reserved: a free-space map is part of the mapping
  kIncompatGrownStore = 1U << 4,     // reserved: a reserve table follows the store's extent table
  kIncompatAuthenticated = 1U << 5,  // the authentication tag is in use
};
inline constexpr std::uint64_t kSupportedIncompat = 0;
inline constexpr std::uint64_t kSupportedCompat = 0;

// Bounds of values.
inline constexpr std::uint64_t kMinChunkSectors = 8;
inline constexpr std::uint64_t kMaxChunkSectors = 128;
inline constexpr std::uint32_t kMinFsBlock = 512;
inline constexpr std::uint32_t kMaxFsBlock = 65536;
inline constexpr std::uint64_t kMaxDeviceSectors = 1ULL << 54;    // 8 EiB, the kernel's limit: bytes fit in 63 bits
inline constexpr std::uint64_t kMaxTimeS = 253402300799;          // 9999-12-31 23:59:59 UTC: prints in four digits
inline constexpr std::uint64_t kMaxEventNumber = UINT64_MAX - 1;  // so that adding one never wraps

// Header: bytes 0..511 of a copy.
namespace header {
inline constexpr std::size_t kMagic = 0;              // u64
inline constexpr std::size_t kCrc = 8;                // u32, CRC-32C of all 4096 bytes with this field zero
inline constexpr std::size_t kVersionMajor = 12;      // u16
inline constexpr std::size_t kVersionMinor = 14;      // u16
inline constexpr std::size_t kCompat = 16;            // u64
inline constexpr std::size_t kIncompat = 24;          // u64
inline constexpr std::size_t kSequence = 32;          // u64, 1.. ; 0 and 2^64-1 are corruption
inline constexpr std::size_t kAreaUuid = 40;          // 16
inline constexpr std::size_t kAreaBlocks = 56;        // u32, size of the area in 4 KiB
inline constexpr std::size_t kCopies = 60;            // u16, 4
inline constexpr std::size_t kCopyStrideBlocks = 62;  // u16, 16
inline constexpr std::size_t kPhase = 64;             // u8, Phase
inline constexpr std::size_t kRequest = 65;           // u8, Request
inline constexpr std::size_t kLastResult = 66;        // u8, LastResult
inline constexpr std::size_t kVolumeCount = 67;       // u8, 0..6 records in use, from record 0
inline constexpr std::size_t kAttemptsLimit = 68;     // u16
inline constexpr std::size_t kAttemptsLeft = 70;      // u16, <= limit
inline constexpr std::size_t kTrialBoots = 72;        // u16, boots counted since the checkpoint
inline constexpr std::size_t kLastReason = 74;        // u16, Reason
inline constexpr std::size_t kReserved0 = 76;         // u32
inline constexpr std::size_t kLastResultTime = 80;    // u64, seconds since 1970, 0 unknown
inline constexpr std::size_t kArmedTime = 88;         // u64
inline constexpr std::size_t kCheckpointTime = 96;    // u64
inline constexpr std::size_t kCountedBootId = 104;    // 16, boot id of the last counted boot
inline constexpr std::size_t kEventsWritten = 120;    // u64, events ever written; the newest is (n - 1) % 32
inline constexpr std::size_t kReserved1 = 128;        // u64
inline constexpr std::size_t kOldSlot = 136;          // label 32, slot that ran at `arm`
inline constexpr std::size_t kNewSlot = 168;          // label 32, slot expected to boot, empty: any other
inline constexpr std::size_t kBootedSlot = 200;       // label 32, slot of the last boot seen
inline constexpr std::size_t kReserved2 = 232;        // up to 480, zero
inline constexpr std::size_t kAuthTag = 480;          // 32, HMAC-SHA-256 of the block, with kIncompatAuthenticated
inline constexpr std::size_t kEnd = 512;
}  // namespace header

// Volume records: 6 x 256 bytes from 512.
inline constexpr std::size_t kVolumeOffset = header::kEnd;
inline constexpr std::size_t kVolumeBytes = 256;
inline constexpr std::size_t kMaxVolumes = 6;
namespace volume {
inline constexpr std::size_t kMode = 0;            // u8, Mode
inline constexpr std::size_t kFilesystem = 1;      // u8, FilesystemType
inline constexpr std::size_t kFlags = 2;           // u8, VolumeFlags
inline constexpr std::size_t kReserved0 = 3;       // u8
inline constexpr std::size_t kChunkSectors = 4;    // u32, power of two, 8..128
inline constexpr std::size_t kName = 8;            // label 32
inline constexpr std::size_t kFsUuid = 40;         // 16
inline constexpr std::size_t kPartUuid = 56;       // 16, nil if unknown; for people, never a check
inline constexpr std::size_t kArmId = 72;          // 16, random at every arm; in every witness and table
inline constexpr std::size_t kDeviceSectors = 88;  // u64
inline constexpr std::size_t kFsBlockBytes = 96;   // u32
inline constexpr std::size_t kReserved1 = 100;     // u32
inline constexpr std::size_t kStoreSectors = 104;  // u64, mapped sectors, a multiple of the chunk
inline constexpr std::size_t kSealSector = 112;    // u64, reserved for kIncompatSeal
inline constexpr std::size_t kReserved2 = 120;     // u64
inline constexpr std::size_t kTables = 128;        // 3 x 32 descriptors
inline constexpr std::size_t kTableDescriptorBytes = 32;
inline constexpr std::size_t kMaxTables = 3;
inline constexpr std::size_t kReserved3 = 224;  // up to 256
}  // namespace volume
static_assert(volume::kTables + volume::kMaxTables * volume::kTableDescriptorBytes == volume::kReserved3);
namespace table_descriptor {
inline constexpr std::size_t kKind = 0;          // u16, TableKind; 0: unused
inline constexpr std::size_t kCopies = 2;        // u16, 4
inline constexpr std::size_t kFirstBlock = 4;    // u32, 4 KiB units from the start of the area
inline constexpr std::size_t kStrideBlocks = 8;  // u32
inline constexpr std::size_t kLength = 12;       // u32, bytes in use, header included
inline constexpr std::size_t kEntries = 16;      // u32
inline constexpr std::size_t kCrc = 20;          // u32, the table's own checksum, repeated
inline constexpr std::size_t kReserved = 24;     // u64
}  // namespace table_descriptor

// Event ring: 32 x 64 bytes from 2048.
inline constexpr std::size_t kEventOffset = kVolumeOffset + kMaxVolumes * kVolumeBytes;
inline constexpr std::size_t kEventBytes = 64;
inline constexpr std::size_t kMaxEvents = 32;
namespace event {
inline constexpr std::size_t kTime = 0;           // u64, seconds since 1970, 0 unknown
inline constexpr std::size_t kNumber = 8;         // u64, 1.. ; 0: never written
inline constexpr std::size_t kKind = 16;          // u16, EventKind
inline constexpr std::size_t kReason = 18;        // u16, Reason
inline constexpr std::size_t kAttemptsLeft = 20;  // u16
inline constexpr std::size_t kPhase = 22;         // u8, after the event
inline constexpr std::size_t kVolume = 23;        // u8
inline constexpr std::size_t kOsError = 24;       // u32, errno
inline constexpr std::size_t kDetail = 28;        // u32, a count that belongs to the kind (chunks copied back)
inline constexpr std::size_t kSlot = 32;          // label 32
}  // namespace event
static_assert(kEventOffset + kMaxEvents * kEventBytes == kBlockBytes);

// Extent table: a slot of kTableSlotBytes.
inline constexpr std::uint64_t kTableMagic = 0x1A6C625458676F42;  // bytes on disk: "BogXTbl\x1a"
namespace table {
inline constexpr std::size_t kMagic = 0;  // u64
inline constexpr std::size_t kCrc = 8;    // u32, CRC-32C of `length` bytes with this field zero
inline constexpr std::size_t kKind = 12;  // u16, TableKind
inline constexpr std::size_t kReserved0 = 14;
inline constexpr std::size_t kEntries = 16;  // u32
inline constexpr std::size_t kLength = 20;   // u32, 64 + 16 * entries
inline constexpr std::size_t kArmId = 24;    // 16
inline constexpr std::size_t kAuthTag = 40;  // 24 of HMAC-SHA-256 of the table, where the block has a tag
inline constexpr std::size_t kHeaderBytes = 64;
inline constexpr std::size_t kEntryBytes = 16;  // u64 first sector, u64 sectors; in file order
}  // namespace table
inline constexpr std::size_t kMaxExtents = (kTableSlotBytes - table::kHeaderBytes) / table::kEntryBytes;
static_assert(kMaxExtents == 4092);

// Witness block: at the first whole chunk of every extent of the store's file.
inline constexpr std::uint64_t kWitnessMagic = 0x1A6E746957676F42;  // "BogWitn\x1a"
inline constexpr std::size_t kWitnessBytes = 4096;
namespace witness {
inline constexpr std::size_t kMagic = 0;         // u64
inline constexpr std::size_t kCrc = 8;           // u32, CRC-32C of all 4096 bytes with this field zero
inline constexpr std::size_t kIndex = 12;        // u32, number of the extent in the table
inline constexpr std::size_t kArmId = 16;        // 16
inline constexpr std::size_t kStartSector = 32;  // u64, where this extent starts: a copy elsewhere is not a witness
inline constexpr std::size_t kSectors = 40;      // u64
inline constexpr std::size_t kEntries = 48;      // u32, extents of the store
inline constexpr std::size_t kReserved = 52;     // up to 64
inline constexpr std::size_t kText = 64;         // plain text for whoever finds the block
}  // namespace witness

}  // namespace bootguard::layout
