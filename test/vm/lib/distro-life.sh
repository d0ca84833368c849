# The life of an update with a real initramfs; sourced by test/vm/t-boot-*.sh after distro.sh.
# shellcheck shell=sh

# What every boot asserts first: what is mounted as the root filesystem, and not only that the machine came up.
cat >"$VM_WORK/x/booted.sh" <<'EOF'
# root_is DEVICE: by /proc/mounts; a link or node of the same device will do.
device_number() { stat -L -c %t:%T "$1"; }
mounted_at() { awk -v at="$1" '$2 == at && $1 != "rootfs" { found = $1 } END { print found }' /proc/mounts; }
root_is() { [ -b "$(mounted_at /)" ] && [ "$(device_number "$(mounted_at /)")" = "$(device_number "$1")" ]; }
hook_says() { sed -n "s/^$2='\(.*\)'\$/\1/p" "/run/bootguard/$1"; }
MAPPED=/dev/mapper/bootguard-root
RAW=/dev/ubda2
EOF

# shellcheck source=bad.sh
. "$vm_here/lib/bad.sh"
bad_build_tool

# distro_half_done: on the disk of a trial, the metadata of a rollback that has begun; its store no longer verifies.
distro_half_done() {
	dd if="$VM_WORK/disk.img" of="$VM_WORK/x/half.meta" bs=1M skip=1 count=2 status=none
	meta_edit half "0 1 2 3" set 64 04
	dd if="$VM_WORK/x/half.meta" of="$VM_WORK/disk.img" bs=1M seek=1 conv=notrunc status=none
}

# distro_life PREFIX IMAGE "WORDS": commit and rollback of the root filesystem, booted by IMAGE.
distro_life() {
	life_prefix=$1 life_image=$2 life_words=$3
	vm_expect 0 "$life_prefix: idle: the raw root, armed" distro_boot "$life_prefix-arm" "$life_image" "$life_words" - "$life_prefix" <<'EOF'
. /x/booted.sh
cat /proc/mounts
check "$1: idle: the raw root is mounted" root_is "$RAW"
bootguard format --force
bootguard arm --attempts 2
EOF
	for life_try in 1 2; do
		vm_expect 0 "$life_prefix: try $life_try" distro_boot "$life_prefix-try$life_try" "$life_image" "$life_words" - "$life_prefix" "$life_try" <<'EOF'
. /x/booted.sh
check "$1: try $2: the mapping is mounted" root_is "$MAPPED"
check_equal "$1: try $2: told to whoever comes later" trial "$(hook_says bootguard BOOTGUARD_PHASE)"
check_equal "$1: try $2: counted" "$((2 - $2))" "$(hook_says bootguard BOOTGUARD_ATTEMPTS_LEFT)"
mount -o remount,rw /
echo "release 2" >/etc/release
dd if=/dev/urandom of=/etc/new bs=64k count=16 2>/dev/null
sync
EOF
	done
	vm_expect 0 "$life_prefix: rolled back" distro_boot "$life_prefix-back" "$life_image" "$life_words" - "$life_prefix" <<'EOF'
. /x/booted.sh
check "$1: rolled back: the raw root is mounted" root_is "$RAW"
check_equal "$1: rolled back: the old release" "release 1" "$(cat /etc/release)"
check "$1: rolled back: what was new is gone" test ! -e /etc/new
check_equal "$1: rolled back: told" roll-back "$(hook_says bootguard BOOTGUARD_DECISION)"
bootguard log
mount -o remount,rw /
bootguard arm --attempts 1
EOF
	vm_expect 0 "$life_prefix: marked good" distro_boot "$life_prefix-good" "$life_image" "$life_words" - "$life_prefix" <<'EOF'
. /x/booted.sh
check "$1: on trial: the mapping is mounted" root_is "$MAPPED"
mount -o remount,rw /
echo "release 3" >/etc/release
check "$1: mark-good" bootguard mark-good
sync
EOF
	vm_expect 0 "$life_prefix: the new release stays" distro_boot "$life_prefix-stays" "$life_image" "$life_words" - "$life_prefix" <<'EOF'
. /x/booted.sh
check "$1: committed: the raw root is mounted" root_is "$RAW"
check_equal "$1: committed: the new release" "release 3" "$(cat /etc/release)"
EOF
}
