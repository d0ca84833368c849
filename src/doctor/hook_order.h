// SPDX-License-Identifier: LGPL-2.1-or-later
// The order of mkinitcpio's hooks: the one place where a person decides whether bootguard runs after LUKS, LVM and the
// resume from hibernation. dracut and initramfs-tools order their hooks themselves. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.h"

namespace bootguard {

struct HooksLine {
  std::size_t number = 0;          // of the line where HOOKS= begins, from 1
  std::string text;                // the line; empty where it goes over more than one
  std::vector<std::string> hooks;  // at most 200
};
// The last HOOKS=(...) of mkinitcpio.conf(5), a bash file of which only this much is understood. Nothing if there is
// none.
[[nodiscard]] std::optional<HooksLine> parse_hooks(std::string_view text);

// Check "hook-order".
[[nodiscard]] Finding check_hook_order(const HooksLine& line, const std::string& file);

}  // namespace bootguard
