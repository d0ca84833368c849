// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/libdm_device_mapper.h"

#include <libdevmapper.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "base/format_text.h"
#include "linux/device_node.h"
#include "linux/libdm_task.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr std::uint32_t kPollMs = 20;

// The next element of a list that the kernel made: `next` is the distance in bytes, 0 at the end.
template <class T>
const T* next_element(const T* element) {
  if (element->next == 0) return nullptr;
  const auto* bytes = static_cast<const char*>(static_cast<const void*>(element)) + element->next;
  return static_cast<const T*>(static_cast<const void*>(bytes));
}

bool udevd_runs() { return ::access("/run/udev/control", F_OK) == 0; }

bool node_is(const std::string& path, DeviceNumber number) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISBLK(status.st_mode) && device_number(status.st_rdev) == number;
}

// A task without further arguments.
Result<void> run_simple(int type, const char* what, const std::string& name) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(type, what, name));
  return task.run();
}

// DM_DEVICE_STATUS and DM_DEVICE_TABLE answer alike.
Result<std::vector<DmStatusRow>> read_rows(int type, const char* what, const std::string& name) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(type, what, name));
  // Without this a status would first write back what the file system holds.
  if (dm_task_no_flush(task.get()) == 0) return task.argument_error();
  CHECK_OK(task.run());
  dm_info info{};
  if (dm_task_get_info(task.get(), &info) == 0 || info.exists == 0) {
    return system_error(Errc::kDmFailed, ENXIO, "%s %s", what, name.c_str());
  }
  std::vector<DmStatusRow> rows;
  void* next = nullptr;
  do {
    std::uint64_t start = 0;
    std::uint64_t length = 0;
    char* target = nullptr;
    char* parameters = nullptr;
    next = dm_get_next_target(task.get(), next, &start, &length, &target, &parameters);
    if (target == nullptr) break;  // no live table
    rows.push_back({Sectors(start), Sectors(length), target, parameters != nullptr ? parameters : ""});
  } while (next != nullptr);
  return rows;
}

}  // namespace

Result<void> LibdmDeviceMapper::check_available() {
  return run_simple(DM_DEVICE_VERSION, "asking for the device mapper", "");
}

Result<bool> LibdmDeviceMapper::has_target(std::string_view target) {
  // Not DM_DEVICE_TARGET_VERSION: that loads the module.
  ASSIGN_OR_RETURN(DmTask task,
                   DmTask::create(DM_DEVICE_LIST_VERSIONS, "listing the targets of the device mapper", ""));
  CHECK_OK(task.run());
  const dm_versions* element = dm_task_get_versions(task.get());
  for (std::size_t i = 0; element != nullptr && i < kMaxDevices; ++i) {
    if (target == element->name) return true;
    element = next_element(element);
  }
  return false;
}

Result<DeviceNumber> LibdmDeviceMapper::create(const std::string& name, const std::string& uuid) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_CREATE, "creating the mapping", name));
  if (!uuid.empty() && dm_task_set_uuid(task.get(), uuid.c_str()) == 0) return task.argument_error();
  // A node before there is a table would only be something to stumble over.
  if (dm_task_set_add_node(task.get(), DM_ADD_NODE_ON_RESUME) == 0) return task.argument_error();
  CHECK_OK(task.run());
  dm_info info{};
  if (dm_task_get_info(task.get(), &info) == 0 || info.exists == 0) {
    return make_error(Errc::kDmFailed, "creating the mapping %s: it vanished", name.c_str());
  }
  return DeviceNumber{info.major, info.minor};
}

Result<void> LibdmDeviceMapper::load(const std::string& name, std::span<const DmRow> table) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_RELOAD, "loading the table of", name));
  for (const DmRow& row : table) {
    if (dm_task_add_target(task.get(), row.start.n, row.length.n, row.target.c_str(), row.parameters.c_str()) == 0) {
      return task.argument_error();
    }
  }
  auto result = task.run();
  if (result || result.error().os_error == 0 || table.empty()) return result;
  const Error& error = result.error();
  return Error(error.code, error.os_error,
               format_text("%s (first target: %s; the kernel's log says more)", error.text.c_str(),
                           table.front().target.c_str()));
}

Result<void> LibdmDeviceMapper::resume(const std::string& name, bool hidden) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_RESUME, "resuming", name));
  if (dm_task_set_add_node(task.get(), DM_ADD_NODE_ON_RESUME) == 0) return task.argument_error();
  unsigned flags = 0;
  // Not DM_UDEV_DISABLE_DM_RULES_FLAG: those rules make the node.
  if (hidden) {
    flags |= DM_UDEV_DISABLE_SUBSYSTEM_RULES_FLAG | DM_UDEV_DISABLE_DISK_RULES_FLAG | DM_UDEV_DISABLE_OTHER_RULES_FLAG;
  }
  // Two makers of one node race; udev's link is the one other rules know about.
  if (udevd_runs() && !udev_is_deaf_) flags |= DM_UDEV_DISABLE_LIBRARY_FALLBACK;
  CHECK_OK(task.run_with_cookie(static_cast<std::uint16_t>(flags)));
  dm_info info{};
  if (dm_task_get_info(task.get(), &info) == 0 || info.exists == 0) {
    return make_error(Errc::kDmFailed, "resuming %s: it vanished", name.c_str());
  }
  return ensure_node(name, {info.major, info.minor});
}

Result<void> LibdmDeviceMapper::ensure_node(const std::string& name, DeviceNumber number) {
  const std::string path = node_path(name);
  const std::uint32_t tries = udevd_runs() && !udev_is_deaf_ ? kNodeTimeoutMs / kPollMs : 0;
  for (std::uint32_t i = 0; i <= tries; ++i) {
    if (node_is(path, number)) return {};
    if (i < tries) sleep_ms(kPollMs);
  }
  udev_is_deaf_ = tries != 0;
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_MKNODES, "making the node of", name));
  CHECK_OK(task.run());
  dm_task_update_nodes();
  if (node_is(path, number)) return {};
  return make_error(Errc::kDmFailed, "%s does not appear and can not be made (is /dev writable?)", path.c_str());
}

namespace {

// While the volume is suspended it may be the very filesystem this program was started from: a page that has to be read
// again, or a signal that ends the program, would leave the machine frozen. Both hold until the program ends, shortly
// after.
void hold_on_to_the_processor() {
  static_cast<void>(::mlockall(MCL_CURRENT | MCL_FUTURE));  // refused by a limit: no worse than before
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) ::sigaddset(&signals, signal);
  static_cast<void>(::sigprocmask(SIG_BLOCK, &signals, nullptr));
}

}  // namespace

Result<void> LibdmDeviceMapper::suspend(const std::string& name, bool no_lockfs) {
  hold_on_to_the_processor();
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_SUSPEND, "suspending", name));
  if (no_lockfs && dm_task_skip_lockfs(task.get()) == 0) return task.argument_error();
  return task.run();
}

Result<void> LibdmDeviceMapper::remove(const std::string& name) {
  // Not dm_task_retry_remove(): it looks only five times a second, for five seconds.
  for (std::uint32_t waited_ms = 0;; waited_ms += kPollMs) {
    ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_REMOVE, "removing the mapping", name));
    auto result = task.run_with_cookie(0);
    if (result || result.error().os_error != EBUSY || waited_ms >= kRemoveTimeoutMs) return result;
    sleep_ms(kPollMs);
  }
}

Result<void> LibdmDeviceMapper::clear(const std::string& name) {
  return run_simple(DM_DEVICE_CLEAR, "dropping the inactive table of", name);
}

Result<void> LibdmDeviceMapper::message(const std::string& name, Sectors sector, const std::string& line) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_TARGET_MSG, "sending a message to", name));
  if (dm_task_set_sector(task.get(), sector.n) == 0) return task.argument_error();
  if (dm_task_set_message(task.get(), line.c_str()) == 0) return task.argument_error();
  return task.run();
}

Result<std::optional<DmDevice>> LibdmDeviceMapper::find(const std::string& name) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_INFO, "looking for the mapping", name));
  CHECK_OK(task.run());
  dm_info info{};
  if (dm_task_get_info(task.get(), &info) == 0 || info.exists == 0) return std::optional<DmDevice>();
  DmDevice device;
  device.name = name;
  if (const char* uuid = dm_task_get_uuid(task.get()); uuid != nullptr) device.uuid = uuid;
  device.number = {info.major, info.minor};
  device.open_count = info.open_count > 0 ? static_cast<std::uint32_t>(info.open_count) : 0;
  device.suspended = info.suspended != 0;
  device.live_table = info.live_table != 0;
  device.inactive_table = info.inactive_table != 0;
  return std::optional<DmDevice>(std::move(device));
}

Result<std::vector<std::string>> LibdmDeviceMapper::list(std::string_view prefix) {
  ASSIGN_OR_RETURN(DmTask task, DmTask::create(DM_DEVICE_LIST, "listing the mappings", ""));
  CHECK_OK(task.run());
  std::vector<std::string> names;
  const dm_names* element = dm_task_get_names(task.get());
  if (element == nullptr || element->dev == 0) return names;
  for (std::size_t i = 0; element != nullptr; ++i) {
    if (i == kMaxDevices) return make_error(Errc::kInternal, "more than %zu mappings", kMaxDevices);
    if (std::string_view(element->name).starts_with(prefix)) names.emplace_back(element->name);
    element = next_element(element);
  }
  return names;
}

Result<std::vector<DmStatusRow>> LibdmDeviceMapper::status(const std::string& name) {
  return read_rows(DM_DEVICE_STATUS, "asking for the status of", name);
}

Result<std::vector<DmRow>> LibdmDeviceMapper::table(const std::string& name) {
  ASSIGN_OR_RETURN(auto rows, read_rows(DM_DEVICE_TABLE, "asking for the table of", name));
  std::vector<DmRow> table;
  for (DmStatusRow& row : rows) table.push_back({row.start, row.length, std::move(row.target), std::move(row.text)});
  return table;
}

}  // namespace bootguard
