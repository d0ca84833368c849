// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/libdm_task.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "base/format_text.h"
#include "linux/unique_fd.h"

namespace bootguard {
namespace {

constexpr int kLogLevelMask = 7;   // the rest of the level are flags (libdm/misc/dm-logging.h)
constexpr int kLogLevelError = 3;  // as syslog's

// libdm logs to a function without context, so what it said last has to be global. The first error of an operation is
// kept: those after it only say that the caller failed too.
std::array<char, 512> g_first_error{};

[[gnu::format(printf, 5, 6)]] void keep_first_error(int level, const char* /*file*/, int /*line*/, int /*error*/,
                                                    const char* format, ...) {
  constexpr std::string_view kInternal = "Internal error";  // a complaint about us, not why the operation failed
  if ((level & kLogLevelMask) > kLogLevelError || g_first_error[0] != '\0') return;
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(g_first_error.data(), g_first_error.size(), format, arguments);
  va_end(arguments);
  if (length < 0 || std::string_view(g_first_error.data()).starts_with(kInternal)) g_first_error[0] = '\0';
}

// Why libdm could not even reach the kernel; os_error 0 if it could.
Error no_driver_error(const char* what, const std::string& name) {
  const std::string prefix = name.empty() ? std::string(what) : format_text("%s %s", what, name.c_str());
  const UniqueFd control(::open("/dev/mapper/control", O_RDWR | O_CLOEXEC));
  if (control) return make_error(Errc::kDmFailed, "%s: %s", prefix.c_str(), g_first_error.data());
  const int os_error = errno;
  if (::geteuid() != 0) return system_error(Errc::kNotRoot, os_error, "%s: /dev/mapper/control", prefix.c_str());
  Error error = make_error(Errc::kDmMissing, "%s: the kernel has no device mapper (%s): load the module dm-mod",
                           prefix.c_str(), g_first_error.data());
  error.os_error = os_error;
  return error;
}

}  // namespace

void initialize_libdm() {
  static bool done = false;
  if (done) return;
  done = true;
  dm_log_with_errno_init(keep_first_error);
  // Where udev's device-mapper rules are missing, waiting for them never ends (measured).
  dm_udev_set_sync_support(0);
}

Result<DmTask> DmTask::create(int type, const char* what, const std::string& name) {
  initialize_libdm();
  g_first_error[0] = '\0';
  // A slash would make libdm look the name up as a path.
  if (name.find('/') != std::string::npos) return make_error(Errc::kInternal, "%s %s: no name", what, name.c_str());
  DmTask task(dm_task_create(type), what, name);
  if (!task.task_) return no_driver_error(what, name);
  if (!name.empty() && dm_task_set_name(task.get(), name.c_str()) == 0) return task.argument_error();
  return task;
}

Error DmTask::argument_error() const {
  return make_error(Errc::kDmFailed, "%s %s: %s", what_, name_.c_str(), g_first_error.data());
}

Result<void> DmTask::run() {
  g_first_error[0] = '\0';
  if (dm_task_run(get()) != 0) return {};
  const int os_error = dm_task_get_errno(get());
  if (os_error == 0) return no_driver_error(what_, name_);
  const bool denied = (os_error == EACCES || os_error == EPERM) && ::geteuid() != 0;
  const Errc code = denied ? Errc::kNotRoot : Errc::kDmFailed;
  return system_error(code, os_error, name_.empty() ? std::string(what_) : format_text("%s %s", what_, name_.c_str()));
}

Result<void> DmTask::run_with_cookie(std::uint16_t flags) {
  std::uint32_t cookie = 0;
  if (dm_task_set_cookie(get(), &cookie, flags) == 0) return argument_error();
  auto result = run();
  // Waits for nobody (see above), but makes or removes the nodes; also after a failure, so that nothing stays queued.
  dm_udev_wait(cookie);
  return result;
}

}  // namespace bootguard
