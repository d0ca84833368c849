// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/args.h"

#include <cstddef>
#include <iterator>
#include <string_view>

#include "cli/text.h"

namespace bootguard {
namespace {

constexpr const char* kVerbs[] = {"format",   "arm",    "disarm", "boot",  "mark-good",
                                  "mark-bad", "status", "log",    "doctor"};

constexpr std::uint32_t bit(Verb verb) { return 1U << static_cast<unsigned>(verb); }
constexpr std::uint32_t kEveryVerb = (1U << std::size(kVerbs)) - 1;

enum class Option : std::uint8_t {
  kConfig,
  kJson,
  kFormat,
  kAttempts,
  kSlot,
  kForce,
  kKmsg,
  kProgress,
  kRoot,
  kImage,
  kNoColor,
  kHelp,
  kVersion
};

struct OptionRow {
  const char* name;
  Option option;
  bool has_value;
  std::uint32_t verbs;
};
constexpr OptionRow kOptions[] = {
    {"--config", Option::kConfig, true, kEveryVerb},
    {"--json", Option::kJson, false, kEveryVerb},
    {"--format", Option::kFormat, true, bit(Verb::kBoot) | bit(Verb::kStatus)},
    {"--attempts", Option::kAttempts, true, bit(Verb::kArm)},
    {"--slot", Option::kSlot, true, bit(Verb::kArm)},
    {"--force", Option::kForce, false, bit(Verb::kFormat)},
    {"--kmsg", Option::kKmsg, false, bit(Verb::kBoot)},
    {"--progress", Option::kProgress, true, bit(Verb::kBoot)},
    {"--root", Option::kRoot, true, bit(Verb::kDoctor)},
    {"--image", Option::kImage, true, bit(Verb::kDoctor)},
    {"--no-color", Option::kNoColor, false, kEveryVerb},
    {"--help", Option::kHelp, false, kEveryVerb},
    {"--version", Option::kVersion, false, kEveryVerb},
};

// What a person typed, for a message: printable, and no longer than a line can take.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return "'" + printable(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
}

template <class Names>
const char* nearest(std::string_view text, const Names& names) {
  const char* best = "";
  std::size_t smallest = ~std::size_t{0};
  for (const char* candidate : names) {
    const std::size_t distance = edit_distance(text, candidate);
    if (distance < smallest) {
      smallest = distance;
      best = candidate;
    }
  }
  return best;
}

const char* nearest_option(std::string_view text) {
  const char* names[std::size(kOptions)];
  for (std::size_t i = 0; i < std::size(kOptions); ++i) names[i] = kOptions[i].name;
  return nearest(text, names);
}

const OptionRow* find_option(std::string_view name) {
  for (const OptionRow& row : kOptions) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

std::optional<Verb> find_verb(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kVerbs); ++i) {
    if (name == kVerbs[i]) return static_cast<Verb>(i);
  }
  return std::nullopt;
}

// 1..1000, decimal digits and nothing else.
std::optional<std::uint16_t> parse_attempts(std::string_view text) {
  constexpr std::uint32_t kMost = 1000;
  std::uint32_t value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (value < 1 || value > kMost) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

Result<void> take_format(Args& args, std::string_view text) {
  if (text != "shell")
    return make_error(Errc::kUsage, "--format: %s is not known; 'shell' is (and --json)", quoted(text).c_str());
  args.format = OutputFormat::kShell;
  return {};
}

Result<void> take_slot(Args& args, std::string_view text) {
  const std::optional<Label> label = Label::parse(text);
  if (!label || label->empty()) {
    return make_error(Errc::kUsage,
                      "--slot: %s is no slot name; up to 31 of A-Z a-z 0-9 . _ + -, not beginning with . or -",
                      quoted(text).c_str());
  }
  args.slot = *label;
  return {};
}

Result<void> take_path(std::string& path, const char* option, std::string_view text) {
  if (text.empty()) return make_error(Errc::kUsage, "%s: needs the name of a file", option);
  path = text;
  return {};
}

Result<void> take_option(Args& args, Option option, std::string_view text) {
  switch (option) {
    case Option::kConfig:
      return take_path(args.config, "--config", text);
    case Option::kRoot:
      return take_path(args.root, "--root", text);
    case Option::kImage:
      return take_path(args.image, "--image", text);
    case Option::kJson:
      args.format = OutputFormat::kJson;
      break;
    case Option::kFormat:
      return take_format(args, text);
    case Option::kAttempts:
      args.attempts = parse_attempts(text);
      if (!args.attempts)
        return make_error(Errc::kUsage, "--attempts: %s is not a number from 1 to 1000", quoted(text).c_str());
      break;
    case Option::kSlot:
      return take_slot(args, text);
    case Option::kForce:
      args.force = true;
      break;
    case Option::kKmsg:
      args.kmsg = true;
      break;
    case Option::kProgress:
      args.progress = text;
      break;
    case Option::kNoColor:
      args.no_color = true;
      break;
    case Option::kHelp:
      args.help = true;
      break;
    case Option::kVersion:
      args.version = true;
      break;
  }
  return {};
}

std::string allowed_verbs(std::uint32_t verbs) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kVerbs); ++i) {
    if ((verbs >> i & 1U) == 0) continue;
    if (!out.empty()) out += ", ";
    out += kVerbs[i];
  }
  return out;
}

// Walks the words once; options may stand before and after the verb.
class Parser {
 public:
  explicit Parser(std::span<const char* const> arguments) : arguments_(arguments) {}

  Result<Args> run() {
    while (at_ < arguments_.size()) {
      const std::string_view word = arguments_[at_++];
      if (word.size() > 1 && word.front() == '-') {
        CHECK_OK(take_option_word(word));
      } else {
        CHECK_OK(take_verb(word));
      }
    }
    if (args_.help || args_.version) return args_;
    if (!has_verb_) return make_error(Errc::kUsage, "no verb; one of %s", allowed_verbs(kEveryVerb).c_str());
    return check();
  }

 private:
  Result<void> take_verb(std::string_view word) {
    if (has_verb_)
      return make_error(Errc::kUsage, "extra argument %s; %s takes options only", quoted(word).c_str(),
                        name(args_.verb));
    const std::optional<Verb> verb = find_verb(word);
    if (!verb)
      return make_error(Errc::kUsage, "unknown verb %s; did you mean '%s'?", quoted(word).c_str(),
                        nearest(word, kVerbs));
    args_.verb = *verb;
    has_verb_ = true;
    return {};
  }

  Result<void> take_option_word(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view option = word.substr(0, equals);
    const OptionRow* row = find_option(option);
    if (row == nullptr) {
      return make_error(Errc::kUsage, "unknown option %s; did you mean '%s'?", quoted(option).c_str(),
                        nearest_option(option));
    }
    std::string_view value;
    if (row->has_value) {
      if (equals != std::string_view::npos) {
        value = word.substr(equals + 1);
      } else {
        // A forgotten value must not swallow the next option: `--config --json`.
        if (at_ == arguments_.size() || arguments_[at_][0] == '-') {
          return make_error(Errc::kUsage, "%s: needs a value", row->name);
        }
        value = arguments_[at_++];
      }
    } else if (equals != std::string_view::npos) {
      return make_error(Errc::kUsage, "%s: takes no value", row->name);
    }
    const std::uint32_t mark = 1U << static_cast<unsigned>(row->option);
    if ((given_ & mark) != 0) return make_error(Errc::kUsage, "%s: given twice", row->name);
    given_ |= mark;
    return take_option(args_, row->option, value);
  }

  bool given(Option option) const { return (given_ >> static_cast<unsigned>(option) & 1U) != 0; }

  Result<Args> check() {
    for (const OptionRow& row : kOptions) {
      if (given(row.option) && (row.verbs & bit(args_.verb)) == 0) {
        return make_error(Errc::kUsage, "%s: not an option of %s; it goes with %s", row.name, name(args_.verb),
                          allowed_verbs(row.verbs).c_str());
      }
    }
    if (given(Option::kJson) && given(Option::kFormat))
      return make_error(Errc::kUsage, "--json and --format: only one of them");
    return args_;
  }

  std::span<const char* const> arguments_;
  std::size_t at_ = 0;
  Args args_;
  bool has_verb_ = false;
  std::uint32_t given_ = 0;
};

}  // namespace

const char* name(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)]; }

Result<Args> parse_args(std::span<const char* const> arguments) { return Parser(arguments).run(); }

RoughArgs scan_args(std::span<const char* const> arguments) {
  RoughArgs rough;
  for (const char* const word : arguments) {
    if (!rough.verb) rough.verb = find_verb(word);
    if (std::string_view(word) == "--json") rough.json = true;
  }
  return rough;
}

}  // namespace bootguard
