// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether an initramfs image has all that bootguard needs, and the same configuration as the machine. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.h"
#include "doctor/image_listing.h"

namespace bootguard {

enum class Framework : std::uint8_t { kUnknown, kDracut, kMkinitcpio, kInitramfsTools };
[[nodiscard]] Framework framework_of(const ImageListing& image);
[[nodiscard]] const char* name(Framework framework);  // "dracut"
// "rebuild the image: ..."
[[nodiscard]] std::string rebuild_advice(Framework framework, const std::string& release);

// The kernel's modules that the image has: the first folder of lib/modules; empty if there is none.
[[nodiscard]] std::string release_of(const ImageListing& image);

struct ConfigText {
  std::string path;  // as the machine sees it
  std::string text;
};

struct ImageExpectations {
  std::string file;                 // of the image, for messages
  std::string release;              // of the kernel it is for
  std::string builtin;              // the kernel's modules.builtin; empty if unknown
  std::vector<ConfigText> configs;  // of the machine
};

// Checks "image", "image-binary", "image-hook", "image-rule", "image-modules", and "image-config" for each
// configuration.
[[nodiscard]] Findings check_image(const ImageListing& image, const ImageExpectations& expected);

// Whether `modules` ("lib/modules/REL/...", one path a line, as modules.builtin or a listing has them) names the
// module; '-' and '_' are the same.
[[nodiscard]] bool names_module(std::string_view path, std::string_view module);
[[nodiscard]] bool is_built_in(std::string_view builtin, std::string_view module);

}  // namespace bootguard
