// SPDX-License-Identifier: LGPL-2.1-or-later
// How the rest of an initramfs image is compressed, and which program undoes that. Pure.
#pragma once

#include <cstddef>
#include <span>

namespace bootguard {

struct Decompressor {
  const char* name;                         // "zstd": the compression, and the package to install
  std::span<const char* const> candidates;  // absolute paths, the first that exists is taken
  std::span<const char* const> arguments;   // from standard input to standard output
};

inline constexpr std::size_t kCompressionMagicBytes = 6;

// By the first bytes, as the kernel's lib/decompress.c tells them. Null if it is none the kernel knows.
[[nodiscard]] const Decompressor* find_decompressor(std::span<const std::byte> begin);

}  // namespace bootguard
