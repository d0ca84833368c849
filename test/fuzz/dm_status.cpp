// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the status line of a snapshot, as the kernel prints it; of all status texts the only one that is parsed.
// Input: the text.
#include <string>

#include "core/dm_plan.h"
#include "fuzz/fuzz.h"

namespace bootguard::fuzz {
namespace {

bool same(const SnapshotStatus& a, const SnapshotStatus& b) {
  return a.state == b.state && a.used == b.used && a.total == b.total && a.metadata == b.metadata;
}

std::string to_text(const SnapshotStatus& status) {
  switch (status.state) {
    case SnapshotStatus::State::kActive:
      return std::to_string(status.used.n) + "/" + std::to_string(status.total.n) + " " +
             std::to_string(status.metadata.n);
    case SnapshotStatus::State::kInvalid:
      return "Invalid";
    case SnapshotStatus::State::kOverflow:
      return "Overflow";
    case SnapshotStatus::State::kMergeFailed:
      return "Merge failed";
    case SnapshotStatus::State::kUnknown:
      return "Unknown";
  }
  return "";
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  const fuzz::ForgetErrors forget;
  const std::string_view text = fuzz::Input(data, size).text();
  const SnapshotStatus status = parse_snapshot_status(text);
  fuzz::must(status.metadata <= status.used && status.used <= status.total, "metadata <= used <= total");
  fuzz::must(status.total.n <= layout::kMaxDeviceSectors, "no store is larger than a device may be");
  if (status.state != SnapshotStatus::State::kActive) {
    fuzz::must(status.total.n == 0, "numbers are only handed on of an active snapshot");
  }
  fuzz::must(fuzz::same(parse_snapshot_status(fuzz::to_text(status)), status), "what was read reads back the same");
  return 0;
}
