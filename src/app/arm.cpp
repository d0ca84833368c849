// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinttypes>
#include <string>
#include <utility>
#include <vector>

#include "app/metadata_store.h"
#include "app/verbs.h"
#include "app/volume.h"
#include "base/format_text.h"
#include "base/guard.h"
#include "core/transition.h"
#include "format/witness.h"

namespace bootguard {
namespace {

std::uint64_t mib(Bytes bytes) { return bytes.n / (1024 * 1024); }

class Arming {
 public:
  Arming(const Context& context, const ArmOptions& options)
      : context_(context), options_(options), config_(volume_config(context)) {}

  Result<VerbReport> run() {
    ASSIGN_OR_RETURN(MetadataStore store, MetadataStore::open_for_change(context_));
    CHECK_OK(check_slots());
    const Metadata& current = store.current();
    if (current.phase == Phase::kArmed) return already_armed(current);
    if (current.phase != Phase::kIdle) {
      if (current.phase != Phase::kTrial)
        return make_error(Errc::kWrongPhase, "a rollback is not finished: reboot to finish it");
      return make_error(Errc::kWrongPhase, "a trial is running: end it with mark-good, or with mark-bad and a reboot");
    }
    CHECK_OK(look_at_volume());
    CHECK_OK(make_store());
    auto armed = arm_with_store(store);
    if (armed) return armed;
    const Error error = armed.error();
    auto removed = file_->remove();
    if (removed) return error;
    return Error(
        error.code, error.os_error,
        format_text("%s; and the store's file is left behind: %s", error.text.c_str(), removed.error().text.c_str()));
  }

 private:
  Result<void> check_slots() const {
    if (!options_.new_slot.empty() && options_.new_slot == context_.kernel.slot) {
      return make_error(Errc::kUsage, "--slot %s is the slot that runs now; name the slot that the update will boot",
                        options_.new_slot.c_str());
    }
    return {};
  }

  [[nodiscard]] std::uint16_t attempts() const { return options_.attempts.value_or(context_.config.attempts); }

  Result<VerbReport> already_armed(const Metadata& current) const {
    if (current.attempts_limit == attempts() && current.new_slot == options_.new_slot) {
      VerbReport report;
      report.summary = format_text("already armed, %u attempts", current.attempts_left);
      report.metadata = current;
      return report;
    }
    return make_error(Errc::kWrongPhase, "already armed with %u attempts%s%s; 'bootguard disarm' first to change that",
                      current.attempts_limit, current.new_slot.empty() ? "" : " for slot ", current.new_slot.c_str());
  }

  // A2
  Result<void> look_at_volume() {
    ASSIGN_OR_RETURN(device_, open_volume(context_, BlockDevices::Access::kRead));
    ASSIGN_OR_RETURN(identity_, context_.devices.identify(device_.info));
    if (identity_.type == FilesystemType::kUnknown) {
      const char* const what =
          identity_.type_name.empty() ? "no filesystem known to bootguard" : identity_.type_name.c_str();
      const char* const why =
          identity_.type_name == "btrfs"
              ? ": its FIEMAP addresses are not addresses on the device, so the store could not be found again"
              : "";
      return make_error(Errc::kUnsupported, "%s holds %s%s; bootguard protects ext4, XFS and f2fs",
                        device_.info.path.c_str(), what, why);
    }
    ASSIGN_OR_RETURN(const auto mount, find_volume_mount(context_, device_.info, config_.name));
    if (!mount)
      return make_error(Errc::kNotMounted, "%s is not mounted; mount it, the store is a file in it",
                        device_.info.path.c_str());
    if (mount->read_only)
      return make_error(Errc::kReadOnly, "%s is mounted read-only at %s; remount it writable",
                        device_.info.path.c_str(), mount->path.c_str());
    mount_ = *mount;
    geometry_ = VolumeGeometry{to_sectors_down(device_.block->size()), to_sectors_down(config_.chunk),
                               Bytes(identity_.block_bytes)};
    if (geometry_.fs_block > config_.chunk) {
      return make_error(Errc::kConfig,
                        "chunk-size %" PRIu64 " is smaller than the filesystem's block of %" PRIu64
                        " bytes; set it to that or more",
                        config_.chunk.n, geometry_.fs_block.n);
    }
    return {};
  }

  Result<Bytes> store_bytes(const FilesystemSpace& space) const {
    Bytes size = config_.store_size.bytes;
    if (size.n == 0) size = Bytes(space.total.n / 100 * config_.store_size.percent);
    const Bytes unit(config_.chunk.n < space.block.n ? space.block.n : config_.chunk.n);
    size = round_down(size, unit);
    // Some more than the chunks alone: every extent gives up a witness block and its unaligned edges.
    const Bytes least(minimum_store_chunks(geometry_.chunk) * config_.chunk.n + 16 * 2 * config_.chunk.n);
    if (size < least) {
      return make_error(Errc::kConfig,
                        "store-size %" PRIu64 " MiB is too small to be of use; with chunks of %" PRIu64
                        " KiB it takes %" PRIu64 " MiB at least",
                        mib(size), config_.chunk.n / 1024, mib(round_up(least, Bytes(1 << 20))));
    }
    if (size > space.available) {
      return make_error(Errc::kNoSpace,
                        "%s has %" PRIu64 " MiB free, but the store takes %" PRIu64
                        " MiB; free some, or set a smaller store-size",
                        mount_.path.c_str(), mib(space.available), mib(size));
    }
    return size;
  }

  // A3, A4
  Result<void> make_store() {
    ASSIGN_OR_RETURN(file_, context_.mounts.open_store(mount_, config_.store));
    CHECK_OK(file_->remove());
    ASSIGN_OR_RETURN(const FilesystemSpace space, file_->space());
    ASSIGN_OR_RETURN(file_size_, store_bytes(space));
    return file_->create(file_size_);
  }

  Result<std::vector<Extent>> enumerate() {
    // More than the table, since FIEMAP may tell written and unwritten parts of one extent apart.
    ASSIGN_OR_RETURN(const auto found, file_->extents(4 * layout::kMaxExtents));
    return validate_file_extents(found, file_size_, geometry_, layout::kMaxExtents);
  }

  // A6
  Result<void> write_witnesses(const std::vector<Extent>& extents, const VolumeRecord& record) {
    const Uuid& arm_id = record.arm_id;
    Bytes logical;
    for (std::size_t i = 0; i < extents.size(); ++i) {
      const WitnessBuffer block = encode_witness(
          Witness{arm_id, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(extents.size()), extents[i]});
      if (const auto place = witness_place(extents[i], geometry_)) {
        CHECK_OK(file_->write(logical + to_bytes(*place - extents[i].start), block));
      }
      const std::vector<Extent> piece = mapped_pieces(std::span(&extents[i], 1), geometry_);
      for (const Sectors place : stamp_places(piece, geometry_.chunk, record.store_size)) {
        CHECK_OK(file_->write(logical + to_bytes(place - extents[i].start), encode_witness(stamp(record, place))));
      }
      logical += to_bytes(extents[i].length);
    }
    return file_->sync();
  }

  // A5-A11
  Result<VerbReport> arm_with_store(MetadataStore& store) {
    ASSIGN_OR_RETURN(const std::vector<Extent> extents, enumerate());
    VolumeRecord record;
    record.mode = Mode::kUndo;
    record.filesystem = identity_.type;
    record.chunk = geometry_.chunk;
    record.name = config_.name;
    record.fs_uuid = identity_.uuid;
    record.part_uuid = device_.info.part_uuid;
    ASSIGN_OR_RETURN(record.arm_id, context_.system.random_uuid());
    record.device_size = geometry_.device_size;
    record.fs_block_bytes = identity_.block_bytes;
    record.store_size = total_length(mapped_pieces(extents, geometry_));
    if (record.store_size.n / record.chunk.n < minimum_store_chunks(record.chunk)) {
      return make_error(
          Errc::kTooFragmented,
          "the filesystem gave the store %zu pieces, of which too little is left in whole chunks; free or "
          "defragment some space, or set a larger store-size",
          extents.size());
    }
    CHECK_OK(write_witnesses(extents, record));
    ASSIGN_OR_RETURN(const std::vector<Extent> again, enumerate());
    if (again != extents)
      return make_error(Errc::kStoreChanged, "the filesystem moved the store while it was being made; try again");
    if (guard_on(Guard::kImmutable)) CHECK_OK(file_->make_immutable());
    CHECK_OK(verify_through_device(record, extents));
    ASSIGN_OR_RETURN(record.tables[0], store.write_table(ExtentTable{TableKind::kStore, record.arm_id, extents}));
    const Moment moment = now(context_);
    const Metadata next = bootguard::arm(
        store.current(), ArmRequest{attempts(), context_.kernel.slot, options_.new_slot, record}, moment);
    CHECK_OK(store.write(next));
    VerbReport report;
    report.changed = true;
    report.summary = format_text("armed: %u attempts; store of %" PRIu64 " MiB in %zu %s on %s", attempts(),
                                 mib(to_bytes(record.store_size)), extents.size(),
                                 extents.size() == 1 ? "extent" : "extents", device_.info.path.c_str());
    if (extents.size() > kManyExtents) {
      report.warnings.push_back(format_text(
          "the store lies in %zu extents; a kernel without dm-switch will be slow with it", extents.size()));
    }
    report.metadata = store.current();
    return report;
  }

  // A9
  Result<void> verify_through_device(const VolumeRecord& record, const std::vector<Extent>& extents) {
    StoreView view;
    view.record = record;
    view.geometry = geometry_;
    view.extents = extents;
    CHECK_OK(verify_witnesses(*device_.block, view));
    return verify_stamps(*device_.block, view);
  }

  static constexpr std::size_t kManyExtents = 256;

  const Context& context_;
  const ArmOptions& options_;
  const VolumeConfig& config_;
  VolumeDevice device_;
  FilesystemIdentity identity_;
  MountPoint mount_;
  VolumeGeometry geometry_;
  Bytes file_size_;
  std::unique_ptr<FileMap> file_;
};

}  // namespace

Result<VerbReport> run_arm(const Context& context, const ArmOptions& options) { return Arming(context, options).run(); }

}  // namespace bootguard
