// SPDX-License-Identifier: LGPL-2.1-or-later
// An initramfs image from its file to a listing: archives that are not compressed first (microcode), then the part that
// is, through a decompressor.
#pragma once

#include <string>

#include "base/result.h"
#include "doctor/image_listing.h"
#include "linux/file_tree.h"

namespace bootguard {

struct ImageFile {
  ImageListing listing;
  std::string compression;  // "zstd"; empty: none
};

// `path` as the machine sees it. Errors: kDeviceMissing (no such file), kNotRoot, kNotInstalled (there is no program to
// undo its compression; the text names it), kUnsupported (a compression the kernel does not know, or no image at all),
// kIo (broken, or more than two minutes or 4 GiB of it).
[[nodiscard]] Result<ImageFile> read_image(const FileTree& files, const std::string& path);

}  // namespace bootguard
