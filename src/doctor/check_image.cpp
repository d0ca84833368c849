// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/check_image.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <utility>

#include "base/format_text.h"

namespace bootguard {
namespace {

constexpr std::array<const char*, 4> kModules{"dm-mod", "dm-bufio", "dm-snapshot", "dm-switch"};
constexpr const char* kBinary = "usr/sbin/bootguard";
constexpr const char* kService = "usr/lib/systemd/system/bootguard.service";
constexpr const char* kServiceName = "/bootguard.service";
// What the service starts.
constexpr const char* kServiceProgram = "usr/lib/bootguard/bootguard-initrd";

bool has_systemd(const ImageListing& image) {
  return image.has("usr/lib/systemd/systemd") || image.has("lib/systemd/systemd");
}

bool has_service(const ImageListing& image) {
  return image.has(kService) || image.has("lib/systemd/system/bootguard.service") ||
         image.has("etc/systemd/system/bootguard.service");
}

// "….wants/bootguard.service": without it the unit is there and never started.
bool is_service_wanted(const ImageListing& image) {
  return std::any_of(image.entries().begin(), image.entries().end(), [](const ImageListing::Entry& entry) {
    const std::string_view path = entry.path;
    if (!path.ends_with(kServiceName)) return false;
    const std::string_view folder = path.substr(0, path.size() - std::string_view(kServiceName).size());
    return folder.ends_with(".wants") || folder.ends_with(".requires");
  });
}

bool has_dracut_hook(const ImageListing& image) {
  return std::any_of(image.entries().begin(), image.entries().end(), [](const ImageListing::Entry& entry) {
    const std::string_view path = entry.path;
    const std::size_t folder = path.find("dracut/hooks/pre-mount/");
    return folder != std::string_view::npos && path.ends_with(".sh") &&
           path.find("bootguard", folder) != std::string_view::npos;
  });
}

class ImageCheck {
 public:
  ImageCheck(const ImageListing& image, const ImageExpectations& expected)
      : image_(image),
        expected_(expected),
        framework_(framework_of(image)),
        release_(release_of(image).empty() ? expected.release : release_of(image)) {}

  Findings run() {
    if (framework_ == Framework::kUnknown) {
      put(CheckState::kWarn, "image", "of no kind that is known; %zu files", image_.entries().size());
    } else {
      put(CheckState::kOk, "image", "made by %s%s for kernel %s; %zu files", name(framework_),
          has_systemd(image_) ? " with systemd" : "", release_.empty() ? "(unknown)" : release_.c_str(),
          image_.entries().size());
    }
    check_binary();
    check_hook();
    check_rule();
    check_modules();
    for (const ConfigText& config : expected_.configs) check_config(config);
    return std::move(findings_);
  }

 private:
  [[gnu::format(printf, 4, 5)]] void put(CheckState state, const char* check, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    findings_.push_back(found(state, check, expected_.file, "%s", format_text_v(format, arguments).c_str()));
    va_end(arguments);
    if (state != CheckState::kOk) findings_.back().advice = rebuild_advice(framework_, release_);
  }

  bool is_executable(const char* path) const {
    const auto* const entry = image_.find(path);
    return entry != nullptr && entry->is_executable();
  }

  void check_binary() {
    if (!image_.has(kBinary)) {
      put(CheckState::kFail, "image-binary", "has no /%s", kBinary);
    } else if (!is_executable(kBinary)) {
      put(CheckState::kFail, "image-binary", "its /%s cannot be executed: it is empty, no file, or without the x bit",
          kBinary);
    } else {
      put(CheckState::kOk, "image-binary", "has /%s", kBinary);
    }
  }

  // What is not there, in words; empty: complete.
  std::string missing_hook() const {
    const bool runs_units = has_systemd(image_);
    switch (framework_) {
      case Framework::kInitramfsTools: {
        if (!is_executable("scripts/local-premount/bootguard"))
          return "an executable /scripts/local-premount/bootguard";
        // initramfs-tools runs what this file names, and nothing else.
        const auto* const order = image_.find("scripts/local-premount/ORDER");
        const bool ordered = order == nullptr || !order->has_content ||
                             order->content.find("/local-premount/bootguard") != std::string::npos;
        return ordered ? "" : "bootguard in /scripts/local-premount/ORDER";
      }
      case Framework::kDracut:
        if (runs_units) break;
        return has_dracut_hook(image_) ? "" : "a hook of bootguard in pre-mount";
      case Framework::kMkinitcpio:
        if (runs_units) break;
        return image_.has("hooks/bootguard") ? "" : "/hooks/bootguard (add bootguard to HOOKS)";
      case Framework::kUnknown:
        if (has_service(image_)) break;
        return image_.has("scripts/local-premount/bootguard") || image_.has("hooks/bootguard") ||
                       has_dracut_hook(image_) || image_.has("usr/lib/bootguard/bootguard-hook.sh")
                   ? ""
                   : "any hook of bootguard";
    }
    return has_service(image_) ? "" : format_text("/%s", kService);
  }

  void check_hook() {
    if (const std::string missing = missing_hook(); !missing.empty()) {
      put(CheckState::kFail, "image-hook", "has not %s: nothing would call bootguard", missing.c_str());
    } else if (!image_.has("usr/lib/bootguard/bootguard-hook.sh")) {
      put(CheckState::kFail, "image-hook", "has no /usr/lib/bootguard/bootguard-hook.sh, which the hooks need");
    } else if (has_systemd(image_) && has_service(image_) && !is_service_wanted(image_)) {
      put(CheckState::kFail, "image-hook", "its bootguard.service is wanted by no target: it would never start");
    } else if (has_systemd(image_) && has_service(image_) && !is_executable(kServiceProgram)) {
      put(CheckState::kFail, "image-hook", "has no executable /%s, which its bootguard.service starts",
          kServiceProgram);
    } else {
      put(CheckState::kOk, "image-hook", "has the hook that calls bootguard");
    }
  }

  void check_rule() {
    const bool there = image_.has("usr/lib/udev/rules.d/61-bootguard.rules") ||
                       image_.has("lib/udev/rules.d/61-bootguard.rules") ||
                       image_.has("etc/udev/rules.d/61-bootguard.rules");
    if (there) {
      put(CheckState::kOk, "image-rule", "has 61-bootguard.rules");
    } else {
      put(CheckState::kFail, "image-rule",
          "has no 61-bootguard.rules: UUID= would lead to the raw device, which is busy during a trial");
    }
  }

  void check_modules() {
    std::string missing;
    for (const char* const module : kModules) {
      if (is_built_in(expected_.builtin, module) || has_module(module)) continue;
      if (!missing.empty()) missing += ", ";
      missing += module;
    }
    if (missing.empty()) {
      put(CheckState::kOk, "image-modules", "has dm-mod, dm-bufio, dm-snapshot and dm-switch, or the kernel does");
    } else {
      put(CheckState::kFail, "image-modules", "lacks %s, and kernel %s has it not built in", missing.c_str(),
          release_.c_str());
    }
  }

  bool has_module(std::string_view module) const {
    const std::string folder = "lib/modules/" + release_ + "/";
    return std::any_of(image_.entries().begin(), image_.entries().end(), [&](const ImageListing::Entry& entry) {
      const std::string_view path = entry.path;
      const bool below = path.starts_with(folder) || path.starts_with("usr/" + folder);
      return below && entry.size > 0 && names_module(path, module);
    });
  }

  void check_config(const ConfigText& config) {
    const auto* const copy = image_.find(config.path);
    if (copy == nullptr) {
      put(CheckState::kFail, "image-config", "has no %s", config.path.c_str());
    } else if (!copy->has_content) {
      put(CheckState::kWarn, "image-config", "its %s could not be compared", config.path.c_str());
    } else if (copy->content != config.text) {
      put(CheckState::kFail, "image-config", "its %s is another than the machine's: the old one counts at boot",
          config.path.c_str());
    } else {
      put(CheckState::kOk, "image-config", "has the same %s", config.path.c_str());
    }
  }

  const ImageListing& image_;
  const ImageExpectations& expected_;
  Framework framework_;
  std::string release_;
  Findings findings_;
};

}  // namespace

Findings check_image(const ImageListing& image, const ImageExpectations& expected) {
  return ImageCheck(image, expected).run();
}

Framework framework_of(const ImageListing& image) {
  if (image.has("scripts/functions") && (image.has("conf/initramfs.conf") || image.has("conf/arch.conf")))
    return Framework::kInitramfsTools;
  if (image.has_any_below("usr/lib/dracut") || image.has_any_below("lib/dracut") ||
      image.has_any_below("var/lib/dracut"))
    return Framework::kDracut;
  if (image.has("buildconfig") || image.has("init_functions")) return Framework::kMkinitcpio;
  return Framework::kUnknown;
}

const char* name(Framework framework) {
  static constexpr const char* kNames[] = {"an unknown program", "dracut", "mkinitcpio", "initramfs-tools"};
  return kNames[static_cast<std::size_t>(framework)];
}

std::string rebuild_advice(Framework framework, const std::string& release) {
  const std::string shown = release.empty() ? "VERSION" : release;
  switch (framework) {
    case Framework::kDracut:
      return "rebuild the image: dracut --force --kver " + shown;
    case Framework::kMkinitcpio:
      return "rebuild the image: mkinitcpio -P";
    case Framework::kInitramfsTools:
      return "rebuild the image: update-initramfs -u -k " + shown;
    case Framework::kUnknown:
      break;
  }
  return "rebuild the image, with what initramfs-hooks/README.md lists";
}

std::string release_of(const ImageListing& image) {
  for (const std::string_view folder : {std::string_view("lib/modules/"), std::string_view("usr/lib/modules/")}) {
    for (const ImageListing::Entry& entry : image.entries()) {
      const std::string_view path = entry.path;
      if (!path.starts_with(folder)) continue;
      const std::string_view rest = path.substr(folder.size());
      const std::string_view release = rest.substr(0, rest.find('/'));
      if (!release.empty()) return std::string(release);
    }
  }
  return {};
}

bool names_module(std::string_view path, std::string_view module) {
  const std::size_t slash = path.rfind('/');
  const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (file.size() <= module.size()) return false;
  const auto same = [](char a, char b) { return a == b || (a == '_' && b == '-') || (a == '-' && b == '_'); };
  if (!std::equal(module.begin(), module.end(), file.begin(), same)) return false;
  const std::string_view suffix = file.substr(module.size());
  return suffix == ".ko" || suffix == ".ko.xz" || suffix == ".ko.zst" || suffix == ".ko.gz";
}

bool is_built_in(std::string_view builtin, std::string_view module) {
  while (!builtin.empty()) {
    const std::size_t end = std::min(builtin.find('\n'), builtin.size());
    if (names_module(builtin.substr(0, end), module)) return true;
    builtin.remove_prefix(std::min(end + 1, builtin.size()));
  }
  return false;
}

}  // namespace bootguard
