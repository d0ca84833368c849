// SPDX-License-Identifier: LGPL-2.1-or-later
// Uuid: 16 bytes in the order in which they are printed (big-endian fields, RFC 9562).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bootguard {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  constexpr bool operator==(const Uuid&) const = default;
  [[nodiscard]] constexpr bool is_nil() const { return *this == Uuid{}; }
  // "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", either case; nothing otherwise
  static std::optional<Uuid> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;  // lower case
};

}  // namespace bootguard
