# What t-boot-*.sh share about boots in which something is wrong: with bootguard, the machine boots what it would have booted
# without it, in bounded time; and where that would spoil the data it does not. Sourced after distro-life.sh; the tests set
# $framework, and have an image of it in $VM_WORK/image-$framework.
# shellcheck shell=sh disable=SC2154

WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"

cat >"$VM_WORK/x/plain.sh" <<'EOF'
. /x/booted.sh
check "$1: the raw root is mounted" root_is "$RAW"
check_equal "$1: no mapping is left" "" "$(ls /dev/mapper | grep bootguard || :)"
check "$1: the console or the log says why" grep -q -i -E -- "$2" /run/bootguard/log /run/bootguard/bootguard
EOF

# An image with one thing changed: PATH MODE, the content on standard input.
changed_image() {
	rm -rf "$VM_WORK/extra"
	mkdir -p "$VM_WORK/extra/$(dirname -- "$1")"
	cat >"$VM_WORK/extra/$1"
	chmod "$2" "$VM_WORK/extra/$1"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
}
# plain_boot NAME WHAT PATTERN [WORDS]: boots $VM_WORK/image; the raw root must come up, and the reason be told.
plain_boot() {
	vm_expect 0 "$framework: $2" distro_boot "$framework-$1" "$VM_WORK/image" "$WORDS ${4:-}" "$VM_WORK/x/plain.sh" "$framework: $2" "$3"
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
