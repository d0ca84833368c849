#!/bin/sh
# The real mkinitcpio, where there is one ($MKINITCPIO: its source tree): the life of an update, and what must not be mounted,
# with busybox in the image; t-boot-mkinitcpio-real-systemd.sh: with systemd. t-boot-mkinitcpio.sh does more, with a stub.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"
# shellcheck source=lib/distro-mkinitcpio.sh
. "$vm_here/lib/distro-mkinitcpio.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
mkinitcpio_real_begin
distro_config root PARTLABEL=root
case $vm_test in
*-systemd) framework=systemd first=systemd ;;
*) framework=busybox first=udev ;;
esac
mkinitcpio_real_image "$VM_WORK/image-$framework" base "$first" modconf block bootguard filesystems fsck
grep -q 'Running build hook: .bootguard' "$VM_WORK/image.out" || vm_fatal "the hook did not run"
check_equal "$framework: no complaint about the hook" "" "$(mkinitcpio_complaints bootguard)"
# control: what is missing is complained of
mv "$distro_tree/usr/lib/bootguard/bootguard-hook.sh" "$VM_WORK/hook"
mkinitcpio_real_image "$VM_WORK/image" base bootguard
mv "$VM_WORK/hook" "$distro_tree/usr/lib/bootguard/bootguard-hook.sh"
check "control: a complaint where a file is missing" test -n "$(mkinitcpio_complaints bootguard)"
# autodetect keeps only what this machine uses now, and it uses no device-mapper. The image is several archives, not compressed.
has_module() { grep -a -q -F -e "kernel/drivers/md/$2.ko" "$1"; }
mkinitcpio_real_image "$VM_WORK/image" base "$first" autodetect modconf block bootguard filesystems fsck
for module in dm-mod dm-bufio dm-snapshot dm-switch; do
	check "$framework: autodetect: $module is in the image" has_module "$VM_WORK/image" "$module"
done
check_fails "control: autodetect: dm-delay is not" has_module "$VM_WORK/image" dm-delay
mkinitcpio_real_image "$VM_WORK/image" base "$first" autodetect modconf block filesystems fsck
check_fails "control: autodetect without the hook: dm-snapshot is not" has_module "$VM_WORK/image" dm-snapshot
mkinitcpio_real_end
distro_machine disk
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

distro_life "$framework" "$VM_WORK/image-$framework" "$WORDS quiet"
vm_expect 0 "$framework: armed" distro_boot "$framework-arm" "$VM_WORK/image-$framework" "$WORDS" - <<'SCRIPT'
. /x/booted.sh
mount -o remount,rw /
bootguard arm --attempts 20
sync
SCRIPT
vm_expect 0 "$framework: root=/dev/ubda2" distro_boot "$framework-path" "$VM_WORK/image-$framework" "root=/dev/ubda2 rw" - "$framework" <<'SCRIPT'
. /x/booted.sh
check "$1: root=/dev/ubda2: the mapping is mounted" root_is "$MAPPED"
dd if=/dev/urandom of=/etc/new bs=64k count=32 2>/dev/null
sync
bootguard mark-bad
SCRIPT
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
vm_expect "$VM_KILLED" "$framework: cut off in the rollback" distro_boot "$framework-cut" "$VM_WORK/image" "$WORDS" \
	--kill-when "rolling back" "$VM_WORK/x/plain.sh" x x
vm_snapshot_image disk half
crash_while_rolling_back
# Its shell waits for someone to type.
must_not_come_up crashed "a crash in the middle of a rollback" --timeout 40
vm_expect 0 "$framework: the rollback is finished by the next sound boot" distro_boot "$framework-finished" \
	"$VM_WORK/image-$framework" "$WORDS" - "$framework" <<'SCRIPT'
. /x/booted.sh
check "$1: rolled back: the raw root is mounted" root_is "$RAW"
check "$1: rolled back: what was new is gone" test ! -e /etc/new
SCRIPT
