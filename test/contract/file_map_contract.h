// SPDX-License-Identifier: LGPL-2.1-or-later
// The contract of ports/file_map.h: Mounts and FileMap.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/patterns.h"
#include "contract/subjects.h"
#include "ports/file_map.h"

namespace bootguard::contract {

// Of the store's file in all tests, below the mount point; a fixture removes what is left of it.
inline constexpr const char* kStore = ".bootguard-contract/store";
inline constexpr Bytes kStoreSize{4 << 20};

struct FileMapFixture {
  virtual ~FileMapFixture() = default;
  virtual Mounts& mounts() = 0;
  // A mounted file system with room for several times kStoreSize, and its device, read past every cache.
  virtual DeviceNumber device() = 0;
  virtual BlockDevice& raw() = 0;
  virtual void set_read_only(bool read_only) = 0;
  // errno of an attempt behind the back of FileMap; nothing where nobody else can get at the file.
  virtual std::optional<int> unlink_behind(const std::string& path) = 0;
  virtual std::optional<int> open_for_writing_behind(const std::string& path) = 0;
  // Whether anything, the folder included, is left of the store; nothing where there are no folders.
  virtual std::optional<bool> folder_exists() = 0;

  MountPoint mount() {
    const DeviceNumber devices[] = {device()};
    const auto found = value_of(mounts().find(devices));
    REQUIRE(found.has_value());
    return *found;
  }
  std::unique_ptr<FileMap> store() { return value_of(mounts().open_store(mount(), kStore)); }
};

}  // namespace bootguard::contract
