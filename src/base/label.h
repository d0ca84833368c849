// SPDX-License-Identifier: LGPL-2.1-or-later
// Label: a short name of a volume or slot. Fixed size on disk, and safe by construction: only [A-Za-z0-9._+-], never
// starting with '.' or '-', so it can stand in a dm name, a file name or shell output without quoting.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bootguard {

class Label {
 public:
  static constexpr std::size_t kMaxLength = 31;  // and a NUL: 32 bytes on disk

  constexpr Label() = default;  // empty: "unknown" or "none"
  // nothing if text is too long or has a character outside the set; an empty text gives the empty label
  static std::optional<Label> parse(std::string_view text);

  [[nodiscard]] constexpr std::string_view view() const { return {text_.data(), length_}; }
  [[nodiscard]] constexpr const char* c_str() const { return text_.data(); }
  [[nodiscard]] constexpr bool empty() const { return length_ == 0; }
  constexpr bool operator==(const Label& other) const { return view() == other.view(); }

 private:
  std::array<char, kMaxLength + 1> text_{};
  std::size_t length_ = 0;
};

}  // namespace bootguard
