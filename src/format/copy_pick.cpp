// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/copy_pick.h"

#include <algorithm>
#include <cinttypes>

#include "base/format_text.h"

namespace bootguard {
namespace {

bool is_good(const CopyRead& copy) { return copy.state == CopyState::kGood; }

// Whole, but not for this reader to understand.
bool is_foreign(const CopyRead& copy) {
  return copy.state == CopyState::kNewerVersion || copy.state == CopyState::kUnknownFeature ||
         copy.state == CopyState::kOtherEndian;
}

// "copy 0 bad-crc, copy 1 good (sequence 7), copy 2 zero, copy 3 bad-value (phase)"
std::string describe(const std::array<CopyRead, layout::kCopies>& copies) {
  std::string text;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (i > 0) text += ", ";
    text += format_text("copy %zu %s", i, to_string(copies[i].state));
    if (is_good(copies[i])) text += format_text(" (sequence %" PRIu64 ")", copies[i].sequence);
    if (copies[i].detail[0] != '\0') text += format_text(" (%s)", copies[i].detail);
  }
  return text;
}

}  // namespace

Result<Pick> pick_copy(const std::array<CopyRead, layout::kCopies>& copies) {
  // First, whatever else is there: a copy that only a newer bootguard understands may be newer than the best we can
  // read.
  if (std::any_of(copies.begin(), copies.end(), is_foreign)) {
    return make_error(Errc::kMetadataVersion, "metadata of another version; use the bootguard that wrote it (%s)",
                      describe(copies).c_str());
  }
  if (std::all_of(copies.begin(), copies.end(), [](const CopyRead& c) { return c.state == CopyState::kZero; })) {
    return make_error(Errc::kMetadataMissing,
                      "no metadata block, all copies are zero; make one with `bootguard format`");
  }
  Pick pick;
  bool found = false;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (!is_good(copies[i])) continue;
    if (!found || copies[i].sequence > copies[pick.index].sequence) pick.index = i;
    found = true;
  }
  if (!found)
    return make_error(Errc::kMetadataCorrupt, "no metadata copy can be trusted (%s)", describe(copies).c_str());
  const CopyRead& best = copies[pick.index];
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const bool current = is_good(copies[i]) && copies[i].sequence == best.sequence;
    if (current && copies[i].fingerprint != best.fingerprint) {
      // Two writers, or a copy of another disk: neither can be told to be the right one.
      return make_error(Errc::kMetadataCorrupt, "metadata copies %zu and %zu have one sequence but differ (%s)",
                        pick.index, i, describe(copies).c_str());
    }
    pick.repair[i] = !current;
    if (!current) ++pick.repair_count;
  }
  return pick;
}

}  // namespace bootguard
