// SPDX-License-Identifier: LGPL-2.1-or-later
// The values of the configuration, one function a kind. An error says what is wrong and what is allowed;
// core/config.cpp puts file, line and key in front.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "core/config.h"

namespace bootguard::config_values {

[[nodiscard]] Result<Bytes> parse_metadata_offset(std::string_view text);
[[nodiscard]] Result<Bytes> parse_metadata_size(std::string_view text);
[[nodiscard]] Result<std::uint16_t> parse_attempts(std::string_view text);
[[nodiscard]] Result<OnFailure> parse_on_failure(std::string_view text);
[[nodiscard]] Result<std::string> parse_store_path(std::string_view text);
[[nodiscard]] Result<std::string> parse_key_path(std::string_view text);
[[nodiscard]] Result<StoreSize> parse_store_size(std::string_view text);
[[nodiscard]] Result<Bytes> parse_chunk(std::string_view text);
[[nodiscard]] Result<bool> parse_yes_no(std::string_view text);

}  // namespace bootguard::config_values
