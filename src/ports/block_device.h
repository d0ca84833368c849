// SPDX-License-Identifier: LGPL-2.1-or-later
// A block device past every cache: what read() returns is what the device holds, what flush() has returned for survives
// a power cut. Implementations: linux/direct_block_device (O_DIRECT), test/fakes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "base/units.h"
#include "base/uuid.h"
#include "format/metadata.h"

namespace bootguard {

class BlockDevice {
 public:
  virtual ~BlockDevice() = default;
  // offset and size are multiples of 512 bytes and of logical_block(). All of it or an error (kIo); EINTR and short
  // transfers are retried inside, a bounded number of times.
  virtual Result<void> read(Bytes offset, std::span<std::byte> out) = 0;
  virtual Result<void> write(Bytes offset, std::span<const std::byte> in) = 0;
  // All earlier writes are durable when this returns. After an error nothing may be assumed about them.
  virtual Result<void> flush() = 0;
  [[nodiscard]] virtual Bytes size() const = 0;
  [[nodiscard]] virtual Bytes logical_block() const = 0;
};

// How the config names a device. Works without udev: the kernel's own list and the superblocks are read.
struct DeviceName {
  enum class Kind : std::uint8_t { kPath, kPartLabel, kPartUuid, kLabel, kUuid };
  Kind kind = Kind::kPath;
  std::string value;
  [[nodiscard]] std::string to_string() const;  // "UUID=..." or the path
};

struct DeviceNumber {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  bool operator==(const DeviceNumber&) const = default;
  [[nodiscard]] std::string to_string() const;  // "254:0", as dm tables want it
};

struct DeviceInfo {
  std::string path;  // "/dev/sda3"
  DeviceNumber number;
  Bytes size;
  bool read_only = false;
  Uuid part_uuid;  // nil if it is no GPT partition
};

// What the first blocks of a device say it holds.
struct FilesystemIdentity {
  FilesystemType type = FilesystemType::kUnknown;
  std::string type_name;  // also of types we refuse: "btrfs", "LUKS"; empty if nothing is recognised
  Uuid uuid;
  std::string label;
  std::uint32_t block_bytes = 0;
};

class BlockDevices {
 public:
  virtual ~BlockDevices() = default;
  // Errors: kDeviceMissing; kDeviceAmbiguous naming all candidates. Never answers with a bootguard-* mapping, nor with
  // a device that another driver holds (member of md, LVM, multipath).
  virtual Result<DeviceInfo> find(const DeviceName& name) = 0;
  enum class Access : std::uint8_t { kRead, kReadWrite };
  virtual Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) = 0;
  // Reads superblocks; kIo if they cannot be read. An unknown content is no error.
  virtual Result<FilesystemIdentity> identify(const DeviceInfo& device) = 0;
  // Only one bootguard at a time: held until the returned object dies (also by SIGKILL).
  // Waits up to timeout_ms, then kBusy naming the device.
  class Lock {
   public:
    virtual ~Lock() = default;
  };
  virtual Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) = 0;
};

}  // namespace bootguard
