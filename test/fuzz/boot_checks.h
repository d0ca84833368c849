// SPDX-License-Identifier: LGPL-2.1-or-later
// What must hold after `boot`, whatever stood on the disks before it.
#pragma once

#include "app/verbs.h"
#include "fuzz/boot_state.h"

namespace bootguard::fuzz {

// One machine that was switched on over these disks, and what `boot` said.
struct BootRun {
  FakeMachine& machine;
  const SimDisk& metadata;
  const SimDisk& volume;
  const Disks& before;
  const Believed& believed;  // of before
  const BootReport& report;
};

void check_boot(const BootRun& run);

}  // namespace bootguard::fuzz
