// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/doctor.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "doctor/check_image.h"
#include "doctor/check_volume.h"
#include "doctor/machine_files.h"
#include "doctor/volume_checks.h"

namespace bootguard {
namespace {

class Doctor {
 public:
  Doctor(const DoctorOptions& options, const DoctorWorld& world)
      : options_(options), world_(world), release_(running_release(world.files)) {}

  Findings run() {
    configs_ = read_configs(world_.files, options_.config);
    add(check_configs(configs_));
    look_at_images();
    findings_.push_back(check_hooks_of(world_.files, framework_));
    findings_.push_back(check_udev_rule(world_.files));
    findings_.push_back(check_kernel());
    for (const ConfigFile& file : configs_) {
      if (file.config) add(check_volume(world_, file.config.value(), image_ ? &image_->listing : nullptr));
    }
    return std::move(findings_);
  }

 private:
  void add(Findings more) {
    for (Finding& finding : more) findings_.push_back(std::move(finding));
  }

  void look_at_images() {
    std::vector<std::string> places = image_places(world_.files, release_);
    if (!options_.image.empty()) places = {options_.image};
    for (const std::string& place : places) look_at_image(place);
    if (!places.empty()) return;
    findings_.push_back(found(CheckState::kWarn, "image", "/boot", "no initramfs image is there under a usual name"));
    findings_.back().advice = "name it with --image FILE; if there is none, bootguard cannot work";
  }

  void look_at_image(const std::string& place) {
    auto image = read_image(world_.files, place);
    if (!image) {
      findings_.push_back(unreadable_image(place, image.error()));
      return;
    }
    ImageExpectations expected;
    expected.file = place;
    expected.release = release_;
    const std::string its_release = release_of(image.value().listing);
    if (!its_release.empty()) expected.release = its_release;
    if (expected.release.empty()) expected.release = only_release();
    expected.builtin = read_kernel_modules(world_.files, expected.release).builtin;
    for (const ConfigFile& file : configs_) {
      if (!file.config || !file.path.starts_with('/')) continue;
      expected.configs.push_back({file.path, file.text});
      const std::string& key = file.config.value().key;
      if (!key.empty()) expected.configs.push_back({key, text_of(world_.files, key)});
    }
    add(check_image(image.value().listing, expected));
    if (image_) return;
    framework_ = framework_of(image.value().listing);
    image_release_ = expected.release;
    image_ = std::move(image).value();
  }

  // Below another root: the one kernel that has modules there.
  [[nodiscard]] std::string only_release() const {
    for (const char* const folder : {"/lib/modules", "/usr/lib/modules"}) {
      const std::vector<std::string> names = world_.files.list(folder);
      if (names.size() == 1) return names.front();
    }
    return {};
  }

  [[nodiscard]] Finding check_kernel() const {
    std::string release = release_.empty() ? image_release_ : release_;
    if (release.empty()) release = only_release();
    std::vector<TargetFact> targets = {{"linear", "dm-mod"},
                                       {"error", "dm-mod"},
                                       {"switch", "dm-switch"},
                                       {"snapshot", "dm-snapshot"},
                                       {"snapshot-origin", "dm-snapshot"}};
    const KernelModules modules = read_kernel_modules(world_.files, release);
    const bool can_ask = world_.may_ask_devices() && world_.dm.check_available();
    if (!modules.is_known() && !can_ask && !world_.may_ask_devices())
      return found(CheckState::kSkip, "kernel", release, "no list of its modules is there");
    for (TargetFact& fact : targets) {
      fact.loadable = modules.has(fact.module);
      const auto known = can_ask ? world_.dm.has_target(fact.target) : Result<bool>(false);
      fact.known = known && known.value();
    }
    return judge_targets(targets, release, world_.files.is_this_machine());
  }

  const DoctorOptions& options_;
  const DoctorWorld& world_;
  std::string release_;  // of the running kernel; empty below another root
  std::vector<ConfigFile> configs_;
  std::optional<ImageFile> image_;  // the first that could be read
  std::string image_release_;
  Framework framework_ = Framework::kUnknown;
  Findings findings_;
};

}  // namespace

Findings run_doctor(const DoctorOptions& options, const DoctorWorld& world) { return Doctor(options, world).run(); }

}  // namespace bootguard
