// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading /proc/self/mountinfo; what Mounts does with it is in file_map_contract.cpp.
#include "linux/linux_mounts.h"

#include "contract/subjects.h"

namespace bootguard::contract {

TEST_CASE("mountinfo: a line says what is mounted where, and whether it can be written") {
  const auto mount =
      parse_mountinfo_line("36 35 98:2 / /mnt/data rw,noatime master:1 shared:2 - ext4 /dev/root rw,errors=ro");
  REQUIRE(mount.has_value());
  REQUIRE(mount->path == "/mnt/data");
  REQUIRE(mount->type == "ext4");
  REQUIRE(mount->device == DeviceNumber{98, 2});
  REQUIRE_FALSE(mount->read_only);
  REQUIRE(parse_mountinfo_line("1 1 8:1 / / ro - xfs /dev/sda1 rw")->read_only);     // the mount
  REQUIRE(parse_mountinfo_line("1 1 8:1 / / rw - xfs /dev/sda1 rw,ro")->read_only);  // the file system
  REQUIRE_FALSE(parse_mountinfo_line("1 1 8:1 / / rw,ros - xfs /dev/sda1 rw,aro")->read_only);
}

TEST_CASE("mountinfo: escaped characters of a path are restored") {
  REQUIRE(parse_mountinfo_line("1 1 8:1 / /a\\040b\\134c\\011 rw - ext4 x rw")->path == "/a b\\c\t");
  REQUIRE(parse_mountinfo_line("1 1 8:1 / /a\\999\\40 rw - ext4 x rw")->path == "/a\\999\\40");
}

TEST_CASE("mountinfo: only mounts of a whole file system count") {
  REQUIRE_FALSE(parse_mountinfo_line("1 1 8:1 /var /mnt rw - ext4 x rw").has_value());
  REQUIRE_FALSE(parse_mountinfo_line("1 1 0:22 /@home /home rw - btrfs x rw").has_value());
}

TEST_CASE("mountinfo: malformed lines are passed over") {
  for (const char* line :
       {"", " ", "1", "1 1 8:1", "1 1 8:1 /", "1 1 8:1 / /mnt", "1 1 8:1 / /mnt rw", "1 1 8:1 / /mnt rw -",
        "1 1 81 / /mnt rw - ext4 x rw", "1 1 8:1x / /mnt rw - ext4 x rw", "1 1 8: / /mnt rw - ext4 x rw",
        "1 1 :1 / /mnt rw - ext4 x rw", "1 1 99999999999:1 / /mnt rw - ext4 x rw"}) {
    CAPTURE(line);
    REQUIRE_FALSE(parse_mountinfo_line(line).has_value());
  }
}

TEST_CASE("mounts: the running machine's own list can be read") {
  LinuxMounts mounts;
  REQUIRE(mounts.find({}).ok());
}

}  // namespace bootguard::contract
