#!/bin/sh
# A store that overflows: the data stays intact, the loss of the way back is told, recorded, and never acted against.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 320
LIFE_STORE=24M
LIFE_FILES=600
# shellcheck disable=SC2119
life_config
for kind in ext4 xfs f2fs; do
	vm_expect 0 "$kind: armed with a small store" vm_boot "$kind-arm" - "$kind" <<'EOF'
. /guest/product.sh
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
make_tree "$VOLUME/tree" 600 1
tool dd if=/dev/urandom of="$VOLUME/old" bs=1M count=40 2>/dev/null
sync
bg format --force
bg arm
extents_of "$VOLUME/$STORE" >/x/extents
unmount_volume
EOF
	vm_expect "$VM_ENDED_EARLY" "$kind: the trial writes more than the store holds" vm_boot "$kind-trial" - "$kind" <<'EOF'
. /guest/product.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
change_tree "$VOLUME/tree" 2
tool dd if=/dev/urandom of="$VOLUME/old" bs=1M count=40 conv=notrunc 2>/dev/null
tool dd if=/dev/urandom of="$VOLUME/new" bs=1M count=40 2>/dev/null
sync
check "$1: the kernel gave the store up" sh -c "DM_DISABLE_UDEV=1 dmsetup status bootguard-userdata-undo | grep -q Invalid"
bg_status 0 "$1: status says so" "no way back|overflow" status
bg_status 9 "$1: mark-bad refuses" "no way back" mark-bad
tree churn "$VOLUME/churn" 5 200 || :
say "digest $(tree_digest "$VOLUME" .bootguard)"
sync
crash
EOF
	vm_snapshot_image disk newest
	vm_expect 0 "$kind: the next boot tells and goes on" vm_boot "$kind-next" - "$kind" "$(vm_console_value "$kind-trial" digest)" <<'EOF'
. /guest/product.sh
bg_status 11 "$1: boot says that nothing can be undone" "store" boot
boot_device
check_equal "$1: the raw volume is handed over" "$USERDATA" "$BOOTGUARD_DEVICE"
check "$1: idle" phase_is idle
mount_volume "$1" "$BOOTGUARD_DEVICE"
check_equal "$1: the newest data is there, all of it" "$2" "$(tree_digest "$VOLUME" .bootguard)"
unmount_volume
check "$1: filesystem check" fsck_for "$1" "$USERDATA"
bg log >/tmp/log
check "$1: the loss is in the log, with its reason" grep -q -i 'unprotected.*full' /tmp/log
bg_status 0 "$1: and in the status" "unprotected" status
EOF
	vm_expect 0 "$kind: a rollback asked for afterwards changes nothing" vm_boot "$kind-late" --cmdline rd.bootguard.action=rollback - "$kind" "$(vm_console_value "$kind-trial" digest)" <<'EOF'
. /guest/product.sh
boot_volume "$1"
check_equal "$1: the newest data is still there" "$2" "$(tree_digest "$VOLUME" .bootguard)"
unmount_volume
EOF
done
