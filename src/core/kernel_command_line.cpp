// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/kernel_command_line.h"

#include <optional>

#include "core/excerpt.h"

namespace bootguard {
namespace {

constexpr std::size_t kMaxBytes = 65536;
constexpr std::size_t kMaxWarnings = 8;

// As the kernel's isspace(), in the C locale.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct Parameter {
  std::string_view name;
  std::optional<std::string_view> value;  // nothing: no '=' at all
};

// Takes the next parameter from the front. Quotes as in the kernel's next_arg(): a '"' anywhere keeps spaces together
// up to the next; they are removed around the whole parameter or around the whole value, and stay anywhere else.
std::optional<Parameter> next_parameter(std::string_view& rest) {
  while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
  if (rest.empty()) return std::nullopt;

  bool in_quote = false;
  std::size_t length = 0;
  for (; length < rest.size() && (in_quote || !is_space(rest[length])); ++length) {
    if (rest[length] == '"') in_quote = !in_quote;
  }
  std::string_view text = rest.substr(0, length);
  rest.remove_prefix(length);

  if (text.front() == '"') {
    text.remove_prefix(1);
    if (!text.empty() && text.back() == '"') text.remove_suffix(1);
  }
  const std::size_t equals = text.find('=');
  // As in the kernel, a '=' in front begins no value.
  if (equals == std::string_view::npos || equals == 0) return Parameter{text, std::nullopt};
  std::string_view value = text.substr(equals + 1);
  if (!value.empty() && value.front() == '"') {
    value.remove_prefix(1);
    if (!value.empty() && value.back() == '"') value.remove_suffix(1);
  }
  return Parameter{text.substr(0, equals), value};
}

std::optional<bool> parse_switch(std::string_view value) {
  if (value == "0" || value == "no" || value == "off") return false;
  if (value == "1" || value == "yes" || value == "on") return true;
  return std::nullopt;
}

std::optional<BootAction> parse_action(std::string_view value) {
  if (value == "auto") return BootAction::kAuto;
  if (value == "rollback") return BootAction::kRollback;
  if (value == "commit") return BootAction::kCommit;
  if (value == "skip") return BootAction::kSkip;
  return std::nullopt;
}

class Reader {
 public:
  KernelParameters finish();
  void warn(std::string text) {
    if (out_.warnings.size() < kMaxWarnings) out_.warnings.push_back(std::move(text));
  }
  void take(const Parameter& parameter);

 private:
  void warn_of(std::string_view name, std::string_view value, const char* allowed);
  void take_switch(const Parameter& parameter, bool on_means, bool& target);
  void take_action(const Parameter& parameter);

  KernelParameters out_;
  // The last of each counts, also if it is malformed: an earlier one would be a guess.
  std::optional<std::string_view> slot_;
  std::optional<std::string_view> rauc_slot_;
};

// REQUIRES: name is one of ours, so it needs no cleaning.
void Reader::warn_of(std::string_view name, std::string_view value, const char* allowed) {
  warn(format_text("kernel parameter %.*s=%s is ignored: %s", static_cast<int>(name.size()), name.data(),
                   excerpt(value).c_str(), allowed));
}

// A parameter without a value is a switch turned on. One with rubbish changes nothing.
void Reader::take_switch(const Parameter& parameter, bool on_means, bool& target) {
  const std::optional<bool> on = parameter.value ? parse_switch(*parameter.value) : true;
  if (on) {
    target = *on == on_means;
  } else {
    warn_of(parameter.name, *parameter.value, "the value has to be 1, yes, on, 0, no or off");
  }
}

void Reader::take_action(const Parameter& parameter) {
  const std::string_view value = parameter.value.value_or("");
  if (const auto action = parse_action(value)) {
    out_.action = *action;
  } else {
    warn_of(parameter.name, value, "the action has to be auto, rollback, commit or skip");
  }
}

void Reader::take(const Parameter& parameter) {
  const std::string_view name = parameter.name;
  if (name == "rd.bootguard" || name == "bootguard") {
    take_switch(parameter, false, out_.disabled);
  } else if (name == "rd.bootguard.debug") {
    take_switch(parameter, true, out_.debug);
  } else if (name == "rd.bootguard.action") {
    take_action(parameter);
  } else if (name == "bootguard.slot") {
    slot_ = parameter.value.value_or("");
  } else if (name == "rauc.slot") {
    rauc_slot_ = parameter.value.value_or("");
  } else if (name == "rd.bootguard.wait" || name == "rd.bootguard.timeout") {
    // For the hook, which has to bound a binary that answers no more.
  } else if (name.starts_with("rd.bootguard.") || name.starts_with("bootguard.")) {
    warn(format_text(
        "kernel parameter %s is ignored: known are rd.bootguard, rd.bootguard.action, rd.bootguard.debug and "
        "bootguard.slot",
        excerpt(name).c_str()));
  }
}

KernelParameters Reader::finish() {
  const std::optional<std::string_view> text = slot_ ? slot_ : rauc_slot_;
  if (!text) return std::move(out_);
  if (const auto slot = Label::parse(*text)) {
    out_.slot = *slot;
  } else {
    warn_of(
        slot_ ? "bootguard.slot" : "rauc.slot", *text,
        "the slot is unknown; a slot is up to 31 letters, digits and . _ + -, with a letter, digit, _ or + in front");
  }
  return std::move(out_);
}

}  // namespace

KernelParameters parse_kernel_command_line(std::string_view text) {
  Reader reader;
  const bool too_long = text.size() > kMaxBytes;
  if (too_long) {
    text = text.substr(0, kMaxBytes);
    reader.warn("the kernel command line is longer than 64 KiB: the rest of it is ignored");
  }
  while (const auto parameter = next_parameter(text)) {
    // What follows is init's.
    if (parameter->name == "--" && !parameter->value) break;
    // The one that the limit cut may have meant something else.
    if (too_long && text.empty()) break;
    reader.take(*parameter);
  }
  return reader.finish();
}

std::vector<std::string> kernel_parameter_values(std::string_view text, std::string_view name) {
  std::vector<std::string> values;
  text = text.substr(0, kMaxBytes);
  while (const auto parameter = next_parameter(text)) {
    if (parameter->name == "--" && !parameter->value) break;
    if (parameter->name == name) values.emplace_back(parameter->value.value_or(""));
  }
  return values;
}

}  // namespace bootguard
