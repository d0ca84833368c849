// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/metadata_store.h"

#include <algorithm>
#include <cinttypes>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "base/format_text.h"
#include "base/little_endian.h"

namespace bootguard {
namespace {

// What cannot be read may be ahead of what can, by the writes of one interrupted run.
constexpr std::uint64_t kUnreadMargin = 64;

Bytes copy_offset(Bytes area, std::size_t index) { return area + Bytes(index * layout::kCopyStrideBytes); }

Bytes table_offset(Bytes area, const TableDescriptor& table, std::size_t copy) {
  const std::uint64_t blocks = table.first_block + std::uint64_t{table.stride_blocks} * copy;
  return area + Bytes(blocks * layout::kBlockBytes);
}

std::uint64_t padded_table_bytes(std::uint32_t length) { return round_up(Bytes(length), Bytes(layout::kBlockBytes)).n; }

// The tables of a record that is in use by the current state.
bool uses_generation(const Metadata& metadata, std::uint32_t first_block) {
  for (std::size_t v = 0; v < metadata.volume_count; ++v) {
    for (const TableDescriptor& table : metadata.volumes[v].tables) {
      if (table.kind != TableKind::kUnused && table.first_block == first_block) return true;
    }
  }
  return false;
}

Result<void> write_and_verify(BlockDevice& device, Bytes offset, std::span<const std::byte> bytes) {
  CHECK_OK(device.write(offset, bytes));
  CHECK_OK(device.flush());
  std::vector<std::byte> back(bytes.size());
  CHECK_OK(device.read(offset, back));
  if (!std::equal(bytes.begin(), bytes.end(), back.begin())) {
    return make_error(Errc::kIo, "read back other bytes than were written at byte %" PRIu64, offset.n);
  }
  return {};
}

}  // namespace

Result<MetadataStore> MetadataStore::open_unread(const Context& context, Purpose purpose) {
  const auto failed = [&](Error error) {
    return with_context(error, "metadata device %s", context.config.metadata.to_string().c_str());
  };
  MetadataStore store;
  store.log_ = &context.log;
  store.key_ = context.key;
  auto found = context.devices.find(context.config.metadata);
  if (!found) return failed(found.error());
  store.device_ = std::move(found).value();
  if (purpose == Purpose::kChange) {
    auto lock = context.devices.lock(store.device_, kLockTimeoutMs);
    if (!lock) return failed(lock.error());
    store.lock_ = std::move(lock).value();
  }
  CHECK_OK(store.attach(context,
                        purpose == Purpose::kChange ? BlockDevices::Access::kReadWrite : BlockDevices::Access::kRead));
  return store;
}

Result<void> MetadataStore::attach(const Context& context, BlockDevices::Access access) {
  const Config& config = context.config;
  auto opened = context.devices.open(device_, access);
  if (!opened) return with_context(opened.error(), "metadata device %s", device_.path.c_str());
  block_device_ = std::move(opened).value();
  offset_ = config.metadata_offset;
  const Bytes size = block_device_->size();
  const Bytes room = size > offset_ ? size - offset_ : Bytes(0);
  Bytes area = config.metadata_size.n != 0 ? config.metadata_size
                                           : Bytes(std::min<std::uint64_t>(room.n, layout::kMaxAreaBytes));
  area = round_down(area, Bytes(layout::kBlockBytes));
  if (area > room || area < Bytes(layout::kMinAreaBytes) || area > Bytes(layout::kMaxAreaBytes)) {
    return make_error(Errc::kConfig,
                      "metadata device %s: the metadata area of %" PRIu64 " bytes at offset %" PRIu64
                      " does not fit: it needs 768 KiB to 64 MiB, and the device has %" PRIu64 " bytes",
                      device_.path.c_str(), area.n, offset_.n, size.n);
  }
  area_size_ = area;
  return {};
}

Result<MetadataStore> MetadataStore::open(const Context& context, Purpose purpose) {
  ASSIGN_OR_RETURN(MetadataStore store, open_unread(context, purpose));
  CHECK_OK(store.read_copies());
  return store;
}

void MetadataStore::scan_copies() {
  BlockBuffer bytes{};
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    CopyRead& copy = copies_[i];
    copy = CopyRead{};
    if (auto read = block_device_->read(copy_offset(offset_, i), bytes); !read) continue;  // stays kUnreadable
    const Decoded decoded = decode(bytes, key_);
    copy.state = decoded.state;
    copy.detail = decoded.detail;
    if (decoded.state != CopyState::kGood) continue;
    copy.sequence = decoded.metadata.sequence;
    copy.fingerprint = load_le<std::uint32_t>(bytes, layout::header::kCrc);
  }
}

Result<void> MetadataStore::read_copies() {
  scan_copies();
  // Each turn takes one copy out of the vote, so there are no more turns than copies.
  for (std::size_t turn = 0; turn < layout::kCopies; ++turn) {
    auto pick = pick_copy(copies_);
    if (!pick) return with_context(pick.error(), "metadata on %s", device_.path.c_str());
    const std::size_t index = pick.value().index;
    // Read once more rather than kept from the scan: one block of memory instead of four decoded states.
    BlockBuffer bytes{};
    const auto read = block_device_->read(copy_offset(offset_, index), bytes);
    const Decoded decoded = read ? decode(bytes, key_) : Decoded{};
    if (decoded.state == CopyState::kGood && decoded.metadata.sequence == copies_[index].sequence) {
      needs_repair_ = pick.value().repair;
      believed_ = bytes;
      return believe(decoded.metadata);
    }
    // It could be read a moment ago: from now on it counts as unreadable, and the others decide.
    copies_[index] = CopyRead{};
  }
  return make_error(Errc::kIo, "metadata on %s: no copy reads the same twice", device_.path.c_str());
}

Result<void> MetadataStore::believe(const Metadata& metadata) {
  current_ = metadata;
  highest_tried_ = current_.sequence;
  const bool some_unread =
      std::any_of(copies_.begin(), copies_.end(), [](const CopyRead& c) { return c.state == CopyState::kUnreadable; });
  if (some_unread && highest_tried_ < std::numeric_limits<std::uint64_t>::max() - kUnreadMargin)
    highest_tried_ += kUnreadMargin;
  if (Bytes(std::uint64_t{current_.area_blocks} * layout::kBlockBytes) > area_size_) {
    return make_error(Errc::kWrongDevice,
                      "metadata on %s: the area was formatted with %" PRIu64 " KiB, but only %" PRIu64
                      " KiB are there: the device shrank, or the offset in the configuration is wrong",
                      device_.path.c_str(), current_.area_blocks * std::uint64_t{4}, area_size_.n / 1024);
  }
  return {};
}

Result<void> MetadataStore::put_copy(std::size_t index, std::span<const std::byte> bytes) {
  return write_and_verify(*block_device_, copy_offset(offset_, index), bytes);
}

Result<std::size_t> MetadataStore::put_copies(const BlockBuffer& bytes,
                                              const std::array<bool, layout::kCopies>& which) {
  std::size_t good = 0;
  std::optional<Error> first_failure;
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    if (which[i]) {
      if (auto put = put_copy(i, bytes); !put) {
        needs_repair_[i] = true;
        copies_[i] = CopyRead{};
        if (!first_failure) first_failure = with_context(put.error(), "writing metadata copy %zu", i);
        continue;
      }
      needs_repair_[i] = false;
      copies_[i] = CopyRead{CopyState::kGood, "", load_le<std::uint64_t>(bytes, layout::header::kSequence),
                            load_le<std::uint32_t>(bytes, layout::header::kCrc)};
    }
    ++good;  // the others need no repair, or they would be among `which`
  }
  if (!first_failure) return good;
  if (good < kQuorum) {
    return with_context(*first_failure, "metadata on %s: only %zu of 4 copies hold the new state", device_.path.c_str(),
                        good);
  }
  if (!bad_copy_told_) {
    bad_copy_told_ = true;
    log_->write(LogLevel::kWarning, format_text("metadata on %s: only %zu of 4 copies hold the state: %s",
                                                device_.path.c_str(), good, first_failure->text.c_str()));
  }
  return good;
}

Result<MetadataStore> MetadataStore::open_for_change(const Context& context) {
  ASSIGN_OR_RETURN(MetadataStore store, open(context, Purpose::kChange));
  auto repaired = store.repair();
  if (!repaired) return std::move(repaired).error();
  return store;
}

bool MetadataStore::needs_repair() const {
  return std::find(needs_repair_.begin(), needs_repair_.end(), true) != needs_repair_.end();
}

Result<std::size_t> MetadataStore::repair() {
  // What was read may still sit in a cache that an interrupted run did not flush; two copies in flight at once could
  // both be torn.
  CHECK_OK(block_device_->flush());
  const auto bad = [this] {
    return static_cast<std::size_t>(std::count(needs_repair_.begin(), needs_repair_.end(), true));
  };
  const std::size_t were_bad = bad();
  const auto which = needs_repair_;
  ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t good, put_copies(believed_, which));
  const std::size_t repaired = were_bad - bad();  // a copy that cannot be written is not mended
  for (std::size_t v = 0; v < current_.volume_count; ++v) {
    for (const TableDescriptor& table : current_.volumes[v].tables) {
      // A table that no copy holds is not the repair's business: whoever needs it says so.
      if (table.kind != TableKind::kUnused) repair_table(current_.volumes[v], table);
    }
  }
  return repaired;
}

Result<void> MetadataStore::write(Metadata next) {
  // Never a number that an earlier, failed write may have left on some copy: twins would be corruption for ever.
  const std::uint64_t floor = std::max(current_.sequence, highest_tried_);
  if (floor >= std::numeric_limits<std::uint64_t>::max() - 1) {
    return make_error(Errc::kMetadataCorrupt, "metadata on %s: the sequence is used up", device_.path.c_str());
  }
  next.sequence = floor + 1;
  highest_tried_ = next.sequence;
  ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t good, put_copies(encode(next, key_), {true, true, true, true}));
  current_ = next;
  believed_ = encode(next, key_);
  return {};
}

Result<void> MetadataStore::write_fresh(Metadata first) {
  ASSIGN_OR_RETURN(const std::size_t good, put_copies(encode(first, key_), {true, true, true, true}));
  if (good != layout::kCopies) {
    return make_error(Errc::kIo, "metadata on %s: not every copy could be written; use another device",
                      device_.path.c_str());
  }
  current_ = first;
  return {};
}

Result<std::vector<std::byte>> MetadataStore::read_table_copy(const TableDescriptor& table, std::size_t copy) {
  std::vector<std::byte> bytes(padded_table_bytes(table.length_bytes));
  CHECK_OK(block_device_->read(table_offset(offset_, table, copy), bytes));
  return bytes;
}

Result<ExtentTable> MetadataStore::read_table(const VolumeRecord& record, TableKind kind) {
  for (const TableDescriptor& table : record.tables) {
    if (table.kind != kind) continue;
    std::optional<Error> last;
    for (std::size_t copy = 0; copy < table.copies; ++copy) {
      auto bytes = read_table_copy(table, copy);
      auto decoded = bytes ? decode_table(bytes.value(), table, record.arm_id, record.device_size, key_)
                           : Result<ExtentTable>(std::move(bytes).error());
      if (decoded) return decoded;
      last = with_context(decoded.error(), "extent table copy %zu", copy);
    }
    return with_context(*last, "metadata on %s: no copy of the extent table can be used", device_.path.c_str());
  }
  return make_error(Errc::kMetadataCorrupt, "metadata on %s: the volume has no extent table", device_.path.c_str());
}

void MetadataStore::repair_table(const VolumeRecord& record, const TableDescriptor& table) {
  std::vector<std::byte> good;
  std::array<bool, layout::kTableCopies> bad{};
  for (std::size_t copy = 0; copy < layout::kTableCopies; ++copy) {
    auto bytes = read_table_copy(table, copy);
    bad[copy] = !bytes || !decode_table(bytes.value(), table, record.arm_id, record.device_size, key_);
    if (!bad[copy] && good.empty()) good = std::move(bytes).value();
  }
  if (good.empty()) return;
  for (std::size_t copy = 0; copy < layout::kTableCopies; ++copy) {
    // One copy that cannot be mended leaves three: no reason to stop.
    if (bad[copy]) (void)write_and_verify(*block_device_, table_offset(offset_, table, copy), good).ok();
  }
}

Result<TableDescriptor> MetadataStore::write_table(const ExtentTable& table) {
  constexpr std::uint32_t kSlotBlocks = layout::kTableSlotBytes / layout::kBlockBytes;
  constexpr std::uint32_t kGenerationBlocks = kSlotBlocks * layout::kTableCopies;
  TableDescriptor descriptor;
  descriptor.kind = table.kind;
  descriptor.copies = layout::kTableCopies;
  descriptor.stride_blocks = kSlotBlocks;
  descriptor.first_block = layout::kTableOffsetBytes / layout::kBlockBytes;
  if (uses_generation(current_, descriptor.first_block)) descriptor.first_block += kGenerationBlocks;
  const std::vector<std::byte> bytes = encode_table(table, key_);
  const TableSummary summary = summarize_table(bytes);
  descriptor.length_bytes = summary.length_bytes;
  descriptor.crc = summary.crc;
  descriptor.entries = static_cast<std::uint32_t>(table.extents.size());
  for (std::size_t copy = 0; copy < layout::kTableCopies; ++copy) {
    if (auto put = write_and_verify(*block_device_, table_offset(offset_, descriptor, copy), bytes); !put) {
      return with_context(put.error(), "writing extent table copy %zu on %s", copy, device_.path.c_str());
    }
  }
  return descriptor;
}

}  // namespace bootguard
