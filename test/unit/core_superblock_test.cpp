// SPDX-License-Identifier: LGPL-2.1-or-later
// What is on a device: superblocks made by the real mkfs (where it is installed), altered ones, and made-up ones.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/little_endian.h"
#include "core/superblock.h"
#include "format/block_bytes.h"
#include "format/layout.h"

namespace bootguard {
namespace {

using Image = std::vector<std::byte>;

constexpr const char* kUuidText = "12345678-9abc-4def-8123-456789abcdef";

FilesystemIdentity identify(const Image& image) {
  const std::span<const std::byte> bytes(image);
  return identify_superblock({bytes.first(std::min(bytes.size(), kProbeHeadBytes)),
                              bytes.last(std::min(bytes.size(), kProbeTailBytes)), Bytes(image.size())});
}

void put(Image& image, std::size_t offset, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) image.at(offset + i) = static_cast<std::byte>(text[i]);
}

constexpr std::string_view kMdMagic("\xfc\x4e\x2b\xa9", 4);

// Superblocks with no more in them than what tells them from others.
Image bare_ext(std::uint32_t compat, std::uint32_t incompat, std::uint32_t ro_compat) {
  Image image(1 << 20);
  store_le<std::uint16_t>(image, 1024 + 56, 0xEF53);
  store_le<std::uint32_t>(image, 1024 + 24, 2);
  store_le<std::uint32_t>(image, 1024 + 92, compat);
  store_le<std::uint32_t>(image, 1024 + 96, incompat);
  store_le<std::uint32_t>(image, 1024 + 100, ro_compat);
  return image;
}
Image bare_xfs(unsigned block_bytes, unsigned sector_bytes) {
  Image image(1 << 20);
  put(image, 0, "XFSB");
  const auto big_endian = [&](std::size_t at, unsigned value) {
    image[at] = static_cast<std::byte>(value >> 8 & 0xFF);
    image[at + 1] = static_cast<std::byte>(value & 0xFF);
  };
  big_endian(6, block_bytes);
  image[55] = std::byte{4};  // sb_logstart: the log is within
  big_endian(102, sector_bytes);
  return image;
}

// What COMMAND makes of an empty file of so many MiB ("@" stands for it); nothing, and a line SKIPPED, without the
// program.
std::optional<Image> made_by(const std::string& command, unsigned mib) {
  const std::string program = command.substr(0, command.find(' '));
  if (std::system(("PATH=$PATH:/usr/sbin:/sbin command -v " + program + " >/dev/null 2>&1").c_str()) != 0) {
    std::printf("SKIPPED: %s is not installed\n", program.c_str());
    return std::nullopt;
  }
  std::string path = "/tmp/bootguard-superblock-XXXXXX";
  const int fd = ::mkstemp(path.data());
  REQUIRE(fd >= 0);
  REQUIRE(::ftruncate(fd, static_cast<off_t>(mib) << 20) == 0);
  ::close(fd);
  std::string line = "PATH=$PATH:/usr/sbin:/sbin " + command + " >/dev/null 2>&1";
  line.replace(line.find('@'), 1, path);
  const int status = std::system(line.c_str());
  // Only the ends are looked at, and XFS wants 300 MiB.
  const std::size_t size = std::size_t{mib} << 20;
  Image image(kProbeHeadBytes + kProbeTailBytes);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(image.data()), kProbeHeadBytes);
  file.seekg(static_cast<std::streamoff>(size - kProbeTailBytes));
  file.read(reinterpret_cast<char*>(image.data()) + kProbeHeadBytes, kProbeTailBytes);
  ::unlink(path.c_str());
  REQUIRE(status == 0);
  REQUIRE(file);
  return image;
}

Image metadata_area() {
  Image image(layout::kMinAreaBytes);
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    const auto block = std::span(image).subspan(i * layout::kCopyStrideBytes, layout::kBlockBytes);
    store_le(block, layout::header::kMagic, layout::kMagic);
    store_uuid(block, layout::header::kAreaUuid, *Uuid::parse(kUuidText));
    store_le(block, layout::header::kCrc, crc_without_field(block, layout::header::kCrc));
  }
  return image;
}

}  // namespace

TEST_CASE("superblock: ext4, with label, UUID and block size") {
  const auto image = made_by(std::string("mkfs.ext4 -q -F -b 4096 -L user-data -U ") + kUuidText + " @", 16);
  if (!image) return;
  const FilesystemIdentity identity = identify(*image);
  REQUIRE(identity.type == FilesystemType::kExt4);
  REQUIRE(identity.type_name == "ext4");
  REQUIRE(identity.label == "user-data");
  REQUIRE(identity.uuid == Uuid::parse(kUuidText));
  REQUIRE(identity.block_bytes == 4096);
}

TEST_CASE("superblock: ext4 with blocks of 1 KiB and the longest label") {
  const auto image = made_by("mkfs.ext4 -q -F -b 1024 -L 0123456789abcdef @", 16);
  if (!image) return;
  REQUIRE(identify(*image).type == FilesystemType::kExt4);
  REQUIRE(identify(*image).block_bytes == 1024);
  REQUIRE(identify(*image).label == "0123456789abcdef");
}

TEST_CASE("superblock: ext2 and ext3 are told apart from ext4, and not protected") {
  const auto ext2 = made_by("mkfs.ext2 -q -F @", 16);
  const auto ext3 = made_by("mkfs.ext3 -q -F @", 16);
  if (!ext2 || !ext3) return;
  REQUIRE(identify(*ext2).type == FilesystemType::kUnknown);
  REQUIRE(identify(*ext2).type_name == "ext2");
  REQUIRE(identify(*ext3).type == FilesystemType::kUnknown);
  REQUIRE(identify(*ext3).type_name == "ext3");
}

TEST_CASE("superblock: ext4 whose journal is on another device is not protected") {
  auto image = made_by("mkfs.ext4 -q -F @", 16);
  auto journal = made_by("mkfs.ext4 -q -F -b 4096 -O journal_dev @", 16);
  if (!image || !journal) return;
  store_le<std::uint32_t>(*image, 1024 + 224, 0);  // s_journal_inum
  REQUIRE(identify(*image).type == FilesystemType::kUnknown);
  REQUIRE(identify(*image).type_name == "ext4 with an external journal");
  REQUIRE(identify(*journal).type == FilesystemType::kUnknown);
  REQUIRE(identify(*journal).type_name == "external ext4 journal");
}

TEST_CASE("superblock: ext4 is known by any of its features, and protected without a journal too") {
  constexpr std::uint32_t kJournal = 0x4;
  constexpr std::uint32_t kExtents = 0x40;
  constexpr std::uint32_t kHugeFile = 0x8;
  for (const Image& ext4 : {bare_ext(0, kExtents, 0), bare_ext(0, 0, kHugeFile), bare_ext(0, kExtents, kHugeFile)}) {
    REQUIRE(identify(ext4).type == FilesystemType::kExt4);
    REQUIRE(identify(ext4).block_bytes == 4096);
  }
  // The same with a journal that is not within.
  REQUIRE(identify(bare_ext(kJournal, 0, kHugeFile)).type_name == "ext4 with an external journal");
  REQUIRE(identify(bare_ext(kJournal, 0, 0)).type_name == "ext3");
}

TEST_CASE("superblock: XFS, with label, UUID and block size") {
  const auto image = made_by(std::string("mkfs.xfs -q -f -L user-data -m uuid=") + kUuidText + " @", 320);
  if (!image) return;
  const FilesystemIdentity identity = identify(*image);
  REQUIRE(identity.type == FilesystemType::kXfs);
  REQUIRE(identity.type_name == "xfs");
  REQUIRE(identity.label == "user-data");
  REQUIRE(identity.uuid == Uuid::parse(kUuidText));
  REQUIRE(identity.block_bytes == 4096);
}

TEST_CASE("superblock: XFS over more than one device is not protected") {
  auto image = made_by("mkfs.xfs -q -f @", 320);
  if (!image) return;
  Image realtime = *image;
  realtime[23] = std::byte{1};  // sb_rblocks, big-endian
  REQUIRE(identify(realtime).type == FilesystemType::kUnknown);
  REQUIRE(identify(realtime).type_name == "xfs with a realtime device");
  std::fill_n(image->begin() + 48, 8, std::byte{0});  // sb_logstart
  REQUIRE(identify(*image).type == FilesystemType::kUnknown);
  REQUIRE(identify(*image).type_name == "xfs with an external log");
}

TEST_CASE("superblock: f2fs, from either of its superblocks, with a label beyond ASCII") {
  auto image = made_by(std::string("mkfs.f2fs -q -f -l Daten-ü -U ") + kUuidText + " @", 64);
  if (!image) return;
  for (int copy = 0; copy < 2; ++copy) {
    const FilesystemIdentity identity = identify(*image);
    REQUIRE(identity.type == FilesystemType::kF2fs);
    REQUIRE(identity.type_name == "f2fs");
    REQUIRE(identity.uuid == Uuid::parse(kUuidText));
    REQUIRE(identity.block_bytes == 4096);
    // mkfs.f2fs takes the text as its locale has it; ASCII is the same in all.
    REQUIRE(identity.label.substr(0, 6) == "Daten-");
    store_le<std::uint32_t>(*image, 1024, 0);
  }
  store_le<std::uint32_t>(*image, 4096 + 1024, 0);
  REQUIRE(identify(*image).type_name.empty());
}

TEST_CASE("superblock: f2fs over several devices is not protected") {
  auto image = made_by("mkfs.f2fs -q -f @", 64);
  if (!image) return;
  put(*image, 1024 + 2201, "/dev/a");
  REQUIRE(identify(*image).type == FilesystemType::kF2fs);
  put(*image, 1024 + 2201 + 68, "/dev/b");
  REQUIRE(identify(*image).type == FilesystemType::kUnknown);
  REQUIRE(identify(*image).type_name == "f2fs over several devices");
}

TEST_CASE("superblock: two filesystems at once are named and have no UUID") {
  auto image = made_by("mkfs.ext4 -q -F @", 16);
  const auto xfs = made_by("mkfs.xfs -q -f @", 320);
  if (!image || !xfs) return;
  std::copy_n(xfs->begin(), 512, image->begin());
  const FilesystemIdentity identity = identify(*image);
  REQUIRE(identity.type == FilesystemType::kUnknown);
  REQUIRE(identity.type_name == "ext4, xfs");
  REQUIRE(identity.uuid.is_nil());
  REQUIRE(identity.label.empty());
}

TEST_CASE("superblock: swap made by mkswap") {
  const auto image = made_by("mkswap @", 16);
  if (!image) return;
  REQUIRE(identify(*image).type_name == "swap");
  REQUIRE(identify(*image).uuid.is_nil());
}

TEST_CASE("superblock: containers are named, whatever filesystem they seem to hold") {
  auto base = made_by("mkfs.ext4 -q -F @", 16);
  Image image = base ? *base : Image(1 << 20);
  const auto is = [](Image changed, std::size_t at, std::string_view magic, const char* name) {
    put(changed, at, magic);
    const FilesystemIdentity identity = identify(changed);
    CAPTURE(at, name);
    REQUIRE(identity.type == FilesystemType::kUnknown);
    REQUIRE(identity.type_name == name);
    REQUIRE(identity.uuid.is_nil());
  };
  is(image, 0, kMdMagic, "member of an md array");
  is(image, 4096, kMdMagic, "member of an md array");
  is(image, (image.size() - 8192) & ~std::size_t{4095}, kMdMagic, "member of an md array");
  is(image, (image.size() & ~std::size_t{65535}) - 65536, kMdMagic, "member of an md array");
  is(image, (image.size() & ~std::size_t{65535}) - 65536, std::string("\xa9\x2b\x4e\xfc", 4), "member of an md array");
  is(image, 0, std::string("LUKS\xba\xbe", 6), "LUKS");
  is(image, 4096 + 24, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca", "bcache");
  put(image, 512 + 24, "LVM2 001");
  is(image, 512, "LABELONE", "LVM physical volume");
  // Where LUKS has its UUID others have what they like.
  put(image, 168, kUuidText);
  is(image, 512, "LABELONE", "LVM physical volume");
}

TEST_CASE("superblock: the label of LVM alone is no physical volume") {
  Image image = bare_ext(0, 0x40, 0);
  put(image, 512, "LABELONE");
  REQUIRE(identify(image).type == FilesystemType::kExt4);
  put(image, 512 + 24, "LVM1 001");
  REQUIRE(identify(image).type == FilesystemType::kExt4);
  put(image, 512 + 24, "LVM2 001");
  REQUIRE(identify(image).type_name == "LVM physical volume");
  put(image, 512, "LABELTWO");
  REQUIRE(identify(image).type == FilesystemType::kExt4);
}

TEST_CASE("superblock: without the device's end what lies there is not known, all else is") {
  Image image = bare_ext(0, 0x40, 0);
  put(image, (image.size() - 8192) & ~std::size_t{4095}, kMdMagic);
  REQUIRE(identify(image).type_name == "member of an md array");
  const auto head = std::span<const std::byte>(image).first(kProbeHeadBytes);
  REQUIRE(identify_superblock({head, {}, Bytes(image.size())}).type == FilesystemType::kExt4);
  // An end that begins behind one of the two places: the other is still looked at.
  const auto tail = std::span<const std::byte>(image).last(8192);
  REQUIRE(identify_superblock({head, tail, Bytes(image.size())}).type_name == "member of an md array");
}

TEST_CASE("superblock: the UUID of LUKS is known, so that a message can name it") {
  Image image(1 << 20);
  put(image, 0, std::string("LUKS\xba\xbe", 6));
  put(image, 168, kUuidText);
  REQUIRE(identify(image).uuid == Uuid::parse(kUuidText));
}

TEST_CASE("superblock: btrfs is named, with UUID and label") {
  Image image(1 << 20);
  put(image, 65536 + 64, "_BHRfS_M");
  store_uuid(image, 65536 + 32, *Uuid::parse(kUuidText));
  put(image, 65536 + 299, "pool");
  const FilesystemIdentity identity = identify(image);
  REQUIRE(identity.type == FilesystemType::kUnknown);
  REQUIRE(identity.type_name == "btrfs");
  REQUIRE(identity.uuid == Uuid::parse(kUuidText));
  REQUIRE(identity.label == "pool");
}

TEST_CASE("superblock: a boot sector's signature does not hide the filesystem behind it") {
  auto image = made_by("mkfs.ext4 -q -F @", 16);
  if (!image) return;
  put(*image, 54, "FAT16   ");
  REQUIRE(identify(*image).type == FilesystemType::kExt4);
  Image vfat(1 << 20);
  put(vfat, 54, "FAT16   ");
  REQUIRE(identify(vfat).type_name == "vfat");
}

TEST_CASE("superblock: a metadata area is known by its UUID, also with one torn and one rotten copy") {
  Image image = metadata_area();
  REQUIRE(identify(image).type_name == "bootguard");
  REQUIRE(identify(image).uuid == Uuid::parse(kUuidText));
  for (std::size_t torn = 0; torn < layout::kCopies; ++torn) {
    for (std::size_t rotten = 0; rotten < layout::kCopies; ++rotten) {
      Image damaged = image;
      std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(torn * layout::kCopyStrideBytes), 512, std::byte{0});
      damaged[rotten * layout::kCopyStrideBytes + layout::header::kAreaUuid] ^= std::byte{0x10};
      CAPTURE(torn, rotten);
      REQUIRE(identify(damaged).type_name == "bootguard");
      REQUIRE(identify(damaged).uuid == Uuid::parse(kUuidText));
    }
  }
}

TEST_CASE("superblock: a metadata area without one good copy is found all the same, to be reported") {
  Image image = metadata_area();
  for (std::size_t i = 0; i < layout::kCopies; ++i) image[i * layout::kCopyStrideBytes + 4000] ^= std::byte{1};
  REQUIRE(identify(image).type_name == "bootguard");
  REQUIRE(identify(image).uuid == Uuid::parse(kUuidText));
}

TEST_CASE("superblock: of copies with several UUIDs the first good one has the metadata area's, else the first") {
  Image image = metadata_area();
  const auto copy = [&](std::size_t i) {
    return std::span(image).subspan(i * layout::kCopyStrideBytes, layout::kBlockBytes);
  };
  const auto set_uuid = [&](std::size_t i, unsigned char last, bool good) {
    Uuid uuid;
    uuid.bytes[15] = last;
    store_uuid(copy(i), layout::header::kAreaUuid, uuid);
    store_le(copy(i), layout::header::kCrc, crc_without_field(copy(i), layout::header::kCrc) ^ (good ? 0U : 1U));
  };
  const auto found = [&] { return unsigned{identify(image).uuid.bytes[15]}; };
  for (std::size_t i = 0; i < layout::kCopies; ++i) set_uuid(i, static_cast<unsigned char>(i + 1), false);
  REQUIRE(found() == 1);
  set_uuid(2, 3, true);
  set_uuid(3, 4, true);
  REQUIRE(found() == 3);
}

TEST_CASE("superblock: a metadata block in front is one, whatever its bytes look like further behind") {
  Image image = metadata_area();
  store_le<std::uint16_t>(image, 1024 + 56, 0xEF53);
  REQUIRE(identify(image).type_name == "bootguard");
}

TEST_CASE("superblock: a filesystem that holds a copy of a metadata block is still a filesystem") {
  auto image = made_by("mkfs.ext4 -q -F @", 16);
  if (!image) return;
  const Image area = metadata_area();
  std::copy_n(area.begin() + layout::kCopyStrideBytes, layout::kBlockBytes, image->begin() + layout::kCopyStrideBytes);
  REQUIRE(identify(*image).type == FilesystemType::kExt4);
}

TEST_CASE("superblock: implausible sizes are no filesystem") {
  Image ext(1 << 20);
  store_le<std::uint16_t>(ext, 1024 + 56, 0xEF53);
  store_le<std::uint32_t>(ext, 1024 + 24, 7);
  REQUIRE(identify(ext).type_name.empty());
  Image xfs(1 << 20);
  put(xfs, 0, "XFSB");
  REQUIRE(identify(xfs).type_name.empty());
  REQUIRE(identify(bare_xfs(4096, 512)).type == FilesystemType::kXfs);
  Image other = bare_xfs(4096, 512);
  put(other, 0, "XFSC");
  REQUIRE(identify(other).type_name.empty());
  for (const unsigned block_bytes : {65536U, 131072U}) {
    Image large = bare_xfs(0, 512);
    large[5] = static_cast<std::byte>(block_bytes >> 16);
    CAPTURE(block_bytes);
    REQUIRE(identify(large).type_name.empty() == (block_bytes > 65536));
  }
  for (const unsigned block_bytes : {256U, 1000U, 4095U, 12288U}) {
    CAPTURE(block_bytes);
    REQUIRE(identify(bare_xfs(block_bytes, 512)).type_name.empty());
  }
  for (const unsigned sector_bytes : {0U, 256U, 520U, 40000U}) {
    CAPTURE(sector_bytes);
    REQUIRE(identify(bare_xfs(4096, sector_bytes)).type_name.empty());
  }
  for (const auto& [log_block, is_f2fs] :
       {std::pair{0U, false}, {11U, false}, {12U, true}, {16U, true}, {40U, false}}) {
    Image f2fs(1 << 20);
    store_le<std::uint32_t>(f2fs, 1024, 0xF2F52010);
    store_le<std::uint32_t>(f2fs, 1024 + 16, log_block);
    CAPTURE(log_block);
    REQUIRE(identify(f2fs).type == (is_f2fs ? FilesystemType::kF2fs : FilesystemType::kUnknown));
    REQUIRE(identify(f2fs).type_name.empty() == !is_f2fs);
  }
}

TEST_CASE("superblock: a device too small for what its first bytes say holds nothing, or nothing more than that") {
  const auto cut = [](Image image, std::size_t size) {
    image.resize(size);
    return identify(image);
  };
  REQUIRE(cut(bare_xfs(4096, 512), 511).type_name.empty());
  REQUIRE(cut(bare_xfs(4096, 512), 512).type == FilesystemType::kXfs);
  Image btrfs(1 << 20);
  put(btrfs, 65536 + 64, "_BHRfS_M");
  REQUIRE(cut(btrfs, 65536 + 1023).type_name.empty());
  REQUIRE(cut(btrfs, 65536 + 1024).type_name == "btrfs");
  // No array of 0.90 or 1.0 fits into less than 128 KiB.
  for (const std::size_t size : {std::size_t{131071}, std::size_t{131072}}) {
    Image md(1 << 20);
    put(md, (size - 8192) & ~std::size_t{4095}, kMdMagic);
    REQUIRE(cut(md, size).type_name == (size < 131072 ? "" : "member of an md array"));
  }
  Image luks(1 << 20);
  put(luks, 0, std::string("LUKS\xba\xbe", 6));
  put(luks, 168, kUuidText);
  REQUIRE(cut(luks, 168 + 39).type_name == "LUKS");
  REQUIRE(cut(luks, 168 + 39).uuid.is_nil());
  REQUIRE(cut(luks, 168 + 40).uuid == Uuid::parse(kUuidText));
}

TEST_CASE("superblock: devices of every small size are read within their bounds") {
  const auto ext4 = made_by("mkfs.ext4 -q -F @", 16);
  Image image = ext4 ? *ext4 : Image(1 << 20);
  put(image, 65536 + 64, "_BHRfS_M");
  for (std::size_t size = 0; size <= 264 * 1024; size += size < 8192 ? 64 : 4096) {
    const Image small(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(size));
    (void)identify(small);
  }
  SUCCEED();
}

TEST_CASE("superblock: random bytes behind every signature are read within their bounds") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    Image image(256 * 1024);
    for (std::byte& byte : image) byte = static_cast<std::byte>(random());
    switch (round % 6) {
      case 0:
        store_le<std::uint16_t>(image, 1024 + 56, 0xEF53);
        break;
      case 1:
        put(image, 0, "XFSB");
        break;
      case 2:
        store_le<std::uint32_t>(image, 1024, 0xF2F52010);
        break;
      case 3:
        put(image, 65536 + 64, "_BHRfS_M");
        break;
      case 4:
        put(image, 0, std::string("LUKS\xba\xbe", 6));
        break;
      default:
        store_le(image, 0, layout::kMagic);
        break;
    }
    (void)identify(image);
  }
  SUCCEED();
}

}  // namespace bootguard
