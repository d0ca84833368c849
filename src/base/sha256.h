// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Written out, as the libraries that have them are larger than the
// whole program, and the kernel's own (AF_ALG) needs modules that no initramfs has. Not made to be fast.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bootguard {

using Sha256Digest = std::array<std::byte, 32>;

class Sha256 {
 public:
  static constexpr std::size_t kBlockBytes = 64;

  void update(std::byte byte);
  void update(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) update(byte);
  }
  // Ends it: nothing may follow.
  [[nodiscard]] Sha256Digest digest();

 private:
  void compress();

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, kBlockBytes> block_{};
  std::size_t used_ = 0;     // of block_
  std::uint64_t bytes_ = 0;  // in all
};

// A secret of up to one block, with zeros behind it.
using HmacKey = std::array<std::byte, Sha256::kBlockBytes>;

class HmacSha256 {
 public:
  explicit HmacSha256(const HmacKey& key);
  void update(std::byte byte) { hash_.update(byte); }
  // Ends it: nothing may follow.
  [[nodiscard]] Sha256Digest digest();

 private:
  const HmacKey& key_;  // the caller's
  Sha256 hash_;
};

}  // namespace bootguard
