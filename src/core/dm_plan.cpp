// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/dm_plan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cinttypes>

#include "base/format_text.h"
#include "base/guard.h"
#include "core/excerpt.h"

namespace bootguard {
namespace {

using Steps = std::vector<DmStep>;

std::string placeholder(const std::string& name) { return format_text("{%s}", name.c_str()); }

DmRow row(Sectors start, Sectors length, const char* target, std::string parameters) {
  DmRow made;
  made.start = start;
  made.length = length;
  made.target = target;
  made.parameters = std::move(parameters);
  return made;
}

// A row that leads to `device`, a number or a placeholder, from sector `from` on.
DmRow linear(Sectors start, Sectors length, const std::string& device, Sectors from) {
  return row(start, length, "linear", format_text("%s %" PRIu64, device.c_str(), from.n));
}

DmStep step(DmStep::Kind kind, const std::string& name) {
  DmStep made;
  made.kind = kind;
  made.name = name;
  return made;
}

void add_load(Steps& steps, const std::string& name, std::vector<DmRow> table) {
  DmStep load = step(DmStep::Kind::kLoad, name);
  load.table = std::move(table);
  steps.push_back(std::move(load));
}

void add_resume(Steps& steps, const std::string& name, bool hidden) {
  DmStep resume = step(DmStep::Kind::kResume, name);
  resume.hidden = hidden;
  steps.push_back(std::move(resume));
}

void add_create_and_load(Steps& steps, const StackInput& input, const std::string& name, std::vector<DmRow> table) {
  DmStep create = step(DmStep::Kind::kCreate, name);
  create.uuid = stack_uuid(name, input.volume, input.arm_id);
  steps.push_back(std::move(create));
  add_load(steps, name, std::move(table));
}

// A device beneath the top: live at once, and nobody's business.
void add_hidden(Steps& steps, const StackInput& input, const std::string& name, std::vector<DmRow> table) {
  add_create_and_load(steps, input, name, std::move(table));
  add_resume(steps, name, true);
}

// One row over the whole volume.
std::vector<DmRow> whole(const StackInput& input, const char* target, std::string parameters) {
  std::vector<DmRow> table;
  table.push_back(row(Sectors(0), input.geometry.device_size, target, std::move(parameters)));
  return table;
}

// Where the tail begins: the volume's last, possibly partial, chunk. holes() never reaches it.
Sectors tail_start(const VolumeGeometry& geometry) {
  return geometry.device_size.n == 0 ? Sectors(0) : round_down(Sectors(geometry.device_size.n - 1), geometry.chunk);
}

// A volume of a single chunk is all tail.
bool use_switch(const StackInput& input) { return input.have_switch && tail_start(input.geometry).n > 0; }

// Sends every region to path 0, then the holes to path 1. Regions begin round-robin over the paths, so none may be left
// out. Within one message a repeat ("R1,n": do the last one for n more regions) continues the mapping before it, so the
// two never part company.
void add_region_messages(Steps& steps, const std::string& name, const VolumeGeometry& geometry,
                         std::span<const Extent> hole_list) {
  constexpr std::string_view kVerb = "set_region_mappings";
  std::string text(kVerb);
  const auto send = [&] {
    DmStep message = step(DmStep::Kind::kMessage, name);
    message.message = text;
    steps.push_back(std::move(message));
    text = kVerb;
  };
  const auto map = [&](std::uint64_t first, std::uint64_t count, char path) {
    std::string run = format_text(" %" PRIx64 ":%c", first, path);
    if (count > 1) run += format_text(" R1,%" PRIx64, count - 1);
    if (text.size() + run.size() > kMaxMessageBytes) send();
    text += run;
  };
  map(0, tail_start(geometry).n / geometry.chunk.n, '0');
  for (const Extent& hole : hole_list) map(hole.start.n / geometry.chunk.n, hole.length.n / geometry.chunk.n, '1');
  send();
}

// The volume through a switch: `base` (offset for offset) but for the holes. The linear row is what forwards flushes.
std::vector<DmRow> switch_table(const StackInput& input, const std::string& base, const std::string& hole) {
  const Sectors tail = tail_start(input.geometry);
  std::vector<DmRow> table;
  table.push_back(row(Sectors(0), tail, "switch",
                      format_text("2 %" PRIu64 " 0 %s 0 {%s} 0", input.geometry.chunk.n, base.c_str(), hole.c_str())));
  table.push_back(linear(tail, input.geometry.device_size - tail, base, tail));
  return table;
}

// The volume in rows: `target` over the raw device but for the holes. A snapshot-origin maps to the same sector by
// itself, a linear row has to say it.
std::vector<DmRow> row_table(const StackInput& input, const char* target, bool with_offset,
                             std::span<const Extent> hole_list) {
  const std::string raw = input.raw.to_string();
  std::vector<DmRow> rows;
  Sectors at;
  const auto add_base = [&](Sectors end) {
    if (at == end) return;
    rows.push_back(with_offset ? linear(at, end - at, raw, at) : row(at, end - at, target, raw));
  };
  for (const Extent& hole : hole_list) {
    add_base(hole.start);
    rows.push_back(row(hole.start, hole.length, "error", {}));
    at = hole.end();
  }
  add_base(input.geometry.device_size);
  return rows;
}

// The top over a switch. It is hidden until its regions are mapped: at its first event udev would probe it, and systemd
// mount it, while half the regions still lead to the error target. The second resume tells them.
void add_switched_top(Steps& steps, const StackInput& input, const StackNames& names, const std::string& base,
                      std::span<const Extent> hole_list) {
  add_hidden(steps, input, names.hole, whole(input, "error", ""));
  add_create_and_load(steps, input, names.top, switch_table(input, base, names.hole));
  add_resume(steps, names.top, true);
  add_region_messages(steps, names.top, input.geometry, hole_list);
  steps.push_back(step(DmStep::Kind::kSuspend, names.top));
  add_resume(steps, names.top, false);
}

std::vector<DmRow> piece_rows(const StackInput& input, std::span<const Extent> pieces) {
  const std::string raw = input.raw.to_string();
  std::vector<DmRow> rows;
  Sectors at;
  for (const Extent& piece : pieces) {
    rows.push_back(linear(at, piece.length, raw, piece.start));
    at += piece.length;
  }
  return rows;
}

// The store. Of many pieces: a switch with one path over the rows, and a linear row over the last chunk that leads
// straight to the raw device, so that a flush reaches it once and not once a piece.
void add_store(Steps& steps, const StackInput& input, const StackNames& names, std::span<const Extent> pieces) {
  std::vector<DmRow> rows = piece_rows(input, pieces);
  if (rows.size() <= kMaxRows || !input.have_switch) {
    add_hidden(steps, input, names.store, std::move(rows));
    return;
  }
  add_hidden(steps, input, names.rows, std::move(rows));
  const Sectors chunk = input.geometry.chunk;
  const Sectors tail = total_length(pieces) - chunk;
  const Sectors tail_on_device = pieces.back().end() - chunk;
  // One path: all regions lead to it from the start, so no message is needed.
  std::vector<DmRow> table;
  table.push_back(row(Sectors(0), tail, "switch", format_text("1 %" PRIu64 " 0 {%s} 0", chunk.n, names.rows.c_str())));
  table.push_back(linear(tail, chunk, input.raw.to_string(), tail_on_device));
  add_hidden(steps, input, names.store, std::move(table));
}

void add_undo(Steps& steps, const StackInput& input, const StackNames& names) {
  add_hidden(steps, input, names.undo,
             whole(input, "snapshot",
                   format_text("%s {%s} P %" PRIu64, input.raw.to_string().c_str(), names.store.c_str(),
                               input.geometry.chunk.n)));
}

void add_removals(Steps& steps, std::initializer_list<std::string> names, std::span<const std::string> present) {
  for (const std::string& name : names) {
    if (std::find(present.begin(), present.end(), name) == present.end()) continue;
    steps.push_back(step(DmStep::Kind::kRemove, name));
  }
}

// All digits of a decimal number from the front of `text`, which must be followed by `end` (removed too; '\0':
// nothing).
bool take_number(std::string_view& text, char end, Sectors& out) {
  constexpr std::uint64_t kMax = layout::kMaxDeviceSectors;
  std::uint64_t value = 0;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    value = value * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (value > kMax) return false;
  }
  if (i == 0) return false;
  text.remove_prefix(i);
  out = Sectors(value);
  if (end == '\0') return text.empty();
  if (text.empty() || text.front() != end) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

StackNames stack_names(const Label& volume) {
  const std::string top = format_text("bootguard-%s", volume.c_str());
  return {top, top + "-origin", top + "-hole", top + "-undo", top + "-store", top + "-rows"};
}

std::string stack_uuid(const std::string& name, const Label& volume, const Uuid& arm_id) {
  if (name == stack_names(volume).top) return format_text("BOOTGUARD-%s", name.c_str());
  return format_text("BOOTGUARD-%s-%s", arm_id.to_string().c_str(), name.c_str());
}

std::vector<DmStep> plan_undo(const StackInput& input) {
  const StackNames names = stack_names(input.volume);
  const std::vector<Extent> pieces = mapped_pieces(input.extents, input.geometry);
  if (pieces.empty()) return {};
  const std::vector<Extent> hole_list = holes(input.extents, input.geometry);

  Steps steps;
  add_store(steps, input, names, pieces);
  // Live before any origin is loaded: an origin that is resumed first learns no chunk size, and of each large write
  // only the first chunk would be saved (hazard 4).
  if (guard_on(Guard::kSnapshotFirst)) add_undo(steps, input, names);
  if (use_switch(input)) {
    add_hidden(steps, input, names.origin, whole(input, "snapshot-origin", input.raw.to_string()));
    add_switched_top(steps, input, names, placeholder(names.origin), hole_list);
  } else {
    add_create_and_load(steps, input, names.top, row_table(input, "snapshot-origin", false, hole_list));
    add_resume(steps, names.top, false);
  }
  if (!guard_on(Guard::kSnapshotFirst)) add_undo(steps, input, names);
  return steps;
}

std::vector<DmStep> plan_pass_through(const StackInput& input) {
  const StackNames names = stack_names(input.volume);
  const std::vector<Extent> hole_list = holes(input.extents, input.geometry);
  Steps steps;
  if (use_switch(input) && !hole_list.empty()) {
    add_switched_top(steps, input, names, input.raw.to_string(), hole_list);
  } else {
    add_create_and_load(steps, input, names.top, row_table(input, "linear", true, hole_list));
    add_resume(steps, names.top, false);
  }
  return steps;
}

std::vector<DmStep> plan_live_commit(const StackInput& input, std::span<const std::string> present) {
  const StackNames names = stack_names(input.volume);
  Steps steps;
  if (std::find(present.begin(), present.end(), names.top) != present.end()) {
    add_load(steps, names.top, row_table(input, "linear", true, {}));
    steps.push_back(step(DmStep::Kind::kSuspend, names.top));
    add_resume(steps, names.top, false);
  }
  add_removals(steps, {names.origin, names.undo, names.store, names.rows, names.hole}, present);
  return steps;
}

std::vector<DmStep> plan_removal(const Label& volume, std::span<const std::string> present) {
  const StackNames names = stack_names(volume);
  Steps steps;
  add_removals(steps, {names.top, names.origin, names.undo, names.store, names.rows, names.hole}, present);
  return steps;
}

SnapshotStatus parse_snapshot_status(std::string_view text) {
  using State = SnapshotStatus::State;
  const auto blank = [](char c) { return c == ' ' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);

  SnapshotStatus status;
  if (text == "Invalid") status.state = State::kInvalid;
  if (text == "Overflow") status.state = State::kOverflow;
  if (text == "Merge failed") status.state = State::kMergeFailed;
  SnapshotStatus numbers;
  numbers.state = State::kActive;
  if (!take_number(text, '/', numbers.used) || !take_number(text, ' ', numbers.total) ||
      !take_number(text, '\0', numbers.metadata) || numbers.metadata > numbers.used) {
    return status;
  }
  // A full store may count the metadata area that would come next, behind its end.
  numbers.used = std::min(numbers.used, numbers.total);
  numbers.metadata = std::min(numbers.metadata, numbers.used);
  return numbers;
}

}  // namespace bootguard
