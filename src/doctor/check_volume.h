// SPDX-License-Identifier: LGPL-2.1-or-later
// What the devices say: the metadata block, the store, the volume, copies of it, the kernel's targets. Pure: judges
// what the use cases and ports have answered.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/verbs.h"
#include "doctor/finding.h"
#include "ports/block_device.h"

namespace bootguard {

// Check "metadata": all four copies, equally new.
[[nodiscard]] Finding judge_metadata(const StatusReport& report, const DeviceName& configured);

// Check "store": where one is armed or on trial, it is pinned, unmoved, and not full.
[[nodiscard]] Finding judge_store(const StatusReport& report);

struct VolumeAnswers {
  DeviceName configured;
  Result<DeviceInfo> device;
  std::optional<Result<FilesystemIdentity>> identity;  // nothing: there was no device to ask
  std::optional<Phase> phase;                          // nothing: unknown
};
// Check "volume": it is there, and of a filesystem that can be protected.
[[nodiscard]] Finding judge_volume(const VolumeAnswers& answers);

// One name of the volume and what it leads to.
struct NameLookup {
  DeviceName name;
  Result<DeviceInfo> answer;
};
// Check "duplicates": no second device (a clone, a backup made with dd) answers to a name of the volume.
[[nodiscard]] Finding judge_duplicates(std::span<const NameLookup> lookups);

struct TargetFact {
  const char* target;     // "snapshot"
  const char* module;     // "dm-snapshot"
  bool known = false;     // by the running kernel, now
  bool loadable = false;  // its module is built in, or a file
};
// Check "kernel". `release` is the kernel's; `can_ask`: the running kernel was asked.
[[nodiscard]] Finding judge_targets(std::span<const TargetFact> targets, const std::string& release, bool can_ask);

}  // namespace bootguard
