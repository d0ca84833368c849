// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/volume_checks.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/context.h"
#include "app/stack.h"
#include "app/verbs.h"
#include "app/volume.h"
#include "cli/config_file.h"
#include "doctor/check_volume.h"
#include "doctor/device_matcher.h"
#include "doctor/fstab.h"
#include "doctor/late_unlock.h"
#include "doctor/machine_files.h"
#include "doctor/root_parameter.h"

namespace bootguard {
namespace {

constexpr const char* kFstab = "/etc/fstab";

class VolumeCheck {
 public:
  VolumeCheck(const DoctorWorld& world, const Config& config, const ImageListing* image)
      : world_(world), config_(config), volume_(config.volumes.front()), image_(image) {}

  Findings run() {
    if (world_.may_ask_devices()) {
      look_at_devices();
    } else {
      for (const char* const check : {"volume", "metadata", "store", "duplicates"}) {
        findings_.push_back(
            found(CheckState::kSkip, check, volume_.device.to_string(), "%s", world_.why_not_devices()));
      }
    }
    look_at_references();
    findings_.push_back(check_late());
    for (Finding& finding : findings_) finding.volume = volume_.name.view();
    return std::move(findings_);
  }

 private:
  void look_at_devices() {
    HmacKey key{};
    const auto loaded = load_key(config_, key);
    if (!loaded) findings_.push_back(found(CheckState::kFail, "key", config_.key, "%s", loaded.error().text.c_str()));
    const Context context{world_.devices, world_.dm, world_.mounts,      world_.system,
                          world_.log,     config_,   KernelParameters{}, config_.key.empty() ? nullptr : &key};
    const StatusReport status = run_status(context);
    VolumeAnswers answers{volume_.device, world_.devices.find(volume_.device), std::nullopt, std::nullopt};
    if (status.metadata) answers.phase = status.metadata->phase;
    std::vector<DeviceName> names;
    if (volume_.device.kind != DeviceName::Kind::kPath) names.push_back(volume_.device);
    if (answers.device) {
      device_ = answers.device.value();
      const auto mount = find_volume_mount(context, *device_, volume_.name);
      is_root_ = mount && mount.value() && mount.value()->path == "/";
      answers.identity = world_.devices.identify(*device_);
      if (*answers.identity && !answers.identity->value().uuid.is_nil())
        fs_uuid_ = answers.identity->value().uuid.to_string();
      if (!fs_uuid_.empty()) add_name(names, {DeviceName::Kind::kUuid, fs_uuid_});
      if (!device_->part_uuid.is_nil()) add_name(names, {DeviceName::Kind::kPartUuid, device_->part_uuid.to_string()});
    }
    findings_.push_back(judge_volume(answers));
    findings_.push_back(judge_metadata(status, config_.metadata));
    findings_.push_back(judge_store(status));
    std::vector<NameLookup> lookups;
    for (const DeviceName& name : names) lookups.push_back({name, world_.devices.find(name)});
    findings_.push_back(judge_duplicates(lookups));
  }

  static void add_name(std::vector<DeviceName>& names, DeviceName name) {
    if (names.empty() || names.front().to_string() != name.to_string()) names.push_back(std::move(name));
  }

  [[nodiscard]] std::unique_ptr<VolumeMatcher> matcher() const {
    if (!device_) return std::make_unique<NameMatcher>(volume_.device);
    std::vector<DeviceNumber> numbers{device_->number};
    if (world_.dm.check_available()) {
      const auto top = world_.dm.find(stack_names(volume_.name).top);
      if (top && top.value()) numbers.push_back(top.value()->number);
    }
    return std::make_unique<DeviceMatcher>(world_.devices, volume_.device, std::move(numbers));
  }

  [[nodiscard]] std::string safe_name() const {
    if (!fs_uuid_.empty()) return "UUID=" + fs_uuid_;
    return volume_.device.kind == DeviceName::Kind::kPath ? "UUID=(as blkid shows it)" : volume_.device.to_string();
  }

  void look_at_references() {
    const std::unique_ptr<VolumeMatcher> match = matcher();
    const VolumeView view{volume_.name, volume_.pass_through, safe_name(), *match};
    const auto command_line = command_line_of(world_.files);
    const std::vector<FstabLine> lines = parse_fstab(text_of(world_.files, kFstab));
    for (Finding& finding : check_fstab(lines, kFstab, view)) findings_.push_back(std::move(finding));
    if (!command_line) {
      for (const char* const check : {"root", "gpt-auto"})
        findings_.push_back(found(CheckState::kSkip, check, "/proc/cmdline", "there is no kernel command line"));
      return;
    }
    findings_.push_back(check_root_parameter(*command_line, view));
    GptAutoFacts facts;
    facts.has_root_parameter = root_parameter(*command_line).has_value();
    const FstabLine* const line = find_volume_line(lines, view);
    facts.is_root = is_root_ || (line != nullptr && line->target == "/");
    facts.in_fstab = line != nullptr;
    facts.knows_generated = world_.may_ask_devices();
    facts.generated = generated_mounts(world_.files);
    findings_.push_back(check_gpt_auto(facts, view));
  }

  [[nodiscard]] Finding check_late() const {
    LateFacts facts;
    facts.image = image_;
    facts.command_line = command_line_of(world_.files).value_or("");
    facts.late_service_enabled = is_late_service_enabled(world_.files);
    if (device_) {
      facts.layers = stack_below(world_.sysfs, device_->number);
    } else if (const auto layer = layer_by_name()) {
      facts.layers.push_back(*layer);
    } else {
      return found(CheckState::kSkip, "late", volume_.device.to_string(), "%s",
                   world_.may_ask_devices() ? "the volume was not found" : world_.why_not_devices());
    }
    return check_late_unlock(facts);
  }

  // Without the devices a mapping's name tells what it is, if crypttab has it.
  [[nodiscard]] std::optional<StackLayer> layer_by_name() const {
    constexpr std::string_view kMapper = "/dev/mapper/";
    const std::string& path = volume_.device.value;
    if (volume_.device.kind != DeviceName::Kind::kPath || !path.starts_with(kMapper)) return std::nullopt;
    const std::string name = path.substr(kMapper.size());
    if (!crypttab_names(text_of(world_.files, "/etc/crypttab"), name)) return std::nullopt;
    return StackLayer{"", name, "CRYPT-"};
  }

  const DoctorWorld& world_;
  const Config& config_;
  const VolumeConfig& volume_;
  const ImageListing* image_;
  std::optional<DeviceInfo> device_;
  std::string fs_uuid_;
  bool is_root_ = false;
  Findings findings_;
};

}  // namespace

Findings check_volume(const DoctorWorld& world, const Config& config, const ImageListing* image) {
  return VolumeCheck(world, config, image).run();
}

}  // namespace bootguard
