#!/bin/sh
# A store that is not what was armed: moved, deleted, truncated, of an earlier arm, or with contents that must not be copied back.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin

# --- two arms of the same volume, the second is the one that counts -----------------------------------------------------
life_make ext4 -b 4096
life_arm first-arm ext4
bad_keep first
cp "$VM_WORK/x/extents" "$VM_WORK/first.extents"
vm_expect 0 "the first arm is called off" vm_boot first-disarm --cmdline bootguard.slot=A - <<'EOT'
. /x/bad.sh
boot_volume ext4
bg disarm
unmount_volume
EOT
life_arm arm ext4
bad_digest=$(vm_console_value arm digest)
bad_keep armed
ln -s armed.img "$VM_WORK/checkpoint.img"
life_trial trial ext4 7
bad_keep trial
read -r store_start store_count <"$VM_WORK/x/extents"
store_byte=$((VM_USERDATA_OFFSET + store_start * 512))

# store_blocks SOURCE OFFSET BYTES COUNT: puts blocks at OFFSET of the store's first extent
store_blocks() { dd if="$1" of="$VM_WORK/disk.img" bs=4096 seek="$(((store_byte + $2) / 4096))" count="$3" conv=notrunc status=none; }

# unprotected_at_boot NAME REASON PATTERNS: the boot says why, records why, hands over the raw volume and does not write to it.
unprotected_at_boot() {
	bad_keep before
	vm_expect 0 "$1" vm_boot "$1" --timeout 120 --cmdline "bootguard.slot=B ${4-}" - "$@" <<'EOT'
. /x/bad.sh
volume_writes=$(written_to "$USERDATA")
boots 11 "$1: boot" "$USERDATA" "$3 & unprotected & mount $USERDATA, NOT protected"
check_equal "$1: the volume was not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "$1: recorded" log_says "unprotected: .*$2" 1
check "$1: status tells" status_says "idle & went on unprotected.*$2"
check "$1: no mapping" test "$(mappings)" -eq 0
metadata_writes=$(written_to "$METADATA")
boots 0 "$1: the next boot is a plain one" "$USERDATA" "nothing is armed"
check_equal "$1: and writes nothing" "$metadata_writes" "$(written_to "$METADATA")"
EOT
	check "$1: the volume is as it was" vm_same_volume disk before
	check_fails "$1: the metadata is not (the reason)" bad_same_metadata before
}
verify="did not verify"

# --- armed, and then ----------------------------------------------------------------------------------------------------
bad_back armed
vm_expect 0 "the store deleted, its blocks used by others" vm_boot delete - <<'EOT'
. /x/bad.sh
mount_volume ext4
check_fails "root cannot delete the store by mistake" rm -f "$VOLUME/$STORE"
check_fails "nor write to it" sh -c "echo x >>$VOLUME/$STORE"
tool chattr -i "$VOLUME/$STORE"
rm "$VOLUME/$STORE"
yes "a user's data" | dd of="$VOLUME/filler" bs=1M 2>/dev/null || :
sync
say "filler $(sha256sum <"$VOLUME/filler")"
unmount_volume
EOT
filler=$(vm_console_value delete filler)
unprotected_at_boot deleted "$verify" "no checkpoint & the store is not where it was armed & extent 0 at sector $store_start & is not a witness"
vm_expect 0 "what took its place is whole" vm_boot deleted-after - "$filler" "$bad_digest" <<'EOT'
. /x/bad.sh
mount_volume ext4
check_equal "deleted: the file in its place" "$1" "$(sha256sum <"$VOLUME/filler")"
check_equal "deleted: the tree" "$2" "$(tree_digest "$VOLUME" .bootguard filler)"
rm "$VOLUME/filler"
does 0 "deleted: armed again" "armed: 3 attempts" arm
unmount_volume
boots 0 "deleted: protected again" "$MAPPED" "checkpoint taken"
EOT

bad_back armed
vm_expect 0 "the store moved" vm_boot move - <<'EOT'
. /x/bad.sh
mount_volume ext4
tool chattr -i "$VOLUME/$STORE"
cp "$VOLUME/$STORE" "$VOLUME/moved"
rm "$VOLUME/$STORE"
yes "a user's data" | dd of="$VOLUME/filler" bs=1M 2>/dev/null || :
mv "$VOLUME/moved" "$VOLUME/$STORE"
unmount_volume
EOT
unprotected_at_boot moved "$verify" "the store is not where it was armed & extent 0 at sector $store_start"

# Truncated, its first block still there, and the freed blocks in use by another file: the checkpoint would overwrite that file.
bad_back armed
vm_expect 0 "the store truncated, the freed blocks used by others" vm_boot truncate - <<'EOT'
. /x/bad.sh
mount_volume ext4
tool chattr -i "$VOLUME/$STORE"
tool truncate -s 1M "$VOLUME/$STORE"
yes "a user's data" | dd of="$VOLUME/filler" bs=1M 2>/dev/null || :
sync
say "filler $(sha256sum <"$VOLUME/filler")"
unmount_volume
EOT
unprotected_at_boot truncated "$verify" "the store is not where it was armed"
vm_expect 0 "what took its place is whole" vm_boot truncated-after --cmdline bootguard.slot=B - "$(vm_console_value truncate filler)" <<'EOT'
. /x/bad.sh
boot_volume ext4
change_tree "$VOLUME/tree" 3 2>/dev/null || :
sync
unmount_volume
stack_gone
mount_volume ext4 "$USERDATA" "$VOLUME" ro,noload
check_equal "truncated: the file in its place" "$1" "$(sha256sum <"$VOLUME/filler")"
EOT

# The blocks of an earlier arm at the same place.
bad_back armed
if cmp -s "$VM_WORK/first.extents" "$VM_WORK/x/extents"; then
	dd if="$VM_WORK/first.img" of="$VM_WORK/disk.img" bs=4096 skip="$((store_byte / 4096))" seek="$((store_byte / 4096))" \
		count="$((store_count / 8))" conv=notrunc status=none
	unprotected_at_boot older-arm "$verify" "extent 0 at sector $store_start & is of another arm"
else
	not_ok "the two arms have the same extents, so that the blocks of one can be put in place of the other's"
fi

# One rotten witness, and one for another place.
bad_back armed
printf x | dd of="$VM_WORK/disk.img" bs=1 seek="$((store_byte + 4000))" conv=notrunc status=none
unprotected_at_boot rotten "$verify" "the store is not where it was armed .1 of [0-9]+ extents differ. & has a bad checksum"

# Renamed or copied to another name: the blocks are where they were, so it still protects.
bad_back armed
vm_expect 0 "the store renamed" vm_boot rename --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
mount_volume ext4
tool chattr -i "$VOLUME/$STORE"
mv "$VOLUME/$STORE" "$VOLUME/elsewhere"
unmount_volume
boots 0 "renamed: the blocks are where they were" "$MAPPED" "checkpoint taken & protected"
EOT

# --- on trial -----------------------------------------------------------------------------------------------------------
bad_back trial
store_blocks /dev/urandom 0 1
unprotected_at_boot trial-gone "$verify" "the way back is lost & is not a witness"
bad_back trial
store_blocks /dev/urandom 0 1
unprotected_at_boot rollback-gone "$verify" "rollback is not possible .*command line asks for rollback & is not a witness" rd.bootguard.action=rollback

# The first mapped chunk is the one behind the witness: the kernel's header; then the first exceptions.
bad_back trial
store_blocks /dev/urandom 4096 1
unprotected_at_boot header "the store held invalid exceptions" "the way back is lost & header is neither empty nor a snapshot"
bad_back trial
printf '\000' | dd of="$VM_WORK/disk.img" bs=1 seek="$((store_byte + 4096 + 4))" conv=notrunc status=none
unprotected_at_boot overflowed "the store was full" "the store overflowed in an earlier boot"
bad_back trial
printf '\377\377\377\377\377\377' | dd of="$VM_WORK/disk.img" bs=1 seek="$((store_byte + 8192))" conv=notrunc status=none
unprotected_at_boot exceptions "the store held invalid exceptions" "exception 0 & beyond the end of the device"
bad_back trial
printf '\377\377\377\177' | dd of="$VM_WORK/disk.img" bs=1 seek="$((store_byte + 8192 + 8))" conv=notrunc status=none
unprotected_at_boot rollback-exceptions "the store held invalid exceptions" "rollback is not possible & exception 0 & beyond the end of the store" rd.bootguard.action=rollback

# --- where the configuration says to stop, and where a rollback is half done: not mounted, not a byte written -----------
bad_config "on-failure = stop"
for state in armed trial; do
	bad_back "$state"
	store_blocks /dev/urandom 0 1
	bad_keep before
	vm_expect 0 "$state, and on-failure = stop" vm_boot "stop-$state" --cmdline bootguard.slot=B - "$state" <<'EOT'
. /x/bad.sh
volume_writes=$(written_to "$USERDATA")
boots 3 "$1: stops" nothing "the store is not where it was armed & the volume must not be mounted"
check_equal "$1, stopped: the volume was not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "$1, stopped: still $1" phase_is "$1"
[ "$1" = armed ] || check "$1, stopped: the boot was counted" log_says "boot counted, 1 left" 1
EOT
	check "$state, stopped: the volume is as it was" vm_same_volume disk before
	[ "$state" = trial ] || bad_same "$state, stopped" before
done
bad_config "on-failure = continue"

bad_back trial
meta_from trial rolling
meta_edit rolling "0 1 2 3" set 64 04
dd if="$VM_WORK/x/rolling.meta" of="$VM_WORK/disk.img" bs=1048576 seek=1 count=2 conv=notrunc status=none
bad_keep rolling
store_blocks /dev/urandom 0 1
bad_keep before
vm_expect 0 "a rollback half done, and its store is gone" vm_boot rolling - <<'EOT'
. /x/bad.sh
quietly boots 3 "half done without a store: stops" nothing "a rollback is half done and cannot go on & is not a witness & must not be mounted"
check "still rolling back" phase_is rolling-back
for verb in arm disarm mark-good; do refused 20 "half done: $verb" "rollback.*(reboot|boot)" "$verb"; done
EOT
bad_same "a rollback that cannot go on" before
# Positive control: with its store it does go on, and is exact.
bad_back rolling
life_rolled_back rolling-on ext4 "$bad_digest"

# --- deleted in mid-trial: the filesystem gets errors, the store stays whole, and the rollback is exact -----------------
# With blocks of 4 KiB, and of 1 KiB, where an extent may begin and end in the middle of a chunk.
for block in 4096 1024; do
	if [ "$block" = 4096 ]; then
		bad_back armed
	else
		rm -f "$VM_WORK/x/extents"
		dd if=/dev/zero of="$VM_WORK/disk.img" bs=1048576 seek=1 count=2 conv=notrunc status=none
		life_make ext4 -b "$block"
		life_arm "arm-$block" ext4
	fi
	# Full but for the store: what is written after it was deleted can only go to its blocks.
	vm_expect 0 "blocks of $block: the volume is full" vm_boot "fill-$block" --cmdline bootguard.slot=A - <<'EOT'
. /x/bad.sh
boot_volume ext4
dd if=/dev/zero of="$VOLUME/full" bs=64k 2>/dev/null || :
sync
say "digest $(tree_digest "$VOLUME" .bootguard)"
unmount_volume
phase_is armed
EOT
	bad_digest=$(vm_console_value "fill-$block" digest)
	rm -f "$VM_WORK/checkpoint.img"
	bad_keep checkpoint
	vm_expect "$VM_ENDED_EARLY" "blocks of $block: the store deleted on trial" vm_boot "trial-delete-$block" --cmdline bootguard.slot=B - "$block" <<'EOT'
. /x/bad.sh
boot_volume ext4
tool chattr -i "$VOLUME/$STORE"
rm "$VOLUME/$STORE"
sync
yes "new data" | tool dd of="$VOLUME/filler" bs=64k conv=fsync 2>/tmp/said || :
sed 's/^/    /' /tmp/said
check "blocks of $1: the filesystem is told that its writes to the store's blocks fail" grep -q 'Input/output error' /tmp/said
sync || :
check "blocks of $1: still mounted through the mapping" mounted_from "$MAPPED"
bg status | tee /tmp/said | sed -n 's/^/    /p'
check "blocks of $1: status: the store is whole" has_all /tmp/said "what is written can be undone & store: *.#*-*. *[0-9]+%"
check_fails "blocks of $1: and nothing else" grep -q 'no way back' /tmp/said
sync
crash
EOT
	vm_expect "$VM_ENDED_EARLY" "blocks of $block: a second boot of the trial without the store's file" vm_boot "trial-delete2-$block" --cmdline bootguard.slot=B - "$block" <<'EOT'
. /x/bad.sh
boot_volume ext4
check "blocks of $1: deleted, and still protected" mounted_from "$MAPPED"
echo more >"$VOLUME/tree/more" || :
sync
crash
EOT
	check_fails "blocks of $block: the volume differs" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	bad_rolled_back "trial-deleted-$block"
done
