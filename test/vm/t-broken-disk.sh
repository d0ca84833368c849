#!/bin/sh
# Disks that fail under metadata, origin and store: sectors that cannot be read, writes that fail or vanish, reads that lie. At each point
# the safe outcome, and after the disk has healed exactly the checkpoint or exactly the newest data.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"
# shellcheck source=lib/broken.sh
. "$vm_here/lib/broken.sh"

bad_begin
for module in dm-flakey dm-dust; do
	[ -n "$(find "$VM_MODULES" -name "$module.ko*" -print -quit)" ] || {
		skip "$vm_test: this kernel has no $module"
		exit 0
	}
done
bad_states
for state in idle armed trial; do meta_from "$state" "$state"; done
broken_begin

# exactly WHAT NAME: the volume is the one of state NAME, outside the store
exactly() { check "$1" vm_same_volume disk "$2" "$VM_WORK/x/extents"; }
exactly_not() { check_fails "$1" vm_same_volume disk "$2" "$VM_WORK/x/extents"; }
# finished NAME WORDS: on the partitions themselves, a boot with these words on its command line ends in the checkpoint.
finished() {
	broken_end
	vm_expect 0 "$1: rolled back" vm_boot "$1" --cmdline "$2" - "$1" <<'EOT'
. /x/bad.sh
boots 0 "$1: rolled back" "$USERDATA" "rolled back: [0-9]+ chunks copied back"
check "$1: idle, and the result is told" status_says "idle & rolled back"
check "$1: no mapping" test "$(mappings)" -eq 0
EOT
	exactly "$1: exactly the checkpoint" checkpoint
	broken_begin
}
rollback=rd.bootguard.action=rollback

# --- metadata that cannot be read ---------------------------------------------------------------------------------------
bad_back trial
vm_expect 0 "no copy can be read" vm_boot unreadable --timeout 120 --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
for state in idle armed trial; do
	put_metadata "$state"
	meta "$ALL_METADATA error"
	quietly boots 11 "$state, nothing readable: the raw volume" "$USERDATA" "copy 0 unreadable & copy 3 unreadable & nothing was touched & NOT protected"
	for verb in arm disarm mark-good mark-bad status log; do refused 5 "$state, nothing readable: $verb" "copy 0 unreadable" "$verb"; done
	check "$state, nothing readable: as it was" metadata_is "$state"
	check "$state, nothing readable: no mapping" test "$(mappings)" -eq 0
	# The control: the same disk, healed, does not pass for one that cannot be read.
	meta
	check_fails "control: $state, healed: not unreadable" fails refused 5 "control" "copy 0 unreadable" mark-bad
	put_metadata "$state"
done
boots 0 "healed: the trial goes on" "$MAPPED" "1 of 3 attempts left & protected"
EOT
exactly "healed: the volume as the trial left it" trial
finished unreadable-back "$rollback"

bad_back trial
vm_expect 0 "one copy cannot be read or written" vm_boot one-copy --timeout 120 --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
for copy in 0 1 2 3; do
	put_metadata trial
	meta "$(copy_at "$copy") error"
	answers 0 "copy $copy broken: status tells" "3 of 4 good & copy $copy: unreadable" bg status
	boots 0 "copy $copy broken: counted and protected" "$MAPPED" "copy $copy & 1 of 3 attempts left & protected"
	check_fails "copy $copy broken: nobody claims a repair" log_says "copies repaired"
	check "copy $copy broken: not written" copy_is "$copy" trial
	meta
	if [ "$copy" = 3 ]; then
		stack_gone
		boots 0 "copy $copy healed: repaired" "$MAPPED" "repaired 1 of 4 & protected"
		check "control: copy $copy healed: the repair is in the log" log_says "copies repaired"
		check "copy $copy healed: four equal copies" copies_equal
	fi
	stack_gone
	put_metadata idle
	meta "$(copy_at "$copy") error"
	quietly boots 0 "idle, copy $copy broken: plain, and nothing is written" "$USERDATA" "nothing is armed"
	meta
done
put_metadata idle
meta "$(copy_at 0) dust"
dm message broken-meta 0 addbadblock 0 && dm message broken-meta 0 enable
answers 0 "a bad sector: status tells" "copy 0: unreadable" bg status
boots 0 "a bad sector that heals when written: repaired" "$USERDATA" "repaired 1 of 4"
check "a bad sector: four equal copies" copies_equal
EOT

bad_back trial
vm_expect 0 "two copies cannot be read or written" vm_boot two-copies --timeout 120 --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
for pair in "0 1" "1 3"; do
	put_metadata trial
	meta "$(copy_at "${pair% *}") error" "$(copy_at "${pair#* }") error"
	boots 1 "copies $pair broken: protected, not counted for sure" "$MAPPED" "could not be repaired & could not be counted & protected"
	for verb in mark-good mark-bad; do refused 1 "copies $pair broken: $verb" "only 2 of 4" "$verb"; done
	stack_gone
	meta
	boots 0 "copies $pair healed: protected" "$MAPPED" "protected"
	check "copies $pair healed: four equal copies" copies_equal
	stack_gone
done
put_metadata trial
EOT
exactly "two copies broken: the volume as the trial left it" trial

# --- metadata that cannot be written, or whose writes vanish ------------------------------------------------------------
for how in error_writes drop_writes; do
	said="I/O error"
	[ "$how" != drop_writes ] || said="read back other bytes"
	bad_back trial
	vm_expect 0 "$how: metadata in a trial" vm_boot "$how-trial" --timeout 120 --cmdline bootguard.slot=B - "$how" "$said" <<'EOT'
. /x/broken.sh
meta "$ALL_METADATA flakey 1 $1"
boots 1 "$1: protected, not counted" "$MAPPED" "$2 & could not be counted & protected"
does 1 "$1: mark-good is not done" "$2" mark-good
does 1 "$1: mark-bad is not done" "$2" mark-bad
check "$1: the metadata is as it was" metadata_is trial
check "$1: still protected" phase_is trial
meta
does 0 "$1, healed: mark-bad" "marked bad" mark-bad
check_fails "control: $1, healed: the metadata is not as it was" metadata_is trial
put_metadata trial
EOT
	exactly "$how: the volume as the trial left it" trial

	bad_back trial
	vm_expect 0 "$how: metadata at the beginning of a rollback" vm_boot "$how-rollback" --timeout 120 --cmdline "$rollback" - "$how" "$said" <<'EOT'
. /x/broken.sh
meta "$ALL_METADATA flakey 1 $1"
volume_writes=$(written_to "$USERDATA")
boots 1 "$1: not rolled back, protected" "$MAPPED" "$2 & could not be begun & protected"
check "$1: the metadata is as it was" metadata_is trial
EOT
	exactly "$how: nothing was copied back" trial
	exactly_not "control: $how: that is not the checkpoint" checkpoint
	finished "$how-rollback-back" "$rollback"

	bad_back idle
	vm_expect 0 "$how: metadata at arm" vm_boot "$how-arm" --cmdline bootguard.slot=A - "$how" "$said" <<'EOT'
. /x/broken.sh
boot_volume ext4
meta "$ALL_METADATA flakey 1 $1"
does 1 "$1: arm is not done" "$2" arm
check "$1: the metadata is as it was" metadata_is idle
check_fails "$1: no store is left" test -e "$VOLUME/$STORE"
meta
does 0 "$1, healed: arm" "armed" arm
check "control: $1, healed: there is a store" test -e "$VOLUME/$STORE"
unmount_volume
EOT
done

# --- armed: the checkpoint cannot be recorded ---------------------------------------------------------------------------
# The new system then runs unprotected. Were the arm still good at the next boot, the checkpoint would be taken of what that system
# has written, and a rollback would give it to the old one.
bad_back armed
vm_expect 0 "the checkpoint cannot be recorded" vm_boot checkpoint-unrecorded --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
meta "$ALL_METADATA flakey 1 error_writes"
boots 11 "checkpoint not recorded: the raw volume" "$USERDATA" "could not be counted & could not be recorded & NOT protected"
check "checkpoint not recorded: the metadata is as it was" metadata_is armed
EOT
exactly "checkpoint not recorded: the volume is as it was" armed
vm_expect 0 "the metadata has healed" vm_boot checkpoint-healed --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
boots 11 "checkpoint not recorded, healed: no trial of later data" "$USERDATA" "not where it was armed & NOT protected"
check "checkpoint not recorded, healed: idle, and the log says why" log_says "unprotected" 1
EOT
exactly "checkpoint not recorded, healed: the newest" armed

# --- armed: the store cannot be prepared --------------------------------------------------------------------------------
for how in error_writes drop_writes; do
	bad_back armed
	vm_expect 0 "$how: the store cannot be prepared" vm_boot "$how-prepare" --cmdline bootguard.slot=B - "$how" <<'EOT'
. /x/broken.sh
read -r start count </x/extents
# what lies there before, so that a write that vanishes makes a difference
tool dd if=/dev/urandom of=/dev/ubda2 bs=512 seek="$(((start + 15) / 8 * 8))" count=16 oflag=direct conv=notrunc status=none
volume "$start $count flakey 1 $1"
volume_writes=$(written_to "$USERDATA")
boots 11 "$1: no checkpoint" "$USERDATA" "no checkpoint & NOT protected"
check_equal "$1: the volume was not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "$1: recorded" log_says "unprotected" 1
volume
boots 0 "$1, healed: a plain boot" "$USERDATA" "nothing is armed"
EOT
	exactly "$how: the store cannot be prepared: the newest" armed
done

# --- the rollback cannot write, or cannot read --------------------------------------------------------------------------
# half_rollback NAME PATTERNS: the copy stops, as often as it is tried, and nothing but a boot may go on
half_rollback() {
	bad_back trial
	vm_expect 0 "$1" vm_boot "$1" --cmdline "$rollback" - "$@" <<'EOT'
. /x/broken.sh
look_at_store
case $1 in
origin-write) volume "$middle_old 8 flakey 1 error_writes" ;;
origin-drop) volume "0 $(cat "$(sysfs_of /dev/ubda2)/size") flakey 1 drop_writes" ;;
store-read) volume "$middle_new 8 error" ;;
esac
boots 3 "$1: stops" nothing "rolling back & $2 & boot again to go on & must not be mounted"
check "$1: rolling back" phase_is rolling-back
boots 3 "$1: stops again" nothing "finishing a rollback & $2 & boot again to go on"
for verb in arm disarm mark-good; do refused 20 "$1: $verb" "rollback" "$verb"; done
EOT
	exactly_not "$1: not the checkpoint yet" checkpoint
}
half_rollback origin-write "I/O error"
exactly_not "control: origin-write: what was copied back before it stopped" trial
finished origin-write-healed bootguard.slot=B
half_rollback store-read "I/O error"
finished store-read-healed bootguard.slot=B
half_rollback origin-drop "read back other bytes"
exactly "origin-drop: nothing was written" trial

# What was read of the metadata may not be on the disk, and nothing can be written there: the rollback does not go on.
vm_expect 0 "a rollback whose metadata cannot be written" vm_boot rollback-unsettled --cmdline bootguard.slot=A - <<'EOT'
. /x/broken.sh
meta "$ALL_METADATA flakey 1 error_writes"
boots 3 "metadata not writable in a rollback: stops" nothing "cannot go on & only 0 of 4 copies & must not be mounted"
check "metadata not writable in a rollback: still rolling back" phase_is rolling-back
EOT
exactly "metadata not writable in a rollback: nothing was copied" trial

# Done, but not recorded (the disk drops it): said, not mounted, and done again.
vm_expect 0 "the end of a rollback cannot be recorded" vm_boot rollback-end --cmdline bootguard.slot=A - <<'EOT'
. /x/broken.sh
meta "$ALL_METADATA flakey 1 drop_writes"
boots 3 "end of a rollback not recorded: stops" nothing "finishing & could not be recorded; boot again"
check "end of a rollback not recorded: still rolling back" phase_is rolling-back
EOT
exactly "end of a rollback not recorded: the checkpoint is there" checkpoint
finished rollback-end-healed bootguard.slot=B

# The store's own record cannot be read: no way back that can be trusted, so the newest data stays, for good, and it is recorded.
bad_back trial
vm_expect 0 "the exceptions cannot be read" vm_boot exceptions --cmdline "$rollback" - <<'EOT'
. /x/broken.sh
look_at_store
volume "$area 8 error"
volume_writes=$(written_to "$USERDATA")
boots 11 "exceptions unreadable: the newest data" "$USERDATA" "rollback is not possible & I/O error & NOT protected"
check_equal "exceptions unreadable: the volume was not written to" "$volume_writes" "$(written_to "$USERDATA")"
check "exceptions unreadable: recorded" log_says "unprotected" 1
volume
boots 0 "exceptions unreadable, healed: the newest data stays" "$USERDATA" "nothing is armed"
EOT
exactly "exceptions unreadable: the newest" trial
exactly_not "control: exceptions unreadable: that is not the checkpoint" checkpoint

# --- the disk fails under a mounted trial -------------------------------------------------------------------------------
# broken_trial NAME: the kernel gives the old contents up; that is told, and the newest data is what stays.
broken_trial() {
	bad_back trial
	vm_expect "$VM_ENDED_EARLY" "$1" vm_boot "$1" --cmdline bootguard.slot=B - "$1" <<'EOT'
. /x/broken.sh
boot_volume ext4
check "$1: protected" mounted_from "$MAPPED"
look_at_store
case $1 in
# all of the store behind its exceptions: where the next old contents go
trial-store-write) volume "$((header + 4096)) $((store_start + store_count - header - 4096)) flakey 1 error_writes" ;;
# what would have to be copied out: a bad sector that the filesystem's own write would mend
trial-origin-read)
	file=$(untouched_file)
	bad_sector=$(extents_of "$file" | { read -r start _; echo "$start"; })
	volume "$bad_sector 8 dust"
	dm message broken-vol "$bad_sector" addbadblock "$((bad_sector / 8))" && dm message broken-vol "$bad_sector" enable
	;;
esac
case $1 in
trial-store-write) change_tree "$VOLUME/tree" 9 || : ;;
trial-origin-read) tool dd if=/dev/zero of="$file" bs=4096 count=1 conv=notrunc,fsync oflag=direct status=none ;;
esac
sync || :
answers 0 "$1: status tells" "no way back" bg status
does 9 "$1: mark-bad" "no way back" mark-bad
volume
echo "after" >"$VOLUME/tree/after" || :
sync || :
crash
EOT
	bad_keep newest
	vm_expect 0 "$1, healed" vm_boot "$1-healed" --cmdline bootguard.slot=A - "$1" <<'EOT'
. /x/broken.sh
boots 11 "$1, healed: the newest data" "$USERDATA" "rollback is not possible & overflowed & NOT protected"
check "$1, healed: recorded" log_says "unprotected" 1
EOT
	exactly "$1, healed: the newest" newest
	exactly_not "control: $1: that is not the checkpoint" checkpoint
}
broken_trial trial-store-write
broken_trial trial-origin-read

# --- reads that lie -----------------------------------------------------------------------------------------------------
bad_back trial
vm_expect 0 "reads that lie" vm_boot lies --timeout 120 --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
# Copies that are answered from elsewhere, where an earlier state stands: two do not outvote what is newer.
tool dd if=/x/idle.meta of=/dev/ubda1 bs=512 count=8 seek=3072 oflag=direct conv=notrunc status=none
tool dd if=/x/idle.meta of=/dev/ubda1 bs=512 count=8 seek=3080 oflag=direct conv=notrunc status=none
meta "$(copy_at 0) linear 3072" "$(copy_at 2) linear 3080"
answers 0 "misdirected: status tells" "2 of 4 good & copy 0: out of date & copy 2: out of date" bg status
boots 0 "misdirected: the newest state counts" "$MAPPED" "1 of 3 attempts left & protected"
stack_gone
put_metadata trial
# Byte 71 of what is read is 255: the counter. Kernels before 6.15 or so take the feature and corrupt nothing.
lie="flakey 5 corrupt_bio_byte 71 r 255 0"
meta "$ALL_METADATA $lie"
tool dd if=/dev/mapper/broken-meta of=/tmp/lie bs=4096 count=1 iflag=direct status=none
if cmp -s -n 4096 /tmp/lie /x/trial.meta; then
	skip "dm-flakey corrupt_bio_byte of reads: this kernel's does nothing"
else
	quietly boots 11 "every read lies: the raw volume" "$USERDATA" "copy 0 bad-crc & copy 3 bad-crc & NOT protected"
	check "every read lies: as it was" metadata_is trial
	meta "$(copy_at 2) $lie"
	boots 0 "one copy lies: protected" "$MAPPED" "read back other bytes & 1 of 3 attempts left & protected"
	check_fails "one copy lies: nobody claims a repair" log_says "copies repaired"
	stack_gone
	put_metadata trial
fi
lie="flakey 5 corrupt_bio_byte 71 w 255 0"
meta "$(copy_at 1) $lie"
boots 0 "writes to one copy are spoilt: protected" "$MAPPED" "only 3 of 4 & read back other bytes & 1 of 3 attempts left & protected"
stack_gone
put_metadata trial
meta "$ALL_METADATA $lie"
boots 1 "every write is spoilt: protected, not counted" "$MAPPED" "read back other bytes & could not be counted & protected"
stack_gone
meta
put_metadata trial
boots 0 "control: without lies" "$MAPPED" "1 of 3 attempts left & protected"
EOT
exactly "reads that lie: the volume as the trial left it" trial

# --- guards off: the same checks fail -----------------------------------------------------------------------------------
BOOTGUARD=${BOOTGUARD_HOOKS:-$vm_top/build/bootguard-hooks}
if [ -x "$BOOTGUARD" ]; then
	bad_back trial
	vm_expect 0 "guards off" vm_boot guards --timeout 120 --cmdline bootguard.slot=B - <<'EOT'
. /x/broken.sh
export BOOTGUARD_GUARDS_OFF=17
meta "$(copy_at 0) dust"
dm message broken-meta 0 addbadblock 0 && dm message broken-meta 0 enable
put_metadata idle
boots 0 "guard off: boots" "$USERDATA" "nothing is armed"
check_fails "control: without repair a bad sector stays bad" fails answers 0 "x" "4 of 4 good" bg status
unset BOOTGUARD_GUARDS_OFF
boots 0 "guard on: boots" "$USERDATA" "nothing is armed"
answers 0 "guard on: the bad sector is mended" "4 of 4 good" bg status
EOT
else
	skip "no build with test hooks: guards off"
fi
