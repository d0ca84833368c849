// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line to a value. Pure and strict: what is not understood is refused with the nearest thing that is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/label.h"
#include "base/result.h"

namespace bootguard {

enum class Verb : std::uint8_t { kFormat, kArm, kDisarm, kBoot, kMarkGood, kMarkBad, kStatus, kLog, kDoctor };
[[nodiscard]] const char* name(Verb verb);

enum class OutputFormat : std::uint8_t { kHuman, kJson, kShell };

struct Args {
  bool help = false;     // then nothing else counts, and there may be no verb
  bool version = false;  // the same
  Verb verb = Verb::kStatus;
  OutputFormat format = OutputFormat::kHuman;
  std::string config;  // empty: the usual places
  std::string root;    // doctor: where the files of the machine are; empty: this machine
  std::string image;   // doctor: the initramfs image; empty: the usual places
  std::optional<std::uint16_t> attempts;
  Label slot;
  bool force = false;
  bool kmsg = false;
  std::string progress;  // the file for it; empty: none
  bool no_color = false;
};

// `arguments` without the program's name. Error: kUsage.
[[nodiscard]] Result<Args> parse_args(std::span<const char* const> arguments);

// What can be told from a command line that parse_args() refuses, so that the refusal has the form the caller reads.
struct RoughArgs {
  bool json = false;
  std::optional<Verb> verb;
};
[[nodiscard]] RoughArgs scan_args(std::span<const char* const> arguments);

[[nodiscard]] std::string help_text();

}  // namespace bootguard
