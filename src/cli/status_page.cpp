// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/status_page.h"

#include <algorithm>
#include <cinttypes>
#include <cstdarg>

#include "base/format_text.h"
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

  [[gnu::format(printf, 4, 5)]] void field(const char* label, Tone tone, const char* format, ...) {
    std::string head = label;
    if (!head.empty()) head += ':';
    head.resize(kIndent, ' ');
    out_ += head;
    std::va_list arguments;
    va_start(arguments, format);
    append_wrapped(out_, format_text_v(format, arguments), kIndent, highlight(tone));
    va_end(arguments);
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
      if (metadata.last_reason != Reason::kNone) append_format(out, "; %s", phrase(metadata.last_reason));
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
  if (metadata.last_reason != Reason::kNone) append_format(out, ", %s", phrase(metadata.last_reason));
  if (metadata.last_result_time_s != 0) append_format(out, ", %s", utc_time(metadata.last_result_time_s).c_str());
  return out;
}

const char* or_else(const Label& label, const char* if_empty) { return label.empty() ? if_empty : c_str(label); }
const char* or_else(const std::string& text, const char* if_empty) { return text.empty() ? if_empty : text.c_str(); }

void put_slot(Page& page, const Metadata& metadata) {
  const char* const booted = or_else(metadata.booted_slot, "unknown");
  if (metadata.phase != Phase::kIdle) {
    page.field("slot", Tone::kPlain, "booted %s; armed in %s for %s", booted, or_else(metadata.old_slot, "unknown"),
               or_else(metadata.new_slot, "any other"));
  } else if (!metadata.booted_slot.empty()) {
    page.field("slot", Tone::kPlain, "booted %s", booted);
  }
}

void put_state(Page& page, const Metadata& metadata) {
  page.field("phase", phase_tone(metadata), "%s", phase_text(metadata).c_str());
  put_slot(page, metadata);
  if (metadata.phase == Phase::kArmed) {
    page.field("since", Tone::kPlain, "armed %s", utc_time(metadata.armed_time_s).c_str());
  } else if (metadata.phase != Phase::kIdle) {
    page.field("since", Tone::kPlain, "armed %s; checkpoint %s", utc_time(metadata.armed_time_s).c_str(),
               utc_time(metadata.checkpoint_time_s).c_str());
  }
  if (metadata.phase == Phase::kRollingBack) return;  // there is no result yet, and the one before is forgotten
  const bool unprotected = metadata.last_result == LastResult::kUnprotected;
  page.field("last", unprotected ? Tone::kWarn : Tone::kPlain, "%s", last_text(metadata).c_str());
}

void put_mapping(Page& page, const VolumeStatus& volume, const Metadata* metadata) {
  constexpr const char* kLabel = "mapping";
  const char* const volume_name = c_str(volume.record.name);
  const bool is_lost =
      volume.store_state == "overflow" || volume.store_state == "changed" || volume.store_state == "invalid";
  if (volume.mapping == "undo" && is_lost) {
    page.field(kLabel, Tone::kBad, "bootguard-%s, but there is no way back", volume_name);
  } else if (volume.mapping == "undo") {
    page.field(kLabel, Tone::kGood, "bootguard-%s, what is written can be undone", volume_name);
  } else if (volume.mapping == "foreign") {
    page.field(kLabel, Tone::kBad, "bootguard-%s is there, but not of this update", volume_name);
  } else {
    const bool is_passed = volume.mapping == "pass-through";
    const bool exposed = metadata != nullptr && metadata->phase == Phase::kTrial && !volume.mounted_at.empty();
    page.field(kLabel, exposed ? Tone::kBad : Tone::kPlain, is_passed ? "bootguard-%s, passed through" : "%s",
               is_passed ? volume_name : volume.mapping.c_str());
  }
}

void put_store(Page& page, const VolumeStatus& volume) {
  const char* label = "store";
  if (volume.fill_known) {
    const std::uint64_t percent = percent_of(volume.fill_used, volume.fill_total);
    page.field(label,
               percent >= 90   ? Tone::kBad
               : percent >= 70 ? Tone::kWarn
                               : Tone::kGood,
               "%s %" PRIu64 "%%, %s of %s MiB", bar(percent).c_str(), percent, mebibytes(volume.fill_used).c_str(),
               mebibytes(volume.fill_total).c_str());
    if (volume.store_state == "ok" && volume.store_detail.empty()) return;
    label = "";
  }
  const bool sound = volume.store_state == "ok" || volume.store_state == "none" || volume.store_state == "unverified";
  page.field(label, sound ? Tone::kPlain : Tone::kBad, "%s%s%s", volume.store_state.c_str(),
             volume.store_detail.empty() ? "" : ": ", volume.store_detail.c_str());
}

void put_volume(Page& page, const VolumeStatus& volume, const Metadata* metadata) {
  const FilesystemType filesystem = volume.record.filesystem;
  const bool is_known = filesystem != FilesystemType::kUnknown;
  page.field("volume", Tone::kStrong, "%s%s%s", c_str(volume.record.name), is_known ? ", " : "",
             is_known ? name(filesystem) : "");
  if (volume.device.empty()) {
    page.field("device", Tone::kBad, "not found%s%s", volume.device_error.empty() ? "" : ": ",
               volume.device_error.c_str());
  } else {
    page.field("device", Tone::kPlain, "%s", volume.device.c_str());
  }
  put_mapping(page, volume, metadata);
  page.field("mount", Tone::kPlain, "%s", or_else(volume.mounted_at, "not mounted"));
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
  page.field("copies",
             bad.empty() ? Tone::kGood
             : good == 0 ? Tone::kBad
                         : Tone::kWarn,
             "%zu of %zu good%s", good, report.copies.size(), bad.c_str());
}

}  // namespace

std::string status_page(const StatusReport& report, bool color) {
  Page page(color);
  const Metadata* metadata = report.metadata ? &*report.metadata : nullptr;
  if (metadata != nullptr) put_state(page, *metadata);
  if (report.metadata_error) page.field("problem", Tone::kBad, "%s", report.metadata_error->text.c_str());
  for (const VolumeStatus& volume : report.volumes) put_volume(page, volume, metadata);
  page.field("metadata", report.metadata_device.empty() ? Tone::kBad : Tone::kPlain, "%s",
             or_else(report.metadata_device, "not found"));
  if (report.copies_known) put_copies(page, report);
  page.field("next", Tone::kStrong, "%s", next_steps(report).c_str());
  return page.take();
}

}  // namespace bootguard
