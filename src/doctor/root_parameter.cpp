// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/root_parameter.h"

#include <algorithm>
#include <utility>

#include "base/format_text.h"
#include "core/excerpt.h"
#include "core/kernel_command_line.h"

namespace bootguard {
namespace {

constexpr const char* kRootCheck = "root";
constexpr const char* kAutoCheck = "gpt-auto";
constexpr const char* kCommandLine = "kernel command line";

// The value of the first line "KEY=value" of a unit.
std::string unit_value(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(key)) return std::string(line.substr(key.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Finding to_be_changed(CheckState state, const std::string& root, const VolumeView& volume, const char* why) {
  Finding finding = found(state, kRootCheck, kCommandLine, "root=%s %s", excerpt(root).c_str(), why);
  finding.line = "root=" + root;
  finding.replacement = "root=" + volume.safe_name;
  return finding;
}

}  // namespace

std::optional<std::string> root_parameter(std::string_view command_line) {
  const std::vector<std::string> values = kernel_parameter_values(command_line, "root");
  if (values.empty()) return std::nullopt;
  return values.back();
}

Finding check_root_parameter(std::string_view command_line, const VolumeView& volume) {
  const auto root = root_parameter(command_line);
  if (!root) return found(CheckState::kOk, kRootCheck, kCommandLine, "no root= names the volume");
  // Whether or not it is the volume: a name that waits for what is only made after the wait.
  if (*root == volume.mapping()) {
    return to_be_changed(CheckState::kFail, *root, volume,
                         "waits for the mapping, and the mapping is made after that wait: the boot would hang");
  }
  const Match match = volume.match(*root);
  const bool by_path =
      classify_reference(*root) == ReferenceKind::kPath || classify_reference(*root) == ReferenceKind::kUnstableLink;
  if (match == Match::kUnknown && by_path) {
    return found(CheckState::kSkip, kRootCheck, kCommandLine,
                 "whether %s is the volume can only be told as root on the machine itself", excerpt(*root).c_str());
  }
  if (match == Match::kUnknown)
    return found(CheckState::kOk, kRootCheck, kCommandLine, "root= is a name that would follow the mapping");
  if (match != Match::kYes) return found(CheckState::kOk, kRootCheck, kCommandLine, "root= is not the volume");
  if (by_path) {
    return to_be_changed(CheckState::kWarn, *root, volume,
                         "works, as the hooks redirect it; a name that does not change with the disks is safer");
  }
  return found(CheckState::kOk, kRootCheck, kCommandLine, "root=%s follows the mapping", excerpt(*root).c_str());
}

Finding check_gpt_auto(const GptAutoFacts& facts, const VolumeView& volume) {
  if (facts.is_root && !facts.has_root_parameter) {
    Finding finding = found(CheckState::kFail, kAutoCheck, kCommandLine,
                            "no root=: the root filesystem is found by the type of its partition, which is busy "
                            "during a trial");
    finding.replacement = "root=" + volume.safe_name;
    return finding;
  }
  if (!facts.knows_generated && !facts.in_fstab) {
    return found(
        CheckState::kSkip, kAutoCheck, "",
        "no line of fstab names the volume for certain; what systemd makes of that shows on the machine itself");
  }
  for (const MountUnit& unit : facts.generated) {
    if (unit.text.find("systemd-gpt-auto-generator") == std::string::npos) continue;
    const std::string what = unit_value(unit.text, "What=");
    if (facts.in_fstab || volume.match(what) != Match::kYes) continue;
    const std::string where = unit_value(unit.text, "Where=");
    Finding finding = found(CheckState::kFail, kAutoCheck, unit.name,
                            "systemd found the volume by the type of its partition and mounts %s, which is busy during "
                            "a trial; a line in /etc/fstab prevents that",
                            excerpt(what).c_str());
    finding.replacement = format_text("%s %s auto defaults 0 2", volume.safe_name.c_str(), where.c_str());
    return finding;
  }
  return found(CheckState::kOk, kAutoCheck, "", "no mount was made from the type of the volume's partition");
}

}  // namespace bootguard
