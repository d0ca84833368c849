// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel command line, read once, trusted in nothing: unknown or malformed bootguard parameters are warnings, never
// errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/decision.h"

namespace bootguard {

struct KernelParameters {
  bool disabled = false;                  // rd.bootguard=0|no|off (bootguard=... too)
  BootAction action = BootAction::kAuto;  // rd.bootguard.action=auto|rollback|commit|skip
  bool debug = false;                     // rd.bootguard.debug
  // rd.bootguard.wait and rd.bootguard.timeout are for the hooks (initramfs-hooks/README.md)
  Label slot;                         // bootguard.slot=, else rauc.slot=
  std::vector<std::string> warnings;  // at most 8, each naming the parameter, unprintable bytes replaced
};

// Parameters are split as the kernel splits them: by spaces, "..." keeps spaces together; everything after " -- " is
// init's. The last of repeated parameters counts.
[[nodiscard]] KernelParameters parse_kernel_command_line(std::string_view text);

// The values of every parameter of this name, in their order; one without '=' counts as empty. What follows " -- " is
// init's, and the first 64 KiB count, as above.
[[nodiscard]] std::vector<std::string> kernel_parameter_values(std::string_view text, std::string_view name);

}  // namespace bootguard
