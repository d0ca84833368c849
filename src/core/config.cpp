// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/config.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdarg>
#include <limits>
#include <span>

#include "base/format_text.h"
#include "base/uuid.h"
#include "core/config_values.h"
#include "core/excerpt.h"

namespace bootguard {
namespace {

constexpr std::size_t kMaxLineBytes = 1024;

// Messages of the values say what is wrong and what is allowed; where is added by the caller.
struct Target {
  Config& config;
  VolumeConfig* volume;  // in a volume section
};

struct Key {
  std::string_view name;
  Result<void> (*set)(Target& target, std::string_view value);
};

constexpr std::array kMainKeys = {
    Key{"metadata",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.metadata, parse_device_name(v));
          return {};
        }},
    Key{"metadata-offset",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.metadata_offset, config_values::parse_metadata_offset(v));
          return {};
        }},
    Key{"metadata-size",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.metadata_size, config_values::parse_metadata_size(v));
          return {};
        }},
    Key{"attempts",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.attempts, config_values::parse_attempts(v));
          return {};
        }},
    Key{"on-failure",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.on_failure, config_values::parse_on_failure(v));
          return {};
        }},
    Key{"key",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.config.key, config_values::parse_key_path(v));
          return {};
        }},
};

constexpr std::array kVolumeKeys = {
    Key{"device",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.volume->device, parse_device_name(v));
          return {};
        }},
    Key{"store",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.volume->store, config_values::parse_store_path(v));
          return {};
        }},
    Key{"store-size",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.volume->store_size, config_values::parse_store_size(v));
          return {};
        }},
    Key{"chunk-size",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.volume->chunk, config_values::parse_chunk(v));
          return {};
        }},
    Key{"pass-through",
        [](Target& t, std::string_view v) -> Result<void> {
          ASSIGN_OR_RETURN(t.volume->pass_through, config_values::parse_yes_no(v));
          return {};
        }},
};

std::string list_keys(std::span<const Key> keys) {
  std::string list;
  for (const Key& key : keys) {
    if (!list.empty()) list += ", ";
    list += key.name;
  }
  return list;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

class Parser {
 public:
  explicit Parser(std::string_view file) : file_(file) {}
  Result<Config> parse(std::string_view text);

 private:
  Result<void> take_line(std::string_view line);
  Result<void> take_section(std::string_view line);
  Result<void> take_key(std::string_view name, std::string_view value);
  Result<void> check_complete();
  // "FILE:LINE: text"; line 0: of the file as a whole.
  [[nodiscard, gnu::format(printf, 3, 4)]] Error fail_at(std::size_t line, const char* format, ...) const;

  std::string_view file_;
  std::size_t line_ = 0;
  Config config_;
  std::span<const Key> keys_;  // of the section we are in; empty: in none
  std::string section_;        // for messages, without the file's own blanks: "[volume userdata]"
  std::uint32_t seen_ = 0;     // keys of this section, by index
  std::size_t main_line_ = 0;  // where [bootguard] begins, 0: not there
  std::size_t volume_line_ = 0;
};

Error Parser::fail_at(std::size_t line, const char* format, ...) const {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string text = format_text_v(format, arguments);
  va_end(arguments);
  std::string where(file_);
  if (line != 0) where += format_text(":%zu", line);
  return with_context(make_error(Errc::kConfig, text), where);
}

Result<void> Parser::take_section(std::string_view line) {
  if (line.back() != ']') return fail_at(line_, "the section %s does not end in ]", excerpt(line).c_str());
  const std::string_view name = trim(line.substr(1, line.size() - 2));
  constexpr std::string_view kVolume = "volume";
  if (name == "bootguard") {
    if (main_line_ != 0) {
      return fail_at(line_, "a second section [bootguard]; the first is in line %zu", main_line_);
    }
    main_line_ = line_;
    keys_ = kMainKeys;
    section_ = "[bootguard]";
  } else if (name.starts_with(kVolume) && name.size() > kVolume.size() &&
             trim(name.substr(kVolume.size(), 1)).empty()) {
    const std::string_view label_text = trim(name.substr(kVolume.size()));
    const auto label = Label::parse(label_text);
    if (!label) {
      return fail_at(line_,
                     "the volume name %s is not valid; a name is 1 to %zu letters, digits and . _ + -, with a "
                     "letter, digit, _ or + in front",
                     excerpt(label_text).c_str(), Label::kMaxLength);
    }
    if (volume_line_ != 0) {
      return fail_at(line_,
                     "a second volume section; this version protects exactly one volume, and the first is in line %zu",
                     volume_line_);
    }
    volume_line_ = line_;
    keys_ = kVolumeKeys;
    config_.volumes.emplace_back().name = *label;
    section_ = format_text("[volume %s]", label->c_str());
  } else {
    return fail_at(line_, "unknown section %s; allowed are [bootguard] and [volume NAME]", excerpt(line).c_str());
  }
  seen_ = 0;
  return {};
}

Result<void> Parser::take_key(std::string_view name, std::string_view value) {
  if (keys_.empty()) {
    return fail_at(line_, "the key %s stands before any section; begin with [bootguard] or [volume NAME]",
                   excerpt(name).c_str());
  }
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& k) { return k.name == name; });
  if (key == keys_.end()) {
    return fail_at(line_, "unknown key %s in %s; allowed are %s", excerpt(name).c_str(), section_.c_str(),
                   list_keys(keys_).c_str());
  }
  const std::uint32_t bit = 1U << (key - keys_.begin());
  const std::string known(name);
  if ((seen_ & bit) != 0) return fail_at(line_, "a second %s in %s; give it once", known.c_str(), section_.c_str());
  seen_ |= bit;
  Target target{config_, config_.volumes.empty() ? nullptr : &config_.volumes.back()};
  if (auto set = key->set(target, value); !set) {
    return fail_at(line_, "%s: %s", known.c_str(), set.error().text.c_str());
  }
  return {};
}

Result<void> Parser::take_line(std::string_view line) {
  if (line.size() > kMaxLineBytes) return fail_at(line_, "the line is longer than %zu bytes", kMaxLineBytes);
  if (line.find('\0') != std::string_view::npos)
    return fail_at(line_, "the line has a NUL byte; a text file is wanted");
  line = trim(line);
  if (line.empty() || line.front() == '#' || line.front() == ';') return {};
  if (line.front() == '[') return take_section(line);
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return fail_at(line_, "%s is neither a section, a comment nor KEY = VALUE", excerpt(line).c_str());
  }
  return take_key(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
}

// What has no default.
Result<void> Parser::check_complete() {
  if (main_line_ == 0) {
    return fail_at(0, "there is no section [bootguard]; add it, with a line such as metadata = PARTLABEL=bootguard");
  }
  if (config_.metadata.value.empty()) {
    return fail_at(main_line_,
                   "[bootguard] does not say where the metadata block is; add a line such as metadata = "
                   "PARTLABEL=bootguard");
  }
  if (volume_line_ == 0) {
    return fail_at(0, "no volume is named; add a section such as [volume userdata] with a line device = UUID=...");
  }
  if (config_.volumes.back().device.value.empty()) {
    return fail_at(volume_line_,
                   "the volume %s has no device; add a line such as device = UUID=... or device = /dev/sda3",
                   config_.volumes.back().name.c_str());
  }
  return {};
}

Result<Config> Parser::parse(std::string_view text) {
  if (text.size() > kMaxConfigBytes) {
    return fail_at(0, "the file is longer than %zu bytes; that is no configuration", kMaxConfigBytes);
  }
  while (!text.empty()) {
    ++line_;
    const std::size_t end = std::min(text.find('\n'), text.size());
    CHECK_OK(take_line(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  CHECK_OK(check_complete());
  return std::move(config_);
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view file) { return Parser(file).parse(text); }

}  // namespace bootguard
