// SPDX-License-Identifier: LGPL-2.1-or-later
// The small world every life of the model tests is played in: a metadata device with sentinels around the area, and a
// volume with a toy filesystem whose store lies in three pieces between ordinary data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config.h"
#include "fakes/fake_machine.h"

namespace bootguard::model {

struct WorldOptions {
  std::uint16_t attempts = 2;
  bool have_switch = true;  // else the stack is made of rows
  bool aligned = true;      // else the store's pieces start in the middle of a chunk (blocks of 1 KiB)
  std::uint64_t chunk_bytes = 4096;
  std::uint64_t extra_origin_chunks = 0;  // more data behind the store
  bool pass_through = false;
};

class World {
 public:
  explicit World(const WorldOptions& options);

  WorldOptions options;
  Config config;
  std::vector<ToyOptions::Run> runs;  // where the filesystem will put the store
  std::uint64_t volume_blocks = 0;
  DiskImage blank_metadata{0};  // sentinels around a zero area
  DiskImage fresh_volume{0};    // filesystem and data before any bootguard

  static constexpr std::uint64_t kAreaOffset = 65536;
  static constexpr std::uint64_t kAreaBytes = 768 * 1024;
  static constexpr const char* kMetadataPath = "/dev/sda1";
  static constexpr const char* kVolumePath = "/dev/sda2";
  static constexpr const char* kMountPath = "/data";

  // A machine switched on over these disks.
  void plug_in(FakeMachine& machine, SimDisk& metadata, SimDisk& volume) const;

  // First block outside the store whose bytes differ, or kNone. Bytes of the store do not count; the inode (block 1)
  // counts only if asked for.
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  [[nodiscard]] std::uint64_t differs(const DiskImage& a, const DiskImage& b, bool with_inode = true) const;
  // Blocks of the metadata device outside the area are as they were made.
  [[nodiscard]] bool sentinels_whole(const DiskImage& metadata) const;
  // Equal for volumes that differ only where it cannot matter: in chunks of the store that no exception refers to, and,
  // unless a trial is on disk, in the whole of the store but its witnesses.
  [[nodiscard]] std::uint64_t normal_hash(const DiskImage& volume, bool trial) const;
  // Volume block of a store chunk's first block.
  [[nodiscard]] std::uint64_t store_block(std::uint64_t chunk) const;
  // A block of the volume lying in a store piece, whole.
  [[nodiscard]] std::uint64_t block_in_store() const;

 private:
  static constexpr std::uint64_t kLookedAt = 64;  // store chunks that a short life can reach
  // What was answered lately, by the hash of what was asked: the crash states of one moment mostly differ in the
  // metadata alone.
  class Answers {
   public:
    template <class Function>
    std::uint64_t operator()(std::uint64_t question, Function ask) {
      Answer& answer = answers_[static_cast<std::size_t>(question % answers_.size())];
      if (!answer.known || answer.question != question) answer = {true, question, ask()};
      return answer.value;
    }

   private:
    struct Answer {
      bool known = false;
      std::uint64_t question = 0;
      std::uint64_t value = 0;
    };
    std::array<Answer, 1024> answers_{};
  };

  [[nodiscard]] std::uint64_t find_difference(const DiskImage& a, const DiskImage& b, bool with_inode) const;
  [[nodiscard]] std::uint64_t hash_what_matters(const DiskImage& volume, bool trial) const;

  std::vector<std::uint64_t> store_blocks_;  // by store chunk
  mutable Answers differences_;
  mutable Answers hashes_;
};

// 4 KiB of recognisable content.
[[nodiscard]] std::array<std::byte, kSimBlock> pattern(std::uint64_t tag, std::uint64_t block);

}  // namespace bootguard::model
