// SPDX-License-Identifier: LGPL-2.1-or-later
// bootguard-doctor: what `bootguard doctor` becomes. Called by itself it takes the same options.
#include <cstddef>
#include <span>
#include <vector>

#include "cli/args.h"
#include "cli/stderr_log.h"
#include "cli/terminal.h"
#include "doctor/doctor.h"
#include "doctor/output.h"
#include "linux/device_finder.h"
#include "linux/libdm_device_mapper.h"
#include "linux/linux_mounts.h"
#include "linux/linux_system.h"

namespace bootguard {
namespace {

int examine(const Args& args) {
  const FileTree files(args.root);
  DeviceFinder devices;
  LibdmDeviceMapper dm;
  LinuxMounts mounts;
  LinuxSystem system;
  StderrLog log(LogLevel::kError, nullptr);
  const Findings findings = run_doctor({args.config, args.image}, {files, devices, dm, mounts, system, log, "/sys"});
  const Result<void> result = verdict(findings);
  const ExitCode exit = result ? ExitCode::kDone : describe(result.error().code).exit;
  if (args.format == OutputFormat::kJson) return print({findings_json(findings), ""}, exit);
  return print({findings_page(findings, wants_color(args.no_color)), ""}, exit);
}

int run(std::span<const char* const> given) {
  std::vector<const char*> arguments(given.begin(), given.end());
  if (!scan_args(given).verb) arguments.insert(arguments.begin(), "doctor");
  const Result<Args> parsed = parse_args(arguments);
  if (!parsed) return print_refusal(arguments, parsed.error());
  const Args& args = parsed.value();
  if (args.help) return print_text(help_text());
  if (args.version) return print_text("bootguard-doctor " BOOTGUARD_VERSION "\n");
  if (args.verb != Verb::kDoctor) {
    return print_failure(args, make_error(Errc::kUsage, "this program is for 'bootguard doctor' only"));
  }
  return examine(args);
}

}  // namespace
}  // namespace bootguard

int main(int argc, char** argv) {
  bootguard::hold_standard_descriptors();
  const int skipped = argc > 0 ? 1 : 0;
  return bootguard::run({argv + skipped, static_cast<std::size_t>(argc - skipped)});
}
