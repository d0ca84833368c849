#!/bin/sh
# Premises: what the project relies on in the kernel, pinned. No product needed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"

vm_begin
vm_disk disk 320
vm_plain small 64
vm_plain store 32

# --- devices ------------------------------------------------------------------------------------------------------------

cat >"$VM_WORK/devices.sh" <<'EOF'
need_modules dm-crypt dm-log-writes dm-flakey dm-delay
dm targets | awk '{ print $1 }' >/run/targets
for target in linear error snapshot snapshot-origin snapshot-merge switch crypt log-writes flakey delay; do
	check "dm target $target" grep -q -x "$target" /run/targets
done
check "GPT: PARTNAME of the metadata partition in sysfs" grep -q -x PARTNAME=bootguard /sys/class/block/ubda1/uevent
check "GPT: PARTNAME of the volume in sysfs" grep -q -x PARTNAME=userdata /sys/class/block/ubda2/uevent
check "O_DIRECT reads of 4 KiB" tool dd if="$USERDATA" of=/dev/null bs=4096 count=4 iflag=direct status=none
check "O_DIRECT writes of 4 KiB" tool dd if=/dev/zero of="$USERDATA" bs=4096 count=4 oflag=direct status=none
check_equal "the disk has a volatile cache" "write back" "$(cat /sys/block/ubda/queue/write_cache)"
key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f
check "dm-crypt: a table with a key" dm create plain --table "0 8192 crypt aes-xts-plain64 $key 0 /dev/ubdb 0"
say "boot_id $(cat /proc/sys/kernel/random/boot_id)"
EOF
vm_expect 0 "devices" vm_boot devices "$VM_WORK/devices.sh"
first=$(vm_console_value devices boot_id)
vm_boot boot-id - <<'EOF'
say "boot_id $(cat /proc/sys/kernel/random/boot_id)"
EOF
check "boot_id is printed" test -n "$first"
check "boot_id differs from boot to boot" test "$first" != "$(vm_console_value boot-id boot_id)"

# --- filesystems --------------------------------------------------------------------------------------------------------

for kind in ext4 xfs f2fs; do
	vm_expect 0 "$kind" vm_boot "fiemap-$kind" - "$kind" <<'EOF'
. /guest/stack.sh
STORE_EXTENTS=/run/extents
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
store=$VOLUME/.store
make_store "$store" "$1" 8
tool filefrag -v "$store" >/run/filefrag
if grep -q unwritten /run/filefrag; then say "flags $1 preallocated: unwritten"; else say "flags $1 preallocated: $(awk 'NR == 4' /run/filefrag)"; fi
tool chattr -i "$store"
tool dd if=/dev/urandom of=/run/pattern bs=1M count=8 status=none
tool dd if=/run/pattern of="$store" bs=1M conv=notrunc,fsync status=none
extents_of "$store" >/run/written
check "$1: writing does not move the extents" cmp -s "$STORE_EXTENTS" /run/written
tool chattr +i "$store"

at=0
good=0
while read -r start count; do
	tool dd if="$USERDATA" bs=512 skip="$start" count="$count" iflag=direct status=none of=/run/raw
	tool dd if=/run/pattern bs=512 skip="$at" count="$count" status=none of=/run/expected
	cmp -s /run/raw /run/expected || good=1
	at=$((at + count))
done <"$STORE_EXTENTS"
check "$1: FIEMAP addresses are device addresses" test "$good" -eq 0
check_equal "$1: the extents cover the file" 16384 "$at"
refuses() { if "$@" 2>/dev/null; then return 1; fi; }
check "$1: immutable: not removed" refuses tool rm -f "$store"
check "$1: immutable: not truncated" refuses tool truncate -s 0 "$store"
check "$1: immutable: not written" refuses tool dd if=/dev/zero of="$store" bs=4k count=1 conv=notrunc status=none
check "$1: immutable: not renamed" refuses tool mv "$store" "$VOLUME/other"
if [ "$1" = f2fs ]; then
	check "f2fs: the pin ioctl works and shows" sh -c 'f2fs_io pinfile get "$1" | grep -q -i "pinned"' sh "$store"
fi
unmount_volume
EOF
	note "$(vm_console_value "fiemap-$kind" flags)"
done

# --- exclusive claim ----------------------------------------------------------------------------------------------------

vm_expect 0 "claim" vm_boot claim - <<'EOF'
mkfs_for ext4 "$USERDATA"
sectors=$(sectors_of "$USERDATA")
dm create holder --table "0 $sectors linear $USERDATA 0"
if mount -t ext4 "$USERDATA" "$VOLUME" 2>/run/error; then not_ok "raw mount under a dm table"; else check "raw mount under a dm table: EBUSY" grep -q -i busy /run/error; fi
check "a raw write under a dm table is not refused" tool dd if=/dev/zero of="$USERDATA" bs=512 count=1 conv=notrunc oflag=direct status=none
check "a second full mapping is not refused" dm create second --table "0 $sectors linear $USERDATA 0"
dm remove second holder
mount -t ext4 "$USERDATA" "$VOLUME"
if dm create holder --table "0 $sectors linear $USERDATA 0" 2>/run/error; then
	not_ok "a table over a raw-mounted device"
else
	check "a table over a raw-mounted device: EBUSY" grep -q -i busy /run/error
fi
umount "$VOLUME"
EOF

# --- switch, flushes ----------------------------------------------------------------------------------------------------

vm_expect 0 "switch" vm_boot switch - <<'EOF'
device=/dev/ubdb
sectors=$(sectors_of "$device")
body=$((sectors - 8))
regions=$((body / 8))
dm create org --table "0 $sectors snapshot-origin $device"
dm create err --table "0 $sectors error"
printf '0 %d switch 3 8 0 /dev/mapper/org 0 %s 0 /dev/mapper/err 0\n%d 8 linear /dev/mapper/org %d\n' "$body" "$device" "$body" "$body" >/run/table
dm create top /run/table
dm message top 0 set_region_mappings 0:0 "R1,$(printf %x $((regions - 1)))"
dm message top 0 set_region_mappings 4:2 5:1
check "switch: region to the origin" tool dd if=/dev/mapper/top of=/dev/null bs=4096 skip=3 count=1 iflag=direct status=none
check "switch: region past the origin" tool dd if=/dev/mapper/top of=/dev/null bs=4096 skip=5 count=1 iflag=direct status=none
if tool dd if=/dev/mapper/top of=/dev/null bs=4096 skip=4 count=1 iflag=direct status=none 2>/run/error; then
	not_ok "switch: region of the store"
else
	check "switch: region of the store: I/O error" grep -q 'Input/output error' /run/error
fi
cache_of() { cat "$(sysfs_of "/dev/mapper/$1")/queue/write_cache"; }
printf '0 %d switch 2 8 0 /dev/mapper/org 0 %s 0\n' "$sectors" "$device" >/run/table
dm create bare /run/table
dm message bare 0 set_region_mappings 0:0 "R1,$(printf %x $((sectors / 8 - 1)))"
check_equal "write cache: switch with a linear tail" "write back" "$(cache_of top)"
check_equal "write cache: switch alone" "write through" "$(cache_of bare)"
check_equal "write cache: origin" "write back" "$(cache_of org)"
check_equal "write cache: error" "write through" "$(cache_of err)"

# rows ROWS: a table of that many linear rows over org.
rows() {
	awk -v rows="$1" -v sectors="$sectors" 'BEGIN { each = int(sectors / rows)
		for (i = 0; i < rows; ++i) { size = i == rows - 1 ? sectors - i * each : each; print i * each, size, "linear", "/dev/mapper/org", i * each } }' >/run/table
	dm create "rows$1" /run/table
}
for count in 2 64 1024; do rows "$count"; done
# ten writes of 4 KiB with fsync each
per_ten() {
	flushes=$(flushes_of "$device")
	writes=$(writes_of "$device")
	i=0
	while [ "$i" -lt 10 ]; do
		i=$((i + 1))
		tool dd if=/dev/zero of="/dev/mapper/$1" bs=4k seek=16 count=1 conv=notrunc,fsync status=none
	done
	flushes=$(($(flushes_of "$device") - flushes))
	writes=$(($(writes_of "$device") - writes))
	say "flushes $1: $flushes flushes, $writes writes for 10 x (4 KiB, fsync)"
}
per_ten org
check_equal "flushes: origin alone, one a time" 10 "$flushes"
per_ten top
check "flushes: switch with a tail forwards them, at most two a time" test "$flushes" -ge 10 -a "$flushes" -le 20
per_ten bare
check_equal "flushes: switch alone loses them" 0 "$flushes"
per_ten rows2
per_ten rows64
per_ten rows1024
# From 6.11 on the kernel sends one flush for all linear rows over a device.
case $(uname -r) in
[1-5].* | 6.[0-9].* | 6.10.*) check "flushes: before 6.11 each row sends one" test "$writes" -ge 10000 ;;
*) check "flushes: from 6.11 linear rows send one together" test "$writes" -le 40 ;;
esac
EOF
sed -n 's/^flushes /# flushes: /p' "$VM_WORK/switch.log"

# --- snapshot -----------------------------------------------------------------------------------------------------------

vm_expect 0 "snapshot" vm_boot snapshot - <<'EOF'
. /guest/stack.sh
device=/dev/ubdb
store=/dev/ubdc
sectors=$(sectors_of "$device")
zero_store() { tool dd if=/dev/zero of="$store" bs=1M count=1 conv=notrunc,fsync oflag=direct status=none; }
write_origin() { tool dd if=/dev/urandom of=/dev/mapper/org bs=1M count="$1" oflag=direct status=none; }
snapshot() { dm create "$1" --table "0 $sectors snapshot $device $2 P 8"; }

tool dd if=/dev/urandom of="$store" bs=1M count=1 conv=notrunc,fsync status=none
if snapshot garbage "$store" 2>/run/error; then
	not_ok "garbage where the header should be"
else
	check "garbage where the header should be: ENXIO" grep -q 'No such device or address' /run/error
fi
dm remove garbage 2>/dev/null || :

zero_store
snapshot safe "$store"
tool dd if="$store" bs=4096 count=1 iflag=direct status=none of=/run/header
check_equal "a new header: magic, valid, version, chunk" "70416e53 00000001 00000001 00000008" \
	"$(tool od -An -tx4 -N16 /run/header | tr -s ' ' | sed 's/^ //; s/ $//')"
dm create org --table "0 $sectors snapshot-origin $device"
write_origin 4
check_equal "safe order: each chunk of 4 MiB is saved" 1024 "$(exceptions_of safe)"
dm remove org safe

zero_store
dm create org --table "0 $sectors snapshot-origin $device"
snapshot late "$store"
write_origin 4
saved=$(exceptions_of late)
say "order origin resumed first: $saved of 1024 chunks saved"
check "hazard 4: origin resumed first and not again: chunks are missed" test "$saved" -lt 1024
dm remove org late

zero_store
dm create org --table "0 $sectors snapshot-origin $device"
snapshot late "$store"
dm suspend org
dm resume org
write_origin 4
check_equal "origin suspended and resumed after the snapshot: each chunk is saved" 1024 "$(exceptions_of late)"
dm remove org late

zero_store
dm create tiny --table "0 2048 linear $store 0"
snapshot overflow /dev/mapper/tiny
dm create org --table "0 $sectors snapshot-origin $device"
check "overflow: the origin goes on" write_origin 4
check_equal "overflow: status of the snapshot" Invalid "$(exceptions_of overflow)"
tool dd if="$store" bs=4096 count=1 iflag=direct status=none of=/run/header
check_equal "overflow: valid in the header" 00000000 "$(tool od -An -tx4 -j4 -N4 /run/header | tr -d ' ')"
dm remove org overflow
dm create merge --table "0 $sectors snapshot-merge $device /dev/mapper/tiny P 8"
check_equal "overflow: status of a merge" Invalid "$(exceptions_of merge)"
EOF
note "order: $(vm_console_value snapshot order)"

# --- dm-log-writes ------------------------------------------------------------------------------------------------------

vm_expect 0 "log-writes" vm_boot log-writes - <<'EOF'
need_modules dm-log-writes
dm create logged --table "0 $(sectors_of /dev/ubdb) log-writes /dev/ubdb /dev/ubdc"
mkfs_for ext4 /dev/mapper/logged
mount_volume ext4 /dev/mapper/logged
dm message logged 0 mark start
echo one >"$VOLUME/one"
sync
dm message logged 0 mark end
unmount_volume
dm remove logged
check_equal "log-writes: magic of the log" 006a736677736872 "$(tool od -An -tx8 -N8 /dev/ubdc | tr -d ' ')"
for mark in start end; do
	check "log-writes: the mark $mark is in the log" tool grep -a -q -F "$mark" /dev/ubdc
done
EOF
for boot in switch snapshot claim; do check "$boot: the kernel did not complain" vm_kernel_calm "$boot"; done
