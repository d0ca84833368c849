// SPDX-License-Identifier: LGPL-2.1-or-later
// From a parsed command line to the use case that answers it.
#pragma once

#include "app/context.h"
#include "cli/answer.h"
#include "cli/args.h"

namespace bootguard {

[[nodiscard]] Answer run_verb(const Args& args, const Context& context);

// The answer in the form that was asked for.
[[nodiscard]] Rendered render(const Answer& answer, OutputFormat format, bool color);

}  // namespace bootguard
