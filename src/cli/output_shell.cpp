// SPDX-License-Identifier: LGPL-2.1-or-later
// Lines for initramfs scripts: NAME='value', one a line, always the same names in the same order. A value has only
// whitelisted characters, so a script may cut it out between the quotes and never needs eval
// (initramfs-hooks/README.md).
#include <cstdint>
#include <string_view>

#include "cli/answer.h"
#include "cli/text.h"
#include "cli/words.h"

namespace bootguard {
namespace {

bool is_allowed(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("/._+:@,=-").find(c) != std::string_view::npos;
}

// Empty if one character is not allowed: half a device name would be the name of another device.
std::string_view safe(std::string_view value) {
  for (const char c : value) {
    if (!is_allowed(c)) return {};
  }
  return value;
}

// Mappings of ours always pass. A raw device with a strange name comes out empty: the script then mounts what it would
// have mounted without bootguard, which is that device.
std::string_view safe_device(std::string_view path) {
  const bool under_dev = path.substr(0, 5) == "/dev/" && path.find("..") == std::string_view::npos;
  return under_dev ? safe(path) : std::string_view{};
}

void put(std::string& out, const char* key, std::string_view value) {
  out += "BOOTGUARD_";
  out += key;
  out += "='";
  out += safe(value);
  out += "'\n";
}

// Without a report (no configuration, not root) nothing is known, and the machine is to stay bootable.
struct Lines {
  bool mount = true;
  std::string_view device, volume, volume_device;
  const char* decision = "unknown";
  bool is_protected = false;
  const char* reason = "none";
  const Metadata* metadata = nullptr;
};

Lines boot_lines(const BootReport& report) {
  Lines lines;
  lines.mount = report.mount;
  lines.device = report.device;
  lines.volume = report.volume.view();
  lines.volume_device = report.volume_device;
  lines.decision = decision_name(report);
  lines.is_protected = report.is_protected;
  lines.reason = name(report.reason);
  if (report.metadata) lines.metadata = &*report.metadata;
  return lines;
}

Lines status_lines(const StatusReport& report) {
  Lines lines;
  if (!report.volumes.empty()) {
    lines.device = lines.volume_device = report.volumes.front().device;
    lines.volume = report.volumes.front().record.name.view();
    lines.is_protected = report.volumes.front().mapping == "undo";
  }
  if (report.metadata) {
    lines.metadata = &*report.metadata;
    lines.mount = may_be_mounted(report.metadata->phase);
    lines.reason = name(report.metadata->last_reason);
  }
  return lines;
}

}  // namespace

Rendered render_shell(const Answer& answer) {
  Lines lines;
  if (const BootReport* report = answer.boot()) lines = boot_lines(*report);
  if (const StatusReport* report = answer.status()) lines = status_lines(*report);
  const Error* error = error_of(answer);
  if (error != nullptr && std::string_view(lines.reason) == "none") lines.reason = describe(error->code).name;
  std::string attempts;
  if (lines.metadata != nullptr) append_format(attempts, "%u", static_cast<unsigned>(lines.metadata->attempts_left));

  Rendered rendered;
  put(rendered.out, "VERSION", "1");
  put(rendered.out, "MOUNT", lines.mount ? "yes" : "no");
  put(rendered.out, "DEVICE", lines.mount ? safe_device(lines.device) : std::string_view{});
  put(rendered.out, "PHASE", lines.metadata != nullptr ? name(lines.metadata->phase) : "unknown");
  put(rendered.out, "DECISION", lines.decision);
  put(rendered.out, "PROTECTED", lines.is_protected ? "yes" : "no");
  put(rendered.out, "ATTEMPTS_LEFT", attempts);
  put(rendered.out, "REASON", lines.reason);
  put(rendered.out, "VOLUME", lines.volume);
  put(rendered.out, "VOLUME_DEVICE", safe_device(lines.volume_device));
  return rendered;
}

}  // namespace bootguard
