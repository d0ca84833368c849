// SPDX-License-Identifier: LGPL-2.1-or-later
// The metadata area on its device: reads all copies, believes one, writes all of them.
//
// Write protocol (the numbers are cited by the power-cut tests):
//   W1  sequence + 1, encode once
//   W2  for copy 0, 1, 2, 3 in this order: write, flush, read back, compare
//   W3  success needs kQuorum copies; the others are reported (once a run, in the log), and repaired at the next chance
// A crash anywhere leaves the old state or the new one as the highest valid sequence, never neither: before W2 touches
// a copy, at least three others are whole (repair() has seen to it), and losing any one copy never selects an older
// state.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "base/result.h"
#include "format/copy_pick.h"
#include "format/extent_table.h"
#include "format/metadata.h"

namespace bootguard {

class MetadataStore {
 public:
  static constexpr std::size_t kQuorum = 3;

  enum class Purpose : std::uint8_t { kRead, kChange };
  // Finds the device, takes the lock (kChange), reads every copy and picks one. Errors: those of BlockDevices and of
  // pick_copy(), with the device named. Writes nothing.
  static Result<MetadataStore> open(const Context& context, Purpose purpose);
  // For `format` and `status`: whatever the copies say, scan_copies() tells.
  static Result<MetadataStore> open_unread(const Context& context, Purpose purpose);
  // Reads every copy into copies(), believing none.
  void scan_copies();

  [[nodiscard]] const Metadata& current() const { return current_; }
  [[nodiscard]] const std::array<CopyRead, layout::kCopies>& copies() const { return copies_; }
  [[nodiscard]] const DeviceInfo& device() const { return device_; }
  [[nodiscard]] Bytes area_size() const { return area_size_; }
  [[nodiscard]] Bytes offset() const { return offset_; }

  // open(kChange) and repair(): how every verb that acts, or that answers "it is so already", begins.
  static Result<MetadataStore> open_for_change(const Context& context);
  [[nodiscard]] bool needs_repair() const;
  // Makes durable what was read, then rewrites bad and lagging copies (and the table copies) with the content believed.
  // Must run before anything acts on current(). Success if afterwards at least kQuorum copies hold it; answers how many
  // block copies were mended, which may be fewer than needed it: needs_repair() tells.
  Result<std::size_t> repair();
  // Makes `next` current: W1-W3. On an error the state on disk is the old or the new one.
  Result<void> write(Metadata next);
  // Makes `first` the content of a fresh area (all copies required, not a quorum).
  Result<void> write_fresh(Metadata first);

  // The table of `record` (kind), from any copy that matches its descriptor.
  Result<ExtentTable> read_table(const VolumeRecord& record, TableKind kind);
  // Writes all copies of a table into the generation that `record` of current() does not use; flushed and read back.
  // The descriptor goes into the record that the next write() makes current.
  Result<TableDescriptor> write_table(const ExtentTable& table);

 private:
  MetadataStore() = default;
  Result<void> attach(const Context& context, BlockDevices::Access access);
  Result<void> read_copies();
  Result<void> believe(const Metadata& metadata);
  Result<void> put_copy(std::size_t index, std::span<const std::byte> bytes);
  // Writes the copies asked for; how many of all four hold `bytes` afterwards, an error if fewer than kQuorum.
  Result<std::size_t> put_copies(const BlockBuffer& bytes, const std::array<bool, layout::kCopies>& which);
  Result<std::vector<std::byte>> read_table_copy(const TableDescriptor& table, std::size_t copy);
  void repair_table(const VolumeRecord& record, const TableDescriptor& table);

  Log* log_ = nullptr;
  const HmacKey* key_ = nullptr;  // the caller's
  bool bad_copy_told_ = false;
  DeviceInfo device_;
  Bytes offset_;
  Bytes area_size_;
  std::unique_ptr<BlockDevices::Lock> lock_;
  std::unique_ptr<BlockDevice> block_device_;
  std::array<CopyRead, layout::kCopies> copies_{};
  std::array<bool, layout::kCopies> needs_repair_{};
  Metadata current_;
  BlockBuffer believed_{};  // its bytes as they stood on disk: a repair must not drop what a later version put there
  std::uint64_t highest_tried_ = 0;  // also of writes that failed, and may stand on some copy all the same
};

}  // namespace bootguard
