// SPDX-License-Identifier: LGPL-2.1-or-later
// A filesystem just big enough to hold one file, the COW store's: block 0 is a superblock, block 1 the only inode. A
// change of the inode is one 4 KiB write, so it is atomic, as a journal would make it. Everything else on the device is
// the test's to fill.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fakes/sim_disk.h"
#include "ports/block_device.h"
#include "ports/file_map.h"

namespace bootguard {

inline constexpr std::size_t kToyMaxExtents = 336;  // what fits into the inode

struct ToyInode {
  bool exists = false;
  bool immutable = false;
  std::uint64_t path_hash = 0;
  std::uint64_t size = 0;
  std::vector<FileExtent> extents;
};

// Writes superblock and an empty inode; makes them durable.
void make_toy_filesystem(SectorIo& device, const FilesystemIdentity& identity);
[[nodiscard]] std::optional<FilesystemIdentity> parse_toy_superblock(std::span<const std::byte> block);
[[nodiscard]] BlockRef encode_toy_inode(const ToyInode& inode);
[[nodiscard]] std::optional<ToyInode> decode_toy_inode(std::span<const std::byte> block);

}  // namespace bootguard
