// SPDX-License-Identifier: LGPL-2.1-or-later
// What the first (and, for md, last) blocks of a device say it holds. Pure; every byte is hostile.
//
// Sources: fs/ext4/ext4.h, fs/xfs/libxfs/xfs_format.h, include/linux/f2fs_fs.h, fs/btrfs (superblock at 64 KiB),
// include/uapi/linux/raid/md_p.h, the LUKS and LVM2 on-disk formats.
#pragma once

#include <cstddef>
#include <span>

#include "base/units.h"
#include "ports/block_device.h"

namespace bootguard {

inline constexpr std::size_t kProbeHeadBytes = 200 * 1024;  // reaches over all copies of a metadata area
inline constexpr std::size_t kProbeTailBytes = 128 * 1024;  // md 0.90 and 1.0 lie there

struct ProbedBytes {
  std::span<const std::byte> head;  // from offset 0; shorter only where the device is
  std::span<const std::byte> tail;  // up to the end of the device; may be empty
  Bytes device_size;
};

// type is set only for a filesystem that bootguard can protect; type_name also for what it can not, with the reason
// where one is needed ("xfs with an external log"). A member of an array, a LUKS or an LVM container is named as that,
// whatever filesystem it seems to hold; two filesystems at once (one of them stale) are named "ext4, f2fs" and have no
// UUID. A metadata area of bootguard is named "bootguard", with the UUID of its first copy with a good CRC, or, so that
// a damaged area is found and can be reported, of the first copy at all. Labels are raw bytes, not fit to be printed.
[[nodiscard]] FilesystemIdentity identify_superblock(const ProbedBytes& probed);

}  // namespace bootguard
