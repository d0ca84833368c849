// SPDX-License-Identifier: LGPL-2.1-or-later
// The device-mapper targets bootguard uses, as the kernel's behave (drivers/md, 6.1 .. 7.2), as far as it can be seen
// from the disk and from the ioctls. Offsets inside a target are sectors from the row's start.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fakes/fake_block_device.h"
#include "ports/device_mapper.h"

namespace bootguard {

class FakeSnapshot;

// What targets share: devices by number, and which snapshots exist on which origin.
struct FakeDmWorld {
  explicit FakeDmWorld(DeviceTable& devices) : table(devices) {}
  DeviceTable& table;
  std::list<FakeSnapshot*> snapshots;         // in the order of their creation
  std::map<std::string, DeviceNumber> named;  // "/dev/mapper/NAME" and disks' paths
};

class FakeTarget {
 public:
  virtual ~FakeTarget() = default;
  // Handle a request from `sector` on; `accepted` sectors of it at most (the rest comes again as another request).
  virtual int read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t& accepted) = 0;
  virtual int write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t& accepted) = 0;
  // Called once for every row (hazard 14); a target that takes no flushes does nothing, and they are lost.
  virtual int flush() = 0;
  // Whether all of the row lies on its devices. Not asked at creation: see FakeDeviceMapper::load().
  [[nodiscard]] virtual bool fits() const { return true; }
  virtual void resumed() {}
  virtual int message(const std::vector<std::string>&) { return EINVAL; }
  [[nodiscard]] virtual std::string status() const { return ""; }
  [[nodiscard]] virtual std::string table_text() const { return ""; }
};

// Opens the devices of the row, reads what the target reads at its creation. Returns 0 or the errno of the ioctl.
int make_fake_target(FakeDmWorld& world, const DmRow& row, std::unique_ptr<FakeTarget>& target);

// A device held by a table; released with it.
class HeldDevice {
 public:
  HeldDevice() = default;
  HeldDevice(const HeldDevice&) = delete;
  HeldDevice& operator=(const HeldDevice&) = delete;
  ~HeldDevice() {
    if (table_ != nullptr) table_->release_from_mapping(number_);
  }
  int open(FakeDmWorld& world, const std::string& text);
  [[nodiscard]] SectorIo* io() const { return table_ == nullptr ? nullptr : table_->find(number_); }
  [[nodiscard]] DeviceNumber number() const { return number_; }
  [[nodiscard]] std::uint64_t sectors() const { return io() == nullptr ? 0 : io()->size() / kSectorBytes; }
  // As device_area_is_invalid(): a device without a table yet has size 0 and is let through.
  [[nodiscard]] bool reaches(std::uint64_t end) const { return sectors() == 0 || end <= sectors(); }

 private:
  DeviceTable* table_ = nullptr;
  DeviceNumber number_;
};

// Persistent snapshot: dm-snap.c and dm-snap-persistent.c.
class FakeSnapshot : public FakeTarget {
 public:
  FakeSnapshot(FakeDmWorld& world, std::uint64_t length) : world_(world), length_(length) {}
  FakeSnapshot(const FakeSnapshot&) = delete;
  FakeSnapshot& operator=(const FakeSnapshot&) = delete;
  ~FakeSnapshot() override { world_.snapshots.remove(this); }

  int construct(const std::string& origin, const std::string& store, std::uint64_t chunk_sectors,
                const std::string& type);
  int read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t& accepted) override;
  int write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t& accepted) override;
  int flush() override { return store_.io() == nullptr ? EIO : store_.io()->flush(); }
  [[nodiscard]] bool fits() const override { return origin_.reaches(length_); }
  void resumed() override { active_ = true; }
  [[nodiscard]] std::string status() const override;
  [[nodiscard]] std::string table_text() const override;

  [[nodiscard]] bool on_origin(DeviceNumber number) const { return origin_.number() == number; }
  [[nodiscard]] bool copies_out() const { return valid_ && active_; }
  [[nodiscard]] std::uint64_t chunk_sectors() const { return chunk_; }
  // A write to the origin is about to touch this sector's chunk: save it first, if that has not been done.
  void before_origin_write(std::uint64_t sector);

 private:
  [[nodiscard]] std::size_t chunk_bytes() const { return static_cast<std::size_t>(chunk_ * kSectorBytes); }
  [[nodiscard]] std::uint64_t pairs() const { return chunk_bytes() / 16; }
  [[nodiscard]] std::uint64_t area_byte(std::uint64_t area) const { return (1 + area * (pairs() + 1)) * chunk_bytes(); }
  int read_metadata();
  int write_header();
  int read_exceptions();
  void skip_metadata();
  bool except(std::uint64_t chunk, std::uint64_t& new_chunk);
  bool commit_exception(std::uint64_t old_chunk, std::uint64_t new_chunk, bool copied);
  void invalidate();

  FakeDmWorld& world_;
  std::uint64_t length_;
  HeldDevice origin_, store_;
  std::string type_ = "P";
  std::uint64_t chunk_ = 0;
  bool valid_ = true;        // dm-snap's
  bool store_valid_ = true;  // the exception store's
  bool active_ = false;
  std::uint64_t next_free_ = 2;  // behind header and first area
  std::uint64_t current_area_ = 0;
  std::uint64_t current_committed_ = 0;
  std::vector<std::byte> area_;  // stale pairs beyond a gap stay in it, as in the kernel's buffer (hazard 7)
  std::map<std::uint64_t, std::uint64_t> exceptions_;
};

}  // namespace bootguard
