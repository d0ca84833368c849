// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/status_page.h"

#include <algorithm>
#include <cinttypes>

#include "cli/answer.h"
#include "cli/text.h"
#include "cli/words.h"

namespace bootguard {
namespace {

enum class Tone : std::uint8_t { kPlain, kGood, kWarn, kBad, kStrong };

// "label:     value", the value wrapped under itself.
class Page {
 public:
  explicit Page(bool color) : color_(color) {}

  void field(const char* label, std::string_view value, Tone tone = Tone::kPlain) {
    std::string head = label;
    if (!head.empty()) head += ':';
    head.resize(kIndent, ' ');
    out_ += head;
    append_wrapped(out_, value, kIndent, highlight(tone));
  }
  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kIndent = 11;

  [[nodiscard]] Highlight highlight(Tone tone) const {
    if (!color_) return {};
    switch (tone) {
      case Tone::kPlain:
        return {};
      case Tone::kGood:
        return {"\033[32m", "\033[0m"};
      case Tone::kWarn:
        return {"\033[33m", "\033[0m"};
      case Tone::kBad:
        return {"\033[31m", "\033[0m"};
      case Tone::kStrong:
        return {"\033[1m", "\033[0m"};
    }
    return {};
  }

  bool color_;
  std::string out_;
};

std::uint64_t percent_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return 0;
  if (part >= whole) return 100;
  // whole > part, so neither form overflows, and 100 % is only said of a full store
  return whole > UINT64_MAX / 100 ? part / (whole / 100) : part * 100 / whole;
}

// "512 MiB", with a tenth below 100 MiB: a store of an embedded device is small.
std::string mebibytes(std::uint64_t sectors) {
  constexpr std::uint64_t kPerMib = (1U << 20) / kSectorBytes;
  std::string out;
  const std::uint64_t whole = sectors / kPerMib;
  append_format(out, "%" PRIu64, whole);
  if (whole < 100 && sectors % kPerMib != 0)
    append_format(out, ".%u", static_cast<unsigned>(sectors % kPerMib * 10 / kPerMib));
  return out;
}

std::string bar(std::uint64_t percent) {
  constexpr std::size_t kWidth = 20;
  const std::size_t full = std::min<std::size_t>(kWidth, (percent * kWidth + 99) / 100);
  return '[' + std::string(full, '#') + std::string(kWidth - full, '-') + ']';
}

std::string phase_text(const Metadata& metadata) {
  const unsigned limit = metadata.attempts_limit;
  const unsigned left = std::min<unsigned>(metadata.attempts_left, limit);
  std::string out = name(metadata.phase);
  switch (metadata.phase) {
    case Phase::kIdle:
      out += ", nothing is armed";
      break;
    case Phase::kArmed:
      append_format(out, ", %u %s", left, left == 1 ? "attempt" : "attempts");
      break;
    case Phase::kTrial:
      append_format(out, ", attempt %u of %u", limit - left, limit);
      if (left == 0) out += ", the last";
      if (left > 0) append_format(out, ", %u left", left);
      break;
    case Phase::kRollingBack:
      out += ", not finished";
      if (metadata.last_reason != Reason::kNone) out += std::string("; ") + phrase(metadata.last_reason);
      break;
    case Phase::kCommitting:
      out += ", which this version cannot handle";
      break;
  }
  if (metadata.request == Request::kRollback) out += "; rollback requested";
  return out;
}

Tone phase_tone(const Metadata& metadata) {
  if (!may_be_mounted(metadata.phase)) return Tone::kBad;
  if (metadata.phase == Phase::kTrial && (metadata.attempts_left == 0 || metadata.request == Request::kRollback))
    return Tone::kWarn;
  return Tone::kStrong;
}

std::string last_text(const Metadata& metadata) {
  std::string out = phrase(metadata.last_result);
  if (metadata.last_result == LastResult::kNone) return out;
  if (metadata.last_reason != Reason::kNone) out += std::string(", ") + phrase(metadata.last_reason);
  if (metadata.last_result_time_s != 0) out += ", " + utc_time(metadata.last_result_time_s);
  return out;
}

std::string slot_text(const Metadata& metadata) {
  std::string out =
      metadata.booted_slot.empty() ? "booted unknown" : "booted " + std::string(metadata.booted_slot.view());
  if (metadata.phase == Phase::kIdle) return out;
  out += "; armed in ";
  out += metadata.old_slot.empty() ? "unknown" : metadata.old_slot.view();
  out += " for ";
  out += metadata.new_slot.empty() ? "any other" : metadata.new_slot.view();
  return out;
}

void put_state(Page& page, const Metadata& metadata) {
  page.field("phase", phase_text(metadata), phase_tone(metadata));
  if (!metadata.booted_slot.empty() || !metadata.old_slot.empty() || !metadata.new_slot.empty()) {
    page.field("slot", slot_text(metadata));
  }
  if (metadata.phase != Phase::kIdle) {
    page.field("since",
               "armed " + utc_time(metadata.armed_time_s) +
                   (metadata.phase == Phase::kArmed ? "" : "; checkpoint " + utc_time(metadata.checkpoint_time_s)));
  }
  if (metadata.phase == Phase::kRollingBack) return;  // there is no result yet, and the one before is forgotten
  page.field("last", last_text(metadata),
             metadata.last_result == LastResult::kUnprotected ? Tone::kWarn : Tone::kPlain);
}

std::string mapping_text(const VolumeStatus& volume) {
  const std::string device = "bootguard-" + std::string(volume.record.name.view());
  if (volume.mapping == "undo") return device + ", what is written can be undone";
  if (volume.mapping == "pass-through") return device + ", passed through";
  if (volume.mapping == "foreign") return device + " is there, but not of this update";
  return volume.mapping;
}

Tone mapping_tone(const VolumeStatus& volume, const Metadata* metadata) {
  if (volume.mapping == "foreign") return Tone::kBad;
  if (volume.mapping == "undo") return Tone::kGood;
  const bool should_protect = metadata != nullptr && metadata->phase == Phase::kTrial;
  return should_protect && !volume.mounted_at.empty() ? Tone::kBad : Tone::kPlain;
}

void put_store(Page& page, const VolumeStatus& volume) {
  const bool sound = volume.store_state == "ok" || volume.store_state == "none" || volume.store_state == "unverified";
  if (volume.fill_known) {
    const std::uint64_t percent = percent_of(volume.fill_used, volume.fill_total);
    std::string text = bar(percent);
    append_format(text, " %" PRIu64 "%%, ", percent);
    text += mebibytes(volume.fill_used) + " of " + mebibytes(volume.fill_total) + " MiB";
    page.field("store", text, percent >= 90 ? Tone::kBad : percent >= 70 ? Tone::kWarn : Tone::kGood);
    if (volume.store_state == "ok" && volume.store_detail.empty()) return;
  }
  std::string text = volume.store_state;
  if (!volume.store_detail.empty()) text += ": " + volume.store_detail;
  page.field(volume.fill_known ? "" : "store", text, sound ? Tone::kPlain : Tone::kBad);
}

void put_volume(Page& page, const VolumeStatus& volume, const Metadata* metadata) {
  std::string head(volume.record.name.view());
  if (volume.record.filesystem != FilesystemType::kUnknown) head += std::string(", ") + name(volume.record.filesystem);
  page.field("volume", head, Tone::kStrong);
  if (volume.device.empty()) {
    page.field("device", "not found" + (volume.device_error.empty() ? "" : ": " + volume.device_error), Tone::kBad);
  } else {
    page.field("device", volume.device);
  }
  page.field("mapping", mapping_text(volume), mapping_tone(volume, metadata));
  page.field("mount", volume.mounted_at.empty() ? "not mounted" : volume.mounted_at);
  put_store(page, volume);
}

// "4 of 4 good", or which are not.
void put_copies(Page& page, const StatusReport& report) {
  std::uint64_t newest = 0;
  for (const CopyRead& copy : report.copies) {
    if (copy.state == CopyState::kGood) newest = std::max(newest, copy.sequence);
  }
  std::size_t good = 0;
  std::string bad;
  for (std::size_t i = 0; i < report.copies.size(); ++i) {
    const CopyRead& copy = report.copies[i];
    const bool stale = copy.state == CopyState::kGood && copy.sequence != newest;
    if (copy.state == CopyState::kGood && !stale) {
      ++good;
      continue;
    }
    append_format(bad, "; copy %zu: %s", i, stale ? "out of date" : to_string(copy.state));
    if (copy.detail[0] != '\0') append_format(bad, " (%s)", copy.detail);
  }
  std::string text;
  append_format(text, "%zu of %zu good", good, report.copies.size());
  page.field("copies", text + bad, bad.empty() ? Tone::kGood : good == 0 ? Tone::kBad : Tone::kWarn);
}

}  // namespace

std::string status_page(const StatusReport& report, bool color) {
  Page page(color);
  const Metadata* metadata = report.metadata ? &*report.metadata : nullptr;
  if (metadata != nullptr) put_state(page, *metadata);
  if (report.metadata_error) page.field("problem", report.metadata_error->text, Tone::kBad);
  for (const VolumeStatus& volume : report.volumes) put_volume(page, volume, metadata);
  page.field("metadata", report.metadata_device.empty() ? "not found" : report.metadata_device,
             report.metadata_device.empty() ? Tone::kBad : Tone::kPlain);
  if (report.copies_known) put_copies(page, report);
  page.field("next", next_steps(report), Tone::kStrong);
  return page.take();
}

}  // namespace bootguard
