#!/bin/sh
# Hibernation in the middle of a trial: the image is resumed before bootguard looks at anything, so a resume is no boot and
# nothing is written below a system that is only asleep. Debian's kernel and systemd in an emulated machine, /home as the
# volume. This is initramfs-tools; t-boot-hibernate-dracut-systemd.sh is another, and BOOT_FRAMEWORK=dracut the third.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"
# shellcheck source=lib/qemu.sh
. "$vm_here/lib/qemu.sh"

distro_framework
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config home PARTLABEL=home PARTLABEL=bootguard-home
qemu_kernel
distro_image "$VM_WORK/image" "$framework"
distro_machine disk full
distro_end
vm_plain swap 800
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
cat >>"$VM_WORK/x/booted.sh" <<'EOF'
HOME_MAPPED=/dev/mapper/bootguard-home
home_is() { [ -b "$(mounted_at /home)" ] && [ "$(device_number "$(mounted_at /home)")" = "$(device_number "$1")" ]; }
booted() { check_equal "$1: no unit failed" "" "$(systemctl --failed --plain --no-legend | grep -v vm-test)"; }
attempts_left() { bootguard status --config /etc/bootguard/home.conf --format=shell | sed -n "s/^BOOTGUARD_ATTEMPTS_LEFT='\(.*\)'/\1/p"; }
EOF
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"

vm_expect 0 "armed" qemu_boot arm "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
mkswap /dev/vdb
bootguard format --force --config /etc/bootguard/home.conf
bootguard arm --attempts 5 --config /etc/bootguard/home.conf
sync
EOF
# The script begins in one run of the machine and ends in the next.
vm_expect "$VM_ENDED_EARLY" "asleep" qemu_boot asleep "$VM_WORK/image" "$WORDS resume=/dev/vdb" - <<'EOF'
. /x/booted.sh
check "before: /home is the mapping" home_is "$HOME_MAPPED"
check_equal "before: the first attempt" 4 "$(attempts_left)"
booted before
echo new >/home/user/file
swapon /dev/vdb
echo shutdown >/sys/power/disk
echo disk >/sys/power/state
count_from_here
check "after: awake again" true
check_equal "after: the resume did not count" 4 "$(attempts_left)"
check "after: /home is the mapping" home_is "$HOME_MAPPED"
check_equal "after: what was written is there" new "$(cat /home/user/file)"
booted after
dd if=/dev/urandom of=/home/user/more bs=64k count=64 2>/dev/null
swapoff /dev/vdb
bootguard mark-bad --config /etc/bootguard/home.conf
sync
EOF
vm_snapshot_image disk sleeping
vm_snapshot_image swap image
vm_expect 0 "awake" qemu_boot awake "$VM_WORK/image" "$WORDS resume=/dev/vdb" - <<'EOF'
fail "it did not resume"
EOF
check "awake: it did" vm_console_has awake "@@ok - after: awake again"
check_fails "awake: bootguard was not even asked before" vm_console_has awake "bootguard: .*attempt"
vm_expect 0 "rolled back" qemu_boot back "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "rolled back: the raw /home is mounted" home_is /dev/vda3
check_equal "rolled back: the old file" "at home" "$(cat /home/user/file)"
check "rolled back: nothing else" test ! -e /home/user/more
EOF

# Control: without resume= the same sleeping machine boots, and that counts.
vm_snapshot_image sleeping disk
vm_snapshot_image image swap
vm_expect 0 "control: no resume" qemu_boot control "$VM_WORK/image" "$WORDS noresume" - <<'EOF'
. /x/booted.sh
check_equal "control: it counts" 3 "$(attempts_left)"
EOF
check "control: bootguard is heard on the console" vm_console_has control "bootguard: .*attempt"
