// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/excerpt.h"

namespace bootguard {

std::string excerpt(std::string_view text) {
  std::string shown = "'";
  for (const char c : text.substr(0, kExcerptLength)) shown += c >= ' ' && c <= '~' ? c : '?';
  shown += text.size() > kExcerptLength ? "...'" : "'";
  return shown;
}

}  // namespace bootguard
