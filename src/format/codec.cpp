// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/codec.h"

#include <algorithm>
#include <cassert>

#include "base/little_endian.h"
#include "format/authentication.h"
#include "format/block_bytes.h"
#include "format/block_io.h"
#include "format/validate.h"

namespace bootguard {
namespace {

namespace header = layout::header;
namespace volume = layout::volume;
namespace event = layout::event;
namespace descriptor = layout::table_descriptor;

// Each field is named once, for both directions: Io is BlockReader or BlockWriter.
template <class Io, class M>
void transfer_header(Io& io, M& m) {
  io.template number<std::uint64_t>(header::kIncompat, m.incompat);
  io.template number<std::uint64_t>(header::kSequence, m.sequence);
  io.uuid(header::kAreaUuid, m.area_uuid);
  io.template number<std::uint32_t>(header::kAreaBlocks, m.area_blocks);
  io.template number<std::uint8_t>(header::kPhase, m.phase);
  io.template number<std::uint8_t>(header::kRequest, m.request);
  io.template number<std::uint8_t>(header::kLastResult, m.last_result);
  io.template number<std::uint8_t>(header::kVolumeCount, m.volume_count);
  io.template number<std::uint16_t>(header::kAttemptsLimit, m.attempts_limit);
  io.template number<std::uint16_t>(header::kAttemptsLeft, m.attempts_left);
  io.template number<std::uint16_t>(header::kTrialBoots, m.trial_boots);
  io.template number<std::uint16_t>(header::kLastReason, m.last_reason);
  io.template number<std::uint64_t>(header::kLastResultTime, m.last_result_time_s);
  io.template number<std::uint64_t>(header::kArmedTime, m.armed_time_s);
  io.template number<std::uint64_t>(header::kCheckpointTime, m.checkpoint_time_s);
  io.uuid(header::kCountedBootId, m.counted_boot_id);
  io.template number<std::uint64_t>(header::kEventsWritten, m.events_written);
  io.label(header::kOldSlot, m.old_slot, "old slot");
  io.label(header::kNewSlot, m.new_slot, "new slot");
  io.label(header::kBootedSlot, m.booted_slot, "booted slot");
}

template <class Io, class T>
void transfer_descriptor(Io io, T& t) {
  io.template number<std::uint16_t>(descriptor::kKind, t.kind);
  io.template number<std::uint16_t>(descriptor::kCopies, t.copies);
  io.template number<std::uint32_t>(descriptor::kFirstBlock, t.first_block);
  io.template number<std::uint32_t>(descriptor::kStrideBlocks, t.stride_blocks);
  io.template number<std::uint32_t>(descriptor::kLength, t.length_bytes);
  io.template number<std::uint32_t>(descriptor::kEntries, t.entries);
  io.template number<std::uint32_t>(descriptor::kCrc, t.crc);
}

template <class Io, class V>
void transfer_volume(Io io, V& v) {
  io.template number<std::uint8_t>(volume::kMode, v.mode);
  io.template number<std::uint8_t>(volume::kFilesystem, v.filesystem);
  io.template number<std::uint8_t>(volume::kFlags, v.flags);
  io.template number<std::uint32_t>(volume::kChunkSectors, v.chunk.n);
  io.label(volume::kName, v.name, "volume name");
  io.uuid(volume::kFsUuid, v.fs_uuid);
  io.uuid(volume::kPartUuid, v.part_uuid);
  io.uuid(volume::kArmId, v.arm_id);
  io.template number<std::uint64_t>(volume::kDeviceSectors, v.device_size.n);
  io.template number<std::uint32_t>(volume::kFsBlockBytes, v.fs_block_bytes);
  io.template number<std::uint64_t>(volume::kStoreSectors, v.store_size.n);
  io.template number<std::uint64_t>(volume::kSealSector, v.seal_sector);
  for (std::size_t i = 0; i < v.tables.size(); ++i) {
    const std::size_t offset = volume::kTables + i * volume::kTableDescriptorBytes;
    transfer_descriptor(io.at(offset, volume::kTableDescriptorBytes), v.tables[i]);
  }
}

template <class Io, class E>
void transfer_event(Io io, E& e) {
  io.template number<std::uint64_t>(event::kTime, e.time_s);
  io.template number<std::uint64_t>(event::kNumber, e.number);
  io.template number<std::uint16_t>(event::kKind, e.kind);
  io.template number<std::uint16_t>(event::kReason, e.reason);
  io.template number<std::uint16_t>(event::kAttemptsLeft, e.attempts_left);
  io.template number<std::uint8_t>(event::kPhase, e.phase);
  io.template number<std::uint8_t>(event::kVolume, e.volume);
  io.template number<std::uint32_t>(event::kOsError, e.os_error);
  io.template number<std::uint32_t>(event::kDetail, e.detail);
  io.label(event::kSlot, e.slot, "event slot");
}

// Only records and events in use are carried: the rest is reserved, written as zero and not read. volume_count and
// events_written are bounded by the caller.
template <class Io, class M>
void transfer_body(Io& io, M& m) {
  for (std::size_t i = 0; i < m.volume_count; ++i) {
    transfer_volume(io.at(layout::kVolumeOffset + i * layout::kVolumeBytes, layout::kVolumeBytes), m.volumes[i]);
  }
  for (std::size_t i = 0; i < layout::kMaxEvents && i < m.events_written; ++i) {
    transfer_event(io.at(layout::kEventOffset + i * layout::kEventBytes, layout::kEventBytes), m.events[i]);
  }
}

constexpr std::uint64_t swapped(std::uint64_t value) {
  std::uint64_t result = 0;
  for (int i = 0; i < 8; ++i) result = result << 8 | (value >> (8 * i) & 0xff);
  return result;
}

// kGood, or what is wrong before any value is looked at.
CopyState check_envelope(std::span<const std::byte> block) {
  if (std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; })) return CopyState::kZero;
  const auto magic = load_le<std::uint64_t>(block, header::kMagic);
  if (magic == swapped(layout::kMagic)) return CopyState::kOtherEndian;
  if (magic != layout::kMagic) return CopyState::kBadMagic;
  if (load_le<std::uint32_t>(block, header::kCrc) != crc_without_field(block, header::kCrc)) return CopyState::kBadCrc;
  if (load_le<std::uint16_t>(block, header::kVersionMajor) != layout::kVersionMajor) return CopyState::kNewerVersion;
  const auto incompat = load_le<std::uint64_t>(block, header::kIncompat);
  if ((incompat & ~(layout::kSupportedIncompat | layout::kIncompatAuthenticated)) != 0)
    return CopyState::kUnknownFeature;
  return CopyState::kGood;
}

Decoded check_authentic(std::span<const std::byte> block, const HmacKey* key) {
  const bool tagged = (load_le<std::uint64_t>(block, header::kIncompat) & layout::kIncompatAuthenticated) != 0;
  if (key == nullptr) {
    if (tagged) return {CopyState::kUnknownFeature, "it has a tag, and the configuration no key", {}};
    return {CopyState::kGood, "", {}};
  }
  if (!tagged) return {CopyState::kNotAuthentic, "it has no tag", {}};
  if (!has_tag(block, kBlockTag, *key)) return {CopyState::kNotAuthentic, "another key's tag, or forged", {}};
  return {CopyState::kGood, "", {}};
}

// What is wrong with the values, or nullptr.
const char* read_values(std::span<const std::byte> block, Metadata& m) {
  const char* bad = nullptr;
  BlockReader reader(block, bad);
  m.version_minor = load_le<std::uint16_t>(block, header::kVersionMinor);
  m.compat = load_le<std::uint64_t>(block, header::kCompat);
  if (load_le<std::uint16_t>(block, header::kCopies) != layout::kCopies) return "copies";
  if (load_le<std::uint16_t>(block, header::kCopyStrideBlocks) != layout::kCopyStrideBytes / layout::kBlockBytes) {
    return "copy stride";
  }
  transfer_header(reader, m);
  m.incompat &= ~std::uint64_t{layout::kIncompatAuthenticated};
  if (bad != nullptr) return bad;
  // Before the body, which it bounds.
  if (m.volume_count > layout::kMaxVolumes) return "volume count";
  transfer_body(reader, m);
  for (std::size_t i = m.events_written; i < layout::kMaxEvents; ++i) {
    // An event that events_written does not count: the two were not written together.
    const std::size_t number = layout::kEventOffset + i * layout::kEventBytes + event::kNumber;
    if (load_le<std::uint64_t>(block, number) != 0) return "event number";
  }
  return bad != nullptr ? bad : find_bad_value(m);
}

}  // namespace

const char* to_string(CopyState state) {
  switch (state) {
    case CopyState::kGood:
      return "good";
    case CopyState::kUnreadable:
      return "unreadable";
    case CopyState::kZero:
      return "zero";
    case CopyState::kBadMagic:
      return "bad-magic";
    case CopyState::kOtherEndian:
      return "other-endian";
    case CopyState::kBadCrc:
      return "bad-crc";
    case CopyState::kNewerVersion:
      return "newer-version";
    case CopyState::kUnknownFeature:
      return "unknown-feature";
    case CopyState::kNotAuthentic:
      return "not-authentic";
    case CopyState::kBadValue:
      return "bad-value";
  }
  return "unknown";
}

BlockBuffer encode(const Metadata& metadata, const HmacKey* key) {
  assert(find_bad_value(metadata) == nullptr);
  BlockBuffer block{};
  BlockWriter writer(block);
  writer.number<std::uint64_t>(header::kMagic, layout::kMagic);
  writer.number<std::uint16_t>(header::kVersionMajor, layout::kVersionMajor);
  // The writer's own minor version and only the features it knows: it has not kept what a newer one put elsewhere.
  writer.number<std::uint16_t>(header::kVersionMinor, layout::kVersionMinor);
  writer.number<std::uint64_t>(header::kCompat, metadata.compat & layout::kSupportedCompat);
  writer.number<std::uint16_t>(header::kCopies, layout::kCopies);
  writer.number<std::uint16_t>(header::kCopyStrideBlocks, layout::kCopyStrideBytes / layout::kBlockBytes);
  transfer_header(writer, metadata);
  transfer_body(writer, metadata);
  writer.number<std::uint32_t>(header::kCrc, crc_without_field(block, header::kCrc));
  if (key != nullptr) authenticate_block(block, *key);
  return block;
}

Decoded decode(std::span<const std::byte> block, const HmacKey* key) {
  assert(block.size() == layout::kBlockBytes);
  Decoded decoded;
  decoded.state = check_envelope(block);
  if (decoded.state != CopyState::kGood) return decoded;
  decoded = check_authentic(block, key);
  if (decoded.state != CopyState::kGood) return decoded;
  if (const char* bad = read_values(block, decoded.metadata)) {
    // Half-read values must not be mistaken for the copy's.
    return Decoded{CopyState::kBadValue, bad, {}};
  }
  return decoded;
}

}  // namespace bootguard
