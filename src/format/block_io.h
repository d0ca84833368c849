// SPDX-License-Identifier: LGPL-2.1-or-later
// BlockReader and BlockWriter: one interface for the fields of a metadata block in both directions, so that codec.cpp
// names each field and its offset once. Used by codec.cpp only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/label.h"
#include "base/little_endian.h"
#include "base/uuid.h"
#include "format/block_bytes.h"

namespace bootguard {

class BlockWriter {
 public:
  explicit BlockWriter(std::span<std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] BlockWriter at(std::size_t offset, std::size_t size) const {
    return BlockWriter(bytes_.subspan(offset, size));
  }

  template <class Disk, class Value>
  void number(std::size_t offset, const Value& value) {
    store_le(bytes_, offset, static_cast<Disk>(value));
  }
  void uuid(std::size_t offset, const Uuid& value) { store_uuid(bytes_, offset, value); }
  void label(std::size_t offset, const Label& value, const char*) {
    for (std::size_t i = 0; i < value.view().size(); ++i) {
      bytes_[offset + i] = static_cast<std::byte>(value.view()[i]);
    }
  }

 private:
  std::span<std::byte> bytes_;
};

class BlockReader {
 public:
  // bad: the name of the first label that is none.
  BlockReader(std::span<const std::byte> bytes, const char*& bad) : bytes_(bytes), bad_(bad) {}
  [[nodiscard]] BlockReader at(std::size_t offset, std::size_t size) const {
    return BlockReader(bytes_.subspan(offset, size), bad_);
  }

  template <class Disk, class Value>
  void number(std::size_t offset, Value& value) {
    value = static_cast<Value>(load_le<Disk>(bytes_, offset));
  }
  void uuid(std::size_t offset, Uuid& value) { value = load_uuid(bytes_, offset); }
  void label(std::size_t offset, Label& value, const char* name) {
    constexpr std::size_t kBytes = Label::kMaxLength + 1;
    std::array<char, kBytes> text{};
    for (std::size_t i = 0; i < kBytes; ++i) text[i] = static_cast<char>(bytes_[offset + i]);
    const auto end = std::find(text.begin(), text.end(), '\0');
    const bool padded = end != text.end() && std::all_of(end, text.end(), [](char c) { return c == '\0'; });
    const auto parsed = Label::parse({text.data(), static_cast<std::size_t>(end - text.begin())});
    if (padded && parsed) {
      value = *parsed;
    } else if (bad_ == nullptr) {
      bad_ = name;
    }
  }

 private:
  std::span<const std::byte> bytes_;
  const char*& bad_;
};

}  // namespace bootguard
