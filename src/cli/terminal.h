// SPDX-License-Identifier: LGPL-2.1-or-later
// The standard descriptors of a program: held, coloured where that helps, written to once.
#pragma once

#include <span>
#include <string>

#include "cli/answer.h"
#include "cli/args.h"

namespace bootguard {

// To be called first. A descriptor 0, 1 or 2 that the caller left closed would go to the first device that is opened,
// and a message for standard error would be written to the disk.
void hold_standard_descriptors();

// Whether standard output is a terminal that shows colour, and nobody asked for none.
[[nodiscard]] bool wants_color(bool no_color);

// One write for all of it. What the process has to exit with: an answer that did not arrive is a failure, unless there
// is a worse one to tell of.
[[nodiscard]] int print(const Rendered& rendered, ExitCode exit);
[[nodiscard]] int print_text(const std::string& text);
// A command line that parse_args() refuses, in the form that it asks for.
[[nodiscard]] int print_refusal(std::span<const char* const> arguments, Error error);
// An error before there is a use case to answer. A script still gets its lines, a person the message.
[[nodiscard]] int print_failure(const Args& args, Error error);

}  // namespace bootguard
