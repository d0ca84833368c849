// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/machine_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format_text.h"
#include "cli/config_file.h"
#include "doctor/hook_order.h"

namespace bootguard {
namespace {

constexpr std::size_t kMaxImages = 16;

ConfigFile read_config(const FileTree& files, const std::string& path) {
  const auto text = files.read(path, kMaxConfigBytes);
  if (!text) return {path, "", text.error()};
  if (!text.value()) return {path, "", make_error(Errc::kConfig, "%s does not exist", path.c_str())};
  return {path, *text.value(), parse_config(*text.value(), path)};
}

bool same_place(const Config& a, const Config& b) {
  return a.metadata.to_string() == b.metadata.to_string() && a.metadata_offset == b.metadata_offset;
}

}  // namespace

std::vector<ConfigFile> read_configs(const FileTree& files, const std::string& named) {
  std::vector<ConfigFile> configs;
  if (!named.empty()) {
    configs.push_back(read_config(files, named));
    return configs;
  }
  for (const char* const path : kConfigPaths) {
    if (!files.exists(path)) continue;
    configs.push_back(read_config(files, path));
    break;
  }
  for (const std::string& name : files.list("/etc/bootguard")) {
    const std::string path = "/etc/bootguard/" + name;
    if (name.ends_with(".conf") && path != kConfigPaths[0]) configs.push_back(read_config(files, path));
  }
  return configs;
}

Findings check_configs(const std::vector<ConfigFile>& configs) {
  constexpr const char* kCheck = "config";
  Findings findings;
  for (auto file = configs.begin(); file != configs.end(); ++file) {
    if (!file->config) {
      const Error& error = file->config.error();
      findings.push_back(found(state_of(error), kCheck, "", "%s", error.text.c_str()));
      continue;
    }
    const Config& config = file->config.value();
    const VolumeConfig& volume = config.volumes.front();
    Finding finding = found(CheckState::kOk, kCheck, file->path, "volume %s is %s", volume.name.c_str(),
                            volume.device.to_string().c_str());
    for (auto other = configs.begin(); other != file; ++other) {
      if (!other->config) continue;
      if (other->config.value().volumes.front().name == volume.name) {
        finding = found(CheckState::kFail, kCheck, file->path, "names its volume %s, as %s does: give it another name",
                        volume.name.c_str(), other->path.c_str());
      } else if (other->config.value().volumes.front().device.to_string() == volume.device.to_string()) {
        finding = found(CheckState::kFail, kCheck, file->path, "protects the device that %s protects: only one can",
                        other->path.c_str());
      } else if (same_place(other->config.value(), config)) {
        finding =
            found(CheckState::kFail, kCheck, file->path,
                  "has its metadata block where %s has its own: each needs a place of its own", other->path.c_str());
      }
    }
    finding.volume = volume.name.view();
    findings.push_back(std::move(finding));
  }
  if (configs.empty()) {
    findings.push_back(found(CheckState::kFail, kCheck, kConfigPaths[0], "there is no configuration"));
    findings.back().advice = "write one, see bootguard.conf(5)";
  }
  return findings;
}

std::string text_of(const FileTree& files, const std::string& path, std::size_t limit) {
  auto text = files.read(path, limit);
  if (!text || !text.value()) return {};
  return std::move(*text.value());
}

std::string running_release(const FileTree& files) {
  if (!files.is_this_machine()) return {};
  std::string release = text_of(files, "/proc/sys/kernel/osrelease");
  while (!release.empty() && release.back() == '\n') release.pop_back();
  return release;
}

bool KernelModules::has(const char* module) const {
  if (is_built_in(builtin, module)) return true;
  // "kernel/drivers/md/dm-snapshot.ko.xz: kernel/drivers/md/dm-mod.ko.xz"
  for (std::string_view rest = files; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (names_module(line.substr(0, line.find(':')), module)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

KernelModules read_kernel_modules(const FileTree& files, const std::string& release) {
  constexpr std::size_t kLimit = std::size_t{16} << 20;
  KernelModules modules;
  if (release.empty()) return modules;
  for (const char* const folder : {"/lib/modules/", "/usr/lib/modules/"}) {
    modules.builtin = text_of(files, folder + release + "/modules.builtin", kLimit);
    modules.files = text_of(files, folder + release + "/modules.dep", kLimit);
    if (modules.is_known()) break;
  }
  return modules;
}

std::optional<std::string> command_line_of(const FileTree& files) {
  for (const char* const path : {"/proc/cmdline", "/etc/kernel/cmdline"}) {
    auto text = files.read(path, 64 * 1024);
    if (text && text.value()) return std::move(*text.value());
    if (files.is_this_machine()) break;
  }
  return std::nullopt;
}

std::vector<std::string> image_places(const FileTree& files, const std::string& release) {
  std::vector<std::string> places;
  if (!files.is_this_machine()) {
    for (const std::string& name : files.list("/boot")) {
      const bool is_image = name.starts_with("initrd.img-") || name.starts_with("initramfs-");
      const bool is_spare = name.find("fallback") != std::string::npos || name.find("rescue") != std::string::npos;
      if (is_image && !is_spare && places.size() < kMaxImages) places.push_back("/boot/" + name);
    }
    return places;
  }
  // Arch names the image by the kernel's package.
  std::string package = text_of(files, "/usr/lib/modules/" + release + "/pkgbase");
  while (!package.empty() && package.back() == '\n') package.pop_back();
  if (package.empty()) package = "linux";
  const std::array<std::string, 4> candidates{"/boot/initrd.img-" + release, "/boot/initramfs-" + release + ".img",
                                              "/boot/initrd-" + release, "/boot/initramfs-" + package + ".img"};
  for (const std::string& place : candidates) {
    if (!files.exists(place)) continue;
    places.push_back(place);
    break;
  }
  return places;
}

Finding unreadable_image(const std::string& path, const Error& error) {
  constexpr const char* kCheck = "image";
  if (error.code == Errc::kNotInstalled) {
    Finding finding = found(CheckState::kWarn, kCheck, path, "cannot be looked into without %s", error.text.c_str());
    finding.advice = "install " + error.text;
    return finding;
  }
  return found(state_of(error), kCheck, path, "%s", error.text.c_str());
}

std::vector<MountUnit> generated_mounts(const FileTree& files) {
  constexpr const char* kFolder = "/run/systemd/generator.late";
  std::vector<MountUnit> units;
  for (const std::string& name : files.list(kFolder)) {
    if (name.ends_with(".mount")) units.push_back({name, text_of(files, format_text("%s/%s", kFolder, name.c_str()))});
  }
  return units;
}

bool is_late_service_enabled(const FileTree& files) {
  for (const std::string folder : {"/etc/systemd/system", "/usr/lib/systemd/system"}) {
    for (const std::string& name : files.list(folder)) {
      const bool holds_links = name.ends_with(".wants") || name.ends_with(".requires");
      if (holds_links && files.exists(folder + '/' + name + "/bootguard-late.service")) return true;
    }
  }
  return false;
}

Finding check_udev_rule(const FileTree& files) {
  constexpr const char* kCheck = "udev-rule";
  constexpr const char* kName = "/61-bootguard.rules";
  bool has_udev = false;
  for (const std::string folder : {"/usr/lib/udev/rules.d", "/lib/udev/rules.d", "/etc/udev/rules.d"}) {
    if (files.exists(folder + kName))
      return found(CheckState::kOk, kCheck, folder + kName, "UUID= and LABEL= lead to the mapping");
    has_udev = has_udev || files.exists(folder);
  }
  if (!has_udev) return found(CheckState::kOk, kCheck, "", "there is no udev that needs a rule");
  Finding finding = found(CheckState::kFail, kCheck, "/usr/lib/udev/rules.d/61-bootguard.rules",
                          "is not there: UUID= would lead back to the raw device after the initramfs");
  finding.advice = "install bootguard completely, with its initramfs hooks";
  return finding;
}

Finding check_hooks_of(const FileTree& files, Framework framework) {
  constexpr const char* kCheck = "hook-order";
  constexpr const char* kFile = "/etc/mkinitcpio.conf";
  constexpr const char* kFolder = "/etc/mkinitcpio.conf.d";
  if (framework != Framework::kMkinitcpio && framework != Framework::kUnknown)
    return found(CheckState::kOk, kCheck, "", "%s orders its hooks by itself", name(framework));
  if (framework == Framework::kUnknown && !files.exists(kFile))
    return found(CheckState::kSkip, kCheck, "", "what made the image is not known");
  std::string file = kFile;
  std::optional<HooksLine> last = parse_hooks(text_of(files, file));
  for (const std::string& name : files.list(kFolder)) {
    const std::string path = format_text("%s/%s", kFolder, name.c_str());
    if (!name.ends_with(".conf")) continue;
    if (auto line = parse_hooks(text_of(files, path))) {
      last = std::move(line);
      file = path;
    }
  }
  if (!last) return found(CheckState::kFail, kCheck, file, "has no HOOKS=(...) that can be understood");
  return check_hook_order(*last, file);
}

}  // namespace bootguard
