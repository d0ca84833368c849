// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz/metadata_checks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/little_endian.h"
#include "core/decision.h"
#include "core/transition.h"
#include "format/copy_pick.h"
#include "format/validate.h"

namespace bootguard::fuzz {
namespace {

// FORMAT.md, "Ranges", once more and in other words than src/format/validate.cpp.
void check_table(const Metadata& m, const TableDescriptor& table) {
  if (table.kind == TableKind::kUnused) {
    must(table == TableDescriptor{}, "an unused table descriptor is all zero");
    return;
  }
  must(table.kind == TableKind::kStore && table.copies == 4, "a table is a store's, in four copies");
  must(table.entries >= 1 && table.entries <= 4092, "a table has 1 to 4092 entries");
  must(table.length_bytes == 64 + 16 * table.entries, "a table is as long as its entries say");
  const std::uint64_t blocks = (std::uint64_t{table.length_bytes} + 4095) / 4096;
  must(table.first_block >= 64 && table.stride_blocks >= blocks, "no table lies over the copies or another");
  must(table.first_block + 3 * std::uint64_t{table.stride_blocks} + blocks <= m.area_blocks,
       "tables lie within the area");
}

void check_ranges(const Metadata& m) {
  constexpr std::uint64_t kEndOf9999 = 253402300799;
  must(m.incompat == 0, "no unknown feature is accepted");
  must(m.sequence != 0 && m.sequence != UINT64_MAX, "the sequence is neither 0 nor the greatest number");
  must(m.area_blocks >= 192 && m.area_blocks <= 16384, "the area has 768 KiB to 64 MiB");
  must(m.phase >= Phase::kIdle && m.phase <= Phase::kRollingBack, "the phase is known");
  must(m.attempts_left <= m.attempts_limit, "no more attempts are left than there were");
  must(m.phase != Phase::kArmed || m.attempts_left > 0, "what is armed has an attempt");
  must(std::max({m.last_result_time_s, m.armed_time_s, m.checkpoint_time_s}) <= kEndOf9999, "times have four digits");
  must(m.volume_count <= 1 && (m.volume_count == 1 || m.phase == Phase::kIdle), "one volume, or none when idle");
  if (m.volume_count == 0) return;
  const VolumeRecord& v = m.volumes[0];
  must(std::has_single_bit(v.chunk.n) && v.chunk.n >= 8 && v.chunk.n <= 128, "chunks are 4 to 64 KiB");
  must(!v.name.empty() && v.mode == Mode::kUndo && v.flags == 0, "the volume has a name, and nothing reserved");
  must(v.device_size.n <= std::uint64_t{1} << 54, "the device's bytes fit in 64 bits");
  must(v.store_size <= v.device_size && v.store_size.n % v.chunk.n == 0, "the store is whole chunks of the device");
  must(std::count_if(v.tables.begin(), v.tables.end(),
                     [](const TableDescriptor& t) { return t.kind == TableKind::kStore; }) <= 1,
       "one table of a kind");
  for (const TableDescriptor& table : v.tables) check_table(m, table);
}

void check_round_trip(const Metadata& m) {
  const BlockBuffer bytes = encode(m);
  const Decoded again = decode(bytes);
  must(again.state == CopyState::kGood, "what was decoded can be encoded and decoded");
  Metadata expected = m;
  expected.version_minor = layout::kVersionMinor;
  expected.compat &= layout::kSupportedCompat;
  must(again.metadata == expected, "nothing is lost from decode over encode to decode");
  must(encode(again.metadata) == bytes, "one value has one encoding");
}

// Every state that a boot may go on to can be written, and read back as it was.
void check_next(const Metadata& next) {
  must(find_bad_value(next) == nullptr, "a transition leads to a state that can be written");
  check_round_trip(next);
}

void check_decision(const Metadata& m, Input& rest) {
  constexpr std::array kActions = {BootAction::kAuto, BootAction::kRollback, BootAction::kCommit, BootAction::kSkip};
  BootFacts facts;
  facts.disabled = rest.number(1) % 2 == 1;
  facts.action = kActions[rest.number(1) % kActions.size()];
  const std::array slots = {Label{}, m.old_slot, m.new_slot, m.booted_slot, *Label::parse("other")};
  facts.slot = slots[rest.number(1) % slots.size()];
  if (rest.number(1) % 2 == 1) facts.boot_id = m.counted_boot_id;
  const Decided decided = decide(m, facts);
  must(decided.row > 0 && decided.why[0] != '\0', "every decision is a row of the table, with its reason");
  const Moment moment{1'700'000'000, facts.slot};
  switch (decided.decision) {
    case Decision::kIdle:
      must(m.phase == Phase::kIdle, "only what is idle is left alone");
      break;
    case Decision::kStayArmed:
      check_next(wait_armed(m, moment));
      break;
    case Decision::kDisarm:
      check_next(disarm(m, decided.reason, moment));
      break;
    case Decision::kStartTrial:
      must(m.attempts_left > 0, "a trial begins with an attempt");
      check_next(start_trial(m, facts.boot_id, moment));
      check_next(give_up(m, Reason::kStoreChanged, 5, moment));
      break;
    case Decision::kContinueTrial: {
      must(m.attempts_left > 0, "a trial goes on with an attempt");
      const Metadata next = count_boot(m, facts.boot_id, moment);
      must(next.attempts_left == m.attempts_left - 1, "a boot costs one attempt");
      check_next(next);
      break;
    }
    case Decision::kRollBack: {
      const Metadata begun = begin_rollback(m, decided.reason, moment);
      check_next(begun);
      check_next(finish_rollback(begun, rest.number(8), moment));
      break;
    }
    case Decision::kResumeRollback:
      must(m.phase == Phase::kRollingBack, "only a rollback is resumed");
      check_next(finish_rollback(m, rest.number(8), moment));
      break;
    case Decision::kCommit:
      check_next(commit(m, decided.reason, moment));
      break;
    case Decision::kGiveUp:
      check_next(give_up(m, decided.reason, 0, moment));
      break;
    case Decision::kSameBoot:
      must(!facts.boot_id.is_nil(), "an unknown boot is no counted one");
      [[fallthrough]];
    case Decision::kProtectOnly:
      must(m.phase == Phase::kTrial, "only a trial is protected");
      check_next(request_rollback(m, moment));
      break;
    case Decision::kUnsupported:
      must(false, "no phase that is accepted is unsupported");
  }
}

// FORMAT.md, section 9, as it stands there: row by row over all four copies.
void check_pick(const std::array<CopyRead, layout::kCopies>& copies) {
  const auto any = [&](auto... states) {
    return std::any_of(copies.begin(), copies.end(), [&](const CopyRead& c) { return ((c.state == states) || ...); });
  };
  std::uint64_t highest = 0;
  std::size_t zeros = 0;
  for (const CopyRead& copy : copies) {
    if (copy.state == CopyState::kGood) highest = std::max(highest, copy.sequence);
    if (copy.state == CopyState::kZero) ++zeros;
  }
  const auto is_highest = [&](const CopyRead& c) { return c.state == CopyState::kGood && c.sequence == highest; };
  const auto first = std::find_if(copies.begin(), copies.end(), is_highest);
  const bool twins = std::any_of(
      first, copies.end(), [&](const CopyRead& c) { return is_highest(c) && c.fingerprint != first->fingerprint; });
  const auto pick = pick_copy(copies);
  if (any(CopyState::kNewerVersion, CopyState::kUnknownFeature, CopyState::kOtherEndian)) {
    must(!pick && pick.error().code == Errc::kMetadataVersion, "row 1: another version is refused");
  } else if (zeros == copies.size()) {
    must(!pick && pick.error().code == Errc::kMetadataMissing, "row 2: nothing there");
  } else if (highest == 0 || twins) {
    must(!pick && pick.error().code == Errc::kMetadataCorrupt, "rows 3 and 4: corrupt");
  } else {
    must(pick.ok() && pick.value().index == static_cast<std::size_t>(first - copies.begin()),
         "row 5: the first of the highest sequence is believed");
    for (std::size_t i = 0; i < copies.size(); ++i) {
      must(pick.value().repair[i] != is_highest(copies[i]), "exactly what lags or is bad is repaired");
    }
  }
}

CopyRead read_copy(std::span<const std::byte> block, const Decoded& decoded) {
  CopyRead copy;
  copy.state = decoded.state;
  copy.detail = decoded.detail;
  if (decoded.state != CopyState::kGood) return copy;
  copy.sequence = decoded.metadata.sequence;
  copy.fingerprint = load_le<std::uint32_t>(block, layout::header::kCrc);
  return copy;
}

}  // namespace

void check_metadata(std::span<const std::byte> block, Input& rest) {
  const Decoded decoded = decode(block);
  const bool named = decoded.detail[0] != '\0';
  // A tag, and no key here: the block says that it has one.
  const bool tagged = (load_le<std::uint64_t>(block, layout::header::kIncompat) & layout::kIncompatAuthenticated) != 0;
  must(named ==
           (decoded.state == CopyState::kBadValue || (decoded.state == CopyState::kUnknownFeature && named && tagged)),
       "a bad value is named, and besides that only a tag without a key");
  must(std::strcmp(to_string(decoded.state), "unknown") != 0, "every state has a name");
  if (decoded.state != CopyState::kGood) {
    must(decoded.metadata == Metadata{}, "of a bad copy nothing is handed on");
    return;
  }
  must(find_bad_value(decoded.metadata) == nullptr, "what is accepted is valid");
  check_ranges(decoded.metadata);
  check_round_trip(decoded.metadata);
  check_decision(decoded.metadata, rest);
}

void check_copies(std::span<const std::byte> block, Input& rest) {
  const ForgetErrors forget;
  const Decoded decoded = decode(block);
  std::array<CopyRead, layout::kCopies> copies{};
  copies[rest.number(1) % copies.size()] = read_copy(block, decoded);
  for (CopyRead& copy : copies) {
    if (copy.state != CopyState::kUnreadable) continue;
    copy.state = static_cast<CopyState>(rest.number(1) % (static_cast<unsigned>(CopyState::kBadValue) + 1));
    if (copy.state != CopyState::kGood) continue;
    copy.sequence = std::max<std::uint64_t>(decoded.metadata.sequence + rest.number(1) % 3, 2) - 1;
    copy.fingerprint = static_cast<std::uint32_t>(rest.number(1) % 2);
  }
  check_pick(copies);
}

}  // namespace bootguard::fuzz
