// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz/fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/little_endian.h"
#include "format/block_bytes.h"

namespace bootguard::fuzz {

void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

std::string_view Input::text() const { return {reinterpret_cast<const char*>(rest_.data()), rest_.size()}; }

std::uint64_t Input::number(std::size_t size) {
  std::uint64_t value = 0;
  const auto bytes = take(size);
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

std::span<const std::byte> Input::take(std::size_t size) {
  const auto taken = rest_.first(std::min(size, rest_.size()));
  rest_ = rest_.subspan(taken.size());
  return taken;
}

void Input::fill(std::span<std::byte> out) {
  const auto bytes = take(out.size());
  std::fill(std::copy(bytes.begin(), bytes.end(), out.begin()), out.end(), std::byte{0});
}

void repair_block(std::span<std::byte> block) {
  store_le<std::uint32_t>(block, layout::header::kCrc, crc_without_field(block, layout::header::kCrc));
}

void repair_table(std::span<std::byte> table) {
  const std::size_t used = std::clamp<std::size_t>(load_le<std::uint32_t>(table, layout::table::kLength),
                                                   layout::table::kHeaderBytes, table.size());
  store_le<std::uint32_t>(table, layout::table::kCrc, crc_without_field(table.first(used), layout::table::kCrc));
}

ForgetErrors::~ForgetErrors() { forget_error_texts(); }

}  // namespace bootguard::fuzz
