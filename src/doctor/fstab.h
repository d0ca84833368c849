// SPDX-License-Identifier: LGPL-2.1-or-later
// /etc/fstab (fstab(5)), and what it says about a volume. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.h"
#include "doctor/reference.h"

namespace bootguard {

struct FstabLine {
  std::size_t number = 0;                       // from 1
  std::string text;                             // as it stands, without the newline
  std::size_t spec_begin = 0, spec_length = 0;  // within text
  std::string spec;                             // fields with their octal escapes undone
  std::string target;
  std::string options;

  [[nodiscard]] bool has_option(std::string_view option) const;
};

// The lines that are entries; at most 1000.
[[nodiscard]] std::vector<FstabLine> parse_fstab(std::string_view text);

// The entry that mounts the volume; null if there is none.
[[nodiscard]] const FstabLine* find_volume_line(const std::vector<FstabLine>& lines, const VolumeView& volume);

// Check "fstab": a finding for each line that names the volume in a way that a trial breaks, or else one that says how
// it is named.
[[nodiscard]] Findings check_fstab(const std::vector<FstabLine>& lines, const std::string& file,
                                   const VolumeView& volume);

}  // namespace bootguard
