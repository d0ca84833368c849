// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes the place of src/base/crc32c.cpp in this program only (a definition found here is not looked for in the
// library): the product's is made small, and an exploration would spend two thirds of its time in it. By the
// processor's own instruction where it has one, else eight bytes at a time by tables. fast_crc32c_test.cpp compares
// both with the published value, and with each other.
#include "model/fast_crc32c.h"

#include <array>
#include <cstring>

#include "base/crc32c.h"
#include "base/little_endian.h"

namespace bootguard {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t value = n;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
    tables[0][n] = value;
  }
  for (std::size_t t = 1; t < 8; ++t) {
    for (std::size_t n = 0; n < 256; ++n) {
      tables[t][n] = (tables[t - 1][n] >> 8) ^ tables[0][tables[t - 1][n] & 255];
    }
  }
  return tables;
}
constexpr Tables kTables = make_tables();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::span<const std::byte> bytes, std::uint32_t crc) {
  std::uint64_t wide = crc;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    wide = __builtin_ia32_crc32di(wide, load_le<std::uint64_t>(bytes.first(8), 0));
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const std::byte byte : bytes) crc = __builtin_ia32_crc32qi(crc, std::to_integer<std::uint8_t>(byte));
  return crc;
}
bool has_instruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#else
std::uint32_t by_instruction(std::span<const std::byte>, std::uint32_t crc) { return crc; }
bool has_instruction() { return false; }
#endif

}  // namespace

std::uint32_t crc32c_by_tables(std::span<const std::byte> bytes, std::uint32_t previous) {
  std::uint32_t crc = ~previous;
  while (bytes.size() >= 8) {
    const std::uint64_t word = load_le<std::uint64_t>(bytes.first(8), 0) ^ crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][static_cast<std::size_t>((word >> (8 * i)) & 255)];
    bytes = bytes.subspan(8);
  }
  for (const std::byte byte : bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ std::to_integer<std::uint32_t>(byte)) & 255];
  return ~crc;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t previous) {
  static const bool fast = has_instruction();
  return fast ? ~by_instruction(bytes, ~previous) : crc32c_by_tables(bytes, previous);
}

}  // namespace bootguard
