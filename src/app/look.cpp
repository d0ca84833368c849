// SPDX-License-Identifier: LGPL-2.1-or-later
// The verbs that only look: status and log.
#include <algorithm>
#include <string>
#include <utility>

#include "app/metadata_store.h"
#include "app/stack.h"
#include "app/verbs.h"
#include "app/volume.h"

namespace bootguard {
namespace {

void look_at_mapping(const Context& context, VolumeStatus& status) {
  if (!context.dm.check_available()) {
    status.mapping = "none";
    return;
  }
  const auto state = inspect_stack(context.dm, status.record);
  if (!state) {
    status.mapping = "unknown";
  } else if (!state.value().foreign.empty()) {
    status.mapping = "foreign";
  } else if (state.value().complete_undo) {
    status.mapping = "undo";
  } else if (!state.value().top_live) {
    status.mapping = "none";
  } else {
    // What is left of an undo has its store; holes over an armed one have not.
    const auto& present = state.value().present;
    const bool store =
        std::find(present.begin(), present.end(), stack_names(status.record.name).store) != present.end();
    status.mapping = store && !state.value().top_plain ? "incomplete" : "pass-through";
  }
}

void fill_from_kernel(const SnapshotStatus& snapshot, VolumeStatus& status) {
  switch (snapshot.state) {
    case SnapshotStatus::State::kActive:
      status.fill_known = true;
      status.fill_used = snapshot.used.n;
      status.fill_total = snapshot.total.n;
      status.store_state = "ok";
      return;
    case SnapshotStatus::State::kInvalid:
    case SnapshotStatus::State::kOverflow:
      status.store_state = "overflow";
      status.store_detail = "the store is full: there is no way back, the data stays as it is";
      return;
    default:
      status.store_state = "unverified";
      status.store_detail = "the kernel's answer is not understood";
  }
}

void fill_from_scan(BlockDevice& raw, const StoreView& view, VolumeStatus& status) {
  const auto scan = scan_store(raw, view);
  if (!scan) {
    status.store_state = "invalid";
    status.store_detail = scan.error().text;
    return;
  }
  status.fill_known = true;
  status.fill_used = scan.value().used_chunks * view.record.chunk.n;
  status.fill_total = scan.value().total_chunks * view.record.chunk.n;
  const bool lost =
      scan.value().state == StoreScan::State::kInvalidated || overflow_possible(scan.value(), view.record.chunk);
  status.store_state = lost ? "overflow" : "ok";
  if (lost) status.store_detail = "the store is full: there is no way back, the data stays as it is";
}

void look_at_store(const Context& context, MetadataStore& store, VolumeStatus& status, Phase phase) {
  status.store_state = "none";
  if (phase == Phase::kIdle) return;
  auto view = load_store_view(store, status.record);
  if (!view) {
    status.store_state = "invalid";
    status.store_detail = view.error().text;
    return;
  }
  status.fill_total = status.record.store_size.n;
  const auto device = open_volume(context, BlockDevices::Access::kRead);
  if (!device) {
    status.store_state = "unverified";
    status.store_detail = device.error().text;
    return;
  }
  auto checked = check_size(device.value(), status.record);
  if (checked) checked = verify_witnesses(*device.value().block, view.value());
  if (checked && phase == Phase::kArmed) checked = verify_stamps(*device.value().block, view.value());
  if (!checked) {
    status.store_state = "changed";
    status.store_detail = checked.error().text;
    return;
  }
  status.store_state = "ok";
  if (phase == Phase::kArmed) {
    status.fill_known = true;
    return;
  }
  if (const auto live = read_live_fill(context.dm, status.record)) return fill_from_kernel(*live, status);
  fill_from_scan(*device.value().block, view.value(), status);
}

VolumeStatus look_at_volume(const Context& context, MetadataStore& store, const VolumeRecord& record, Phase phase) {
  VolumeStatus status;
  status.record = record;
  look_at_mapping(context, status);
  const auto found = context.devices.find(volume_config(context).device);
  if (found) {
    status.device = found.value().path;
    const auto mount = find_volume_mount(context, found.value(), record.name);
    if (mount && mount.value()) status.mounted_at = mount.value()->path;
  } else {
    status.device_error = found.error().text;
  }
  look_at_store(context, store, status, phase);
  return status;
}

}  // namespace

StatusReport run_status(const Context& context) {
  StatusReport report;
  auto raw = MetadataStore::open_unread(context, MetadataStore::Purpose::kRead);
  if (!raw) {
    report.metadata_error = std::move(raw).error();
    return report;
  }
  report.metadata_device = raw.value().device().path;
  raw.value().scan_copies();
  report.copies = raw.value().copies();
  report.copies_known = true;
  auto store = MetadataStore::open(context, MetadataStore::Purpose::kRead);
  if (!store) {
    report.metadata_error = std::move(store).error();
    return report;
  }
  const Metadata& metadata = store.value().current();
  report.metadata = metadata;
  VolumeRecord unarmed;
  unarmed.name = volume_config(context).name;
  auto armed = armed_record(context, metadata);
  const bool is_named = armed.ok();
  report.volumes.push_back(look_at_volume(context, store.value(), is_named ? armed.value() : unarmed,
                                          is_named ? metadata.phase : Phase::kIdle));
  return report;
}

Result<std::vector<Event>> run_log(const Context& context) {
  ASSIGN_OR_RETURN(const MetadataStore store, MetadataStore::open(context, MetadataStore::Purpose::kRead));
  const Metadata& metadata = store.current();
  std::vector<Event> events;
  const std::uint64_t oldest =
      metadata.events_written > layout::kMaxEvents ? metadata.events_written - layout::kMaxEvents : 0;
  for (std::uint64_t number = oldest; number < metadata.events_written; ++number) {
    events.push_back(metadata.events[static_cast<std::size_t>(number % layout::kMaxEvents)]);
  }
  return events;
}

}  // namespace bootguard
