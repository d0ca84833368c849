// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/json_head.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kJsonVersion = 1;

void put_error(JsonWriter& json, const char* key, const Error* error) {
  if (error == nullptr) return json.null(key);
  const ErrorText& text = describe(error->code);
  json.begin_object(key);
  json.text("code", text.name);
  json.number("exit", static_cast<std::uint64_t>(text.exit));
  json.number("errno", error->os_error < 0 ? 0 : static_cast<std::uint64_t>(error->os_error));
  json.text("message", error->text);
  json.text("advice", text.advice);
  json.end_object();
}

}  // namespace

void put_json_head(JsonWriter& json, std::optional<Verb> verb, ExitCode exit, const Error* error) {
  json.number("version", kJsonVersion);
  if (verb) {
    json.text("verb", name(*verb));
  } else {
    json.null("verb");
  }
  json.boolean("ok", exit == ExitCode::kDone);
  json.number("exit", static_cast<std::uint64_t>(exit));
  put_error(json, "error", error);
}

void put_json_head(JsonWriter& json, Verb verb, const Error* error) {
  put_json_head(json, verb, error == nullptr ? ExitCode::kDone : describe(error->code).exit, error);
}

}  // namespace bootguard
