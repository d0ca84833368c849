# The product in the guest, called as a hand-made initramfs calls it: by the hook file that is shipped.
# shellcheck shell=sh disable=SC2034

BOOTGUARD_BINARY=$BOOTGUARD
BOOTGUARD_WAIT=2
if [ -f /x/bootguard-hook.sh ]; then
	# shellcheck source=../../../initramfs-hooks/generic/bootguard-hook.sh
	. /x/bootguard-hook.sh
fi
CONFIG=/x/bootguard.conf
MAPPED=/dev/mapper/bootguard-userdata
STORE=.bootguard/store

# bg VERB [OPTION...]
bg() {
	bg_verb=$1
	shift
	"$BOOTGUARD" "$bg_verb" --config "$CONFIG" "$@"
}

# bg_status STATUS WHAT PATTERN VERB [OPTION...]: the verb ends with STATUS and says PATTERN.
bg_status() {
	bg_wanted=$1 bg_what=$2 bg_pattern=$3
	shift 3
	bg_found=0
	bg "$@" >/tmp/bg.out 2>&1 || bg_found=$?
	if [ "$bg_found" -eq "$bg_wanted" ] && grep -q -i -E -- "$bg_pattern" /tmp/bg.out; then
		ok "$bg_what"
	else
		cat /tmp/bg.out
		not_ok "$bg_what: wanted status $bg_wanted and '$bg_pattern', found status $bg_found"
	fi
}

# As the hook file does, with the config where it lies here. The volume is mounted at $VOLUME.
# shellcheck disable=SC2120 # the argument is for tests that fall back elsewhere
boot_device() {
	mkdir -p /etc/bootguard
	cp "$CONFIG" /etc/bootguard/bootguard.conf
	bootguard_boot "${1:-$USERDATA}"
}
# boot_volume KIND
boot_volume() {
	# shellcheck disable=SC2119
	boot_device || fail "bootguard says the volume must not be mounted"
	say "device $BOOTGUARD_DEVICE"
	mount_volume "$1" "$BOOTGUARD_DEVICE"
}

json_of() { bg status --json; }
# phase_is PHASE
phase_is() { json_of | tr -d ' \n' | grep -q "\"phase\":\"$1\""; }
# mounted_from DEVICE: what /proc/mounts says, not what was asked for
mounted_from() { grep -q "^$1 $VOLUME " /proc/mounts; }
mappings() { dm ls 2>/dev/null | grep -c '^bootguard-' || :; }
