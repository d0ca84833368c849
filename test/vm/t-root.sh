#!/bin/sh
# The root filesystem as the volume: armed, tried, rolled back and marked good from inside it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 320
LIFE_STORE=64M
# shellcheck disable=SC2119
life_config

# What an initramfs does: the volume becomes "/", and the system's own script runs in it.
cat >"$VM_WORK/x/into-root.sh" <<'EOF'
. /guest/product.sh
boot_device || fail "bootguard says the volume must not be mounted"
say "root $BOOTGUARD_DEVICE"
mkdir -p /newroot
mount -t "$1" "$BOOTGUARD_DEVICE" /newroot
for kernel_fs in proc sys dev; do mount --bind "/$kernel_fs" "/newroot/$kernel_fs"; done
cp "$2" /newroot/system.sh
cd /newroot
mount --move . /
exec chroot . /bin/sh /system.sh
EOF
cat >"$VM_WORK/x/system-arm.sh" <<'EOF'
set -eu
/sbin/bootguard arm --attempts 2
lsattr /.bootguard/store 2>/dev/null || :
cat /etc/release
sync
EOF
cat >"$VM_WORK/x/system-update.sh" <<'EOF'
set -eu
grep ' / ' /proc/mounts
grep -q '^/dev/mapper/bootguard-userdata / ' /proc/mounts
echo "release 2" >/etc/release
rm -f /etc/only-in-1
dd if=/dev/urandom of=/etc/only-in-2 bs=1M count=5 2>/dev/null
sync
EOF
cat >"$VM_WORK/x/system-good.sh" <<'EOF'
set -eu
echo "release 3" >/etc/release
/sbin/bootguard mark-good
/sbin/bootguard status
sync
cat /etc/release
EOF

for kind in ext4 xfs f2fs; do
	vm_expect 0 "$kind: a root filesystem is made" vm_boot "$kind-make" - "$kind" <<'EOF'
. /guest/product.sh
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
cd "$VOLUME"
mkdir bin sbin etc etc/bootguard proc sys dev usr
cp /applets/busybox bin/busybox 2>/dev/null || cp "$(command -v busybox)" bin/busybox
for applet in sh cat echo rm dd sync grep; do ln -s busybox "bin/$applet"; done
cp "$BOOTGUARD" sbin/bootguard
cp "$CONFIG" etc/bootguard/bootguard.conf
echo "release 1" >etc/release
echo x >etc/only-in-1
make_tree usr/tree 400 1
cd /
unmount_volume
bg format --force
EOF
	vm_expect 0 "$kind: armed from inside the root" vm_boot "$kind-arm" - "$kind" <<'EOF'
. /guest/lib.sh
set -- "$1" /x/system-arm.sh
. /x/into-root.sh
EOF
	# The kernel under test goes down with its root mounted, as after a sudden reset; the journal is part of the checkpoint.
	vm_expect 0 "$kind: settled, extents noted" vm_boot "$kind-settle" - "$kind" <<'EOF'
. /guest/product.sh
mount_volume "$1"
extents_of "$VOLUME/$STORE" >/x/extents
say "digest $(tree_digest "$VOLUME" .bootguard)"
unmount_volume
EOF
	vm_snapshot_image disk checkpoint
	for n in 1 2; do
		vm_expect 0 "$kind: the new release runs, try $n" vm_boot "$kind-try$n" - "$kind" <<'EOF'
. /guest/lib.sh
set -- "$1" /x/system-update.sh
. /x/into-root.sh
EOF
	done
	check_fails "$kind: the root differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	life_rolled_back "$kind-rollback" "$kind" "$(vm_console_value "$kind-settle" digest)"
	vm_expect 0 "$kind: armed again" vm_boot "$kind-arm2" - "$kind" <<'EOF'
. /guest/lib.sh
set -- "$1" /x/system-arm.sh
. /x/into-root.sh
EOF
	check "$kind: it was the old release" vm_console_has "$kind-arm2" "release 1"
	vm_expect 0 "$kind: marked good from inside the root, live" vm_boot "$kind-good" - "$kind" <<'EOF'
. /guest/lib.sh
set -- "$1" /x/system-good.sh
. /x/into-root.sh
EOF
	vm_expect 0 "$kind: the new release stays" vm_boot "$kind-stays" - "$kind" <<'EOF'
. /guest/product.sh
check "$1: idle" phase_is idle
boot_volume "$1"
check_equal "$1: the new release" "release 3" "$(cat "$VOLUME/etc/release")"
check "$1: the store's file is gone" test ! -e "$VOLUME/$STORE"
unmount_volume
check "$1: filesystem check" fsck_for "$1" "$USERDATA"
EOF
done
