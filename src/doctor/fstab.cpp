// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/fstab.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format_text.h"

namespace bootguard {
namespace {

constexpr const char* kCheck = "fstab";
constexpr std::size_t kMaxLines = 1000;
constexpr std::string_view kBlanks = " \t\r";

// "\040": a blank. What is no such escape stays as it is.
std::string unescape(std::string_view field) {
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto digit = [&](std::size_t ahead) {
      const char c = i + ahead < field.size() ? field[i + ahead] : 'x';
      return c >= '0' && c <= '7' ? c - '0' : -1;
    };
    if (field[i] == '\\' && digit(1) >= 0 && digit(1) < 4 && digit(2) >= 0 && digit(3) >= 0) {
      out += static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3));
      i += 3;
    } else {
      out += field[i];
    }
  }
  return out;
}

bool parse_line(std::string_view text, FstabLine& line) {
  std::array<std::string_view, 4> fields;
  std::size_t at = 0;
  for (std::string_view& field : fields) {
    at = text.find_first_not_of(kBlanks, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    field = text.substr(at, end - at);
    if (&field == fields.data()) line.spec_begin = at;
    at = end;
  }
  if (fields[1].empty() || fields[0].starts_with('#')) return false;
  line.text = text;
  line.spec_length = fields[0].size();
  line.spec = without_quotes(unescape(fields[0]));
  line.target = unescape(fields[1]);
  line.options = fields[3];
  return true;
}

Finding about(CheckState state, const FstabLine& line, const std::string& file, const std::string& what) {
  return found(state, kCheck, format_text("%s:%zu", file.c_str(), line.number), "%s", what.c_str());
}

Finding to_be_changed(CheckState state, const FstabLine& line, const std::string& file, const VolumeView& volume,
                      const char* why) {
  Finding finding = about(state, line, file, format_text("%s %s", line.spec.c_str(), why));
  finding.line = line.text;
  finding.replacement = line.text;
  finding.replacement.replace(line.spec_begin, line.spec_length, volume.safe_name);
  return finding;
}

Finding judge(const FstabLine& line, const std::string& file, const VolumeView& volume) {
  const bool is_root = line.target == "/";
  // What is not mounted at boot blocks no boot.
  const CheckState bad = is_root || line.has_option("noauto") ? CheckState::kWarn : CheckState::kFail;
  switch (classify_reference(line.spec)) {
    case ReferenceKind::kMapping:
      if (is_root)
        return to_be_changed(CheckState::kFail, line, file, volume,
                             "for the root filesystem: the boot would wait for it");
      if (volume.pass_through) break;
      return to_be_changed(bad, line, file, volume, "is only there during a trial (pass-through = no)");
    case ReferenceKind::kPath:
      return to_be_changed(bad, line, file, volume,
                           is_root ? "is busy during a trial: it cannot be checked then"
                                   : "is busy during a trial: the boot would stop at it");
    case ReferenceKind::kUnstableLink:
      return to_be_changed(bad, line, file, volume, "stays with the raw device, which is busy during a trial");
    case ReferenceKind::kNone:
    case ReferenceKind::kTag:
    case ReferenceKind::kStableLink:
      break;
  }
  return about(CheckState::kOk, line, file, line.spec + " follows the mapping");
}

}  // namespace

bool FstabLine::has_option(std::string_view option) const {
  std::string_view rest = options;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (rest.substr(0, end) == option) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::vector<FstabLine> parse_fstab(std::string_view text) {
  std::vector<FstabLine> lines;
  for (std::size_t number = 1; !text.empty() && lines.size() < kMaxLines; ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    FstabLine line;
    line.number = number;
    if (parse_line(text.substr(0, end), line)) lines.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

const FstabLine* find_volume_line(const std::vector<FstabLine>& lines, const VolumeView& volume) {
  const auto line = std::find_if(lines.begin(), lines.end(), [&](const FstabLine& candidate) {
    return volume.match(candidate.spec) == Match::kYes;
  });
  return line == lines.end() ? nullptr : &*line;
}

Findings check_fstab(const std::vector<FstabLine>& lines, const std::string& file, const VolumeView& volume) {
  Findings findings;
  Findings fine;
  bool is_certain = true;
  for (const FstabLine& line : lines) {
    const Match match = volume.match(line.spec);
    const ReferenceKind kind = classify_reference(line.spec);
    is_certain = is_certain && match != Match::kUnknown;
    if (match == Match::kUnknown && (kind == ReferenceKind::kPath || kind == ReferenceKind::kUnstableLink)) {
      findings.push_back(about(CheckState::kSkip, line, file,
                               format_text("whether %s is the volume can only be told as root on the machine itself; "
                                           "if it is, the line has to name it as %s",
                                           line.spec.c_str(), volume.safe_name.c_str())));
    }
    if (match != Match::kYes) continue;
    Finding finding = judge(line, file, volume);
    (finding.state == CheckState::kOk ? fine : findings).push_back(std::move(finding));
  }
  if (!findings.empty()) return findings;
  if (!fine.empty()) return {fine.front()};
  // Which of the other names lead to it does not matter: all of those follow the mapping.
  return {found(CheckState::kOk, kCheck, file, "%s",
                is_certain ? "no line names the volume" : "no line names the volume in a way that a trial breaks")};
}

}  // namespace bootguard
