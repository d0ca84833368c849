// SPDX-License-Identifier: LGPL-2.1-or-later
// The exceptions of a store read straight from a disk's image, and the rules about them (FORMAT.md 8.2) once more in
// other words than the product's.
#pragma once

#include <cstdint>
#include <vector>

#include "app/cow_store.h"
#include "fakes/sim_disk.h"

namespace bootguard::fuzz {

using Pairs = std::vector<ExceptionPair>;

// Where a chunk of the store begins on the volume. REQUIRES: it lies within the store.
[[nodiscard]] std::uint64_t byte_of(const StoreView& view, Chunks chunk);
[[nodiscard]] std::uint64_t store_chunks(const StoreView& view);
// Header or area: what the kernel keeps its records in.
[[nodiscard]] bool is_store_metadata(const StoreView& view, std::uint64_t chunk);
// All up to the first pair that ends the list.
[[nodiscard]] Pairs read_pairs(const DiskImage& volume, const StoreView& view);
// Rule 3, but for doubles.
[[nodiscard]] bool all_allowed(const StoreView& view, const Pairs& pairs);
// Rule 2.
[[nodiscard]] bool ends_in_zeros(const DiskImage& volume, const StoreView& view);
// What the volume is after a rollback: each old chunk as the store has it, everything else as it was. REQUIRES:
// all_allowed().
[[nodiscard]] DiskImage copied_back(const DiskImage& before, const StoreView& view, const Pairs& pairs);

}  // namespace bootguard::fuzz
