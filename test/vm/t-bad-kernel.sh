#!/bin/sh
# A kernel that lacks what is needed, mappings that are in the way, and a hostile kernel command line.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
bad_states
all=dm-mod,dm-bufio,dm-snapshot,dm-switch

# --- no device-mapper ---------------------------------------------------------------------------------------------------
for state in idle armed trial; do
	bad_back "$state"
	vm_expect 0 "$state without device-mapper" vm_boot "$state-without" --without "$all" --cmdline bootguard.slot=B - "$state" <<'EOT'
. /x/bad.sh
check_fails "$1: there is no device-mapper" grep -q device-mapper /proc/devices
does 0 "$1: status without device-mapper" "$1 & mapping: *none" status
case $1 in
idle)
	quietly boots 0 "idle without device-mapper" "$USERDATA" "nothing is armed; mount $USERDATA"
	;;
*)
	boots 11 "$1 without device-mapper" "$USERDATA" "the stack could not be built & no device mapper & load the module dm-mod & mount $USERDATA, NOT protected"
	check "$1 without device-mapper: recorded" log_says "unprotected: device-mapper failed" 1
	check "$1 without device-mapper: status tells" status_says "idle & went on unprotected.*device-mapper failed"
	does 2 "$1 without device-mapper: there is nothing to take back" "nothing is armed" mark-bad
	;;
esac
EOT
done
check "trial without device-mapper: the volume is as it was" vm_same_volume disk trial "$VM_WORK/x/extents"

bad_back idle
vm_expect 0 "armed and called off without device-mapper" vm_boot verbs-without --without "$all" --cmdline bootguard.slot=A - <<'EOT'
. /x/bad.sh
mount_volume ext4
does 0 "arm without device-mapper" "armed: 3 attempts" arm
does 0 "disarm without device-mapper" "disarmed" disarm
check "the store is gone" test ! -e "$VOLUME/$STORE"
unmount_volume
EOT

# A rollback needs none.
bad_back trial
LIFE_CMDLINE="bootguard.slot=B rd.bootguard.action=rollback"
vm_expect 0 "rolled back without device-mapper" vm_boot rollback-without --without "$all" --cmdline "$LIFE_CMDLINE" - <<'EOT'
. /x/bad.sh
boots 0 "rolled back without device-mapper" "$USERDATA" "rolled back: [0-9]+ chunks copied back & mount $USERDATA"
check "idle" phase_is idle
EOT
check "rolled back without device-mapper: byte for byte" vm_same_volume disk checkpoint "$VM_WORK/x/extents"

# --- half of device-mapper ----------------------------------------------------------------------------------------------
for state in armed trial; do
	bad_back "$state"
	vm_expect 0 "$state without dm-snapshot" vm_boot "$state-nosnap" --without dm-snapshot --cmdline bootguard.slot=B - "$state" <<'EOT'
. /x/bad.sh
boots 11 "$1 without dm-snapshot" "$USERDATA" "no device-mapper target 'snapshot'; load the module dm-snapshot & mount $USERDATA, NOT protected"
check "$1 without dm-snapshot: recorded" log_says "unprotected: device-mapper failed" 1
check "$1 without dm-snapshot: no mapping" test "$(mappings)" -eq 0
EOT
done
check "without dm-snapshot: the volume is as it was" vm_same_volume disk trial "$VM_WORK/x/extents"
bad_back trial
vm_expect 0 "without dm-switch" vm_boot trial-noswitch --without dm-switch --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
boots 0 "without dm-switch: protected, with a warning" "$MAPPED" "no dm-switch & protected"
EOT
bad_rolled_back without-switch

bad_config "on-failure = stop"
for state in armed trial; do
	bad_back "$state"
	vm_expect 0 "$state without device-mapper, on-failure = stop" vm_boot "$state-stop" --without "$all" --cmdline bootguard.slot=B - "$state" <<'EOT'
. /x/bad.sh
boots 3 "$1 without device-mapper, on-failure = stop" nothing "no device mapper & must not be mounted"
check "on trial: the way back is open" phase_is trial
EOT
	check "$state, stopped: the volume is as it was" vm_same_volume disk "$state" "$VM_WORK/x/extents"
done
# With device-mapper the trial goes on, and its way back is exact.
bad_config "on-failure = continue"
bad_rolled_back after-stop

# --- mappings in the way ------------------------------------------------------------------------------------------------
vm_plain other 16
for state in idle armed trial; do
	bad_back "$state"
	bad_keep before
	vm_expect 0 "$state: mappings in the way" vm_boot "$state-foreign" --timeout 180 --cmdline bootguard.slot=B - "$state" <<'EOT'
. /x/bad.sh
state=$1
read_metadata
cp /tmp/now.meta /x/kept.meta
# in_the_way WHAT NAME TABLE: a mapping of that name that is somebody else's
in_the_way() {
	put_metadata kept
	if [ "$3" = none ]; then dm create "$2" --notable; else dm create "$2" --table "$3"; fi
	dm mknodes
	table=$(dm table "$2")
	if [ "$state" = idle ]; then
		quietly boots 0 "idle: $1" "$USERDATA" "nothing is armed"
	else
		does 0 "$state: $1: status tells" "$state & is there, but not of this update" status
		boots 11 "$state: $1" "$USERDATA" "a device named $2 exists that this arm did not make; remove it .'dmsetup remove $2' & mount $USERDATA, NOT protected"
		check "$state: $1: recorded" log_says "unprotected" 1
	fi
	check_equal "$state: $1: it was left alone" "$table" "$(dm table "$2")"
	check_equal "$state: $1: and nothing put beside it" 1 "$(mappings)"
	dm remove "$2"
}
in_the_way "the name of the volume's mapping" bootguard-userdata "0 2048 linear /dev/ubdb 0"
if [ "$state" != idle ]; then
	for part in origin hole undo store rows; do in_the_way "the name of our $part" "bootguard-userdata-$part" "0 2048 linear /dev/ubdb 0"; done
fi
in_the_way "a mapping without a table" bootguard-userdata none
# Others' names do not matter.
put_metadata kept
dm create bootguard-other --table "0 2048 linear /dev/ubdb 0"
if [ "$state" = idle ]; then
	boots 0 "idle: a mapping of another volume" "$USERDATA" "nothing is armed"
else
	boots 0 "$state: a mapping of another volume is no hindrance" "$MAPPED" "protected"
fi
check "$state: it was left alone" dm info bootguard-other
stack_gone
put_metadata kept
EOT
	check "$state, mappings in the way: the volume is as it was" vm_same_volume disk before "$VM_WORK/x/extents"
done
bad_rolled_back after-foreign

# What an interrupted boot left of our own is removed and made anew; what is in use is left.
bad_back trial
vm_expect 0 "our own left-overs" vm_boot leftovers --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
boots 0 "the first boot" "$MAPPED" "protected"
dm remove bootguard-userdata
boots 0 "half a stack of our own is made anew" "$MAPPED" "removing what an earlier, interrupted run left & protected"
check "counted once" status_says "attempt 2 of 3, 1 left"
mount_volume ext4 "$MAPPED"
check_fails "the raw volume cannot be mounted beside it" mount -t ext4 "$USERDATA" /tmp
answers 0 "in use: the same answer" "BOOTGUARD_DEVICE='$MAPPED' & PROTECTED='yes'" bg boot --format=shell
unmount_volume
EOT

# --- the kernel's command line ------------------------------------------------------------------------------------------
bad_back trial
long=$(printf '%0300d' 0)
# shellcheck disable=SC2016
vm_expect 0 "a hostile command line" vm_boot hostile --cmdline 'rd.bootguard=maybe rd.bootguard.action=explode rd.bootguard.acton=rollback bootguard.slot=$(touch${IFS}/tmp/owned);`reboot` rd.bootguard.debug=%s%n bootguard.=1 bootguard.slots=A rd.bootguard.action='"$long"' =rd.bootguard.action=rollback xrd.bootguard.action=rollback bootguard_slot=A' - <<'EOT'
. /x/bad.sh
cat /proc/cmdline
boots 0 "a hostile command line changes nothing" "$MAPPED" "kernel parameter rd.bootguard=.maybe. is ignored: the value has to be 1, yes, on & rd.bootguard.action=.explode. is ignored: the action has to be auto, rollback, commit or skip & kernel parameter .rd.bootguard.acton. is ignored: known are & bootguard.slot=.* the slot is unknown; a slot is up to 31 letters & attempts left & protected"
check "nothing was run" test ! -e /tmp/owned
check "still on trial" phase_is trial
check "the kernel's log has it, too" sh -c "dmesg | grep -q 'bootguard.*is ignored'"
check "what is said is bounded" test "$(wc -c </tmp/said)" -lt 4000
EOT
bad_rolled_back after-hostile
for state in idle armed; do
	bad_back "$state"
	vm_expect 0 "$state and an unknown command line" vm_boot "$state-line" --cmdline 'rd.bootguard.action=rolback bootguard.slot=../../A' - "$state" <<'EOT'
. /x/bad.sh
if [ "$1" = idle ]; then
	quietly boots 0 "idle: an unknown action and slot" "$USERDATA" "action='rolback' is ignored & bootguard.slot='../../A' is ignored & nothing is armed"
else
	boots 0 "armed: an unknown slot begins the trial" "$MAPPED" "action='rolback' is ignored & bootguard.slot='../../A' is ignored & checkpoint taken & protected"
fi
EOT
done
# The same word twice, and what follows -- is init's.
bad_back trial
vm_expect 0 "the last word counts" vm_boot last-word --cmdline 'rd.bootguard.action=rollback rd.bootguard.action=auto bootguard.slot=A bootguard.slot=B -- rd.bootguard.action=rollback rd.bootguard=0' - <<'EOT'
. /x/bad.sh
boots 0 "the last word counts, and none behind --" "$MAPPED" "the trial goes on & protected"
EOT
# What can be asked for but has nothing to act on.
bad_back idle
vm_expect 0 "nothing to act on" vm_boot nothing-to --cmdline 'rd.bootguard.action=rollback bootguard.slot=A' - <<'EOT'
. /x/bad.sh
quietly boots 0 "a rollback is asked for, and nothing is armed" "$USERDATA" "nothing is armed, so what the kernel command line asks for has nothing to act on"
EOT
bad_same "nothing to act on" idle
# Switched off in a trial: recorded before the raw volume is handed over.
bad_back trial
vm_expect 0 "switched off" vm_boot off --cmdline 'rd.bootguard=0 bootguard.slot=B' - <<'EOT'
. /x/bad.sh
boots 11 "switched off on trial" "$USERDATA" "switches bootguard off & mount $USERDATA, NOT protected"
check "recorded" log_says "unprotected: switched off" 1
boots 0 "and a later boot does not roll back" "$USERDATA" "nothing is armed"
EOT
bad_back armed
vm_expect 0 "switched off, armed" vm_boot off-armed --cmdline 'rd.bootguard=0 bootguard.slot=B' - <<'EOT'
. /x/bad.sh
boots 0 "switched off, armed" "$USERDATA" "switches bootguard off & mount $USERDATA"
check "still armed" phase_is armed
EOT
