# Functions for scripts that run inside the test virtual machine. POSIX sh; `set -eu` is on, so a failing command ends the
# script with its status. In the rescue flavour only what the shell itself can do works (say, fail, ok, not_ok, skip, check).
# shellcheck shell=sh

# DISK is the first disk of the scenario; a disk made by vm_disk has these two partitions.
# VOLUME is the usual mount point.
# shellcheck disable=SC2034
{
	DISK=/dev/ubda
	METADATA=/dev/ubda1
	USERDATA=/dev/ubda2
	VOLUME=/mnt
	BOOTGUARD=/product/bootguard
}

say() { echo "$*"; }

fail() {
	echo "FAILED: $*"
	exit 1
}

# Results of checks inside the machine; vm_boot passes them on to the test's own output. Others write to the console, too, and
# may leave half a line: each begins its own, and they are counted, for one that was spoilt all the same (see guest/run).
guest_counted=/run/guest-checks
result() {
	echo
	echo "@@$*"
	{ echo x >>"$guest_counted"; } 2>/dev/null || :
}
ok() { result "ok - $*"; }
not_ok() { result "not ok - $*"; }
skip() { result "skip - $*"; }

# count_from_here: what was printed so far is in the console log of another boot.
count_from_here() { : >"$guest_counted"; }
count_checks() {
	count_found=0
	[ ! -f "$guest_counted" ] || while read -r _; do count_found=$((count_found + 1)); done <"$guest_counted"
	echo
	echo "@@checks $count_found"
}

# check DESCRIPTION COMMAND...: ok or not ok by the command's status; never ends the script.
check() {
	check_what=$1
	shift
	if "$@"; then ok "$check_what"; else not_ok "$check_what"; fi
}

# check_fails DESCRIPTION COMMAND...: ok if the command fails.
check_fails() {
	check_what=$1
	shift
	if "$@"; then not_ok "$check_what"; else ok "$check_what"; fi
}

# check_equal DESCRIPTION WANTED FOUND
check_equal() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted '$2', found '$3'"; fi
}

# tool NAME ARGUMENTS...: the host's program, never busybox's applet of the same name.
tool() {
	for tool_directory in /usr/sbin /usr/bin /sbin /bin; do
		if [ -x "$tool_directory/$1" ]; then
			tool_path=$tool_directory/$1
			shift
			"$tool_path" "$@"
			return
		fi
	done
	echo "no such tool on the host: $1"
	return 127
}

have_tool() { [ -x "/usr/sbin/$1" ] || [ -x "/usr/bin/$1" ] || [ -x "/sbin/$1" ] || [ -x "/bin/$1" ]; }

# dm COMMAND...: dmsetup without udev.
dm() { DM_DISABLE_UDEV=1 tool dmsetup --noudevsync "$@"; }

# need_modules NAME...: loads modules (and what they need) that are not loaded at boot; built in is fine.
need_modules() {
	for need_name in "$@"; do
		[ -f "/modules/$need_name.list" ] || {
			echo "module not in the initramfs: $need_name"
			return 1
		}
		while read -r need_file; do
			insmod "/modules/$need_file" 2>/dev/null || :
		done <"/modules/$need_name.list"
	done
}

# mkfs_for ext4|xfs|f2fs|btrfs DEVICE [OPTION...]
mkfs_for() {
	mkfs_kind=$1
	mkfs_device=$2
	shift 2
	case $mkfs_kind in
	ext4) tool mkfs.ext4 -q -F "$@" "$mkfs_device" ;;
	xfs)
		# These allow less than 300 MiB, as its own tests need it.
		(
			export TEST_DIR=x TEST_DEV=x QA_CHECK_FS=x
			tool mkfs.xfs -q -f "$@" "$mkfs_device"
		)
		;;
	f2fs) tool mkfs.f2fs -q -f "$@" "$mkfs_device" >/dev/null ;;
	btrfs) tool mkfs.btrfs -q -f "$@" "$mkfs_device" ;;
	*) fail "mkfs_for: $mkfs_kind" ;;
	esac
}

# fsck_for KIND DEVICE: reads only; the filesystem must have been unmounted cleanly (see settle_volume). Prints only on errors.
fsck_for() {
	fsck_status=0
	case $1 in
	ext4) tool e2fsck -f -n "$2" >/tmp/fsck 2>&1 || fsck_status=$? ;;
	xfs) tool xfs_repair -n "$2" >/tmp/fsck 2>&1 || fsck_status=$? ;;
	f2fs)
		tool fsck.f2fs --dry-run "$2" >/tmp/fsck 2>&1 || fsck_status=$?
		if grep -q -E '\[Fail\]|\[ASSERT\]' /tmp/fsck; then fsck_status=1; fi
		;;
	*) fail "fsck_for: $1" ;;
	esac
	[ "$fsck_status" -eq 0 ] || tail -n 30 /tmp/fsck
	return "$fsck_status"
}

# mount_volume KIND [DEVICE [DIRECTORY [OPTIONS]]]
mount_volume() {
	mkdir -p "${3:-$VOLUME}"
	mount -t "$1" -o "noatime${4:+,$4}" "${2:-$USERDATA}" "${3:-$VOLUME}"
}

unmount_volume() { umount "${1:-$VOLUME}"; }

# settle_volume KIND DEVICE: mounts and unmounts, so that the journal is replayed.
settle_volume() {
	mount_volume "$1" "$2" /run/settle
	umount /run/settle
}

# tree VERB...: see test/tools/tree.cpp (busybox has an applet of that name).
tree() { /guest/tree "$@"; }
make_tree() { tree make "$@"; }
change_tree() { tree change "$@"; }
tree_digest() { tree digest "$@"; }

# extents_of FILE: lines "start_sector count", sectors of the filesystem's device, in file order, neighbours joined.
extents_of() {
	sync
	tool filefrag -b512 -v "$1" | awk '$1 ~ /^[0-9]+:$/ {
		gsub(/[.:]/, " ")
		start = $4; count = $6
		if (have && start == last_start + last_count) { last_count += count; next }
		if (have) print last_start, last_count
		last_start = start; last_count = count; have = 1
	} END { if (have) print last_start, last_count }'
}

# sysfs_of DEVICE: its directory in /sys, found by number (a dm device's node is no link here, for want of udev).
sysfs_of() {
	sysfs_number=$(tool stat -L -c '%t %T' "$1")
	readlink -f "/sys/dev/block/$(printf '%d:%d' "0x${sysfs_number% *}" "0x${sysfs_number#* }")"
}

# sectors_of DEVICE
sectors_of() { cat "$(sysfs_of "$1")/size"; }

# writes_of DEVICE, flushes_of DEVICE: counters since boot, of the device itself. A flush without data counts as a write too,
# and the kernel joins flushes that wait, so writes tell how many were sent and flushes how many the device did.
writes_of() { awk '{ print $5 }' "$(sysfs_of "$1")/stat"; }
flushes_of() { awk '{ print $16 }' "$(sysfs_of "$1")/stat"; }

# drop_caches: clean pages and metadata are read from the device again.
drop_caches() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

# crash: the machine ends at once; nothing more reaches the disk. vm_boot returns 126.
crash() {
	echo b >/proc/sysrq-trigger
	sleep 10
}

# by_links: /dev/disk/by-partlabel and by-partuuid, as udev would make them.
by_links() {
	mkdir -p /dev/disk/by-partlabel /dev/disk/by-partuuid
	for by_uevent in /sys/class/block/*/uevent; do
		by_device=$(sed -n 's/^DEVNAME=//p' "$by_uevent")
		by_name=$(sed -n 's/^PARTNAME=//p' "$by_uevent")
		by_uuid=$(sed -n 's/^PARTUUID=//p' "$by_uevent")
		[ -z "$by_name" ] || ln -sf "/dev/$by_device" "/dev/disk/by-partlabel/$by_name"
		[ -z "$by_uuid" ] || ln -sf "/dev/$by_device" "/dev/disk/by-partuuid/$by_uuid"
	done
}
