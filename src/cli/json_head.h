// SPDX-License-Identifier: LGPL-2.1-or-later
// How every JSON answer begins: format version, verb, exit code, error.
#pragma once

#include <optional>

#include "cli/args.h"
#include "cli/exit_code.h"
#include "cli/json_writer.h"

namespace bootguard {

// Into an object that is open. verb: nothing if the command line was refused before there was one; error null: none.
void put_json_head(JsonWriter& json, std::optional<Verb> verb, ExitCode exit, const Error* error);
// With the exit code that goes with `error`.
void put_json_head(JsonWriter& json, Verb verb, const Error* error);

}  // namespace bootguard
