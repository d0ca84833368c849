// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the kernel command line. Input: its text.
#include "core/kernel_command_line.h"

#include <algorithm>
#include <optional>
#include <string>

#include "fuzz/fuzz.h"

namespace bootguard::fuzz {
namespace {

constexpr std::size_t kMaxBytes = 65536;

bool same(const KernelParameters& a, const KernelParameters& b) {
  return a.disabled == b.disabled && a.action == b.action && a.debug == b.debug && a.slot == b.slot &&
         a.warnings == b.warnings;
}

void check_warnings(const KernelParameters& found) {
  must(found.warnings.size() <= 8, "there are at most 8 warnings");
  for (const std::string& line : found.warnings) {
    must(line.size() < 512 && std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }),
         "a warning is one short line that steers no terminal");
  }
}

// The same question asked through the other function there is for it.
void check_against_values(std::string_view text, const KernelParameters& found) {
  const auto slots = kernel_parameter_values(text, "bootguard.slot");
  const auto rauc = kernel_parameter_values(text, "rauc.slot");
  const auto& last = slots.empty() ? rauc : slots;
  const auto expected = last.empty() ? std::nullopt : Label::parse(last.back());
  must(found.slot == expected.value_or(Label{}), "the last bootguard.slot counts, else the last rauc.slot");
  std::string action = "auto";
  for (const std::string& value : kernel_parameter_values(text, "rd.bootguard.action")) {
    if (value == "auto" || value == "rollback" || value == "commit" || value == "skip") action = value;
  }
  constexpr const char* kNames[] = {"auto", "rollback", "commit", "skip"};
  must(action == kNames[static_cast<std::size_t>(found.action)], "the last action that is one counts");
  if (kernel_parameter_values(text, "rd.bootguard").empty() && kernel_parameter_values(text, "bootguard").empty()) {
    must(!found.disabled, "nothing but its own parameter switches bootguard off");
  }
}

// What init is told is none of our business.
void check_ends_at_dashes(std::string_view text, const KernelParameters& found) {
  if (std::count(text.begin(), text.end(), '"') % 2 != 0) return;  // inside quotes nothing ends
  std::string longer(text);
  longer += " -- rd.bootguard=0 rd.bootguard.action=rollback bootguard.slot=init bootguard.unknown";
  if (longer.size() > kMaxBytes) return;
  must(same(parse_kernel_command_line(longer), found), "what follows -- changes nothing");
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  const fuzz::ForgetErrors forget;
  const std::string_view text = fuzz::Input(data, size).text();
  const KernelParameters found = parse_kernel_command_line(text);
  fuzz::check_warnings(found);
  if (text.size() > fuzz::kMaxBytes) return 0;
  fuzz::check_against_values(text, found);
  fuzz::check_ends_at_dashes(text, found);
  return 0;
}
