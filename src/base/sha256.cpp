// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/sha256.h"

#include <bit>

namespace bootguard {
namespace {

constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// Big-endian, as the standard has it.
std::uint32_t load_word(const std::byte* bytes) {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) word = word << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return word;
}
void store_word(std::byte* bytes, std::uint32_t word) {
  for (int i = 3; i >= 0; --i, word >>= 8) bytes[i] = static_cast<std::byte>(word);
}

Sha256 begun(const HmacKey& key, std::byte pad) {
  Sha256 hash;
  for (const std::byte byte : key) hash.update(byte ^ pad);
  return hash;
}

}  // namespace

void Sha256::compress() {
  std::uint32_t words[64];
  for (std::size_t i = 0; i < 16; ++i) words[i] = load_word(block_.data() + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = words[i - 15], b = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + words[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
  }
  // The working variables a to h of the standard.
  std::array<std::uint32_t, 8> v = state_;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t first = v[7] + (std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25)) +
                                ((v[4] & v[5]) ^ (~v[4] & v[6])) + kRound[i] + words[i];
    const std::uint32_t second = (std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22)) +
                                 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (std::size_t k = v.size() - 1; k > 0; --k) v[k] = v[k - 1];
    v[4] += first;
    v[0] = first + second;
  }
  for (std::size_t i = 0; i < v.size(); ++i) state_[i] += v[i];
}

void Sha256::update(std::byte byte) {
  ++bytes_;
  block_[used_++] = byte;
  if (used_ < kBlockBytes) return;
  compress();
  used_ = 0;
}

Sha256Digest Sha256::digest() {
  const std::uint64_t bits = bytes_ * 8;
  update(std::byte{0x80});
  while (used_ != kBlockBytes - 8) update(std::byte{0});
  for (int shift = 56; shift >= 0; shift -= 8) update(static_cast<std::byte>(bits >> shift));
  Sha256Digest result{};
  for (std::size_t i = 0; i < state_.size(); ++i) store_word(result.data() + 4 * i, state_[i]);
  return result;
}

HmacSha256::HmacSha256(const HmacKey& key) : key_(key), hash_(begun(key, std::byte{0x36})) {}

Sha256Digest HmacSha256::digest() {
  Sha256 outer = begun(key_, std::byte{0x5c});
  outer.update(hash_.digest());
  return outer.digest();
}

}  // namespace bootguard
