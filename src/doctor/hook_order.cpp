// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/hook_order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format_text.h"

namespace bootguard {
namespace {

constexpr const char* kCheck = "hook-order";
constexpr std::size_t kMaxHooks = 200;
// What makes the volume's device appear, or must see it untouched.
constexpr std::array<std::string_view, 7> kBefore{"udev",       "block", "encrypt", "sd-encrypt",
                                                  "mdadm_udev", "lvm2",  "resume"};

bool is_before(const std::string& hook) { return std::find(kBefore.begin(), kBefore.end(), hook) != kBefore.end(); }

std::string_view without_comment(std::string_view line) {
  const std::size_t mark = line.find('#');
  // In bash a '#' begins a comment only at the start of a word.
  if (mark == std::string_view::npos || (mark > 0 && line[mark - 1] != ' ' && line[mark - 1] != '\t')) return line;
  return line.substr(0, mark);
}

void add_words(std::string_view text, std::vector<std::string>& words) {
  while (words.size() < kMaxHooks) {
    const std::size_t begin = text.find_first_not_of(" \t\r'\"");
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t\r'\""), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string corrected(std::vector<std::string> hooks) {
  std::erase(hooks, "bootguard");
  std::size_t at = 0;
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    if (is_before(hooks[i]) || hooks[i] == "systemd") at = i + 1;
  }
  hooks.insert(hooks.begin() + static_cast<std::ptrdiff_t>(at), "bootguard");
  std::string out = "HOOKS=(";
  for (const std::string& hook : hooks) {
    if (out.back() != '(') out += ' ';
    out += hook;
  }
  return out + ')';
}

}  // namespace

std::optional<HooksLine> parse_hooks(std::string_view text) {
  std::optional<HooksLine> last;
  bool inside = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view rest = without_comment(line);
    if (!inside) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
      if (!rest.starts_with("HOOKS=(")) continue;
      rest.remove_prefix(7);
      last = HooksLine{number, std::string(line), {}};
      inside = true;
    } else if (last) {
      last->text.clear();
    }
    const std::size_t close = rest.find(')');
    add_words(rest.substr(0, close), last->hooks);
    inside = close == std::string_view::npos;
  }
  return last;
}

Finding check_hook_order(const HooksLine& line, const std::string& file) {
  const std::string where = format_text("%s:%zu", file.c_str(), line.number);
  const auto& hooks = line.hooks;
  const auto own = std::find(hooks.begin(), hooks.end(), "bootguard");
  const bool by_systemd = std::find(hooks.begin(), hooks.end(), "systemd") != hooks.end();
  Finding finding;
  if (own == hooks.end()) {
    finding = found(CheckState::kFail, kCheck, where, "HOOKS does not have bootguard");
  } else if (by_systemd) {
    return found(CheckState::kOk, kCheck, where, "with systemd the units order themselves");
  } else {
    const auto later = std::find_if(own, hooks.end(), is_before);
    if (later == hooks.end())
      return found(CheckState::kOk, kCheck, where, "bootguard runs after what makes its device");
    finding =
        found(CheckState::kFail, kCheck, where, "bootguard runs before %s, and has to run after it", later->c_str());
  }
  finding.line = line.text;
  finding.replacement = corrected(hooks);
  finding.advice = "then: mkinitcpio -P";
  return finding;
}

}  // namespace bootguard
