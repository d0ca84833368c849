// SPDX-License-Identifier: LGPL-2.1-or-later
// All checks of one volume: asks the devices and files, and hands the answers to the pure checks.
#pragma once

#include "core/config.h"
#include "doctor/doctor.h"
#include "doctor/finding.h"
#include "doctor/image_listing.h"

namespace bootguard {

// "volume", "metadata", "store", "duplicates", "fstab", "root", "gpt-auto" and "late", each with the volume's name.
// `image` is null where none could be read.
[[nodiscard]] Findings check_volume(const DoctorWorld& world, const Config& config, const ImageListing* image);

}  // namespace bootguard
