// SPDX-License-Identifier: LGPL-2.1-or-later
// Bugs on purpose, put in between the use cases and the ports. An explorer that does not find them proves nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/session.h"

namespace bootguard::model {

struct SeededBug {
  std::string name;
  std::unique_ptr<Tampering> tampering;
  WorldOptions world;
  std::uint32_t lives = 1;
  bool rare = false;  // takes one of the rarer scripts
};
[[nodiscard]] std::vector<SeededBug> seeded_bugs(const World& world);
[[nodiscard]] std::vector<SeededBug> more_seeded_bugs(const World& world);

// Harmless unless there are two faults, in two sessions.
[[nodiscard]] std::unique_ptr<Tampering> errors_lost_after_repair(const World& world);

// For the two that need a state prepared by hand.
[[nodiscard]] std::unique_ptr<Tampering> unscrubbed_tail(const World& world);
[[nodiscard]] std::unique_ptr<Tampering> unchecked_witnesses(const World& world, const DiskImage& volume_when_armed);

}  // namespace bootguard::model
