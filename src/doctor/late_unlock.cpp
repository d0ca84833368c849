// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/late_unlock.h"

#include <algorithm>

#include "core/kernel_command_line.h"
#include "doctor/check_image.h"

namespace bootguard {
namespace {

constexpr const char* kCheck = "late";

bool any_value(const std::string& command_line, const char* parameter, auto matches) {
  const std::vector<std::string> values = kernel_parameter_values(command_line, parameter);
  return std::any_of(values.begin(), values.end(), matches);
}

// By the parameters of dracut, systemd and mkinitcpio's encrypt.
bool command_line_opens_luks(const std::string& command_line, const std::string& dm_name) {
  const auto ends_in_name = [&dm_name](std::string_view value) {
    const std::size_t mark = value.find_last_of("=:");
    return mark != std::string_view::npos && value.substr(mark + 1) == dm_name;
  };
  const auto is_luks_uuid = [&dm_name](std::string_view value) {
    if (value.starts_with("luks-")) value.remove_prefix(5);
    return !value.empty() && dm_name.starts_with("luks-" + std::string(value));
  };
  // "cryptdevice=UUID=...:cryptroot:allow-discards"
  const auto has_name = [&](std::string_view value) {
    const std::size_t begin = value.find(':');
    if (begin == std::string_view::npos) return false;
    const std::string_view rest = value.substr(begin + 1);
    return rest.substr(0, rest.find(':')) == dm_name;
  };
  return any_value(command_line, "rd.luks.name", ends_in_name) || any_value(command_line, "luks.name", ends_in_name) ||
         any_value(command_line, "rd.luks.uuid", is_luks_uuid) || any_value(command_line, "luks.uuid", is_luks_uuid) ||
         any_value(command_line, "cryptdevice", has_name);
}

// "vg/lv" as device-mapper names it: a hyphen within a name is doubled.
std::string mapper_name(std::string_view lvm_name) {
  std::string out;
  for (const char c : lvm_name) {
    if (c == '-') out += '-';
    out += c == '/' ? '-' : c;
  }
  return out;
}

// dracut opens all volumes, unless the command line names some: then only those.
bool command_line_leaves_out(const std::string& command_line, const std::string& dm_name) {
  const std::vector<std::string> volumes = kernel_parameter_values(command_line, "rd.lvm.lv");
  const std::vector<std::string> groups = kernel_parameter_values(command_line, "rd.lvm.vg");
  if (volumes.empty() && groups.empty()) return false;
  return std::none_of(volumes.begin(), volumes.end(),
                      [&dm_name](const std::string& name) { return mapper_name(name) == dm_name; }) &&
         std::none_of(groups.begin(), groups.end(),
                      [&dm_name](const std::string& name) { return dm_name.starts_with(mapper_name(name) + '-'); });
}

bool initramfs_opens(const StackLayer& layer, const ImageListing& image, const std::string& command_line) {
  if (layer.dm_uuid.starts_with("CRYPT-")) {
    for (const char* const path : {"etc/crypttab", "cryptroot/crypttab"}) {
      const auto* const entry = image.find(path);
      if (entry != nullptr && crypttab_names(entry->content, layer.dm_name)) return true;
    }
    return command_line_opens_luks(command_line, layer.dm_name);
  }
  if (layer.dm_uuid.starts_with("LVM-")) {
    const bool has_lvm = image.has("usr/sbin/lvm") || image.has("usr/bin/lvm") || image.has("sbin/lvm");
    return has_lvm &&
           (framework_of(image) != Framework::kDracut || !command_line_leaves_out(command_line, layer.dm_name));
  }
  // md and others assemble themselves, or udev does it.
  return true;
}

const char* kind_of(const StackLayer& layer) { return layer.dm_uuid.starts_with("CRYPT-") ? "LUKS" : "LVM"; }

}  // namespace

bool crypttab_names(std::string_view text, std::string_view dm_name) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    line.remove_prefix(begin);
    if (line.substr(0, line.find_first_of(" \t")) == dm_name) return true;
  }
  return false;
}

Finding check_late_unlock(const LateFacts& facts) {
  if (facts.layers.empty())
    return found(CheckState::kOk, kCheck, "", "nothing has to be opened before the volume is there");
  if (facts.image == nullptr)
    return found(CheckState::kSkip, kCheck, "", "what the initramfs opens cannot be told without its image");
  for (const StackLayer& layer : facts.layers) {
    if (initramfs_opens(layer, *facts.image, facts.command_line)) continue;
    if (facts.late_service_enabled) {
      return found(CheckState::kOk, kCheck, layer.dm_name,
                   "%s is opened after the initramfs; bootguard-late.service is enabled", kind_of(layer));
    }
    Finding finding = found(CheckState::kWarn, kCheck, layer.dm_name,
                            "%s is opened only after the initramfs, where the volume is not protected", kind_of(layer));
    finding.advice = "systemctl enable bootguard-late.service";
    return finding;
  }
  return found(CheckState::kOk, kCheck, facts.layers.front().dm_name, "opened in the initramfs");
}

}  // namespace bootguard
