// SPDX-License-Identifier: LGPL-2.1-or-later
// The configuration: INI text to a value. Pure. doc/bootguard.conf.5 (and the comments in doc/bootguard.conf) describe
// it for people.
//
//   [bootguard]                     [volume userdata]
//   metadata = PARTLABEL=bootguard  device = UUID=...
//   metadata-offset = 0             store = .bootguard/store
//   attempts = 3                    store-size = 10%        (or 512M)
//   on-failure = continue           chunk-size = 4K
//   key = /etc/bootguard/a.key      pass-through = no
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/label.h"
#include "base/result.h"
#include "base/units.h"
#include "ports/block_device.h"

namespace bootguard {

// What `boot` answers when a volume cannot be protected though it should be: go on, loudly, with the reason recorded,
// or ask the hook to stop.
enum class OnFailure : std::uint8_t { kContinue, kStop };

struct StoreSize {
  Bytes bytes;                // 0: by percent
  std::uint32_t percent = 0;  // of the filesystem's size, 1..90
};

struct VolumeConfig {
  Label name;
  DeviceName device;
  std::string store = ".bootguard/store";  // below the mount point; no "..", no empty part
  StoreSize store_size{Bytes(0), 10};
  Bytes chunk{4096};          // power of two, 4 KiB..64 KiB
  bool pass_through = false;  // keep bootguard-NAME as a stable name in every phase
};

struct Config {
  DeviceName metadata;
  Bytes metadata_offset{0};    // multiple of 4096
  Bytes metadata_size{0};      // 0: all that is there, at most 64 MiB
  std::uint16_t attempts = 3;  // 1..1000
  OnFailure on_failure = OnFailure::kContinue;
  std::string key;                    // absolute path of the metadata's key; empty: none
  std::vector<VolumeConfig> volumes;  // exactly one in this version
};

inline constexpr std::size_t kMaxConfigBytes = 65536;

// Errors: kConfig, "FILE:LINE: what; what is allowed". Unknown sections and keys are errors; so are repeated keys.
[[nodiscard]] Result<Config> parse_config(std::string_view text, std::string_view file);
// "UUID=...", "PARTLABEL=..." or an absolute path.
[[nodiscard]] Result<DeviceName> parse_device_name(std::string_view text);
// "4096", "4K", "512M", "2G", "1T" (binary); overflow and rubbish are errors.
[[nodiscard]] Result<Bytes> parse_size(std::string_view text);

}  // namespace bootguard
