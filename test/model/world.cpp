// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/world.h"

#include <algorithm>

#include "base/little_endian.h"
#include "core/extents.h"

namespace bootguard::model {
namespace {

constexpr std::uint64_t kFirstRun = 64;  // blocks 2..63 are data
const Uuid kFsUuid = numbered_uuid(0xF5, 1);

}  // namespace

std::array<std::byte, kSimBlock> pattern(std::uint64_t tag, std::uint64_t block) {
  std::array<std::byte, kSimBlock> bytes{};
  for (std::size_t i = 0; i < kSimBlock; i += 16) {
    store_le<std::uint64_t>(bytes, i, 0x6461746100000000U | (tag << 16) | i / 16);
    store_le<std::uint64_t>(bytes, i + 8, block);
  }
  return bytes;
}

World::World(const WorldOptions& chosen) : options(chosen) {
  const std::uint64_t shift = options.aligned ? 0 : 1024;
  // The pieces a store of the least size plus a little needs: 2048 free chunks, areas, header, one witness an extent.
  const std::uint64_t chunk_blocks = options.chunk_bytes / kSimBlock;
  const std::uint64_t piece = (options.chunk_bytes == kSimBlock ? 1016 : 1100) * chunk_blocks;
  std::uint64_t at = kFirstRun;
  for (int i = 0; i < 3; ++i) {
    runs.push_back({Bytes(at * kSimBlock + shift), Bytes(piece * kSimBlock)});
    at += piece + 8;
  }
  volume_blocks = at + 8 + options.extra_origin_chunks * chunk_blocks;
  volume_blocks = (volume_blocks + chunk_blocks - 1) / chunk_blocks * chunk_blocks;

  config.metadata = {DeviceName::Kind::kPartLabel, "bootguard"};
  config.metadata_offset = Bytes(kAreaOffset);
  config.metadata_size = Bytes(kAreaBytes);
  config.attempts = options.attempts;
  VolumeConfig volume;
  volume.name = *Label::parse("data");
  volume.device = {DeviceName::Kind::kUuid, kFsUuid.to_string()};
  volume.store_size = StoreSize{Bytes(3 * piece * kSimBlock), 0};
  volume.chunk = Bytes(options.chunk_bytes);
  volume.pass_through = options.pass_through;
  config.volumes.push_back(volume);

  blank_metadata = DiskImage((kAreaOffset + kAreaBytes + 65536) / kSimBlock);
  for (std::uint64_t b = 0; b < blank_metadata.blocks(); ++b) {
    const std::uint64_t byte = b * kSimBlock;
    if (byte >= kAreaOffset && byte < kAreaOffset + kAreaBytes) continue;
    blank_metadata.put(b, make_block(pattern(0x5E, b)));
  }
  std::vector<Extent> extents;
  for (const ToyOptions::Run& run : runs) {
    extents.push_back(Extent{to_sectors_down(run.physical), to_sectors_down(run.length)});
  }
  const VolumeGeometry geometry{Sectors(volume_blocks * kSimBlock / kSectorBytes),
                                Sectors(options.chunk_bytes / kSectorBytes), Bytes(options.aligned ? 4096 : 1024)};
  for (const Extent& mapped : mapped_pieces(extents, geometry)) {
    for (Sectors sector = mapped.start; sector < mapped.end(); sector += geometry.chunk) {
      store_blocks_.push_back(to_bytes(sector).n / kSimBlock);
    }
  }
  SimDisk disk("volume", Bytes(volume_blocks * kSimBlock));
  FilesystemIdentity identity;
  identity.type = FilesystemType::kExt4;
  identity.uuid = kFsUuid;
  identity.label = "data";
  identity.block_bytes = options.aligned ? 4096 : 1024;
  make_toy_filesystem(disk, identity);
  fresh_volume = disk.durable();
  for (std::uint64_t b = 2; b < volume_blocks; ++b) {
    // Data at both ends, and here and there old rubbish where the store will come to lie.
    const bool content = b < kFirstRun + 4 || b % 97 == 0 || b + 16 > volume_blocks;
    if (content) fresh_volume.put(b, make_block(pattern(1, b)));
  }
  for (const ToyOptions::Run& run : runs) {
    // Data on both sides of every piece, so that an edge that leaks is seen.
    for (const std::uint64_t b :
         {run.physical.n / kSimBlock - 1, run.physical.n / kSimBlock, (run.physical + run.length).n / kSimBlock,
          (run.physical + run.length).n / kSimBlock + 1}) {
      fresh_volume.put(b, make_block(pattern(1, b)));
    }
  }
}

void World::plug_in(FakeMachine& machine, SimDisk& metadata, SimDisk& volume) const {
  machine.add_disk(metadata, kMetadataPath, "bootguard");
  machine.add_disk(volume, kVolumePath);
  machine.mounts.options.free_runs = runs;
  machine.mounts.options.block = Bytes(options.aligned ? 4096 : 1024);
  if (!options.have_switch) machine.dm.missing_targets.insert("switch");
  machine.log.keep = false;
}

std::uint64_t World::differs(const DiskImage& a, const DiskImage& b, bool with_inode) const {
  const std::uint64_t sizes = mix_hash(a.blocks(), b.blocks());
  return differences_(mix_hash(mix_hash(a.hash(), b.hash()), mix_hash(sizes, with_inode ? 1 : 0)),
                      [&] { return find_difference(a, b, with_inode); });
}

std::uint64_t World::find_difference(const DiskImage& a, const DiskImage& b, bool with_inode) const {
  for (const std::uint64_t block : a.difference(b)) {
    if (block == 1 && !with_inode) continue;
    std::array<std::byte, kSimBlock> left{};
    std::array<std::byte, kSimBlock> right{};
    bool loaded = false;
    for (std::size_t s = 0; s < kSimBlock; s += kSectorBytes) {
      const std::uint64_t byte = block * kSimBlock + s;
      bool ours = false;
      for (const ToyOptions::Run& run : runs) {
        ours = ours || (byte >= run.physical.n && byte < (run.physical + run.length).n);
      }
      if (ours) continue;
      if (!loaded) {
        a.read(block * kSimBlock, left);
        b.read(block * kSimBlock, right);
        loaded = true;
      }
      const auto from = static_cast<std::ptrdiff_t>(s);
      if (!std::equal(left.begin() + from, left.begin() + from + kSectorBytes, right.begin() + from)) return block;
    }
  }
  return kNone;
}

bool World::sentinels_whole(const DiskImage& metadata) const {
  for (const std::uint64_t block : metadata.difference(blank_metadata)) {
    const std::uint64_t byte = block * kSimBlock;
    if (byte < kAreaOffset || byte >= kAreaOffset + kAreaBytes) return false;
  }
  return true;
}

std::uint64_t World::store_block(std::uint64_t chunk) const { return store_blocks_[chunk]; }

std::uint64_t World::normal_hash(const DiskImage& volume, bool trial) const {
  return hashes_(mix_hash(volume.hash(), trial ? 1 : 0), [&] { return hash_what_matters(volume, trial); });
}

std::uint64_t World::hash_what_matters(const DiskImage& volume, bool trial) const {
  const std::uint64_t chunk_blocks = options.chunk_bytes / kSimBlock;
  const std::uint64_t pairs = options.chunk_bytes / 16;
  std::uint64_t h = volume.hash();
  std::uint64_t referred = 0;
  const auto term = [&](std::uint64_t block) {
    const BlockRef& content = volume.at(block);
    return content ? mix_hash(block + 1, content->hash) : 0;
  };
  const auto chunk_term = [&](std::uint64_t chunk) {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < chunk_blocks; ++i) sum ^= term(store_blocks_[chunk] + i);
    return sum;
  };
  if (trial) {
    referred ^= chunk_term(0);
    for (std::uint64_t area = 0; 1 + area * (pairs + 1) < store_blocks_.size(); ++area) {
      const std::uint64_t at = 1 + area * (pairs + 1);
      referred ^= chunk_term(at);
      std::vector<std::byte> bytes(options.chunk_bytes);
      volume.read(store_blocks_[at] * kSimBlock, bytes);
      std::uint64_t i = 0;
      for (; i < pairs; ++i) {
        const auto chunk = load_le<std::uint64_t>(bytes, static_cast<std::size_t>(i * 16 + 8));
        if (chunk == 0 || chunk >= store_blocks_.size()) break;
        referred ^= chunk_term(chunk);
      }
      if (i < pairs) break;
    }
  }
  // Takes every chunk of the store that holds anything out, and what is referred to back in. Only a few dozen blocks at
  // the store's beginning are ever in use.
  std::uint64_t all = 0;
  const std::uint64_t looked_at = std::min<std::uint64_t>(store_blocks_.size(), kLookedAt);
  for (std::uint64_t chunk = 0; chunk < looked_at; ++chunk) all ^= chunk_term(chunk);
  return h ^ all ^ mix_hash(trial ? 3 : 5, referred);
}

std::uint64_t World::block_in_store() const { return (runs[0].physical.n + runs[0].length.n / 2) / kSimBlock; }

}  // namespace bootguard::model
