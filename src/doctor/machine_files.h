// SPDX-License-Identifier: LGPL-2.1-or-later
// The files that the checks are about, found and read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config.h"
#include "doctor/check_image.h"
#include "doctor/finding.h"
#include "doctor/image_file.h"
#include "doctor/root_parameter.h"
#include "linux/file_tree.h"

namespace bootguard {

struct ConfigFile {
  std::string path;
  std::string text;
  Result<Config> config;
};
// `named`, or all of /etc/bootguard/*.conf and, where bootguard.conf is not there, the first of its other places.
[[nodiscard]] std::vector<ConfigFile> read_configs(const FileTree& files, const std::string& named);
// Check "config", one for each file: it can be understood, and no two want the same volume name or metadata block.
// Pure.
[[nodiscard]] Findings check_configs(const std::vector<ConfigFile>& configs);

// Text, or empty where there is no such file or it cannot be read.
[[nodiscard]] std::string text_of(const FileTree& files, const std::string& path, std::size_t limit = 1U << 20);

// The kernel's name of its version; empty below another root.
[[nodiscard]] std::string running_release(const FileTree& files);
// What the kernel has of modules, inside and as files.
struct KernelModules {
  std::string builtin;  // modules.builtin
  std::string files;    // modules.dep
  [[nodiscard]] bool is_known() const { return !builtin.empty() || !files.empty(); }
  [[nodiscard]] bool has(const char* module) const;
};
[[nodiscard]] KernelModules read_kernel_modules(const FileTree& files, const std::string& release);

// The kernel command line of the running machine; below another root that of /etc/kernel/cmdline. Nothing if neither
// is there.
[[nodiscard]] std::optional<std::string> command_line_of(const FileTree& files);

// The images of a kernel, or below another root all there are; at most 16.
[[nodiscard]] std::vector<std::string> image_places(const FileTree& files, const std::string& release);
// Check "image" of one that could not be read.
[[nodiscard]] Finding unreadable_image(const std::string& path, const Error& error);

// Of systemd's late generators.
[[nodiscard]] std::vector<MountUnit> generated_mounts(const FileTree& files);
[[nodiscard]] bool is_late_service_enabled(const FileTree& files);

// Check "udev-rule": the rule that the initramfs has has to be in the real root as well.
[[nodiscard]] Finding check_udev_rule(const FileTree& files);
// Check "hook-order".
[[nodiscard]] Finding check_hooks_of(const FileTree& files, Framework framework);

}  // namespace bootguard
