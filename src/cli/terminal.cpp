// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/terminal.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "cli/run_verb.h"

namespace bootguard {
namespace {

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] != '\0';
}

}  // namespace

void hold_standard_descriptors() {
  // "/" cannot be written to, should there be no /dev/null.
  for (int i = 0; i < 3; ++i) {
    std::FILE* file = std::fopen("/dev/null", "r+");
    if (file == nullptr) file = std::fopen("/", "r");
    if (file == nullptr) return;
    if (::fileno(file) > STDERR_FILENO) {
      std::fclose(file);
      return;
    }
  }
}

bool wants_color(bool no_color) {
  if (no_color || is_set("NO_COLOR") || ::isatty(STDOUT_FILENO) == 0) return false;
  const char* const terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) != "dumb";
}

int print(const Rendered& rendered, ExitCode exit) {
  const std::string& out = rendered.out;
  const bool arrived = std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0;
  std::fputs(rendered.err.c_str(), stderr);
  if (!arrived) std::fputs("bootguard: standard output could not be written\n", stderr);
  return static_cast<int>(!arrived && exit == ExitCode::kDone ? ExitCode::kFailure : exit);
}

int print_text(const std::string& text) { return print({text, ""}, ExitCode::kDone); }

int print_refusal(std::span<const char* const> arguments, Error error) {
  const RoughArgs rough = scan_args(arguments);
  Answer answer;
  answer.verb = rough.verb;
  answer.error = std::move(error);
  return print(render(answer, rough.json ? OutputFormat::kJson : OutputFormat::kHuman, false), exit_code(answer));
}

int print_failure(const Args& args, Error error) {
  Answer answer;
  answer.verb = args.verb;
  answer.error = std::move(error);
  Rendered rendered = render(answer, args.format, false);
  if (args.format == OutputFormat::kShell) rendered.err = render(answer, OutputFormat::kHuman, false).err;
  return print(rendered, exit_code(answer));
}

}  // namespace bootguard
