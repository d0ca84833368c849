// SPDX-License-Identifier: LGPL-2.1-or-later
// One run of `boot`: what it knows and its steps. Private to boot*.cpp; each carries out some of the decisions.
//
// The rule behind every failure path: the raw volume is handed over only where no later boot can mistake it for an
// undisturbed trial; where that cannot be made sure, the volume is not to be mounted.
#pragma once

#include <optional>
#include <string>

#include "app/metadata_store.h"
#include "app/rollback.h"
#include "app/verbs.h"
#include "app/volume.h"
#include "base/format_text.h"
#include "core/transition.h"

namespace bootguard {

class Boot {
 public:
  explicit Boot(const Context& context) : context_(context) {}
  BootReport run();

 private:
  // ---- boot.cpp: from the metadata to a decision, and those that end without store or stack
  // B1. A metadata device that cannot be written is still read: to know that a rollback is half done is worth a lot.
  Result<void> open_metadata();
  // Unreadable metadata: touch nothing, roll back nothing, reset nothing.
  void without_metadata(Error error);
  void repair();
  void carry_out();
  void idle();
  void stay_armed();
  void end_by_command_line(const Metadata& next);
  void give_up_as_told();

  // ---- boot_trial.cpp
  void start();
  void continue_trial();
  void same_boot();
  void protect();
  void build();  // B5, B6
  // Not there, or one of several with its name. Mounted raw, when it shows up late or by another name, it would spoil
  // the trial; asked again once that has changed, this boot is not counted twice.
  bool volume_is_unknown();
  Result<void> prepare_checkpoint();
  Result<void> verify_running_store();
  // In use means that an earlier run finished: a stack that is not mounted may lack its last step and is made anew.
  bool already_mapped();  // and in use: handed over
  // B7. From here on no boot may roll back: the state says so, durable, or the store does.
  void unprotected(Error error, Reason reason);
  bool void_the_store();

  // ---- boot_rollback.cpp
  void roll_back();
  void resume_rollback();
  void copy(const RollbackPlan& plan);
  Result<void> must_be_unused();

  // ---- boot.cpp: helpers of all
  void warn(const std::string& line) { context_.log.write(LogLevel::kWarning, line); }
  void warn(const char* what, Error why) { warn(format_text("%s: %s", what, why.text.c_str())); }
  void note(const std::string& line) { context_.log.write(LogLevel::kNotice, line); }
  void fail(Error error);
  void stop(Error error);
  [[nodiscard]] Phase phase() const { return store_->current().phase; }
  bool find_device();
  void raw_path();
  // The path to mount where nothing is protected: raw, or the stable name if the config asks for it.
  void hand_over_plain(const StoreView* holes);
  VolumeRecord plain_record();
  // Device, record, extent table: what every path that touches the store starts with.
  Result<void> look_at_store();
  void wipe();

  const Context& context_;
  std::optional<MetadataStore> store_;
  std::optional<VolumeDevice> device_;
  Error device_error_;
  std::optional<StoreView> view_;
  Decided decided_;
  BootReport report_;
  bool trial_may_be_on_disk_ = false;
  bool settled_ = true;         // repair() has left the current state in enough copies
  bool store_is_ours_ = false;  // armed, and all of the store is as it was armed
};

// Why the way back is lost, for the record.
[[nodiscard]] Reason reason_of(const Error& error);

}  // namespace bootguard
