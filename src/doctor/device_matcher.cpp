// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/device_matcher.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/config.h"
#include "linux/device_node.h"

namespace bootguard {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// UUIDs are the same in either case, labels are not.
bool same_value(const DeviceName& a, const DeviceName& b) {
  const bool is_uuid = a.kind == DeviceName::Kind::kUuid || a.kind == DeviceName::Kind::kPartUuid;
  return is_uuid ? lower_case(a.value) == lower_case(b.value) : a.value == b.value;
}

// udev writes what may not stand in a file name as "\x20".
std::string without_udev_escapes(std::string_view text) {
  const auto digit = [](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 3 < text.size() && text[i] == '\\' && text[i + 1] == 'x' && digit(text[i + 2]) >= 0 &&
        digit(text[i + 3]) >= 0) {
      out += static_cast<char>(digit(text[i + 2]) * 16 + digit(text[i + 3]));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<DeviceName> device_name_of(const std::string& spec) {
  struct Link {
    std::string_view folder;
    DeviceName::Kind kind;
  };
  static constexpr std::array kLinks{Link{"/dev/disk/by-uuid/", DeviceName::Kind::kUuid},
                                     Link{"/dev/disk/by-label/", DeviceName::Kind::kLabel},
                                     Link{"/dev/disk/by-partuuid/", DeviceName::Kind::kPartUuid},
                                     Link{"/dev/disk/by-partlabel/", DeviceName::Kind::kPartLabel}};
  for (const Link& link : kLinks) {
    if (spec.starts_with(link.folder))
      return DeviceName{link.kind, without_udev_escapes(std::string_view(spec).substr(link.folder.size()))};
  }
  if (spec.starts_with("/dev/disk/")) return std::nullopt;
  const auto name = parse_device_name(spec);
  if (!name) return std::nullopt;
  return name.value();
}

Match NameMatcher::leads_to_volume(const std::string& spec) {
  const auto name = device_name_of(spec);
  if (!name || name->kind != configured_.kind) return Match::kUnknown;
  return same_value(*name, configured_) ? Match::kYes
         // Two paths may lead to one device.
         : name->kind == DeviceName::Kind::kPath ? Match::kUnknown
                                                 : Match::kNo;
}

Match DeviceMatcher::leads_to_volume(const std::string& spec) {
  if (by_name_.leads_to_volume(spec) == Match::kYes) return Match::kYes;
  const auto is_ours = [this](DeviceNumber number) {
    return std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end() ? Match::kYes : Match::kNo;
  };
  // A link is followed as it stands: it may lead to the mapping.
  if (const auto number = block_device_at(spec)) return is_ours(*number);
  const auto name = device_name_of(spec);
  if (!name || name->kind == DeviceName::Kind::kPath) return Match::kNo;
  const auto device = devices_.find(*name);
  return device ? is_ours(device.value().number) : Match::kNo;
}

}  // namespace bootguard
