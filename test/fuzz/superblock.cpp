// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: what the first and last blocks of a device say it holds. Input: 3 bytes device size in KiB, then writes
// to a blank device: 1 byte where (an offset that means something, bit 7: from the end), 2 bytes further, 1 byte length
// (bit 7: a magic number in place of bytes of the input), the bytes; the checksum of a metadata copy is repaired.
#include "core/superblock.h"

#include <algorithm>
#include <bit>

#include "base/little_endian.h"
#include "format/layout.h"
#include "fuzz/fuzz.h"

namespace bootguard::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kOffsets[] = {0,    3,    24,   54,    82,    512,   1024,  1080,   4086,
                                      4096, 5120, 8192, 16374, 32769, 65536, 65600, 131072, 196608};
constexpr std::string_view kMagics[] = {"\x53\xef"sv,     "XFSB"sv,     "\x10\x20\xf5\xf2"sv, "_BHRfS_M"sv,
                                        "LUKS\xba\xbe"sv, "LABELONE"sv, "LVM2 001"sv,         "\xfc\x4e\x2b\xa9"sv,
                                        "SWAPSPACE2"sv};

// A device by its first and last blocks; in exactly as much memory as they have, so that a byte read behind is seen.
struct Device {
  explicit Device(std::uint64_t bytes)
      : size(bytes),
        head(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kProbeHeadBytes))),
        tail(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kProbeTailBytes))) {}
  void write(std::uint64_t offset, std::span<const std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::uint64_t at = offset + i;
      if (at < head.size()) head[static_cast<std::size_t>(at)] = bytes[i];
      if (at < size && at >= size - tail.size()) tail[static_cast<std::size_t>(at - (size - tail.size()))] = bytes[i];
    }
  }
  [[nodiscard]] bool has(std::size_t offset, std::string_view magic) const {
    return head.size() >= offset + magic.size() &&
           std::equal(magic.begin(), magic.end(), head.begin() + static_cast<std::ptrdiff_t>(offset),
                      [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
  }
  [[nodiscard]] ProbedBytes probed() const { return {head, tail, Bytes(size)}; }

  std::uint64_t size;
  std::vector<std::byte> head, tail;
};

void check(const Device& device) {
  const FilesystemIdentity identity = identify_superblock(device.probed());
  must(identity.label.find('\0') == std::string::npos, "no label has a NUL in it");
  must(identity.label.size() <= 3 * 512, "a label is no longer than its field");
  if (identity.type_name.empty()) {
    must(identity.uuid.is_nil() && identity.label.empty(), "what is not recognised has no name");
  }
  if (identity.type_name.find(", ") != std::string::npos) {
    must(identity.uuid.is_nil() && identity.label.empty(), "of two filesystems neither lends its name");
    must(identity.type == FilesystemType::kUnknown, "of two filesystems neither is taken");
  }
  if (device.has(0, "LUKS\xba\xbe"sv) || device.has(4096, "\xfc\x4e\x2b\xa9"sv)) {
    must(identity.type == FilesystemType::kUnknown, "what a container seems to hold is not taken for its content");
  }
  if (identity.type == FilesystemType::kUnknown) return;
  const char* const name = identity.type == FilesystemType::kExt4  ? "ext4"
                           : identity.type == FilesystemType::kXfs ? "xfs"
                                                                   : "f2fs";
  must(identity.type_name == name, "the type and its name say the same");
  must(std::has_single_bit(identity.block_bytes) && identity.block_bytes >= 512 && identity.block_bytes <= 65536,
       "the block size is one that the filesystem can have");
  must(device.size >= 2048, "there is no filesystem on less than a superblock");
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  fuzz::Input input(data, size);
  fuzz::Device device(input.number(3) * 1024);
  for (int writes = 0; writes < 64 && !input.empty(); ++writes) {
    const std::uint64_t where = input.number(1);
    const std::uint64_t base = fuzz::kOffsets[(where & 127U) % std::size(fuzz::kOffsets)];
    const std::uint64_t offset =
        ((where & 128U) != 0 ? device.size - std::min(device.size, base) : base) + input.number(2);
    const std::uint64_t what = input.number(1);
    if ((what & 128U) != 0) {
      const std::string_view magic = fuzz::kMagics[(what & 127U) % std::size(fuzz::kMagics)];
      device.write(offset, std::as_bytes(std::span(magic)));
    } else {
      device.write(offset, input.take(what));
    }
  }
  for (std::size_t copy = 0; copy < layout::kCopies; ++copy) {
    const std::size_t at = copy * layout::kCopyStrideBytes;
    if (device.head.size() < at + layout::kBlockBytes || device.head[at] == std::byte{0}) continue;
    if (load_le<std::uint64_t>(device.head, at) != layout::kMagic) continue;
    fuzz::repair_block(std::span(device.head).subspan(at, layout::kBlockBytes));
  }
  fuzz::check(device);
  return 0;
}
