// SPDX-License-Identifier: LGPL-2.1-or-later
// A machine in some durable state of the small world, for tests that run single verbs on it under odd conditions.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "model/explorer.h"

namespace bootguard::model {

// While the machine is on.
struct PoweredOn {
  FakeMachine& machine;
  SimDisk& metadata;
  SimDisk& volume;
  Context context;

  void mount(const std::string& device = World::kVolumePath, bool read_only = false) {
    REQUIRE(machine.mounts.mount(*machine.resolve(device), World::kMountPath, read_only) == 0);
  }
  [[nodiscard]] FilesystemIdentity& identity() {
    auto& identity = machine.devices.disk(World::kVolumePath)->identity;
    if (!identity)
      identity = machine.devices.identify(machine.devices.find(context.config.volumes[0].device).value()).value();
    return *identity;
  }
};

class Bench {
 public:
  explicit Bench(const WorldOptions& options = {}) : world(options), node(Explorer(world, {}).formatted()) {}

  World world;
  Node node;

  Bench& play(const Script& script) {
    node = switched_off_after(world, node, script);
    return *this;
  }
  Bench& armed() { return play({Step::kBootOld, Step::kArm}); }
  Bench& in_trial() { return armed().play({Step::kBootNew, Step::kWrite}); }

  template <class Function>
  void power_on(const std::string& command_line, Function use) {
    SimDisk metadata("metadata", node.metadata);
    SimDisk volume("volume", node.volume);
    {
      FakeMachine machine;
      world.plug_in(machine, metadata, volume);
      machine.log.keep = true;
      machine.system.boot = numbered_uuid(0xBE7C, ++boots_);
      machine.system.command_line = command_line;
      PoweredOn on{machine, metadata, volume, machine.context(world.config)};
      use(on);
    }
    metadata.flush();
    volume.flush();
    node.metadata = metadata.durable();
    node.volume = volume.durable();
  }

 private:
  std::uint64_t boots_ = 0;
};

// Every operation of one kind on one device fails, from the nth on, for so many times.
class Failing : public Injector {
 public:
  Failing(Operation::Kind kind, std::string device, int skip = 0, int times = 1'000'000, std::string what = "")
      : kind_(kind), device_(std::move(device)), skip_(skip), times_(times), what_(std::move(what)) {}
  Fault before(const Operation& operation) override {
    if (operation.kind != kind_ || *operation.device != device_) return {};
    if (!what_.empty() && what_ != operation.what) return {};
    if (skip_-- > 0 || times_-- <= 0) return {};
    ++hits;
    return Fault{Fault::Kind::kFailBefore, EIO};
  }
  int hits = 0;

 private:
  Operation::Kind kind_;
  std::string device_;
  int skip_;
  int times_;
  std::string what_;
};

// The same content at the beginning of a larger disk.
inline DiskImage enlarged(const DiskImage& image, std::uint64_t more_blocks) {
  DiskImage larger(image.blocks() + more_blocks);
  for (std::uint64_t b = 0; b < image.blocks(); ++b) larger.put(b, image.at(b));
  return larger;
}

template <class T>
void check_refused(const Result<T>& result, Errc code, const std::string& text) {
  REQUIRE_FALSE(result.ok());
  INFO(result.error().text);
  CHECK(result.error().code == code);
  CHECK(std::string(result.error().text).find(text) != std::string::npos);
}

}  // namespace bootguard::model
