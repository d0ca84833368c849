// SPDX-License-Identifier: LGPL-2.1-or-later
// How the root filesystem and generated mounts name the volume: root= on the kernel command line, and systemd's
// gpt-auto-generator, which names it nowhere. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.h"
#include "doctor/reference.h"

namespace bootguard {

// The root= that counts; nothing if there is none.
[[nodiscard]] std::optional<std::string> root_parameter(std::string_view command_line);

// Check "root".
[[nodiscard]] Finding check_root_parameter(std::string_view command_line, const VolumeView& volume);

// A mount unit that a generator has made: "home.mount" and its text.
struct MountUnit {
  std::string name;
  std::string text;
};
struct GptAutoFacts {
  bool has_root_parameter = false;
  bool is_root = false;         // the volume is mounted at /
  bool in_fstab = false;        // a line names it
  bool knows_generated = true;  // false: of a machine that is not running
  std::vector<MountUnit> generated;
};
// Check "gpt-auto": whether systemd finds the volume by the type of its partition, which leads to the raw device.
[[nodiscard]] Finding check_gpt_auto(const GptAutoFacts& facts, const VolumeView& volume);

}  // namespace bootguard
