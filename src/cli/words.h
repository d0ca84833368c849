// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of the glossary for every enumerator: `name` is for machines (lower case, hyphens; never changes), `phrase`
// for people.
#pragma once

#include "core/decision.h"
#include "format/metadata.h"

namespace bootguard {

[[nodiscard]] const char* name(Phase phase);
[[nodiscard]] const char* name(Request request);
[[nodiscard]] const char* name(LastResult result);
[[nodiscard]] const char* name(Reason reason);
[[nodiscard]] const char* name(EventKind kind);
[[nodiscard]] const char* name(Mode mode);
[[nodiscard]] const char* name(FilesystemType type);
[[nodiscard]] const char* name(Decision decision);

// A clause: "the attempts were used up"; empty for kNone.
[[nodiscard]] const char* phrase(Reason reason);
// "rolled back"; "none so far" for kNone.
[[nodiscard]] const char* phrase(LastResult result);
// What happened: "boot counted".
[[nodiscard]] const char* phrase(EventKind kind);

// For printf: a label keeps a NUL behind its text.
[[nodiscard]] inline const char* c_str(const Label& label) { return label.view().data(); }

}  // namespace bootguard
