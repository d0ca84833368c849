#!/bin/sh
# The hazards found by experiment, each with its guard on and, as the control, with its guard off: then the same check fails.
# Needs a build with test hooks; the product has no such switch.
# shellcheck source-path=SCRIPTDIR
BOOTGUARD=${BOOTGUARD_HOOKS:-$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)/build/bootguard-hooks}
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 160
LIFE_STORE=48M
# shellcheck disable=SC2119
life_config

# Nothing the product offers may switch a guard off.
check_fails "the product knows no switch for its guards" grep -q BOOTGUARD_GUARDS_OFF "${BOOTGUARD%-hooks}"
check "control: the test build does" grep -q BOOTGUARD_GUARDS_OFF "$BOOTGUARD"

# start NAME GUARDS [MKFS OPTION...]: fresh volume, armed with these guards off; its image is kept as "checkpoint"
start() {
	start_name=$1 start_off=$2
	shift 2
	vm_expect 0 "$start_name: armed (guards off: $start_off)" vm_boot "$start_name-arm" - "$start_off" "$@" <<'EOF'
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
shift
mkfs_for ext4 "$USERDATA" "$@"
mount_volume ext4
make_tree "$VOLUME/tree" 600 1
if [ -f /x/fragment ]; then
	# Holes of odd sizes all over the volume, so that the store lies in many unaligned pieces.
	tree holes "$VOLUME/fill" 37888 27648 2 900
fi
# So little is free beside the store that what is written after its removal has to go where it was.
[ ! -f /x/nearly-full ] || tool dd if=/dev/zero of="$VOLUME/filler" bs=1M count=72 2>/dev/null
bg format --force
bg arm --attempts 20
extents_of "$VOLUME/$STORE" >/x/extents
say "extents $(wc -l </x/extents)"
unmount_volume
EOF
	vm_snapshot_image disk checkpoint
}

# trial NAME GUARDS: one trial boot; the script comes on standard input, run behind the mount
trial() {
	cat >"$VM_WORK/x/trial-body.sh"
	vm_expect 0 "$1: trial (guards off: $2)" vm_boot "$1-trial" - "$2" <<'EOF'
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
boot_volume ext4
. /x/trial-body.sh
sync
umount "$VOLUME" || umount -l "$VOLUME" || :
EOF
}

# roll_back NAME GUARDS: by the command line; the status of `boot` is not judged here
roll_back() {
	vm_boot "$1-rollback" --cmdline rd.bootguard.action=rollback - "$2" <<'EOF' || :
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
boot_device || :
bg status || :
EOF
}

exact() { vm_same_volume disk checkpoint "$VM_WORK/x/extents" >/dev/null 2>&1; }
# judge NAME OFF: with the guards on the volume is exact, without it is not
judge() {
	if [ -z "$2" ]; then
		check "$1: rolled back byte for byte" exact
	else
		check_fails "control: $1 without its guard is not exact" exact
	fi
}

# --- 1: chunks that straddle the edge of a store extent ----------------------------------------------------------------
for off in '' 1; do
	: >"$VM_WORK/x/fragment"
	start "hazard1$off" "$off" -b 1024
	rm -f "$VM_WORK/x/fragment"
	# First every block beside a piece of the store, then much else, from the end of the volume backwards: what the edges of the pieces
	# hold by then is copied back last, after the neighbours.
	trial "hazard1$off" "$off" <<'EOF'
tree edges "$VOLUME/fill" 900 110
EOF
	roll_back "hazard1$off" "$off"
	judge "hazard 1, chunk alignment" "$off"
done

# --- 2: the store's file removed and its blocks used again -------------------------------------------------------------
for off in '' 2; do
	: >"$VM_WORK/x/nearly-full"
	start "hazard2$off" "$off"
	rm -f "$VM_WORK/x/nearly-full"
	trial "hazard2$off" "$off" <<'EOF'
change_tree "$VOLUME/tree" 3
sync
chattr -i "$VOLUME/$STORE"
rm "$VOLUME/$STORE"
sync
dd if=/dev/urandom of="$VOLUME/big" bs=1M 2>/dev/null || :
sync || :
EOF
	roll_back "hazard2$off" "$off"
	judge "hazard 2, the store's file removed and overwritten by root" "$off"
done

# --- 3: the store's file protected from everyone but a determined root -------------------------------------------------
for off in '' 3; do
	start "hazard3$off" "$off"
	vm_expect 0 "hazard 3: tried (guards off: $off)" vm_boot "hazard3$off-try" - "$off" <<'EOF'
. /guest/product.sh
mount_volume ext4
failed=0
(echo x >>"$VOLUME/$STORE") 2>/dev/null || failed=$((failed + 1))
tool truncate -s 0 "$VOLUME/$STORE" 2>/dev/null || failed=$((failed + 1))
tool ln "$VOLUME/$STORE" "$VOLUME/other" 2>/dev/null || failed=$((failed + 1))
tool mv "$VOLUME/$STORE" "$VOLUME/moved" 2>/dev/null || failed=$((failed + 1))
tool rm "$VOLUME/$STORE" 2>/dev/null || failed=$((failed + 1))
if [ -z "$1" ]; then
	check_equal "hazard 3: append, truncate, link, rename and unlink are refused" 5 "$failed"
else
	check "control: hazard 3 without its guard: the file can be destroyed" test "$failed" -lt 5
fi
EOF
done

# --- 4: the origin live before the snapshot is loaded ------------------------------------------------------------------
# Shown without dm-switch: a switch cuts every write to chunks, and so hides what the order does.
for off in 14 4,14; do
	start "hazard4$off" "$off"
	trial "hazard4$off" "$off" <<'EOF'
rm -rf "$VOLUME/tree"
dd if=/dev/urandom of="$VOLUME/big" bs=1M count=20 2>/dev/null
EOF
	roll_back "hazard4$off" "$off"
	judge "hazard 4, order of the stack" "${off#14}"
done

# --- 5: the store never grows into what the trial made -----------------------------------------------------------------
start hazard5 ''
trial hazard5 '' <<'EOF'
before=$(dm table bootguard-userdata-store)
dd if=/dev/urandom of="$VOLUME/big" bs=1M count=20 2>/dev/null
bg_status 20 "hazard 5: no new store can be made during a trial" "trial is running" arm
check_equal "hazard 5: the store's table is the one of the checkpoint" "$before" "$(dm table bootguard-userdata-store)"
# 9, 10, 11: what the stack is made of
dm table >/tmp/tables
check_fails "hazard 9: no discard_zeroes_cow, no snapshot-merge" grep -qE 'discard_zeroes_cow|snapshot-merge' /tmp/tables
echo '0 8 snapshot-merge 98:0 254:1 P 8' >>/tmp/tables
check "control: hazard 9: they would be seen" grep -qE 'discard_zeroes_cow|snapshot-merge' /tmp/tables
check_fails "hazard 10: a trim of the volume on trial is refused" tool fstrim "$VOLUME"
check_fails "hazard 11: the raw device cannot be mounted beside the mapping" mount -t ext4 "$USERDATA" /run
EOF

# --- 6: an overflow whose mark a power cut has lost --------------------------------------------------------------------
for off in '' 6; do
	start "hazard6$off" "$off"
	trial "hazard6$off" "$off" <<'EOF'
dd if=/dev/urandom of="$VOLUME/big" bs=1M count=70 2>/dev/null
sync
check "hazard 6: the store overflowed" sh -c "DM_DISABLE_UDEV=1 dmsetup status bootguard-userdata-undo | grep -q Invalid"
bg_status 9 "hazard 6: mark-bad says that there is no way back" "no way back" mark-bad
bg_status 0 "hazard 6: status says it" "no way back|overflow" status
EOF
	vm_expect 0 "hazard 6: the mark is lost (guards off: $off)" vm_boot "hazard6$off-lose" - <<'EOF'
. /guest/product.sh
read -r start count </x/extents
header=$(((start + 8 + 7) / 8 * 8))
check_equal "hazard 6: the kernel wrote valid = 0" 0 "$(dd if="$USERDATA" bs=512 skip="$header" count=1 2>/dev/null | tool od -A n -t u4 -j 4 -N 4 | tr -d ' ')"
printf '\001' | dd of="$USERDATA" bs=1 seek=$((header * 512 + 4)) conv=notrunc 2>/dev/null
sync
EOF
	vm_snapshot_image disk newest
	roll_back "hazard6$off" "$off"
	if [ -z "$off" ]; then
		check "hazard 6: the newest data stays as it was" vm_same_volume disk newest "$VM_WORK/x/extents"
		check "hazard 6: the reason is told" vm_console_has hazard6-rollback 'may have overflowed'
	else
		check_fails "control: hazard 6 without its guard: not the newest data any more" vm_same_volume disk newest "$VM_WORK/x/extents"
		check_fails "control: hazard 6 without its guard: and not the checkpoint either" exact
	fi
done

# --- 7: entries behind a gap come back to life -------------------------------------------------------------------------
for off in '' 7; do
	start "hazard7$off" "$off"
	trial "hazard7$off" "$off" <<'EOF'
dd if=/dev/urandom of="$VOLUME/one" bs=4k count=4 2>/dev/null
EOF
	vm_expect 0 "hazard 7: a torn area (guards off: $off)" vm_boot "hazard7$off-tear" - <<'EOF'
. /guest/product.sh
read -r start count </x/extents
area=$(((start + 8 + 7) / 8 * 8 + 8))
used=$(dd if="$USERDATA" bs=512 skip="$area" count=8 2>/dev/null | tool od -A n -v -t u8 -w16 | awk '$2 == 0 { print NR - 1; exit }')
say "used $used"
[ "$used" -lt 200 ]
# One empty pair, then pairs to the end of the area that send chunks of the volume's middle to chunks of the store that hold
# something else.
awk -v used="$used" 'function put(v, k) { for (k = 0; k < 8; k++) { printf "\\%03o", v % 256; v = int(v / 256) } }
	BEGIN { for (i = 0; used + 1 + i < 256; i++) { put(12000 + i); put(used + 40 + i) } }' >/tmp/octal
# shellcheck disable=SC2059
printf "$(cat /tmp/octal)" >/tmp/pairs
dd if=/tmp/pairs of="$USERDATA" bs=1 seek=$((area * 512 + (used + 1) * 16)) conv=notrunc 2>/dev/null
sync
EOF
	trial "hazard7$off-more" "$off" <<'EOF'
dd if=/dev/urandom of="$VOLUME/two" bs=4k count=1 2>/dev/null
EOF
	roll_back "hazard7$off" "$off"
	judge "hazard 7, entries behind a gap" "$off"
done

# --- 8: garbage where the snapshot's header will be --------------------------------------------------------------------
for off in '' 8; do
	start "hazard8$off" "$off"
	vm_expect 0 "hazard 8: garbage in the store (guards off: $off)" vm_boot "hazard8$off-fill" - <<'EOF'
. /guest/product.sh
read -r start count </x/extents
dd if=/dev/urandom of="$USERDATA" bs=512 seek=$(((start + 8 + 7) / 8 * 8)) count=64 conv=notrunc 2>/dev/null
sync
EOF
	vm_expect 0 "hazard 8: booted (guards off: $off)" vm_boot "hazard8$off-boot" - "$off" <<'EOF'
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
boot_volume ext4
if [ -z "$1" ]; then
	check "hazard 8: protected, on a store that held garbage" mounted_from "$MAPPED"
else
	check "control: hazard 8 without its guard: not protected" mounted_from "$USERDATA"
fi
EOF
done

# --- 11, 12: what a live commit leaves ---------------------------------------------------------------------------------
for off in '' 11,12; do
	start "hazard12$off" "$off"
	vm_expect 0 "hazards 11, 12: committed (guards off: $off)" vm_boot "hazard12$off-commit" - "$off" <<'EOF'
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
boot_volume ext4
change_tree "$VOLUME/tree" 4
bg mark-good
read -r start count </x/extents
header=$(((start + 8 + 7) / 8 * 8))
magic=$(tool dd if="$USERDATA" bs=4096 skip=$((header / 8)) count=1 iflag=direct 2>/dev/null | tool od -A n -t x4 -N 4 | tr -d ' ')
if [ -z "$1" ]; then
	check_equal "hazard 11: one mapping is left" 1 "$(mappings)"
	check_equal "hazard 12: the store's header is wiped" 00000000 "$magic"
else
	check "control: hazard 11 without its guard: more mappings are left" test "$(mappings)" -gt 1
	check_equal "control: hazard 12 without its guard: the store looks alive" 70416e53 "$magic"
fi
EOF
done

# --- 13: a frozen XFS needs its log replayed ---------------------------------------------------------------------------
vm_detach_all
vm_disk frozen 320
vm_expect "$VM_ENDED_EARLY" "hazard 13: an XFS is cut off" vm_boot hazard13-cut - <<'EOF'
mkfs_for xfs "$USERDATA"
mount_volume xfs
make_tree "$VOLUME/tree" 300 1
sync
make_tree "$VOLUME/more" 300 2
sync -f "$VOLUME" 2>/dev/null || sync
crash
EOF
vm_expect 0 "hazard 13: looked at" vm_boot hazard13-look - <<'EOF'
check_fails "hazard 13: the check complains of a dirty log before the first mount" fsck_for xfs "$USERDATA"
settle_volume xfs "$USERDATA"
check "hazard 13: and not after it: that is normal" fsck_for xfs "$USERDATA"
EOF
