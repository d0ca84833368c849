// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/stack.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/format_text.h"
#include "base/guard.h"

namespace bootguard {
namespace {

constexpr int kResumeTries = 3;

// "{name}" -> "major:minor" of that device.
Result<std::string> fill_in(DeviceMapper& dm, const std::string& parameters) {
  std::string out;
  std::size_t at = 0;
  while (at < parameters.size()) {
    const std::size_t open = parameters.find('{', at);
    if (open == std::string::npos) break;
    const std::size_t close = parameters.find('}', open);
    if (close == std::string::npos)
      return make_error(Errc::kInternal, "dm plan: unclosed name in '%s'", parameters.c_str());
    const std::string name = parameters.substr(open + 1, close - open - 1);
    ASSIGN_OR_RETURN(const auto device, dm.find(name));
    if (!device) return make_error(Errc::kDmFailed, "dm plan: %s does not exist", name.c_str());
    out.append(parameters, at, open - at).append(device->number.to_string());
    at = close + 1;
  }
  out.append(parameters, at);
  return out;
}

Result<void> load(DeviceMapper& dm, const DmStep& step) {
  std::vector<DmRow> table = step.table;
  for (DmRow& row : table) {
    ASSIGN_OR_RETURN(row.parameters, fill_in(dm, row.parameters));
  }
  return dm.load(step.name, table);
}

Result<void> run_step(DeviceMapper& dm, const DmStep& step) {
  switch (step.kind) {
    case DmStep::Kind::kCreate: {
      auto created = dm.create(step.name, step.uuid);
      if (!created) return std::move(created).error();
      return {};
    }
    case DmStep::Kind::kLoad:
      return load(dm, step);
    case DmStep::Kind::kResume:
      return dm.resume(step.name, step.hidden);
    case DmStep::Kind::kSuspend:
      return dm.suspend(step.name, false);
    case DmStep::Kind::kMessage:
      return dm.message(step.name, Sectors(0), step.message);
    case DmStep::Kind::kRemove:
      return dm.remove(step.name);
  }
  return make_error(Errc::kInternal, "dm plan: unknown step");
}

Result<void> run_all(DeviceMapper& dm, std::span<const DmStep> steps) {
  for (const DmStep& step : steps) {
    if (auto done = run_step(dm, step); !done) return with_context(std::move(done).error(), step.name);
  }
  return {};
}

// A mapping that stays must not be suspended, or whoever uses it waits for ever: with the table it had, where the
// kernel refused the new one only at resume (but for the first, it looks there whether the rows fit their devices).
void let_go_on(DeviceMapper& dm, const std::string& name, bool hidden) {
  (void)dm.clear(name).ok();
  for (int i = 0; i < kResumeTries; ++i) {
    if (dm.resume(name, hidden)) break;
  }
}

// Removes what it can, whatever fails on the way; the first failure.
Result<void> run_removals(DeviceMapper& dm, std::span<const DmStep> steps) {
  std::optional<Error> first;
  for (const DmStep& step : steps) {
    auto done = run_step(dm, step);
    if (done) continue;
    let_go_on(dm, step.name, true);
    if (!first) first = with_context(std::move(done).error(), step.name);
  }
  if (first) return std::move(*first);
  return {};
}

std::array<std::string, 6> all_names(const Label& volume) {
  const StackNames names = stack_names(volume);
  return {names.top, names.origin, names.undo, names.store, names.rows, names.hole};
}

Result<void> require_targets(DeviceMapper& dm, std::span<const char* const> targets) {
  for (const char* target : targets) {
    ASSIGN_OR_RETURN(const bool known, dm.has_target(target));
    if (!known) {
      const char* const module = std::string_view(target) == "snapshot-origin" ? "snapshot" : target;
      return make_error(Errc::kDmMissing, "the kernel has no device-mapper target '%s'; load the module dm-%s", target,
                        module);
    }
  }
  return {};
}

// A kernel that takes the store for invalid lets every write through, and saves nothing.
bool is_valid(DeviceMapper& dm, Log& log, const VolumeRecord& record) {
  const auto live = read_live_fill(dm, record);
  if (!live) log.write(LogLevel::kWarning, "the kernel does not say whether it takes the store for valid");
  return !live || live->state != SnapshotStatus::State::kInvalid;
}

Result<StackInput> stack_input(DeviceMapper& dm, const DeviceInfo& raw, const VolumeRecord& record,
                               const StoreView* view) {
  StackInput input;
  input.volume = record.name;
  input.arm_id = record.arm_id;
  input.raw = raw.number;
  input.geometry = VolumeGeometry{to_sectors_down(raw.size), record.chunk, Bytes(record.fs_block_bytes)};
  if (view != nullptr) input.extents = view->extents;
  ASSIGN_OR_RETURN(input.have_switch, dm.has_target("switch"));
  if (!guard_on(Guard::kSwitch)) input.have_switch = false;
  return input;
}

}  // namespace

Result<StackState> inspect_stack(DeviceMapper& dm, const VolumeRecord& record) {
  const StackNames names = stack_names(record.name);
  StackState state;
  bool origin_live = false;
  bool undo_live = false;
  for (const std::string& name : all_names(record.name)) {
    ASSIGN_OR_RETURN(const auto device, dm.find(name));
    if (!device) continue;
    if (device->uuid != stack_uuid(name, record.name, record.arm_id)) {
      state.foreign = name;
      continue;
    }
    state.present.push_back(name);
    const bool live = device->live_table && !device->suspended;
    if (name == names.top) {
      state.top_live = live;
      state.top_open = device->open_count > 0;
      if (live) {
        ASSIGN_OR_RETURN(const auto table, dm.table(name));
        state.top_plain = table.size() == 1 && table[0].target == "linear";
      }
    }
    if (name == names.origin) origin_live = live;
    if (name == names.undo) undo_live = live;
  }
  // Without dm-switch the top itself is made of origin rows, and there is no origin device.
  const bool has_origin = std::find(state.present.begin(), state.present.end(), names.origin) != state.present.end();
  state.complete_undo = state.top_live && !state.top_plain && undo_live && (origin_live || !has_origin);
  return state;
}

Result<void> remove_stack(DeviceMapper& dm, const VolumeRecord& record) {
  ASSIGN_OR_RETURN(const StackState state, inspect_stack(dm, record));
  return run_removals(dm, plan_removal(record.name, state.present));
}

std::optional<SnapshotStatus> read_live_fill(DeviceMapper& dm, const VolumeRecord& record) {
  const auto rows = dm.status(stack_names(record.name).undo);
  if (!rows || rows.value().empty()) return std::nullopt;  // empty: no live table
  return parse_snapshot_status(rows.value().front().text);
}

Result<std::string> build_stack(DeviceMapper& dm, Log& log, StackKind kind, const DeviceInfo& raw,
                                const VolumeRecord& record, const StoreView* view) {
  CHECK_OK(dm.check_available());
  static constexpr const char* kUndoTargets[] = {"snapshot", "snapshot-origin", "linear", "error"};
  static constexpr const char* kPlainTargets[] = {"linear"};
  CHECK_OK(require_targets(dm, kind == StackKind::kUndo ? std::span<const char* const>(kUndoTargets) : kPlainTargets));
  ASSIGN_OR_RETURN(const StackState state, inspect_stack(dm, record));
  if (!state.foreign.empty()) {
    return make_error(Errc::kForeignMapping,
                      "a device named %s exists that this arm did not make; remove it ('dmsetup remove %s') or reboot",
                      state.foreign.c_str(), state.foreign.c_str());
  }
  if (!state.present.empty()) {
    if (state.top_open) {
      return make_error(Errc::kForeignMapping, "%s exists and is in use; unmount it first",
                        stack_names(record.name).top.c_str());
    }
    log.write(LogLevel::kWarning,
              format_text("removing what an earlier, interrupted run left: %s", state.present.front().c_str()));
    CHECK_OK(run_removals(dm, plan_removal(record.name, state.present)));
  }
  ASSIGN_OR_RETURN(const StackInput input, stack_input(dm, raw, record, view));
  if (!input.have_switch && view != nullptr) {
    log.write(LogLevel::kWarning, "the kernel has no dm-switch: every flush will cost one write per row of the table");
  }
  const std::vector<DmStep> steps = kind == StackKind::kUndo ? plan_undo(input) : plan_pass_through(input);
  if (steps.empty()) return make_error(Errc::kInternal, "no table can be made for this store");
  auto built = run_all(dm, steps);
  if (built && kind == StackKind::kUndo && !is_valid(dm, log, record)) {
    built = make_error(Errc::kStoreLost, "the kernel takes the store for invalid; check the disk");
  }
  if (!built) {
    auto removed = remove_stack(dm, record);
    if (removed) return std::move(built).error();
    return with_context(std::move(removed).error(), "%s; and what was built could not be removed",
                        built.error().text.c_str());
  }
  return dm.node_path(stack_names(record.name).top);
}

Result<void> commit_stack(DeviceMapper& dm, const DeviceInfo& raw, const VolumeRecord& record, const StoreView* view) {
  const std::string top = stack_names(record.name).top;
  ASSIGN_OR_RETURN(const auto found, dm.find(top));
  if (found && found->suspended && found->live_table) CHECK_OK(dm.resume(top, false));
  ASSIGN_OR_RETURN(const StackState state, inspect_stack(dm, record));
  if (!state.top_live) return run_removals(dm, plan_removal(record.name, state.present));
  ASSIGN_OR_RETURN(const StackInput input, stack_input(dm, raw, record, view));
  const std::vector<DmStep> steps = plan_live_commit(input, state.present);
  const auto removals =
      std::find_if(steps.begin(), steps.end(), [](const DmStep& s) { return s.kind == DmStep::Kind::kRemove; });
  for (auto step = steps.begin(); step != removals; ++step) {
    auto done = run_step(dm, *step);
    if (done) continue;
    let_go_on(dm, top, false);
    return with_context(std::move(done).error(), step->name);
  }
  if (!guard_on(Guard::kTidyCommit)) return {};
  return run_removals(dm, std::span(steps).subspan(static_cast<std::size_t>(removals - steps.begin())));
}

}  // namespace bootguard
