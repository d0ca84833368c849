// SPDX-License-Identifier: LGPL-2.1-or-later
// The composition root: the one place that knows both the use cases and the kernel behind the ports.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "app/context.h"
#include "base/guard.h"
#include "cli/args.h"
#include "cli/config_file.h"
#include "cli/run_verb.h"
#include "cli/stderr_log.h"
#include "linux/device_finder.h"
#include "linux/kmsg_log.h"
#include "linux/libdm_device_mapper.h"
#include "linux/linux_mounts.h"
#include "linux/linux_system.h"
#include "linux/progress_file.h"

namespace bootguard {
namespace {

// A descriptor 0, 1 or 2 that the caller left closed would go to the first device that is opened, and a message for
// standard error would be written to the disk. "/" cannot be written to, should there be no /dev/null.
void hold_standard_descriptors() {
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

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] != '\0';
}

bool wants_color(const Args& args) {
  if (args.no_color || is_set("NO_COLOR") || ::isatty(STDOUT_FILENO) == 0) return false;
  const char* const terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) != "dumb";
}

// One write for all of it. An answer that did not arrive is a failure, unless there is a worse one to tell of.
int print(const Rendered& rendered, ExitCode exit) {
  const std::string& out = rendered.out;
  const bool arrived = std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0;
  std::fputs(rendered.err.c_str(), stderr);
  if (!arrived) std::fputs("bootguard: standard output could not be written\n", stderr);
  return static_cast<int>(!arrived && exit == ExitCode::kDone ? ExitCode::kFailure : exit);
}

int print_text(const std::string& text) { return print({text, ""}, ExitCode::kDone); }

int refuse(std::span<const char* const> arguments, Error error) {
  const RoughArgs rough = scan_args(arguments);
  Answer answer;
  answer.verb = rough.verb;
  answer.error = std::move(error);
  return print(render(answer, rough.json ? OutputFormat::kJson : OutputFormat::kHuman, false), exit_code(answer));
}

// Before there is a use case to answer. A script still gets its lines, a person the message.
int fail(const Args& args, Error error) {
  Answer answer;
  answer.verb = args.verb;
  answer.error = std::move(error);
  Rendered rendered = render(answer, args.format, false);
  if (args.format == OutputFormat::kShell) rendered.err = render(answer, OutputFormat::kHuman, false).err;
  return print(rendered, exit_code(answer));
}

LogLevel log_limit(const Args& args, const KernelParameters& kernel) {
  if (kernel.debug) return LogLevel::kDebug;
  return args.verb == Verb::kBoot ? LogLevel::kInfo : LogLevel::kNotice;
}

#ifdef BOOTGUARD_TEST_HOOKS
// "1,7": the guards that a test wants to see fail.
void switch_guards_off() {
  const char* text = std::getenv("BOOTGUARD_GUARDS_OFF");
  while (text != nullptr && *text != '\0') {
    char* end = nullptr;
    const unsigned long guard = std::strtoul(text, &end, 10);
    if (end == text) return;
    if (guard < 32) guards_off |= 1U << guard;
    text = *end == ',' ? end + 1 : end;
  }
}
#endif

int run(std::span<const char* const> arguments) {
  Result<Args> parsed = parse_args(arguments);
  if (!parsed) return refuse(arguments, std::move(parsed).error());
  const Args& args = parsed.value();
  if (args.help) return print_text(help_text());
  if (args.version) return print_text("bootguard " BOOTGUARD_VERSION "\n");

  LinuxSystem system;
  if (!system.is_root()) {
    return fail(args, make_error(Errc::kNotRoot, "only root may look at or change block devices"));
  }
  const KernelParameters kernel = parse_kernel_command_line(system.kernel_command_line());
  KmsgLog kmsg;
  ProgressFile progress(args.progress, args.kmsg ? &kmsg : nullptr);
  StderrLog log(log_limit(args, kernel), &progress);
  if (args.verb == Verb::kBoot) {
    for (const std::string& warning : kernel.warnings) log.write(LogLevel::kWarning, warning);
  }
  const Result<Config> config = load_config(args.config);
  if (!config) {
    if (args.kmsg) kmsg.write(LogLevel::kError, config.error().text);
    return fail(args, config.error());
  }
  DeviceFinder devices;
  LibdmDeviceMapper dm;
  LinuxMounts mounts;
  const Context context{devices, dm, mounts, system, log, config.value(), kernel};
  const Answer answer = run_verb(args, context);
  return print(render(answer, args.format, wants_color(args)), exit_code(answer));
}

}  // namespace
}  // namespace bootguard

int main(int argc, char** argv) {
#ifdef BOOTGUARD_TEST_HOOKS
  bootguard::switch_guards_off();
#endif
  bootguard::hold_standard_descriptors();
  const int skipped = argc > 0 ? 1 : 0;
  return bootguard::run({argv + skipped, static_cast<std::size_t>(argc - skipped)});
}
