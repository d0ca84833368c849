// SPDX-License-Identifier: LGPL-2.1-or-later
// The composition root: the one place that knows both the use cases and the kernel behind the ports.
#include <cstdlib>
#include <span>
#include <string_view>

#include "app/context.h"
#include "base/guard.h"
#include "cli/args.h"
#include "cli/config_file.h"
#include "cli/run_verb.h"
#include "cli/stderr_log.h"
#include "cli/terminal.h"
#include "linux/confinement.h"
#include "linux/device_finder.h"
#include "linux/kmsg_log.h"
#include "linux/libdm_device_mapper.h"
#include "linux/linux_mounts.h"
#include "linux/linux_system.h"
#include "linux/process.h"
#include "linux/progress_file.h"

namespace bootguard {
namespace {

LogLevel log_limit(const Args& args, const KernelParameters& kernel) {
  if (kernel.debug) return LogLevel::kDebug;
  return args.verb == Verb::kBoot ? LogLevel::kInfo : LogLevel::kNotice;
}

// A program of its own: it looks into images and starts decompressors, none of which an early boot should carry.
// Absolute, so that nobody's PATH is asked. The command line goes on as it is: the doctor reads it by the same rules.
int become_doctor(const Args& args, std::span<const char* const> arguments) {
  static constexpr const char* kPaths[] = {"/usr/libexec/bootguard/bootguard-doctor",
                                           "/usr/lib/bootguard/bootguard-doctor"};
  return print_failure(args, replace_process(kPaths, arguments));
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
  if (!parsed) return print_refusal(arguments, std::move(parsed).error());
  const Args& args = parsed.value();
  if (args.help) return print_text(help_text());
  if (args.version) return print_text("bootguard " BOOTGUARD_VERSION "\n");
  if (args.verb == Verb::kDoctor) return become_doctor(args, arguments);
  // Before the first byte of a file or a device. Where it cannot be had, the boot has to go on without it.
  confine_process();

  LinuxSystem system;
  if (!system.is_root()) {
    return print_failure(args, make_error(Errc::kNotRoot, "only root may look at or change block devices"));
  }
  const KernelParameters kernel = parse_kernel_command_line(system.kernel_command_line());
  KmsgLog kmsg;
  ProgressFile progress(args.progress, args.kmsg ? &kmsg : nullptr);
  StderrLog log(log_limit(args, kernel), &progress);
  if (args.verb == Verb::kBoot) {
    for (const std::string& warning : kernel.warnings) log.write(LogLevel::kWarning, warning);
  }
  const auto failed = [&](const Error& error) {
    if (args.kmsg) kmsg.write(LogLevel::kError, error.text);
    return print_failure(args, error);
  };
  const Result<Config> config = load_config(args.config);
  if (!config) return failed(config.error());
  HmacKey key{};
  if (const auto loaded = load_key(config.value(), key); !loaded) return failed(loaded.error());
  DeviceFinder devices;
  LibdmDeviceMapper dm;
  LinuxMounts mounts;
  const Context context{
      devices, dm, mounts, system, log, config.value(), kernel, config.value().key.empty() ? nullptr : &key};
  const Answer answer = run_verb(args, context);
  return print(render(answer, args.format, wants_color(args.no_color)), exit_code(answer));
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
