// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "cli/run_verb.h"
#include "fakes/fake_machine.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kDiskBytes = 1 << 20;

// A metadata device and a volume, both blank.
struct SmallMachine {
  SimDisk metadata{"metadata", Bytes(kDiskBytes)};
  SimDisk volume{"volume", Bytes(kDiskBytes)};
  Config config;
  FakeMachine machine;

  SmallMachine() {
    machine.add_disk(metadata, "/dev/sda1");
    machine.add_disk(volume, "/dev/sda2");
    config.metadata = {DeviceName::Kind::kPath, "/dev/sda1"};
    config.metadata_size = Bytes(kDiskBytes);
    VolumeConfig named;
    named.name = *Label::parse("data");
    named.device = {DeviceName::Kind::kPath, "/dev/sda2"};
    config.volumes.push_back(named);
  }
  Answer run(Verb verb) {
    Args args;
    args.verb = verb;
    return run_verb(args, machine.context(config));
  }
};

}  // namespace

TEST_CASE("a boot that fails logs what to do, last: a hook shows nothing but the log") {
  for (const auto& [content, present, code] : {std::tuple(std::byte{0xA5}, true, Errc::kMetadataCorrupt),
                                               std::tuple(std::byte{0}, true, Errc::kMetadataMissing),
                                               std::tuple(std::byte{0}, false, Errc::kDeviceMissing)}) {
    CAPTURE(describe(code).name);
    SmallMachine small;
    REQUIRE(small.metadata.write(0, std::vector<std::byte>(kDiskBytes, content), false) == 0);
    small.machine.devices.disk("/dev/sda1")->present = present;
    const Answer answer = small.run(Verb::kBoot);
    REQUIRE_FALSE(small.machine.log.lines.empty());
    const FakeLog::Line& last = small.machine.log.lines.back();
    CHECK(last.level == LogLevel::kError);
    CHECK(last.text == std::string("-> ") + describe(code).advice);
    CHECK(render(answer, OutputFormat::kHuman, false).err.empty());  // not said twice
    CHECK(render(answer, OutputFormat::kShell, false).err.empty());
  }
}

TEST_CASE("a boot that does not fail gives no advice") {
  SmallMachine small;
  REQUIRE_FALSE(small.run(Verb::kFormat).error);
  CHECK(exit_code(small.run(Verb::kBoot)) == ExitCode::kDone);
  CHECK_FALSE(small.machine.log.lines.empty());
  CHECK_FALSE(small.machine.log.contains("-> "));
}

}  // namespace bootguard
