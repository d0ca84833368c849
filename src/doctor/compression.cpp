// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/compression.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace bootguard {
namespace {

using namespace std::string_view_literals;

constexpr const char* kGzip[] = {"/usr/bin/gzip", "/bin/gzip"};
constexpr const char* kBzip2[] = {"/usr/bin/bzip2", "/bin/bzip2"};
constexpr const char* kXz[] = {"/usr/bin/xz", "/bin/xz"};
constexpr const char* kLzop[] = {"/usr/bin/lzop", "/bin/lzop"};
constexpr const char* kLz4[] = {"/usr/bin/lz4", "/bin/lz4"};
constexpr const char* kZstd[] = {"/usr/bin/zstd", "/bin/zstd"};
constexpr const char* kPlainArguments[] = {"-dc"};
constexpr const char* kLzmaArguments[] = {"-dc", "--format=lzma"};
constexpr const char* kQuietArguments[] = {"-dcq"};

struct Row {
  std::string_view magic;
  Decompressor decompressor;
};
constexpr std::array kRows = {
    Row{"\x1f\x8b"sv, {"gzip", kGzip, kPlainArguments}},
    Row{"\x1f\x9e"sv, {"gzip", kGzip, kPlainArguments}},
    Row{"BZh"sv, {"bzip2", kBzip2, kPlainArguments}},
    Row{"\x5d\x00\x00"sv, {"xz", kXz, kLzmaArguments}},
    Row{"\xfd"
        "7zXZ\x00"sv,
        {"xz", kXz, kPlainArguments}},
    Row{"\x89LZO"sv, {"lzop", kLzop, kPlainArguments}},
    Row{"\x02\x21\x4c\x18"sv, {"lz4", kLz4, kQuietArguments}},
    Row{"\x04\x22\x4d\x18"sv, {"lz4", kLz4, kQuietArguments}},
    Row{"\x28\xb5\x2f\xfd"sv, {"zstd", kZstd, kQuietArguments}},
};
static_assert(std::all_of(kRows.begin(), kRows.end(),
                          [](const Row& row) { return row.magic.size() <= kCompressionMagicBytes; }));

}  // namespace

const Decompressor* find_decompressor(std::span<const std::byte> begin) {
  const std::string_view text(reinterpret_cast<const char*>(begin.data()), begin.size());
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [text](const Row& candidate) { return text.starts_with(candidate.magic); });
  return row == kRows.end() ? nullptr : &row->decompressor;
}

}  // namespace bootguard
