// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/authentication.h"

#include <algorithm>

#include "base/little_endian.h"
#include "format/block_bytes.h"

namespace bootguard {
namespace {

// A byte at a time: what is taken as zero lies in between, and a block is all there is.
Sha256Digest digest_of(std::span<const std::byte> bytes, const TagPlace& place, const HmacKey& key) {
  HmacSha256 mac(key);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool zero = i - place.crc < sizeof(std::uint32_t) || i - place.tag < place.tag_bytes;
    mac.update(zero ? std::byte{0} : bytes[i]);
  }
  return mac.digest();
}

}  // namespace

void put_tag(std::span<std::byte> bytes, const TagPlace& place, const HmacKey& key) {
  const Sha256Digest digest = digest_of(bytes, place, key);
  std::copy_n(digest.begin(), place.tag_bytes, bytes.begin() + static_cast<std::ptrdiff_t>(place.tag));
  store_le<std::uint32_t>(bytes, place.crc, crc_without_field(bytes, place.crc));
}

bool has_tag(std::span<const std::byte> bytes, const TagPlace& place, const HmacKey& key) {
  const Sha256Digest digest = digest_of(bytes, place, key);
  std::byte difference{0};
  for (std::size_t i = 0; i < place.tag_bytes; ++i) difference |= bytes[place.tag + i] ^ digest[i];
  return difference == std::byte{0};
}

void authenticate_block(std::span<std::byte> block, const HmacKey& key) {
  const auto features = load_le<std::uint64_t>(block, layout::header::kIncompat);
  store_le<std::uint64_t>(block, layout::header::kIncompat, features | layout::kIncompatAuthenticated);
  put_tag(block, kBlockTag, key);
}

}  // namespace bootguard
