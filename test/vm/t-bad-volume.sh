#!/bin/sh
# A volume that cannot be armed, is another one, or is read-only; verbs that do not fit.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
bad_states
# A larger disk with the same names and the same metadata, its volume a copy: what a resize or an exchanged disk looks like.
bad_mib=136
vm_detach_all
vm_disk larger "$bad_mib"
for state in armed trial; do
	vm_snapshot_image larger "larger-$state"
	dd if="$VM_WORK/$state.img" of="$VM_WORK/larger-$state.img" bs=1048576 skip=1 seek=1 count=130 conv=notrunc,sparse status=none
done
vm_detach_all
vm_attach "$VM_WORK/disk.img"

# --- arm refuses the filesystem -----------------------------------------------------------------------------------------
bad_back idle
vm_expect 0 "filesystems that cannot be protected" vm_boot kinds --timeout 120 - <<'EOT'
. /x/bad.sh
# holds WHAT OFFSET MAGIC: the volume's first MiB is that and nothing else
holds() {
	tool dd if=/dev/zero of="$USERDATA" bs=1M count=1 conv=notrunc,fsync status=none
	# shellcheck disable=SC2059 # octal
	[ -z "$3" ] || printf "$3" | tool dd of="$USERDATA" bs=1 seek="$2" conv=notrunc,fsync status=none
	drop_caches
}
holds vfat 54 "FAT16   "
refused 15 "vfat" "/dev/ubda2 holds vfat; bootguard protects ext4, XFS and f2fs" arm
holds LUKS 0 "LUKS\272\276"
refused 15 "LUKS that is not opened" "/dev/ubda2 holds LUKS" arm
holds swap 4086 "SWAPSPACE2"
refused 15 "swap" "/dev/ubda2 holds swap" arm
holds nothing 0 ""
refused 15 "no filesystem" "/dev/ubda2 holds no filesystem known to bootguard" arm
tool mkfs.ext4 -q -F -O ^has_journal,^extents,^64bit,^metadata_csum,^flex_bg,^huge_file,^dir_nlink,^extra_isize "$USERDATA"
drop_caches
refused 15 "ext2" "/dev/ubda2 holds ext2" arm
# Two superblocks at once: which of them is stale is not for us to guess.
mkfs_for ext4 "$USERDATA"
printf '_BHRfS_M' | tool dd of="$USERDATA" bs=1 seek=65600 conv=notrunc,fsync status=none
drop_caches
refused 15 "two filesystems in one place" "/dev/ubda2 holds ext4, btrfs" arm
check "idle" phase_is idle
EOT
check "refused filesystems: the metadata is as it was" bad_same_metadata idle

# A real btrfs, mounted writable: everything else `arm` asks for is there.
bad_back idle
vm_expect 0 "a mounted btrfs" vm_boot btrfs --timeout 120 - <<'EOT'
. /x/bad.sh
# mounted KIND: the volume is made and mounted as that, with a tree on it that is on the disk
mounted() {
	mkfs_for "$1" "$USERDATA"
	mount_volume "$1"
	make_tree "$VOLUME/tree" 100 1
	sync
}
# digests: of the tree, and of every byte of the disk
digests() {
	sync
	echo "$(tree_digest "$VOLUME") $(tool dd if="$DISK" bs=1M iflag=direct status=none | tool sha256sum)"
}
mounted btrfs
check "btrfs: it is one" grep -q "^$USERDATA $VOLUME btrfs rw" /proc/mounts
before=$(digests)
refused 15 "btrfs: refused, and why" "/dev/ubda2 holds btrfs: its FIEMAP addresses are not addresses on the device & ext4, XFS and f2fs" arm
check_equal "btrfs: not a byte of the disk was written" "$before" "$(digests)"
check "btrfs: no store is left" test ! -e "$VOLUME/.bootguard"
check "btrfs: idle" phase_is idle
unmount_volume
mounted ext4
before=$(digests)
does 0 "control: ext4 in its place is armed" "^ *armed" arm
check_fails "control: which the digests show" test "$before" = "$(digests)"
check "control: there is a store" test -e "$VOLUME/$STORE"
unmount_volume
EOT

# --- arm refuses the mount, the space, the pieces -----------------------------------------------------------------------
bad_back idle
vm_expect 0 "mounts" vm_boot mounts - <<'EOT'
. /x/bad.sh
watched=$METADATA
# left_nothing WHAT
left_nothing() {
	check "$1: nothing is left behind" test ! -e "$VOLUME/.bootguard"
	check "$1: idle" phase_is idle
}
refused 19 "not mounted" "/dev/ubda2 is not mounted; mount it, the store is a file in it" arm
watched=$DISK
mount_volume ext4 "$USERDATA" "$VOLUME" ro,noload
refused 18 "a read-only mount" "/dev/ubda2 is mounted read-only at $VOLUME; remount it writable" arm
unmount_volume
EOT
bad_same "a volume that is not mounted, or read-only" idle
vm_expect 0 "space" vm_boot space --timeout 120 - <<'EOT'
. /x/bad.sh
watched=$METADATA
left_nothing() {
	check "$1: nothing is left behind" test ! -e "$VOLUME/.bootguard"
	check "$1: idle" phase_is idle
}
mount_volume ext4
digest=$(tree_digest "$VOLUME")
sed 's/^store-size = .*/store-size = 500M/' /x/bootguard.conf >/tmp/bootguard.conf
CONFIG=/tmp/bootguard.conf
refused 16 "a store larger than what is free" "$VOLUME has [0-9]+ MiB free, but the store takes 500 MiB & smaller store-size" arm
left_nothing "too large"
sed 's/^store-size = .*/store-size = 1M/' /x/bootguard.conf >/tmp/bootguard.conf
refused 78 "a store too small to be of use" "store-size 1 MiB is too small to be of use; .*takes [0-9]+ MiB at least" arm
left_nothing "too small"
sed 's/^store-size = .*/store-size = 1%/' /x/bootguard.conf >/tmp/bootguard.conf
refused 78 "one percent of a small volume" "is too small to be of use" arm
left_nothing "one percent"
CONFIG=/x/bootguard.conf
check_equal "the tree is as it was" "$digest" "$(tree_digest "$VOLUME")"
dd if=/dev/zero of="$VOLUME/filler" bs=1M count=72 2>/dev/null
sync
refused 16 "a filesystem that is too full" "$VOLUME has [0-9]+ MiB free, but the store takes 32 MiB; free some" arm
left_nothing "too full"
# The kernel itself says no: a quota, or what the free-space count did not know.
rm "$VOLUME/filler"
touch "$VOLUME/.bootguard"
refused 1 "something else in the place of the store's folder" "$VOLUME/.bootguard/store & not a directory" arm
check "it is still there" test -f "$VOLUME/.bootguard"
check "idle" phase_is idle
rm "$VOLUME/.bootguard"
ln -s /tmp "$VOLUME/.bootguard"
refused 1 "a link in the place of the store's folder" "$VOLUME/.bootguard/store" arm
check "nothing behind the link" test ! -e /tmp/store
check "idle" phase_is idle
rm "$VOLUME/.bootguard"
check_equal "the tree is still as it was" "$digest" "$(tree_digest "$VOLUME")"
unmount_volume
EOT
check "refused for want of space: the metadata is as it was" bad_same_metadata idle

# Free space in single blocks: every other block of a large file is a hole.
awk 'BEGIN { for (i = 0; i < 64; ++i) printf "data" }' | dd of="$VM_WORK/x/block" bs=4096 conv=sync status=none
dd if=/dev/zero bs=4096 count=1 status=none >>"$VM_WORK/x/block"
i=0
while [ "$i" -lt 12 ]; do
	cat "$VM_WORK/x/block" "$VM_WORK/x/block" >"$VM_WORK/x/block2"
	mv "$VM_WORK/x/block2" "$VM_WORK/x/block"
	i=$((i + 1))
done
cat "$VM_WORK/x/block" "$VM_WORK/x/block" "$VM_WORK/x/block" >"$VM_WORK/x/comb"
bad_back idle
vm_expect 0 "pieces" vm_boot pieces --timeout 240 - <<'EOT'
. /x/bad.sh
watched=$METADATA
tool mkfs.ext4 -q -F -b 4096 -m 0 -N 64 -E lazy_itable_init=0 "$USERDATA"
mount_volume ext4
tool dd if=/x/comb of="$VOLUME/comb" bs=1M status=none
dd if=/dev/zero of="$VOLUME/filler" bs=4k 2>/dev/null || :
sync
tool fallocate -d "$VOLUME/comb"
sync
say "free $(df -m "$VOLUME" | awk 'NR == 2 { print $4 }') MiB"
for size in 33M 24M 12M; do
	sed "s/^store-size = .*/store-size = $size/" /x/bootguard.conf >/tmp/bootguard.conf
	CONFIG=/tmp/bootguard.conf
	case $size in
	# 8448 pieces: more than are read; 6144: more than the table holds; 3072: each has room for nothing but its witness
	33M) words="store.* extents" ;;
	24M) words="the store's file lies in 6[0-9]+ extents, more than the 4092 that can be recorded: free some space" ;;
	12M) words="3[0-9]+ pieces, of which too little is left in whole chunks; free or defragment" ;;
	esac
	refused 17 "free space in single blocks: $size" "$words & larger pieces" arm
	check "$size: nothing is left behind" test ! -e "$VOLUME/.bootguard"
	check "$size: idle" phase_is idle
done
unmount_volume
check "sound" fsck_for ext4 "$USERDATA"
EOT
check "too fragmented: the metadata is as it was" bad_same_metadata idle
rm "$VM_WORK/x/block" "$VM_WORK/x/comb"

# --- verbs that do not fit the phase ------------------------------------------------------------------------------------
bad_back armed
vm_expect 0 "already armed" vm_boot armed --cmdline bootguard.slot=A - <<'EOT'
. /x/bad.sh
mount_volume ext4 "$USERDATA" "$VOLUME" ro,noload
writes_before=$(written_to "$DISK")
does 0 "armed: the same again is no error" "already armed, 3 attempts" arm
check_equal "and writes nothing" "$writes_before" "$(written_to "$DISK")"
refused 20 "armed: with other attempts" "already armed with 3 attempts; 'bootguard disarm' first" arm --attempts 5
refused 20 "armed: for a slot" "already armed with 3 attempts; 'bootguard disarm' first" arm --slot B
refused 64 "armed: for the slot that runs" "--slot A is the slot that runs now" arm --slot A
refused 2 "armed: mark-good" "armed, but no trial has begun" mark-good
refused 2 "armed: mark-bad" "armed, but no trial has begun" mark-bad
refused 7 "armed: format" "live|metadata block" format
sed 's/^.volume userdata/[volume other/' /x/bootguard.conf >/tmp/other.conf
CONFIG=/tmp/other.conf
does 0 "armed: status with a config of another volume" "armed & other" status
EOT
bad_same "already armed" armed
bad_back trial
vm_expect 0 "already on trial" vm_boot trial --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
refused 20 "trial: arm" "a trial is running: end it with mark-good, or with mark-bad" arm
refused 20 "trial: arm with other attempts" "a trial is running" arm --attempts 5
refused 20 "trial: disarm" "a trial is running: end it with mark-good, or with mark-bad" disarm
refused 7 "trial: format" "the way back of a trial" format
EOT
bad_same "already on trial" trial

# --- another device than the one that was armed -------------------------------------------------------------------------
# another NAME STATE REASON PATTERNS
another() {
	bad_keep before
	vm_expect 0 "$1" vm_boot "$1" --cmdline bootguard.slot=B - "$@" <<'EOT'
. /x/bad.sh
volume_writes=$(written_to "$USERDATA")
answers 0 "$1: status tells before the boot does" "$2" bg status
boots 11 "$1: boot" "$USERDATA" "$4 & mount $USERDATA, NOT protected"
check_equal "$1: the volume was not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "$1: recorded" log_says "unprotected: $3" 1
check "$1: status tells" status_says "idle & went on unprotected.*$3"
check "$1: no mapping" test "$(mappings)" -eq 0
EOT
	check "$1: only the metadata differs" cmp -i "$VM_USERDATA_OFFSET" "$VM_WORK/disk.img" "$VM_WORK/before.img"
	check_fails "$1: which has the reason" bad_same_metadata before
}
not_it="not the device that was armed"
cp "$VM_WORK/larger-armed.img" "$VM_WORK/disk.img"
another size-armed armed "$not_it" "no checkpoint & /dev/ubda2 has 278528 sectors, but the volume that was armed had 262144: it is another device, or it was resized"
cp "$VM_WORK/larger-trial.img" "$VM_WORK/disk.img"
another size-trial trial "$not_it" "the way back is lost & /dev/ubda2 has 278528 sectors, but the volume that was armed had 262144"
bad_back armed
vm_expect 0 "the volume gets another filesystem" vm_boot mkfs - <<'EOT'
mkfs_for ext4 "$USERDATA" -O uninit_bg
EOT
another other-uuid armed "$not_it" "no checkpoint & /dev/ubda2 holds ext4 [0-9a-f-]+, not the filesystem [0-9a-f-]+ that was armed"
bad_back armed
vm_expect 0 "the volume gets another kind of filesystem" vm_boot mkfs-f2fs - <<'EOT'
mkfs_for f2fs "$USERDATA"
EOT
cp "$VM_WORK/x/bad.sh" "$VM_WORK/x/bad.sh.ext4"
sed -i -e 's/kind:-ext4/kind:-f2fs/' -e 's/ro,noload/ro,norecovery/' "$VM_WORK/x/bad.sh"
another other-kind armed "$not_it" "no checkpoint & /dev/ubda2 holds f2fs [0-9a-f-]+, not the filesystem"
mv "$VM_WORK/x/bad.sh.ext4" "$VM_WORK/x/bad.sh"
bad_back armed
sed -i 's/^.volume userdata/[volume other/' "$VM_WORK/x/bootguard.conf"
another other-name armed "$not_it" "no checkpoint & the configuration names volume 'other', but the metadata was armed for 'userdata'"
bad_config "on-failure = continue"

# Not there: a boot waits for it. Armed, it stays armed; on trial it must not be mounted past the stack when it comes late.
sed -i 's/^device = .*/device = PARTLABEL=nowhere/' "$VM_WORK/x/bootguard.conf"
bad_back armed
vm_expect 0 "armed, and no volume" vm_boot gone-armed --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
quietly boots 12 "armed: the volume is not there" fallback "volume userdata: no device is PARTLABEL=nowhere"
check "still armed" phase_is armed
EOT
bad_same "armed, and no volume" armed
bad_back trial
vm_expect 0 "on trial, and no volume" vm_boot gone-trial --cmdline "bootguard.slot=B rd.bootguard.action=skip" - <<'EOT'
. /x/bad.sh
quietly boots 12 "trial: the volume is not there" nothing "no device is PARTLABEL=nowhere & must not be mounted"
check "still on trial" phase_is trial
EOT
bad_same "on trial, and no volume" trial
bad_config "on-failure = continue"

# There twice: a clone of the disk is attached. Which of the two is the volume cannot be told. Armed, no way back has been
# promised yet: it is given up, and no later boot may roll back what this one writes.
vm_attach "$VM_WORK/clone.img"
sed -i 's/^metadata = .*/metadata = \/dev\/ubda1/' "$VM_WORK/x/bootguard.conf"
twice="volume userdata: PARTLABEL=userdata is the name of 2 devices: /dev/ubda2 /dev/ubdb2"
bad_back armed
vm_snapshot_image armed clone
vm_expect 0 "armed, and the volume is there twice" vm_boot twice-armed --cmdline bootguard.slot=B - "$twice" <<'EOT'
. /x/bad.sh
volume_writes=$(written_to "$USERDATA")
boots 11 "armed: the volume is there twice" fallback "$1 & NOT protected"
check_equal "armed, there twice: not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "armed, there twice: recorded, and not as a fault of device-mapper" log_says "unprotected: not the device that was armed" 1
boots 0 "armed, there twice: no later boot rolls back" fallback "nothing is armed"
EOT
check "armed, there twice: nor was its clone" cmp "$VM_WORK/clone.img" "$VM_WORK/armed.img"
check "armed, there twice: only the metadata differs" cmp -i "$VM_USERDATA_OFFSET" "$VM_WORK/disk.img" "$VM_WORK/armed.img"

# On trial, and in the middle of a rollback, nothing is given up and nothing mounted, whatever the boot is to do.
bad_back trial
vm_snapshot_image trial clone
for action in skip rollback; do
	vm_expect 0 "trial, and the volume is there twice" vm_boot "twice-$action" --cmdline "bootguard.slot=B rd.bootguard.action=$action" - "$twice" "$action" <<'EOT'
. /x/bad.sh
quietly boots 12 "trial, there twice: $2" nothing "$1 & must not be mounted & detach the copy"
check "trial, there twice: $2: still on trial" phase_is trial
EOT
	bad_same "trial, there twice: $action" trial
	check "trial, there twice: $action: nor was the clone written to" cmp "$VM_WORK/clone.img" "$VM_WORK/trial.img"
done
vm_detach_all
vm_attach "$VM_WORK/disk.img"
bad_rolled_back twice-detached
bad_config "on-failure = continue"

# --- read-only devices --------------------------------------------------------------------------------------------------
bad_back trial
vm_expect 0 "read-only metadata" vm_boot ro-metadata --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
tool blockdev --setro "$METADATA"
for verb in mark-good mark-bad; do refused 18 "read-only metadata: $verb" "/dev/ubda1 is read-only & remount|writable" "$verb"; done
does 0 "read-only metadata: status" "trial" status
boots 1 "read-only metadata: protected, though not counted" "$MAPPED" "ubda1 is read-only & could not be counted & protected"
EOT
check "read-only metadata: not written" bad_same_metadata trial
bad_rolled_back read-only

# Nothing can be recorded: the store is made useless before the raw volume is handed over.
bad_back armed
vm_expect 0 "armed, read-only metadata" vm_boot ro-armed --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
tool blockdev --setro "$METADATA"
boots 11 "armed, read-only metadata" "$USERDATA" "ubda1 is read-only & could not be (counted|recorded) & mount $USERDATA, NOT protected"
check "no mapping" test "$(mappings)" -eq 0
EOT
check "armed, read-only metadata: not written" bad_same_metadata armed
check "armed, read-only metadata: the volume is as it was, outside the store" vm_same_volume disk armed "$VM_WORK/x/extents"
bad_back armed
vm_expect 0 "armed, a read-only volume" vm_boot ro-volume --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
tool blockdev --setro "$USERDATA"
boots 11 "armed, a read-only volume" "$USERDATA" "no checkpoint & /dev/ubda2 is read-only & mount $USERDATA, NOT protected"
check "recorded" log_says "unprotected" 1
EOT
check "a read-only volume: as it was" vm_same_volume disk armed
