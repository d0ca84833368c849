// SPDX-License-Identifier: LGPL-2.1-or-later
// The use cases, one a verb (design 7). Each takes the lock it needs, repairs the metadata copies before it acts, makes
// every transition durable before its effect, and says what it did. A verb repeated is a no-op that succeeds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/context.h"
#include "app/cow_store.h"
#include "base/result.h"
#include "core/decision.h"
#include "format/copy_pick.h"
#include "format/metadata.h"

namespace bootguard {

struct VerbReport {
  bool changed = false;               // false: it was so already
  std::string summary;                // one line for a person
  std::vector<std::string> warnings;  // done, but ...
  Metadata metadata;                  // after
};

struct ArmOptions {
  std::optional<std::uint16_t> attempts;  // else the config's
  Label new_slot;                         // empty: any slot but the running one
};

// Writes a fresh metadata block. kMetadataLive without `force` where one exists, or where the place holds anything
// else.
[[nodiscard]] Result<VerbReport> run_format(const Context& context, bool force);

// Makes and verifies the store, arms the next boot. Steps:
//   A1 lock, read, repair     A2 device, mount, filesystem     A3 an older store's file is removed
//   A4 preallocate, pin       A5 enumerate, validate           A6 witnesses, sync
//   A7 enumerate again: equal A8 immutable                     A9 witnesses read back through the raw device
//   A10 tables durable        A11 phase armed, durable
// On any error before A11 the file is removed again: nothing is left behind.
[[nodiscard]] Result<VerbReport> run_arm(const Context& context, const ArmOptions& options);

[[nodiscard]] Result<VerbReport> run_disarm(const Context& context);

struct BootReport {
  bool mount = true;          // false: the volume must not be mounted
  std::string device;         // what to mount: the raw device or a mapping
  Label volume;               // its name in the config
  std::string volume_device;  // the raw device, where it was found
  Decision decision = Decision::kIdle;
  Reason reason = Reason::kNone;
  bool is_protected = false;  // writes from here on can be undone
  std::uint64_t chunks_copied_back = 0;
  std::string why;                   // one line for a person
  std::optional<Error> failure;      // what went wrong, if anything did; `mount` says whether it matters
  std::optional<Metadata> metadata;  // after, where it could be read
};
// Never fails as such: whatever goes wrong, the report says what may be mounted. Steps:
//   B1 read, pick, repair      B2 verify the store through the raw device     B3 (checkpoint only) zero header and area
//   0 B4 count, durable          B5 build the stack                             B6 hand over B7 if B5 failed: record
//   that the way back is gone, durable (or void the store), then hand over the raw device
[[nodiscard]] BootReport run_boot(const Context& context);

// M1 read, repair  M2 phase idle/committed durable, read back  M3 swap the live table  M4 wipe the store's header  M5
// remove the file M3-M5 are housekeeping: their failure is a warning, the commit stands.
[[nodiscard]] Result<VerbReport> run_mark_good(const Context& context);
[[nodiscard]] Result<VerbReport> run_mark_bad(const Context& context);

struct VolumeStatus {
  VolumeRecord record;
  std::string device;  // empty: not found
  std::string device_error;
  std::string mapping;     // "undo", "incomplete" (of an undo), "pass-through", "none", "foreign", "unknown"
  std::string mounted_at;  // empty: not mounted
  bool fill_known = false;
  std::uint64_t fill_used = 0, fill_total = 0;  // sectors
  std::string store_state;                      // "ok", "overflow", "changed", "invalid", "unverified", "none"
  std::string store_detail;
};
struct StatusReport {
  std::string metadata_device;
  std::optional<Error> metadata_error;
  std::array<CopyRead, layout::kCopies> copies{};
  bool copies_known = false;
  std::optional<Metadata> metadata;
  std::vector<VolumeStatus> volumes;
};
// Reads only; works in any state; what cannot be found out is said in the report.
[[nodiscard]] StatusReport run_status(const Context& context);

// The event ring, oldest first.
[[nodiscard]] Result<std::vector<Event>> run_log(const Context& context);

}  // namespace bootguard
