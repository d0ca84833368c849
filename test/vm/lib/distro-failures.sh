# What t-boot-*.sh share about boots in which something is wrong: with bootguard, the machine boots what it would have booted
# without it, in bounded time; and where that would spoil the data it does not. Sourced after distro-life.sh; the tests set
# $framework, and have an image of it in $VM_WORK/image-$framework.
# shellcheck shell=sh disable=SC2154

WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"

cat >"$VM_WORK/x/plain.sh" <<'EOF'
. /x/booted.sh
check "$1: the raw root is mounted" root_is "$RAW"
check_equal "$1: no mapping is left" "" "$(ls /dev/mapper | grep bootguard || :)"
check "$1: what is left in /run says why" grep -q -i -E -- "$2" /run/bootguard/log /run/bootguard/bootguard
check "$1: the kernel's log has a line" sh -c 'dmesg | grep -q "bootguard[a-z-]*: "'
[ -z "${3:-}" ] || check "$1: the metadata's log, too" sh -c 'bootguard log | grep -q "$1"' sh "$3"
EOF

# An image with one thing changed: PATH MODE, the content on standard input.
changed_image() {
	rm -rf "$VM_WORK/extra"
	mkdir -p "$VM_WORK/extra/$(dirname -- "$1")"
	cat >"$VM_WORK/extra/$1"
	chmod "$2" "$VM_WORK/extra/$1"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
}
# plain_boot NAME WHAT PATTERN [WORDS [EVENT]]: boots $VM_WORK/image; the raw root must come up, and the reason be told: in /run,
# in the kernel's log, on the console, and where the metadata could be written, as an event there.
plain_boot() {
	vm_expect 0 "$framework: $2" distro_boot "$framework-$1" "$VM_WORK/image" "$WORDS ${4:-}" "$VM_WORK/x/plain.sh" "$framework: $2" "$3" "${5:-}"
	check "$framework: $2: the console has a line" vm_console_has "$framework-$1" "bootguard[a-z-]*\(\[[0-9]*\]\)\?: "
}

# fails_open: all that can be wrong while nothing is on trial. The disk is as it was afterwards.
fails_open() {
	changed_image usr/sbin/bootguard 755 </dev/null
	plain_boot empty "an empty binary" "failed|HOOK_STATUS"
	changed_image usr/sbin/bootguard 644 <"$BOOTGUARD"
	plain_boot mode "a binary that is not executable" "missing or not executable"
	rm -f "$VM_WORK/extra/usr/sbin/bootguard"
	ln -s /nowhere "$VM_WORK/extra/usr/sbin/bootguard"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
	plain_boot missing "no binary" "missing or not executable"
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
kill -SEGV $$
EOF
	plain_boot crash "a binary that crashes" "failed .status 139"
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
exec sleep 100000
EOF
	plain_boot hang "a binary that hangs, within the bound" "failed .status 137" rd.bootguard.timeout=3
	changed_image etc/bootguard/bootguard.conf 644 </dev/null
	plain_boot config "an empty configuration" "HOOK_STATUS='78'"
	cp "$VM_WORK/image-$framework" "$VM_WORK/image"
	vm_snapshot_image disk healthy
	dd if=/dev/zero of="$VM_WORK/disk.img" bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	plain_boot metadata "no metadata" "REASON='metadata-missing'"
	dd if=/dev/urandom of="$VM_WORK/disk.img" bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	plain_boot garbage "garbage for metadata" "REASON='metadata-corrupt'"
	vm_snapshot_image healthy disk
	changed_image etc/bootguard/bootguard.conf 644 <<'EOF'
[bootguard]
metadata = PARTLABEL=nowhere
[volume root]
device = PARTLABEL=root
EOF
	plain_boot absent "a metadata device that never comes, within the bound" "HOOK_STATUS='12'" rd.bootguard.wait=2
}

# crash_while_rolling_back: an image whose binary knows of a rollback that has begun, and cannot go on with it.
crash_while_rolling_back() {
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
[ "$1" = status ] || kill -SEGV $$
printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='no'\nBOOTGUARD_PHASE='rolling-back'\nBOOTGUARD_VOLUME='root'\n"
exit 3
EOF
}

# must_not_come_up NAME WHAT [OPTION...]: the root filesystem is not mounted, and the machine says so and ends as the framework
# has it. $must_before (half) names what disk.img was before: nothing may have been written to the volume, not even by a check.
must_not_come_up() {
	must_status=0
	must_name=$1 must_what=$2
	shift 2
	distro_boot "$framework-$must_name" "$VM_WORK/image" "$WORDS rd.shell=0 rd.emergency=reboot rd.retry=5 rootdelay=2" "$@" \
		"$VM_WORK/x/plain.sh" x x || must_status=$?
	set -- "$must_name" "$must_what"
	check "$framework: $2: the system did not come up (status $must_status)" test "$must_status" -ge 119
	check "$framework: $2: it says why" vm_console_has "$framework-$1" "must not be mounted"
	check_fails "$framework: $2: the script did not run" vm_console_has "$framework-$1" "^@@begin"
	check "$framework: $2: nothing was written to the volume" same_root disk "${must_before:-half}"
}

# same_root IMAGE OTHER: the partition of the root filesystem, to the byte.
same_root() { cmp -i $((6144 * 512)) -n $((distro_root_mib * 1048576)) "$VM_WORK/$1.img" "$VM_WORK/$2.img"; }
