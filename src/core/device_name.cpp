// SPDX-License-Identifier: LGPL-2.1-or-later
// Names and numbers of devices as text: the ports declare them as values, and core is the lowest layer that writes
// text.
#include <cinttypes>

#include "base/format_text.h"
#include "ports/block_device.h"

namespace bootguard {

std::string DeviceName::to_string() const {
  static constexpr const char* kPrefixes[] = {"",
                                              "PARTLABEL=", "PARTUUID=", "LABEL=", "UUID="};  // in the order of Kind
  return kPrefixes[static_cast<std::size_t>(kind)] + value;
}

std::string DeviceNumber::to_string() const { return format_text("%" PRIu32 ":%" PRIu32, major, minor); }

}  // namespace bootguard
