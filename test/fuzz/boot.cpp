// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: what stands on the disks -> the verb `boot` -> the simulated device mapper. The machine is switched on
// twice; in between the mounted system writes.
// Input: 2 bytes for each boot, then the disks (boot_state.cpp).
// BOOTGUARD_FUZZ_GUARDS_OFF: a number whose bit n switches guard n (src/base/guard.h) off, to see this target notice.
#include <cstdlib>

#include "base/guard.h"
#include "fuzz/boot_checks.h"

namespace bootguard::fuzz {
namespace {

constexpr const char* kCommandLines[] = {
    "bootguard.slot=new",
    "bootguard.slot=old",
    "",
    "bootguard.slot=new rd.bootguard.action=rollback",
    "bootguard.slot=new rd.bootguard.action=commit",
    "bootguard.slot=new rd.bootguard.action=skip",
    "bootguard.slot=new rd.bootguard=0",
};
enum Odd : std::uint64_t {
  kPassThrough = 1,
  kStopOnFailure = 2,
  kNoSwitch = 4,
  kNoDeviceMapper = 8,
  kCountedBoot = 16,
};

struct Circumstances {
  std::uint64_t command_line = 0;
  std::uint64_t odd = 0;
};

Circumstances take_circumstances(Input& input) {
  Circumstances taken;
  taken.command_line = input.number(1) % std::size(kCommandLines);
  taken.odd = input.number(1);
  return taken;
}

// The mounted system's own; through a mapping its old contents go to the store.
void write_something(FakeMachine& machine, const BootReport& report) {
  SectorIo* mounted = machine.table.find(*machine.resolve(report.device));
  for (const std::uint64_t block : {std::uint64_t{10}, std::uint64_t{20}}) {
    must(mounted->write(block * kSimBlock, model::pattern(0x300, block), false) == 0, "the mounted system can write");
  }
}

void check_again(FakeMachine& machine, const Context& context, const Disks& after, const SimDisk& metadata,
                 const SimDisk& volume, const BootReport& report) {
  const DeviceNumber number = *machine.resolve(report.device);
  must(machine.table.claim_for_mount(number) == 0, "what is to be mounted is not held by anyone");
  const BootReport again = run_boot(context);
  must(after.metadata.hash() == metadata.newest().hash() && after.volume.hash() == volume.newest().hash(),
       "boot run again in the same boot changes nothing");
  must(again.mount && again.device == report.device && again.is_protected == report.is_protected,
       "boot run again in the same boot says the same");
  machine.table.release_from_mount(number);
}

void boot_once(Disks& disks, const Circumstances& now, std::uint64_t boot) {
  const Believed believed = believe(disks);
  SimDisk metadata("metadata", disks.metadata);
  SimDisk volume("volume", disks.volume);
  {
    FakeMachine machine;
    the_world().plug_in(machine, metadata, volume);
    Config config = the_world().config;
    config.volumes.front().pass_through = (now.odd & kPassThrough) != 0;
    if ((now.odd & kStopOnFailure) != 0) config.on_failure = OnFailure::kStop;
    if ((now.odd & kNoSwitch) != 0) machine.dm.missing_targets.insert("switch");
    if ((now.odd & kNoDeviceMapper) != 0) machine.dm.available = false;
    machine.system.boot = numbered_uuid(0xB007, boot);
    if ((now.odd & kCountedBoot) != 0 && believed.metadata) machine.system.boot = believed.metadata->counted_boot_id;
    machine.system.command_line = kCommandLines[now.command_line];
    const Context context = machine.context(config);
    const BootReport report = run_boot(context);
    check_boot({machine, metadata, volume, disks, believed, report});
    disks = {metadata.newest(), volume.newest()};
    if (report.mount) {
      // Without a boot id no run knows of another.
      if (!machine.system.boot.is_nil()) check_again(machine, context, disks, metadata, volume, report);
      write_something(machine, report);
    }
  }
  disks = {metadata.newest(), volume.newest()};
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  using namespace bootguard::fuzz;
  static const bool ready = [] {
    (void)the_world();
    Input nothing(nullptr, 0);
    (void)take_disks(nothing);  // the life is made with all guards on
    if (const char* off = std::getenv("BOOTGUARD_FUZZ_GUARDS_OFF")) {
      guards_off = static_cast<std::uint32_t>(std::strtoul(off, nullptr, 10));
    }
    return true;
  }();
  must(ready, "the life is made");
  const ForgetErrors forget;
  Input input(data, size);
  const Circumstances first = take_circumstances(input);
  const Circumstances second = take_circumstances(input);
  Disks disks = take_disks(input);
  boot_once(disks, first, 0x101);
  boot_once(disks, second, 0x102);
  return 0;
}
