// SPDX-License-Identifier: LGPL-2.1-or-later
// Every bit and every byte value of the metadata in all copies at once, under a checksum that is right: nothing
// outvotes it, so run_boot() acts on it.
//
// What is safe, if the bytes are wrong and the checksum is right: the block is refused, or what the boot leaves is
// outside the store exactly the checkpoint or exactly the newest data; a raw volume is handed over only where no later
// boot takes it for an undisturbed trial; nothing around the metadata area is written (FORMAT.md, section 13).
#include <catch2/catch.hpp>
#include <iostream>

#include "base/little_endian.h"
#include "model/metadata_view.h"
#include "model/states.h"
#include "unit/format_test_values.h"

namespace bootguard::model {
namespace {

// What one boot makes of it: null, or what was wrong.
const char* what_a_boot_breaks(const World& world, const States::State& state, const DiskImage& bytes,
                               const char* command_line) {
  SimDisk metadata("metadata", bytes);
  SimDisk volume("volume", state.node.volume);
  FakeMachine machine;
  world.plug_in(machine, metadata, volume);
  machine.log.keep = false;
  machine.system.boot = numbered_uuid(0xB17, 2);
  machine.system.command_line = command_line;
  const BootReport report = run_boot(machine.context(world.config));
  const DiskImage left = volume.newest();
  const bool is_newest = world.differs(left, state.node.volume) == World::kNone;
  const bool is_checkpoint = world.differs(left, state.checkpoint) == World::kNone;
  if (!is_newest && !is_checkpoint) return "the volume is neither the checkpoint nor the newest";
  if (!world.sentinels_whole(metadata.newest())) return "written beside the metadata area";
  if (!report.metadata) return nullptr;
  const MetadataView view = view_metadata(metadata.newest());
  if (view.metadata() == nullptr) return "a boot that read the metadata has made it unreadable";
  const Phase phase = view.metadata()->phase;
  if (report.mount && !report.is_protected && phase != Phase::kIdle && phase != Phase::kArmed) {
    return "a raw volume handed over, and the trial goes on";
  }
  if (!is_newest && phase == Phase::kTrial) return "copied back, and the trial goes on";
  return nullptr;
}

// The checksum of a block in which one byte is changed. A CRC is linear: eight of them make all 255.
auto changed_checksums(const std::vector<std::byte>& good, std::size_t at) {
  const auto checksum = [](std::vector<std::byte> block) {
    test::repair_crc(block);
    return load_le<std::uint32_t>(block, 8);
  };
  const std::uint32_t base = checksum(good);
  std::array<std::uint32_t, 8> delta{};
  for (unsigned bit = 0; bit < 8; ++bit) {
    std::vector<std::byte> block = good;
    block[at] ^= std::byte{static_cast<unsigned char>(1U << bit)};
    delta[bit] = checksum(block) ^ base;
  }
  return [base, delta](unsigned change) {
    std::uint32_t crc = base;
    for (unsigned bit = 0; bit < 8; ++bit) crc ^= (change >> bit & 1U) != 0 ? delta[bit] : 0;
    return crc;
  };
}

DiskImage with_copies(const DiskImage& metadata, std::span<const std::byte> block) {
  DiskImage image = metadata;
  for (std::size_t i = 0; i < layout::kCopies; ++i) image.put(copy_block(i), make_block(block));
  return image;
}

TEST_CASE(
    "every bit and every byte value of all copies, with the checksum repaired: refused, or what the boot does is "
    "safe") {
  States states;
  std::size_t cases = 0;
  std::size_t refused = 0;
  std::size_t same = 0;
  std::size_t booted = 0;
  for (const States::State& state : states.all) {
    std::vector<std::byte> good(layout::kBlockBytes);
    state.node.metadata.read(World::kAreaOffset, good);
    Metadata wanted = decode(std::span<const std::byte, layout::kBlockBytes>(good)).metadata;
    const bool every = &state == &states.trial();
    for (std::size_t at = 0; at < layout::kBlockBytes; ++at) {
      if (at >= 8 && at < 12) continue;  // the checksum itself
      const auto checksum = changed_checksums(good, at);
      for (unsigned change = 1; change < 256; change += kStride) {
        const bool one_bit = (change & (change - 1)) == 0;
        if (!every && !one_bit) continue;
        std::vector<std::byte> block = good;
        block[at] ^= std::byte{static_cast<unsigned char>(change)};
        store_le<std::uint32_t>(block, 8, checksum(change));
        ++cases;
        const Decoded decoded = decode(std::span<const std::byte, layout::kBlockBytes>(block));
        if (decoded.state == CopyState::kBadCrc) FAIL("the test computes checksums wrongly");
        if (decoded.state != CopyState::kGood) {
          ++refused;
          continue;
        }
        // What differs in the log only, or in bytes that nothing reads, acts the same.
        Metadata found = decoded.metadata;
        found.events = wanted.events;
        if (found == wanted) {
          ++same;
          continue;
        }
        const char* const line = change % 2 != 0 ? "bootguard.slot=new" : "bootguard.slot=old";
        ++booted;
        if (const char* broken =
                what_a_boot_breaks(states.world, state, with_copies(state.node.metadata, block), line)) {
          FAIL(state.name << ": byte " << at << " changed by " << change << ", " << line << ": " << broken);
        }
      }
    }
  }
  CHECK(cases == refused + same + booted);
  CHECK(refused > 1000 / kStride);
  CHECK(same > 1000 / kStride);
  CHECK(booted > 1000 / kStride);
  std::cout << "measured - " << cases << " bytes of all copies changed, with a right checksum: " << refused
            << " refused, " << same << " act the same, " << booted << " booted and safe\n";
}

TEST_CASE("control: what a boot breaks is noticed") {
  States states;
  const States::State& trial = states.trial();
  CHECK(what_a_boot_breaks(states.world, trial, trial.node.metadata, "bootguard.slot=new") == nullptr);
  CHECK(what_a_boot_breaks(states.world, trial, trial.node.metadata, "bootguard.slot=old") == nullptr);
  States::State mixture = trial;
  mixture.checkpoint.put(3, make_block(pattern(0xBAD, 3)));
  const char* const broken = what_a_boot_breaks(states.world, mixture, trial.node.metadata, "bootguard.slot=old");
  REQUIRE(broken != nullptr);
  CHECK(std::string(broken).find("neither") != std::string::npos);
}

}  // namespace
}  // namespace bootguard::model
