#!/bin/sh
# Metadata that is missing, damaged, foreign or somewhere else: refused and left as it is, or repaired.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
bad_states
for state in idle armed trial; do meta_from "$state" "$state"; done

# --- nothing readable: nothing is touched, the raw volume is handed over ------------------------------------------------
# What may be a trial is the hardest: the extents, the counter, the way back must all still be there afterwards.
for state in idle armed trial; do
	meta_like "$state" "$state-zero" && meta_zero "$state-zero" 0 1 2 3
	meta_like "$state" "$state-garbage" && meta_garbage "$state-garbage" 0 1 2 3
	meta_like "$state" "$state-newer" && meta_edit "$state-newer" "0 1 2 3" set 12 0200
done
meta_like trial crc && meta_edit crc "0 1 2 3" nocrc add 70 2 1
meta_like trial mixed && meta_zero mixed 0 && meta_garbage mixed 1 && meta_edit mixed 2 nocrc add 64 1 1 && meta_edit mixed 3 set 64 09
meta_like trial one-newer && meta_edit one-newer 2 set 12 0200
meta_like trial feature && meta_edit feature "0 1 2 3" set 24 8000000000000000
meta_like trial redo && meta_edit redo "0 1 2 3" set 24 0100000000000000
meta_like trial endian && meta_edit endian "0 1 2 3" endian
meta_like trial two-writers && meta_edit two-writers "2 3" add 70 2 1 set 72 00
meta_like trial phase && meta_edit phase "0 1 2 3" set 64 05
meta_like trial sequence && meta_edit sequence "0 1 2 3" set 32 ffffffffffffffff
meta_like trial attempts && meta_edit attempts "0 1 2 3" set 70 ffff
meta_like trial smaller && meta_edit smaller "0 1 2 3" set 56 00100000
bad_keep before

vm_expect 0 "metadata that tells nothing" vm_boot nothing --timeout 300 --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
for state in idle armed trial; do
	tells_nothing "$state-zero" 4 "no metadata block & bootguard format"
	tells_nothing "$state-garbage" 5 "no metadata copy can be trusted & copy 0 bad-magic & copy 3 bad-magic"
	tells_nothing "$state-newer" 6 "another version & copy 0 newer-version & the bootguard that wrote it"
done
tells_nothing crc 5 "no metadata copy can be trusted & copy 0 bad-crc & copy 1 bad-crc & copy 2 bad-crc & copy 3 bad-crc"
tells_nothing mixed 5 "can be trusted & copy 0 zero & copy 1 bad-magic & copy 2 bad-crc & copy 3 bad-value .phase"
tells_nothing one-newer 6 "another version & copy 2 newer-version"
tells_nothing feature 6 "copy 0 unknown-feature"
tells_nothing redo 6 "copy 0 unknown-feature"
tells_nothing endian 6 "copy 0 other-endian & copy 3 other-endian"
tells_nothing two-writers 5 "one sequence but differ & copies 0 and 2"
tells_nothing phase 5 "bad-value .phase"
tells_nothing sequence 5 "bad-value .sequence"
tells_nothing attempts 5 "bad-value .attempts left"
tells_nothing smaller 14 "formatted with 16384 KiB, but only 2048 KiB are there & offset"
put_metadata trial
EOT
bad_same "metadata that told nothing, with the metadata put back" before

# --- format -------------------------------------------------------------------------------------------------------------
meta_like idle first-only && meta_zero first-only 1 2 3
meta_like trial late-garbage && meta_zero late-garbage 0 1 2 3 && meta_garbage late-garbage 2
meta_like trial blank && dd if=/dev/zero of="$VM_WORK/x/blank.meta" bs=65536 count=32 conv=notrunc status=none
vm_expect 0 "format" vm_boot format --timeout 300 - <<'EOT'
. /x/bad.sh
for meta in idle armed trial first-only; do
	put_metadata "$meta"
	refused 7 "format refuses a live block: $meta" "/dev/ubda1: copy 0 is a metadata block & nothing was written & --force & status" format
	check "$meta: the metadata is as it was" metadata_is "$meta"
done
put_metadata trial-newer
refused 7 "format refuses a newer version's" "copy 0 is a metadata block .newer-version & --force" format
put_metadata endian
refused 7 "format refuses another byte order's" "copy 0 is a metadata block .other-endian & --force" format
put_metadata crc
refused 7 "format refuses a damaged block" "copy 0 is a metadata block .bad-crc & --force" format
put_metadata trial-garbage
refused 7 "format refuses what it does not know" "copy 0's place is not empty & --force" format
check "the garbage is as it was" metadata_is trial-garbage
put_metadata late-garbage
refused 7 "format looks at every copy's place" "copy 2's place is not empty & --force" format

sed 's/^metadata = .*/metadata = PARTLABEL=userdata/' "$CONFIG" >/tmp/volume.conf
CONFIG=/tmp/volume.conf
refused 7 "format refuses a partition with ext4" "/dev/ubda2 & nothing was written & --force" format
CONFIG=/x/bootguard.conf
# Filesystems whose superblock is nowhere near the copies' places are found all the same.
for kind in "1080 \123\357 ext2" "65600 _BHRfS_M btrfs" "54 FAT16 vfat" "4086 SWAPSPACE2 swap" "0 LUKS\272\276 LUKS"; do
	put_metadata blank
	# shellcheck disable=SC2086 # words
	set -- $kind
	# shellcheck disable=SC2059 # octal
	printf "$2   " | tool dd of="$METADATA" bs=1 seek="$1" conv=notrunc,fsync status=none
	refused 7 "format refuses $3" "/dev/ubda1 & nothing was written & --force" format
done
put_metadata trial
quiet_volume=$(written_to "$USERDATA")
metadata_before=$(written_to "$METADATA")
does 0 "format --force over a trial" "metadata block written on /dev/ubda1" format --force
check_fails "the counter of what is written notices it" test "$metadata_before" = "$(written_to "$METADATA")"
check "idle" phase_is idle
check "the log says who did it" log_says "formatted.*force"
check "four equal copies" copies_equal
check_equal "the volume was not written to" "$quiet_volume" "$(written_to "$USERDATA")"
put_metadata blank
does 0 "format of an empty partition" "written on /dev/ubda1 .2048 KiB" format
put_metadata trial
EOT
bad_same "refused formats, with the metadata put back" before

# --- one, two, three copies bad -----------------------------------------------------------------------------------------
meta_like trial bad1 && meta_garbage bad1 0
meta_like trial bad2 && meta_zero bad2 1 && meta_edit bad2 3 nocrc add 70 2 1
meta_like trial bad3 && meta_garbage bad3 0 && meta_zero bad3 1 && meta_edit bad3 2 nocrc set 64 01
meta_like trial stale && meta_fill "$VM_WORK/x/idle.meta" stale 0 && meta_fill "$VM_WORK/x/idle.meta" stale 1
meta_like idle idle3 && meta_zero idle3 0 2 3
meta_like armed armed2 && meta_garbage armed2 1 2
meta_like trial minor && meta_edit minor "0 1 2 3" set 14 0700
# The tables of generation 0 are at 256, 320, 384 and 448 KiB.
meta_table() {
	meta_table_name=$1
	shift
	for meta_copy in "$@"; do
		dd if=/dev/urandom of="$VM_WORK/x/$meta_table_name.meta" bs=4096 count=1 seek="$((64 + meta_copy * 16))" conv=notrunc status=none
	done
}
meta_like trial table3 && meta_table table3 0 1 2
meta_like trial table4 && meta_table table4 0 1 2 3
meta_like armed armed-table4 && meta_table armed-table4 0 1 2 3
vm_expect 0 "copies that can be repaired" vm_boot repair --timeout 300 --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
# repaired META COUNT BAD: status tells without writing, boot repairs and records it, the trial goes on
repaired() {
	put_metadata "$1"
	writes_before=$(written_to "$DISK")
	answers 0 "$1: status tells which" "phase.*trial & $((4 - $2)) of 4 good & $3" bg status
	check_equal "$1: status wrote nothing" "$writes_before" "$(written_to "$DISK")"
	boots 0 "$1: boot repairs and protects" "$MAPPED" "repaired $2 of 4 metadata copies & 1 of 3 attempts left & protected"
	check "$1: four equal copies" copies_equal
	check "$1: recorded" log_says "copies repaired, $2 copies"
	stack_gone
}
repaired bad1 1 "copy 0: bad-magic"
repaired bad2 2 "copy 1: zero & copy 3: bad-crc"
repaired bad3 3 "copy 0: bad-magic & copy 1: zero & copy 2: bad-crc"
repaired stale 2 "copy 0: out of date & copy 1: out of date"

put_metadata bad3
boots 0 "bad3: once more" "$MAPPED" "repaired 3"
stack_gone
does 0 "bad3: mark-bad after a repair" "marked bad" mark-bad
put_metadata bad2
does 0 "bad2: mark-good repairs too" "marked good" mark-good
check "bad2: four equal copies" copies_equal
check "bad2: idle" phase_is idle

put_metadata idle3
boots 0 "idle3: idle stays idle" "$USERDATA" "repaired 3 of 4 & mount $USERDATA"
check "idle3: four equal copies" copies_equal
check "idle3: idle" phase_is idle
put_metadata armed2
does 0 "armed2: disarm repairs" "disarmed" disarm
check "armed2: four equal copies" copies_equal

put_metadata minor
boots 0 "a newer minor version is understood" "$MAPPED" "protected"
stack_gone
put_metadata table3
boots 0 "three of four extent tables bad: protected" "$MAPPED" "protected"
check "they are repaired" sh -c "dd if=$METADATA bs=65536 skip=4 count=1 2>/dev/null | cksum >/tmp/t0; dd if=$METADATA bs=65536 skip=7 count=1 2>/dev/null | cksum >/tmp/t3; cmp -s /tmp/t0 /tmp/t3"
stack_gone
put_metadata table4
boots 11 "no extent table: the way back is lost, and it says so" "$USERDATA" "extent table & the way back is lost & ubda1 & NOT protected"
check "recorded" log_says "unprotected"
check "idle, with the reason in status" status_says "idle & unprotected"
put_metadata armed-table4
boots 11 "armed without an extent table" "$USERDATA" "extent table & no checkpoint & NOT protected"
check "recorded" log_says "unprotected"
put_metadata trial
EOT
check "repairing did not touch the volume outside the store" vm_same_volume disk before "$VM_WORK/x/extents"

# --- positive controls --------------------------------------------------------------------------------------------------
bad_back before
printf x | dd of="$VM_WORK/disk.img" bs=1 seek="$((VM_METADATA_OFFSET + 65536 * 3 + 4095))" conv=notrunc status=none
check_fails "the comparison notices one byte of the metadata" cmp -s "$VM_WORK/disk.img" "$VM_WORK/before.img"
check_fails "the metadata comparison as well" bad_same_metadata before
bad_back before
bad_rolled_back still-exact
