// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cinttypes>
#include <string>
#include <utility>

#include "app/metadata_store.h"
#include "app/verbs.h"
#include "base/format_text.h"

namespace bootguard {
namespace {

bool is_live(const CopyRead& copy) { return copy.state == CopyState::kGood; }

// What stands where the area would go, if anything a person could miss; empty: it may be overwritten.
Result<std::string> occupant(const Context& context, MetadataStore& store) {
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    const CopyRead& copy = store.copies()[i];
    if (copy.state == CopyState::kZero) continue;
    const bool is_ours = copy.state != CopyState::kBadMagic && copy.state != CopyState::kUnreadable;
    if (is_ours) return format_text("copy %zu is a metadata block (%s)", i, to_string(copy.state));
    return format_text("copy %zu's place is not empty (%s)", i, to_string(copy.state));
  }
  if (store.offset().n != 0) return std::string();
  ASSIGN_OR_RETURN(const FilesystemIdentity identity, context.devices.identify(store.device()));
  if (!identity.type_name.empty())
    return format_text("%s holds %s", store.device().path.c_str(), identity.type_name.c_str());
  return std::string();
}

}  // namespace

Result<VerbReport> run_format(const Context& context, bool force) {
  ASSIGN_OR_RETURN(MetadataStore store, MetadataStore::open_unread(context, MetadataStore::Purpose::kChange));
  store.scan_copies();
  if (!force) {
    ASSIGN_OR_RETURN(const std::string what, occupant(context, store));
    if (!what.empty()) {
      return make_error(
          Errc::kMetadataLive,
          "%s: %s; nothing was written. 'format --force' overwrites it, and with it the way back of a trial "
          "that may run",
          store.device().path.c_str(), what.c_str());
    }
  }
  // Above every sequence seen, so that no old copy that survives a crash here is ever believed again.
  std::uint64_t sequence = 0;
  for (const CopyRead& copy : store.copies()) {
    if (is_live(copy)) sequence = std::max(sequence, copy.sequence);
  }
  Metadata fresh;
  fresh.sequence = sequence + 1;
  ASSIGN_OR_RETURN(fresh.area_uuid, context.system.random_uuid());
  fresh.area_blocks = static_cast<std::uint32_t>(store.area_size().n / layout::kBlockBytes);
  Event event;
  event.time_s = context.system.now_s();
  event.kind = EventKind::kFormatted;
  event.reason = force ? Reason::kForce : Reason::kNone;
  event.slot = context.kernel.slot;
  append_event(fresh, event);
  CHECK_OK(store.write_fresh(fresh));
  VerbReport report;
  report.changed = true;
  report.summary = format_text("metadata block written on %s (%" PRIu64 " KiB, UUID %s)", store.device().path.c_str(),
                               store.area_size().n / 1024, fresh.area_uuid.to_string().c_str());
  report.metadata = fresh;
  return report;
}

}  // namespace bootguard
