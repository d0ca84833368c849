// SPDX-License-Identifier: LGPL-2.1-or-later
// What all fuzz targets share: the entry point's name, the input taken apart, checksums repaired, properties stated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "format/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace bootguard::fuzz {

// Ends the program with a line that says what does not hold; the fuzzer keeps the input.
void must(bool holds, const char* what);

// The input from its front; behind its end there are zeros, so that every input means something.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(std::as_bytes(std::span(data, size))) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }
  [[nodiscard]] std::string_view text() const;
  // size <= 8 bytes, little-endian
  std::uint64_t number(std::size_t size);
  // Up to `size` bytes; fewer at the end.
  std::span<const std::byte> take(std::size_t size);
  void fill(std::span<std::byte> out);

 private:
  std::span<const std::byte> rest_;
};

// A fuzzer guesses no checksum. These put the right one there, and touch nothing else.
void repair_block(std::span<std::byte> block);
// REQUIRES: table.size() >= the header's. Over as much as the table says is used, or all that there is.
void repair_table(std::span<std::byte> table);

// The texts of errors are kept until the process ends, and a fuzzer makes millions: at the end of each input they go.
class ForgetErrors {
 public:
  ForgetErrors() = default;
  ForgetErrors(const ForgetErrors&) = delete;
  ForgetErrors& operator=(const ForgetErrors&) = delete;
  ~ForgetErrors();
};

}  // namespace bootguard::fuzz
