#!/bin/sh
# Whatever goes wrong with bootguard, the machine boots what it would have booted without it, in bounded time; and where that
# would spoil the data it does not. Asserted by /proc/mounts. This is initramfs-tools; t-boot-failures-dracut.sh and
# t-boot-failures-dracut-systemd.sh are the others.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

distro_framework
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

distro_image "$VM_WORK/image-$framework" "$framework"
distro_end

note "--- nothing on trial"
fails_open

note "--- on trial"
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
vm_expect 0 "$framework: armed" distro_boot "$framework-arm" "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
bootguard format --force
bootguard arm --attempts 2
EOF
vm_snapshot_image disk armed
changed_image "usr/lib/modules/$vm_release/kernel/drivers/md/dm-snapshot.ko" 644 </dev/null
plain_boot module "no dm-snapshot: armed, and unprotected" "PROTECTED='no'"
vm_snapshot_image armed disk
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
vm_expect 0 "$framework: a trial" distro_boot "$framework-trial" "$VM_WORK/image" "$WORDS" - "$framework" <<'EOF'
. /x/booted.sh
check "$1: the mapping is mounted" root_is "$MAPPED"
dd if=/dev/urandom of=/etc/new bs=64k count=32 2>/dev/null
sync
bootguard mark-bad
EOF
vm_snapshot_image disk bad
distro_half_done
vm_snapshot_image disk half
a_crash_while_rolling_back
vm_snapshot_image half disk
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
# The file's last extent at least lies here, far behind what the system wrote.
dd if=/dev/zero of="$VM_WORK/disk.img" bs=1M seek=8 count=180 conv=notrunc status=none
vm_snapshot_image disk lost
must_before=lost
must_not_come_up lost "a rollback that cannot go on"
must_before=half
vm_snapshot_image half disk
vm_expect 0 "$framework: the rollback is finished by the next sound boot" distro_boot "$framework-done" "$VM_WORK/image" "$WORDS" - "$framework" <<'EOF'
. /x/booted.sh
check "$1: rolled back: the raw root is mounted" root_is "$RAW"
check "$1: rolled back: what was new is gone" test ! -e /etc/new
bootguard log
EOF
