// SPDX-License-Identifier: LGPL-2.1-or-later
// One time the machine is on: a script is played over the disks of a node, every promise is checked where it is due,
// and every state a power cut could leave on the way is reported.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "app/verbs.h"
#include "model/life.h"
#include "model/metadata_view.h"
#include "model/world.h"

namespace bootguard::model {

// Stands between the use cases and the ports; the seeded bugs derive from it.
class Tampering {
 public:
  virtual ~Tampering() = default;
  virtual BlockDevices& devices(BlockDevices& real) { return real; }
  virtual DeviceMapper& device_mapper(DeviceMapper& real) { return real; }
  virtual void before_step(Step, FakeMachine&) {}
  virtual void handed_over() {}  // the boot step is over, the volume is about to be mounted
};

struct Counts {
  std::uint64_t sessions = 0;
  std::uint64_t boots = 0;
  std::uint64_t crash_points = 0;    // moments looked at: before each thing becomes durable
  std::uint64_t crash_states = 0;    // subsets of what was unflushed there
  std::uint64_t sampled_points = 0;  // of the points, those with too many subsets: not exhaustive there
  std::uint64_t distinct = 0;        // durable states
  std::uint64_t faults = 0;          // sessions with an injected fault
  std::uint64_t blind = 0;           // trials handed over raw since no metadata could be read; left there
  std::uint64_t damaged_boots = 0;   // boots with copies destroyed
};

struct SessionOptions {
  Tampering* tampering = nullptr;
  Injector* injector = nullptr;  // active during verbs only
  bool kill = false;             // the injector kills the process: the verb is run again, and all must be as without
  bool report_crashes = true;
  std::uint64_t seed = 1;
  std::size_t exhaustive_limit = 256;  // subsets at one point
  bool tearing = true;                 // of metadata blocks
};

class Session : private PowerWatcher {
 public:
  using Sink = std::function<void(Node&&)>;

  Session(const World& world, const Node& start, const SessionOptions& options, Counts& counts, Sink sink);
  ~Session() override;
  // Throws Violation. At the end the machine is switched off properly, and that state is reported as well.
  void play(const Script& script);
  [[nodiscard]] const std::optional<BootReport>& last_boot() const { return last_boot_; }
  [[nodiscard]] DiskImage volume_now() const { return volume_.newest(); }
  [[nodiscard]] std::uint64_t volume_writes() const { return volume_.writes; }
  [[nodiscard]] std::uint64_t metadata_writes() const { return metadata_.writes; }

 private:
  void before_durable() override;
  // Runs a verb under the injector; once more, in another process, if it was killed.
  template <class Function>
  auto verb(Function function) {
    machine_->hooks.injector = options_.injector;
    try {
      auto done = function();
      machine_->hooks.injector = nullptr;
      return done;
    } catch (const PowerCut&) {
      machine_->hooks.injector = nullptr;
      machine_->devices.drop_locks();
      return function();
    }
  }
  void take(Step step);
  void boot(Step step);
  void check_boot(const BootReport& report, Step step);
  void check_end_of_update(const Metadata& metadata, std::size_t copies);
  void mount(const BootReport& report);
  void write();
  void mark_good();
  void mark_bad();
  void arm();
  void disarm();
  void format();
  void check_exit_0(const char* verb, Phase phase);
  void check_names();
  void report(const DiskImage& metadata, const DiskImage& volume, const char* how);
  void put(std::uint64_t offset, std::span<const std::byte> bytes);
  void fail(int invariant, const std::string& text) const;
  [[nodiscard]] bool faulty_now() const { return options_.injector != nullptr && !options_.kill; }
  [[nodiscard]] bool ever_faulty() const { return ghost_.faults > 0; }

  const World& world_;
  const Node& start_;
  SessionOptions options_;
  Counts& counts_;
  Sink sink_;
  Ghost ghost_;
  SimDisk metadata_;
  SimDisk volume_;
  std::unique_ptr<FakeMachine> machine_;
  std::unique_ptr<Context> context_;
  Phase phase_at_start_ = Phase::kIdle;
  std::optional<BootReport> last_boot_;
  std::optional<DeviceNumber> mounted_;
  bool protected_ = false;
  bool blind_ = false;
  bool inode_changes_ = false;  // a verb is making or removing the store's file
  bool writing_ = false;
  DiskImage synced_{0};               // content at the last sync of the mounted system
  std::vector<std::uint64_t> dirty_;  // blocks written since
  std::string script_text_;
  std::mt19937_64 random_;
};

}  // namespace bootguard::model
