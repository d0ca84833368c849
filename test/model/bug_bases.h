// SPDX-License-Identifier: LGPL-2.1-or-later
// What seeded bugs are made of: devices and a device mapper that pass everything on but for what a bug changes.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/session.h"

namespace bootguard::model {

// A device under a bug's control. The default passes everything on.
class DeviceBug : public Tampering {
 public:
  explicit DeviceBug(const World& world) : world_(world) {}

  virtual Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) {
    (void)metadata;
    return real.read(offset, out);
  }
  virtual Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) {
    (void)metadata;
    return real.write(offset, in);
  }
  virtual Result<void> flush(BlockDevice& real, bool metadata) {
    (void)metadata;
    return real.flush();
  }
  virtual void begin_session() {}

  BlockDevices& devices(BlockDevices& real) override {
    wrapper_ = std::make_unique<Wrapper>(*this, real);
    begin_session();
    return *wrapper_;
  }
  void before_step(Step step, FakeMachine& machine) override {
    step_ = step;
    machine_ = &machine;
  }

 protected:
  [[nodiscard]] bool in_header(Bytes offset) const {
    return offset.n == world_.store_block(0) * kSimBlock || offset.n == world_.store_block(1) * kSimBlock;
  }
  [[nodiscard]] bool in_store(Bytes offset) const {
    return std::any_of(world_.runs.begin(), world_.runs.end(), [&](const ToyOptions::Run& run) {
      return offset.n + kSimBlock > run.physical.n && offset.n < (run.physical + run.length).n;
    });
  }
  static Result<Decoded> durable_copy(BlockDevice& real, std::size_t index) {
    BlockBuffer copy{};
    CHECK_OK(real.read(Bytes(copy_block(index) * kSimBlock), copy));
    return decode(copy);
  }
  static bool is_metadata_of(bool metadata, Bytes offset, std::span<const std::byte> in, Phase phase) {
    return metadata && copy_at(offset) >= 0 && decode(in).metadata.phase == phase;
  }
  static int copy_at(Bytes offset) {
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      if (offset.n == copy_block(i) * kSimBlock) return static_cast<int>(i);
    }
    return -1;
  }

  const World& world_;
  Step step_ = Step::kWrite;
  FakeMachine* machine_ = nullptr;

 private:
  class Device : public BlockDevice {
   public:
    Device(DeviceBug& bug, std::unique_ptr<BlockDevice> real, bool metadata)
        : bug_(bug), real_(std::move(real)), metadata_(metadata) {}
    Result<void> read(Bytes offset, std::span<std::byte> out) override {
      return bug_.read(*real_, metadata_, offset, out);
    }
    Result<void> write(Bytes offset, std::span<const std::byte> in) override {
      return bug_.write(*real_, metadata_, offset, in);
    }
    Result<void> flush() override { return bug_.flush(*real_, metadata_); }
    [[nodiscard]] Bytes size() const override { return real_->size(); }
    [[nodiscard]] Bytes logical_block() const override { return real_->logical_block(); }

   private:
    DeviceBug& bug_;
    std::unique_ptr<BlockDevice> real_;
    bool metadata_;
  };
  class Wrapper : public BlockDevices {
   public:
    Wrapper(DeviceBug& bug, BlockDevices& real) : bug_(bug), real_(real) {}
    Result<DeviceInfo> find(const DeviceName& name) override { return real_.find(name); }
    Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo& device, Access access) override {
      auto opened = real_.open(device, access);
      if (!opened) return opened;
      return std::unique_ptr<BlockDevice>(
          std::make_unique<Device>(bug_, std::move(opened).value(), device.path == World::kMetadataPath));
    }
    Result<FilesystemIdentity> identify(const DeviceInfo& device) override { return real_.identify(device); }
    Result<std::unique_ptr<Lock>> lock(const DeviceInfo& device, std::uint32_t timeout_ms) override {
      return real_.lock(device, timeout_ms);
    }

   private:
    DeviceBug& bug_;
    BlockDevices& real_;
  };
  std::unique_ptr<Wrapper> wrapper_;
};

// Keeps some writes to itself for the rest of the session, and answers reads from them.
class WithholdingBug : public DeviceBug {
 public:
  using DeviceBug::DeviceBug;
  void begin_session() override { withheld_.clear(); }
  Result<void> read(BlockDevice& real, bool metadata, Bytes offset, std::span<std::byte> out) override {
    const auto found = withheld_.find({metadata, offset.n});
    if (found == withheld_.end() || found->second.size() < out.size()) return real.read(offset, out);
    std::copy_n(found->second.begin(), out.size(), out.begin());
    return {};
  }
  Result<void> write(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) override {
    ASSIGN_OR_RETURN(const bool kept, withholds(real, metadata, offset, in));
    if (kept) {
      withheld_[{metadata, offset.n}] = {in.begin(), in.end()};
      return {};
    }
    withheld_.erase({metadata, offset.n});
    return real.write(offset, in);
  }

 protected:
  virtual Result<bool> withholds(BlockDevice& real, bool metadata, Bytes offset, std::span<const std::byte> in) = 0;
  // What was kept of the metadata, in the order of its offsets; nothing is kept any more.
  template <class Function>
  void release_metadata(Function function) {
    for (const auto& [where, bytes] : withheld_) {
      if (where.first) function(where.second, bytes);
    }
    withheld_.clear();
  }

 private:
  std::map<std::pair<bool, std::uint64_t>, std::vector<std::byte>> withheld_;
};

// A device mapper under a bug's control. The default passes everything on.
class MapperBug : public Tampering, public DeviceMapper {
 public:
  DeviceMapper& device_mapper(DeviceMapper& real) override {
    real_ = &real;
    begin_session();
    return *this;
  }
  virtual void begin_session() {}
  Result<void> check_available() override { return real_->check_available(); }
  Result<bool> has_target(std::string_view target) override { return real_->has_target(target); }
  Result<DeviceNumber> create(const std::string& name, const std::string& uuid) override {
    return real_->create(name, uuid);
  }
  Result<void> load(const std::string& name, std::span<const DmRow> table) override { return real_->load(name, table); }
  Result<void> resume(const std::string& name, bool hidden) override { return real_->resume(name, hidden); }
  Result<void> suspend(const std::string& name, bool no_lockfs) override { return real_->suspend(name, no_lockfs); }
  Result<void> remove(const std::string& name) override { return real_->remove(name); }
  Result<void> clear(const std::string& name) override { return real_->clear(name); }
  Result<void> message(const std::string& name, Sectors sector, const std::string& text) override {
    return real_->message(name, sector, text);
  }
  Result<std::optional<DmDevice>> find(const std::string& name) override { return real_->find(name); }
  Result<std::vector<std::string>> list(std::string_view prefix) override { return real_->list(prefix); }
  Result<std::vector<DmStatusRow>> status(const std::string& name) override { return real_->status(name); }
  Result<std::vector<DmRow>> table(const std::string& name) override { return real_->table(name); }
  [[nodiscard]] std::string node_path(const std::string& name) const override { return real_->node_path(name); }

 protected:
  static constexpr const char* kTop = "bootguard-data";
  DeviceMapper* real_ = nullptr;
};

}  // namespace bootguard::model
