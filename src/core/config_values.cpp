// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/config_values.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <optional>

#include "base/uuid.h"
#include "core/excerpt.h"
#include "format/layout.h"

namespace bootguard {
namespace {

// No device is larger, and sums of two sizes cannot overflow.
constexpr std::uint64_t kMaxSize = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxNameBytes = 127;  // PARTLABEL: 36 UTF-16 units; filesystem labels: less
constexpr std::size_t kMaxPathBytes = 512;
constexpr std::size_t kMaxPathPartBytes = 255;  // NAME_MAX of every filesystem in question

Error refuse(std::string_view value, const char* what) {
  const std::string shown = value.empty() ? "an empty value" : excerpt(value);
  return make_error(Errc::kConfig, "%s is not allowed; %s", shown.c_str(), what);
}

// Decimal digits and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kMaxSize - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

// "1234abcd-02": what stands for a PARTUUID on a disk with an MBR.
bool is_mbr_part_uuid(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  constexpr std::size_t kDash = 8;
  return text.size() == kDash + 3 && text[kDash] == '-' &&
         text.substr(0, kDash).find_first_not_of(kHex) == std::string_view::npos &&
         text.substr(kDash + 1).find_first_not_of(kHex) == std::string_view::npos;
}

bool is_valid(DeviceName::Kind kind, std::string_view value) {
  switch (kind) {
    case DeviceName::Kind::kUuid:
      return Uuid::parse(value).has_value();
    case DeviceName::Kind::kPartUuid:
      return Uuid::parse(value).has_value() || is_mbr_part_uuid(value);
    case DeviceName::Kind::kLabel:
    case DeviceName::Kind::kPartLabel:
      return !value.empty() && value.size() <= kMaxNameBytes && !has_control_character(value);
    case DeviceName::Kind::kPath:
      return value.size() > 1 && value.front() == '/' && value.back() != '/' && value.size() <= kMaxPathBytes &&
             !has_control_character(value);
  }
  return false;
}

constexpr struct {
  std::string_view prefix;
  DeviceName::Kind kind;
} kDevicePrefixes[] = {
    {"UUID=", DeviceName::Kind::kUuid},
    {"PARTUUID=", DeviceName::Kind::kPartUuid},
    {"LABEL=", DeviceName::Kind::kLabel},
    {"PARTLABEL=", DeviceName::Kind::kPartLabel},
};

}  // namespace

Result<DeviceName> parse_device_name(std::string_view text) {
  for (const auto& [prefix, kind] : kDevicePrefixes) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view value = text.substr(prefix.size());
    if (is_valid(kind, value)) return DeviceName{kind, std::string(value)};
  }
  if (is_valid(DeviceName::Kind::kPath, text)) return DeviceName{DeviceName::Kind::kPath, std::string(text)};
  return refuse(text,
                "a device is UUID=..., PARTUUID=..., LABEL=..., PARTLABEL=... or an absolute path such as /dev/sda3");
}

Result<Bytes> parse_size(std::string_view text) {
  constexpr const char* kAllowed = "a size is a number of bytes, or one with K, M, G or T behind it, such as 512M";
  constexpr std::string_view kSuffixes = "KMGT";
  std::string_view digits = text;
  unsigned shift = 0;
  if (!text.empty()) {
    if (const std::size_t suffix = kSuffixes.find(text.back()); suffix != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(suffix) + 1);
      digits.remove_suffix(1);
    }
  }
  const auto count = parse_number(digits);
  if (!count || *count > kMaxSize >> shift) return refuse(text, kAllowed);
  return Bytes(*count << shift);
}

namespace config_values {

Result<Bytes> parse_metadata_offset(std::string_view text) {
  ASSIGN_OR_RETURN(const Bytes offset, parse_size(text));
  if (offset.n % layout::kBlockBytes != 0) return refuse(text, "the offset has to be a multiple of 4096");
  return offset;
}

Result<Bytes> parse_metadata_size(std::string_view text) {
  ASSIGN_OR_RETURN(const Bytes size, parse_size(text));
  const bool fits = size.n >= layout::kMinAreaBytes && size.n <= layout::kMaxAreaBytes;
  if (size.n != 0 && (!fits || size.n % layout::kBlockBytes != 0)) {
    return refuse(text, "the size has to be a multiple of 4096 from 768K to 64M, or 0 for all that is there");
  }
  return size;
}

Result<std::uint16_t> parse_attempts(std::string_view text) {
  constexpr std::uint64_t kMaxAttempts = 1000;
  const auto count = parse_number(text);
  if (!count || *count < 1 || *count > kMaxAttempts) return refuse(text, "attempts are a number from 1 to 1000");
  return static_cast<std::uint16_t>(*count);
}

Result<OnFailure> parse_on_failure(std::string_view text) {
  if (text == "continue") return OnFailure::kContinue;
  if (text == "stop") return OnFailure::kStop;
  return refuse(text, "it has to be continue or stop");
}

Result<std::string> parse_store_path(std::string_view text) {
  constexpr const char* kAllowed =
      "the store is a path below the volume's mount point, such as .bootguard/store: relative, without . or .. or an "
      "empty part";
  if (text.size() > kMaxPathBytes || has_control_character(text)) return refuse(text, kAllowed);
  std::string_view rest = text;
  for (bool more = true; more;) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > kMaxPathPartBytes) return refuse(text, kAllowed);
    more = slash < rest.size();
    if (more) rest.remove_prefix(slash + 1);
  }
  return std::string(text);
}

Result<std::string> parse_key_path(std::string_view text) {
  if (is_valid(DeviceName::Kind::kPath, text)) return std::string(text);
  return refuse(text, "the key is a file's absolute path, such as /etc/bootguard/metadata.key");
}

Result<StoreSize> parse_store_size(std::string_view text) {
  constexpr const char* kAllowed = "it has to be 1% to 90% of the filesystem, or a size such as 512M";
  constexpr std::uint64_t kMaxPercent = 90;
  if (text.ends_with('%')) {
    const auto percent = parse_number(text.substr(0, text.size() - 1));
    if (!percent || *percent < 1 || *percent > kMaxPercent) return refuse(text, kAllowed);
    return StoreSize{Bytes(0), static_cast<std::uint32_t>(*percent)};
  }
  const auto size = parse_size(text);
  if (!size || size.value().n == 0) return refuse(text, kAllowed);
  return StoreSize{size.value(), 0};
}

Result<Bytes> parse_chunk(std::string_view text) {
  const auto size = parse_size(text);
  const std::uint64_t bytes = size ? size.value().n : 0;
  const bool fits =
      bytes >= to_bytes(Sectors(layout::kMinChunkSectors)).n && bytes <= to_bytes(Sectors(layout::kMaxChunkSectors)).n;
  if (!fits || !std::has_single_bit(bytes)) return refuse(text, "a chunk has to be 4K, 8K, 16K, 32K or 64K");
  return Bytes(bytes);
}

Result<bool> parse_yes_no(std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return refuse(text, "it has to be yes or no");
}

}  // namespace config_values
}  // namespace bootguard
