#!/bin/sh
# bootguard's hooks for mkinitcpio in images of the contract stub (lib/mkinitcpio-stub), as Debian has no mkinitcpio: the life
# of an update, whatever goes wrong, and every form in which root= can name the root filesystem. The real one:
# t-boot-mkinitcpio-real.sh.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"
# shellcheck source=lib/distro-mkinitcpio.sh
. "$vm_here/lib/distro-mkinitcpio.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
framework=stub
mkinitcpio_stub_image "$VM_WORK/image-stub" base udev bootguard
mkinitcpio_stub_image "$VM_WORK/image-systemd" base systemd bootguard
mkinitcpio_stub_image "$VM_WORK/image-without" base udev
distro_machine disk
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

note "--- what is in the images"
modules=usr/lib/modules/$vm_release/kernel/drivers/md
units=usr/lib/systemd/system
set -- etc/bootguard/bootguard.conf usr/bin/bootguard usr/lib/bootguard/bootguard-hook.sh usr/lib/udev/rules.d/61-bootguard.rules \
	"$modules/dm-mod.ko" "$modules/dm-bufio.ko" "$modules/dm-snapshot.ko" "$modules/dm-switch.ko" usr/lib/udev/rules.d/55-dm.rules usr/bin/dmsetup
check "busybox: all that the hook needs" image_has "$VM_WORK/image-stub" hooks/bootguard "$@"
check_fails "busybox: no unit" image_has "$VM_WORK/image-stub" "$units/bootguard.service"
check "systemd: all that the unit needs" image_has "$VM_WORK/image-systemd" usr/lib/bootguard/bootguard-initrd usr/bin/systemctl usr/bin/stat \
	"$units/bootguard.service" "$units/initrd-root-fs.target.wants/bootguard.service" "$units/sysroot.mount.d/50-bootguard.conf" \
	"$units/systemd-fsck@.service.d/50-bootguard.conf" "$units/systemd-fsck-root.service.d/50-bootguard.conf" "$@"
check_fails "systemd: no hook for busybox" image_has "$VM_WORK/image-systemd" hooks/bootguard
check_fails "control: an image without the hook has none of it" image_has "$VM_WORK/image-without" usr/bin/bootguard

note "--- the life of an update"
distro_life life "$VM_WORK/image-stub" "$WORDS quiet"

note "--- nothing on trial"
fails_open

note "--- on trial"
vm_expect 0 "armed" distro_boot arm "$VM_WORK/image-stub" "$WORDS" - <<'SCRIPT'
. /x/booted.sh
bootguard format --force
bootguard arm --attempts 20
SCRIPT
for name in UUID=b0070000-0000-4000-8000-0000000000f2 LABEL=bgroot PARTUUID=b0070000-0000-4000-8000-000000000002 PARTLABEL=root /dev/ubda2; do
	what="root=$name"
	vm_expect 0 "$what" distro_boot "name-$(echo "$name" | tr '/=' '__')" "$VM_WORK/image-stub" "root=$name rw" - "$what" <<'SCRIPT'
. /x/booted.sh
check "$1: the mapping is mounted" root_is "$MAPPED"
for link in by-uuid/b0070000-0000-4000-8000-0000000000f2 by-label/bgroot by-partuuid/b0070000-0000-4000-8000-000000000002 by-partlabel/root; do
	check_equal "$1: $link" "$(device_number "$MAPPED")" "$(device_number "/dev/disk/$link")"
done
check_fails "$1: nothing gets past the mapping" mount -t ext4 "$RAW" /mnt
SCRIPT
done
# break=premount: the emergency hook has one line for whoever looks; the control is that it has none when nothing is open.
vm_expect 0 "a break before the mount, on trial" distro_boot break "$VM_WORK/image-stub" "$WORDS break=premount" - <<'SCRIPT'
. /x/booted.sh
check "break: the mapping is mounted" root_is "$MAPPED"
dd if=/dev/urandom of=/etc/new bs=64k count=32 2>/dev/null
sync
bootguard mark-bad
SCRIPT
check_equal "break: one hint" 1 "$(grep -c "bootguard: 'root' is in phase trial, attempts left: 14" "$VM_WORK/break.log")"

note "--- in the middle of a rollback"
vm_expect "$VM_KILLED" "cut off in the rollback" distro_boot cut "$VM_WORK/image-stub" "$WORDS" --kill-when "rolling back" "$VM_WORK/x/plain.sh" x x
vm_snapshot_image disk half
crash_while_rolling_back
must_not_come_up crashed "a crash in the middle of a rollback"
check_equal "crashed: one hint before each shell" "$(grep -c '^:: a shell' "$VM_WORK/stub-crashed.log")" \
	"$(grep -c "bootguard: 'root' is in phase rolling-back" "$VM_WORK/stub-crashed.log")"
vm_expect 0 "the rollback is finished by the next sound boot" distro_boot finished "$VM_WORK/image-stub" "$WORDS break=premount" - <<'SCRIPT'
. /x/booted.sh
check "rolled back: the raw root is mounted" root_is "$RAW"
check "rolled back: what was new is gone" test ! -e /etc/new
SCRIPT
check_equal "idle: no hint" 0 "$(grep -c "bootguard: 'root' is in phase" "$VM_WORK/finished.log")"
