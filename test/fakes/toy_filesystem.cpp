// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/toy_filesystem.h"

#include <algorithm>

#include "base/little_endian.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kSuperMagic = 0x30534659'4F544742;
constexpr std::uint64_t kInodeMagic = 0x3045444F'4E494742;
constexpr std::size_t kExtentOffset = 64;
constexpr std::size_t kExtentBytes = 12;  // sectors, on the device and many; flags
static_assert(kExtentOffset + kToyMaxExtents * kExtentBytes <= kSimBlock);

}  // namespace

void make_toy_filesystem(SectorIo& device, const FilesystemIdentity& identity) {
  std::array<std::byte, kSimBlock> block{};
  store_le<std::uint64_t>(block, 0, kSuperMagic);
  store_le<std::uint8_t>(block, 8, static_cast<std::uint8_t>(identity.type));
  store_le<std::uint32_t>(block, 12, identity.block_bytes);
  for (std::size_t i = 0; i < 16; ++i) block[16 + i] = static_cast<std::byte>(identity.uuid.bytes[i]);
  for (std::size_t i = 0; i < std::min<std::size_t>(16, identity.label.size()); ++i) {
    block[32 + i] = static_cast<std::byte>(identity.label[i]);
  }
  device.write(0, block, false);
  const BlockRef inode = encode_toy_inode({});
  device.write(kSimBlock, inode->bytes, false);
  device.flush();
}

std::optional<FilesystemIdentity> parse_toy_superblock(std::span<const std::byte> block) {
  if (block.size() < kSimBlock || load_le<std::uint64_t>(block, 0) != kSuperMagic) return std::nullopt;
  FilesystemIdentity identity;
  const auto type = load_le<std::uint8_t>(block, 8);
  if (type > static_cast<std::uint8_t>(FilesystemType::kF2fs)) return std::nullopt;
  identity.type = static_cast<FilesystemType>(type);
  static constexpr std::array kNames = {"toyfs", "ext4", "xfs", "f2fs"};
  identity.type_name = kNames[type];
  identity.block_bytes = load_le<std::uint32_t>(block, 12);
  for (std::size_t i = 0; i < 16; ++i) identity.uuid.bytes[i] = std::to_integer<std::uint8_t>(block[16 + i]);
  for (std::size_t i = 0; i < 16 && block[32 + i] != std::byte{0}; ++i) {
    identity.label += std::to_integer<char>(block[32 + i]);
  }
  return identity;
}

BlockRef encode_toy_inode(const ToyInode& inode) {
  std::array<std::byte, kSimBlock> block{};
  store_le<std::uint64_t>(block, 0, kInodeMagic);
  store_le<std::uint8_t>(block, 8, inode.exists ? 1 : 0);
  store_le<std::uint8_t>(block, 9, inode.immutable ? 1 : 0);
  store_le<std::uint32_t>(block, 12, static_cast<std::uint32_t>(inode.extents.size()));
  store_le<std::uint64_t>(block, 16, inode.path_hash);
  store_le<std::uint64_t>(block, 24, inode.size);
  for (std::size_t i = 0; i < inode.extents.size(); ++i) {
    const std::size_t at = kExtentOffset + i * kExtentBytes;
    store_le<std::uint32_t>(block, at, static_cast<std::uint32_t>(to_sectors_down(inode.extents[i].physical).n));
    store_le<std::uint32_t>(block, at + 4, static_cast<std::uint32_t>(to_sectors_down(inode.extents[i].length).n));
    store_le<std::uint32_t>(block, at + 8, inode.extents[i].flags);
  }
  return make_block(block);
}

std::optional<ToyInode> decode_toy_inode(std::span<const std::byte> block) {
  if (block.size() < kSimBlock || load_le<std::uint64_t>(block, 0) != kInodeMagic) return std::nullopt;
  ToyInode inode;
  inode.exists = load_le<std::uint8_t>(block, 8) != 0;
  inode.immutable = load_le<std::uint8_t>(block, 9) != 0;
  const auto count = load_le<std::uint32_t>(block, 12);
  if (count > kToyMaxExtents) return std::nullopt;
  inode.path_hash = load_le<std::uint64_t>(block, 16);
  inode.size = load_le<std::uint64_t>(block, 24);
  Bytes logical;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kExtentOffset + i * kExtentBytes;
    const Bytes length = to_bytes(Sectors(load_le<std::uint32_t>(block, at + 4)));
    inode.extents.push_back(FileExtent{logical, to_bytes(Sectors(load_le<std::uint32_t>(block, at))), length,
                                       load_le<std::uint32_t>(block, at + 8)});
    logical += length;
  }
  return inode;
}

}  // namespace bootguard
