// SPDX-License-Identifier: LGPL-2.1-or-later
// The contract of ports/device_mapper.h, targets included: what app and core build on.
#pragma once

#include <memory>
#include <string>

#include "contract/patterns.h"
#include "contract/subjects.h"
#include "ports/device_mapper.h"

namespace bootguard::contract {

// Names of all mappings that these tests make; a fixture removes what is left of them.
inline constexpr const char* kPrefix = "bootguard-contract";

struct DeviceMapperFixture {
  virtual ~DeviceMapperFixture() = default;
  virtual DeviceMapper& dm() = 0;
  // A disk of at least 16 MiB that may be overwritten and nobody holds.
  virtual DeviceNumber disk() = 0;
  virtual BlockDevice& raw() = 0;
  // Opens a mapping past every cache; it counts as open until the answer dies. REQUIRES: a live table.
  virtual std::unique_ptr<BlockDevice> open(const std::string& name) = 0;
  // Whether the node is there and is the mapping.
  virtual bool node_is_right(const std::string& name) = 0;

  // "254:3 4096": a device and an offset, as tables want it.
  std::string on_disk(Sectors offset) { return disk().to_string() + " " + std::to_string(offset.n); }
  // Creates, loads, resumes; the mapping's number.
  DeviceNumber make(const std::string& name, std::vector<DmRow> table, bool hidden = false) {
    const DeviceNumber number = value_of(dm().create(name, ""));
    succeeds(dm().load(name, table));
    succeeds(dm().resume(name, hidden));
    return number;
  }
};

inline DmRow row(std::uint64_t start, std::uint64_t length, std::string target, std::string parameters) {
  return {Sectors(start), Sectors(length), std::move(target), std::move(parameters)};
}
inline std::string named(const char* suffix) { return std::string(kPrefix) + suffix; }

inline ByteVector read_bytes(BlockDevice& device, Sectors at, std::size_t size) {
  ByteVector bytes(size);
  succeeds(device.read(to_bytes(at), bytes));
  return bytes;
}

}  // namespace bootguard::contract
