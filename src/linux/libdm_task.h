// SPDX-License-Identifier: LGPL-2.1-or-later
// One ioctl of the device mapper through libdevmapper(3): owned, run once, its failure turned into an Error. Only
// libdm_device_mapper.cpp uses this.
#pragma once

#include <libdevmapper.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/device_mapper.h"

namespace bootguard {

// Takes over libdm's logging (nothing is printed) and switches its waiting for udev off; once per process.
void initialize_libdm();

class DmTask {
 public:
  // `type` is DM_DEVICE_*; `what` names the work in errors ("removing") and must outlive the task. An empty name: none.
  // Errors: kDmMissing, kNotRoot, kDmFailed.
  static Result<DmTask> create(int type, const char* what, const std::string& name);

  [[nodiscard]] dm_task* get() const { return task_.get(); }
  // An argument libdm refused (out of memory, a name too long).
  [[nodiscard]] Error argument_error() const;
  // Errors as above; os_error is the ioctl's errno.
  Result<void> run();
  // The same for the three that send a uevent (resume, remove, rename): with the flags for udev's rules (DM_UDEV_*).
  // libdm adds DM_UDEV_PRIMARY_SOURCE_FLAG, without which udev would disable the node at the next coldplug.
  Result<void> run_with_cookie(std::uint16_t flags);

 private:
  struct Destroy {
    void operator()(dm_task* task) const { dm_task_destroy(task); }
  };
  DmTask(dm_task* task, const char* what, std::string name) : task_(task), what_(what), name_(std::move(name)) {}

  std::unique_ptr<dm_task, Destroy> task_;
  const char* what_;
  std::string name_;
};

}  // namespace bootguard
