// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds and reads the configuration file. With stdio only: what a file says is for core/config to judge.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/sha256.h"
#include "core/config.h"

namespace bootguard {

// The first that exists counts; the others are not read.
inline constexpr const char* kConfigPaths[] = {
    "/etc/bootguard/bootguard.conf",
    "/run/bootguard/bootguard.conf",
    "/usr/lib/bootguard/bootguard.conf",
};

// `named` if it is not empty, else the first of `paths` that exists. A file that exists but cannot be read is an error,
// not a reason to take the next: a typing mistake in permissions must not bring back the distribution's defaults.
// Errors: kConfig.
[[nodiscard]] Result<Config> load_config(const std::string& named, std::span<const char* const> paths = kConfigPaths);

// The key that a configuration names, if it names any. Errors: kConfig (not there, not readable, shorter than 32 bytes
// or longer than 64).
[[nodiscard]] Result<void> load_key(const Config& config, HmacKey& key);

}  // namespace bootguard
