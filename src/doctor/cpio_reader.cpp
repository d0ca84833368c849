// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/cpio_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bootguard {
namespace {

// Fields of eight hexadecimal digits behind the magic, in this order.
enum Field : std::size_t {
  kInode,
  kMode,
  kUid,
  kGid,
  kLinks,
  kTime,
  kFileSize,
  kMajor,
  kMinor,
  kRdevMajor,
  kRdevMinor,
  kNameSize,
  kCheck,
  kFields
};
constexpr std::size_t kMagicBytes = 6;
constexpr std::size_t kFieldBytes = 8;

std::optional<std::uint32_t> parse_hex(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const bool is_digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit && (lower < 'a' || lower > 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

constexpr std::uint64_t padding_of(std::uint64_t bytes) { return (4 - bytes % 4) % 4; }

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Error CpioReader::broken(const char* what) const {
  return make_error(Errc::kIo, "broken cpio archive, near byte %llu: %s", static_cast<unsigned long long>(position_),
                    what);
}

void CpioReader::begin(Part part, std::uint64_t bytes) {
  part_ = part;
  left_ = bytes;
}

Result<void> CpioReader::end_header() {
  const std::string_view header = gathered_;
  const std::string_view magic = header.substr(0, kMagicBytes);
  if (magic != "070701" && magic != "070702") return broken("no newc header where one has to be");
  std::array<std::uint32_t, kFields> fields{};
  for (std::size_t i = 0; i < kFields; ++i) {
    const auto value = parse_hex(header.substr(kMagicBytes + i * kFieldBytes, kFieldBytes));
    if (!value) return broken("a field of a header is no number");
    fields[i] = *value;
  }
  name_bytes_ = fields[kNameSize];
  if (name_bytes_ == 0 || name_bytes_ > kMaxName) return broken("a name that is empty or too long");
  if (++entries_ > kMaxEntries) return broken("more entries than any image has");
  entry_ = CpioEntry{};
  entry_.mode = fields[kMode];
  entry_.links = fields[kLinks];
  entry_.file_number = std::uint64_t{fields[kMajor]} << 52 ^ std::uint64_t{fields[kMinor]} << 32 ^ fields[kInode];
  entry_.size = fields[kFileSize];
  gathered_.clear();
  begin(Part::kName, name_bytes_);
  return {};
}

Result<void> CpioReader::end_name() {
  if (gathered_.back() != '\0') return broken("a name without an end");
  entry_.name = gathered_.substr(0, gathered_.find('\0'));
  gathered_.clear();
  keep_ = entry_.size <= kMaxContent && sink_.wants(entry_);
  after_padding_ = Part::kContent;
  begin(Part::kPadding, padding_of(kHeaderBytes + name_bytes_));
  return {};
}

Result<void> CpioReader::end_entry() {
  const std::uint64_t padding = padding_of(entry_.size);
  if (entry_.name == "TRAILER!!!") {
    ++archives_;
    after_padding_ = Part::kBetween;
  } else {
    after_padding_ = Part::kHeader;
    entry_.has_content = keep_;
    CHECK_OK(sink_.take(std::exchange(entry_, CpioEntry{})));
  }
  begin(Part::kPadding, padding);
  return {};
}

Result<void> CpioReader::end_part() {
  switch (part_) {
    case Part::kBetween:
      return {};
    case Part::kHeader:
      return end_header();
    case Part::kName:
      return end_name();
    case Part::kPadding:
      begin(after_padding_, after_padding_ == Part::kHeader    ? kHeaderBytes
                            : after_padding_ == Part::kContent ? entry_.size
                                                               : 0);
      return {};
    case Part::kContent:
      return end_entry();
  }
  return {};
}

Result<std::size_t> CpioReader::feed(std::span<const std::byte> bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (part_ == Part::kBetween) {
      if (bytes[at] == std::byte{0}) {
        ++at;
        ++position_;
        continue;
      }
      if (bytes[at] != std::byte{'0'}) return at;
      begin(Part::kHeader, kHeaderBytes);
    }
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
    const auto piece = as_text(bytes.subspan(at, length));
    if (part_ == Part::kHeader || part_ == Part::kName) gathered_ += piece;
    if (part_ == Part::kContent && keep_) entry_.content += piece;
    at += length;
    position_ += length;
    left_ -= length;
    // Parts without bytes end at once, also where the bytes end.
    while (left_ == 0 && part_ != Part::kBetween) CHECK_OK(end_part());
  }
  return at;
}

Result<void> CpioReader::finish() const {
  if (part_ != Part::kBetween) return broken("it ends too early");
  return {};
}

}  // namespace bootguard
