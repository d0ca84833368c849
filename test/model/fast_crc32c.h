// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bootguard {

// What crc32c() of this program is on a processor without an instruction for it. Arguments as there.
[[nodiscard]] std::uint32_t crc32c_by_tables(std::span<const std::byte> bytes, std::uint32_t previous);

}  // namespace bootguard
