// SPDX-License-Identifier: LGPL-2.1-or-later
// Against the vectors of FIPS 180-4's examples and of RFC 4231.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace bootguard {
namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  for (const std::byte byte : digest) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(byte >> 4)];
    text += "0123456789abcdef"[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return text;
}

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string sha256(std::string_view text) {
  Sha256 hash;
  hash.update(bytes(text));
  return hex(hash.digest());
}

std::string hmac(std::string_view secret, std::string_view text) {
  HmacKey key{};
  std::copy_n(bytes(secret).begin(), secret.size(), key.begin());
  HmacSha256 mac(key);
  for (const std::byte byte : bytes(text)) mac.update(byte);
  return hex(mac.digest());
}

TEST_CASE("SHA-256: the examples of the standard") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha256("abd") != sha256("abc"));
}

TEST_CASE("SHA-256: however the bytes are cut, also around the end of a block") {
  for (const std::size_t size : {std::size_t{55}, std::size_t{56}, std::size_t{63}, std::size_t{64}, std::size_t{65},
                                 std::size_t{119}, std::size_t{120}, std::size_t{128}}) {
    const std::string text(size, 'x');
    for (std::size_t cut = 0; cut <= size; cut += 13) {
      Sha256 hash;
      hash.update(bytes(text).first(cut));
      hash.update(bytes(text).subspan(cut));
      CHECK(hex(hash.digest()) == sha256(text));
    }
  }
  // From another implementation (Python's hashlib).
  CHECK(sha256(std::string(55, 'x')) == "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
  CHECK(sha256(std::string(64, 'x')) == "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
}

TEST_CASE("HMAC-SHA-256: those test cases of RFC 4231 whose key is not longer than a block") {
  CHECK(hmac(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
}

}  // namespace
}  // namespace bootguard
