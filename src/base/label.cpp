// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/label.h"

namespace bootguard {
namespace {

// Not std::isalnum: what is safe must not depend on a locale.
constexpr bool is_label_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '+' || c == '-';
}

}  // namespace

std::optional<Label> Label::parse(std::string_view text) {
  if (text.size() > kMaxLength) return std::nullopt;
  // A leading '-' would be an option to some program, a leading '.' a hidden file or "..".
  if (!text.empty() && (text.front() == '-' || text.front() == '.')) return std::nullopt;
  Label label;
  for (const char c : text) {
    if (!is_label_character(c)) return std::nullopt;
    label.text_[label.length_++] = c;
  }
  return label;
}

}  // namespace bootguard
