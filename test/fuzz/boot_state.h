// SPDX-License-Identifier: LGPL-2.1-or-later
// The disks a fuzzed boot begins with: those of a real life, made by the real verbs, and then whatever the input does
// to them.
#pragma once

#include <optional>

#include "app/cow_store.h"
#include "fakes/fake_machine.h"
#include "fuzz/fuzz.h"
#include "model/world.h"

namespace bootguard::fuzz {

struct Disks {
  DiskImage metadata{0};
  DiskImage volume{0};
};

[[nodiscard]] const model::World& the_world();

// One of the states of a life, then changes by tags (see change() in boot_state.cpp).
[[nodiscard]] Disks take_disks(Input& input);

// What a reader may believe of these disks, made without app/metadata_store.
struct Believed {
  std::optional<Metadata> metadata;
  std::optional<StoreView> store;  // if there is a record that fits the device, and a table that fits the record
};
[[nodiscard]] Believed believe(const Disks& disks);

}  // namespace bootguard::fuzz
