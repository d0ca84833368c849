#!/bin/sh
# Every crash point of a real kernel's writes: dm-log-writes records trial, rollback and commit on ext4 and XFS, and a tool on the
# host decides for each prefix of the log, with each subset of what was not flushed, whether the way back was there.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"
# shellcheck source=lib/log-writes.sh
. "$vm_here/lib/log-writes.sh"

vm_begin
vm_need_bootguard
[ -n "$(find "$VM_MODULES" -name 'dm-log-writes.ko*' -print -quit)" ] || {
	skip "$vm_test: this kernel has no dm-log-writes"
	exit 0
}
product=$BOOTGUARD
hooks=${BOOTGUARD_HOOKS:-$vm_top/build/bootguard-hooks}
# shellcheck disable=SC2034
LIFE_FILES=300 LIFE_STORE=64M

for kind in ${LOGGED_KINDS:-ext4 xfs}; do
	vm_detach_all
	vm_disk disk 320
	LIFE_DEVICE=
	# shellcheck disable=SC2119 # no more lines
	life_config
	life_make "$kind"
	life_arm "$kind-arm" "$kind"
	vm_snapshot_image disk checkpoint
	logged_begin

	logged_boot "$kind-trial" checkpoint "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
phase_is trial
dm table bootguard-userdata-store | awk '$3 != "linear" { exit 1 } { print $5, $2 }' >/x/pieces
mark handed-over
change_tree "$VOLUME/tree" 2
sync
tree churn "$VOLUME/churn" 3 300
change_tree "$VOLUME/tree" 4
unmount_volume
logged_end
EOT
	logged_good "$kind-trial" checkpoint
	for control in --without-flushes --without-copy-out; do
		logged_bad "$kind-trial" checkpoint "the way back does not lead to the checkpoint" "$control"
	done

	# One boot of the trial ends in the middle of its writes; then one that goes on with a store in use.
	logged_empty
	vm_expect "$VM_ENDED_EARLY" "$kind: a trial boot that crashes" vm_boot "$kind-crash" --timeout 300 --cmdline bootguard.slot=B - "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
change_tree "$VOLUME/tree" 10
tree churn "$VOLUME/churn" 11 50
change_tree "$VOLUME/tree" 12
crash
EOT
	vm_snapshot_image disk crashed
	logged_boot "$kind-again" crashed "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
phase_is trial
mark handed-over
tree churn "$VOLUME/churn" 13 150
change_tree "$VOLUME/tree" 14
sync
bg mark-bad
unmount_volume
logged_end
EOT
	logged_good "$kind-again" crashed
	for control in --without-flushes --without-copy-out; do
		logged_bad "$kind-again" crashed "the way back does not lead to the checkpoint" "$control"
	done

	vm_snapshot_image disk trial
	check_fails "$kind: the volume differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	logged_boot "$kind-rollback" trial "$kind" <<'EOT'
. /x/logged.sh
mark rollback
boot_device
check_equal "$1: rolled back, a plain volume is handed over" "$USERDATA" "$BOOTGUARD_DEVICE"
phase_is idle
mark rolled-back
logged_end
EOT
	check "$kind: rolled back to the byte" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	logged_good "$kind-rollback" trial
	logged_bad "$kind-rollback" trial "the way back does not lead to the checkpoint" --without-flushes

	# Live, under a writer; what it writes after the commit may go where the store was.
	logged_boot "$kind-good" checkpoint "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
phase_is trial
mark handed-over
change_tree "$VOLUME/tree" 5
sync
tree churn "$VOLUME/churn" 6 200 >/tmp/churn &
writer=$!
usleep 300000
mark mark-good
bg mark-good
mark good
check "$1: the writer went on undisturbed" wait "$writer"
check "$1: idle" phase_is idle
change_tree "$VOLUME/tree" 7
tree churn "$VOLUME/churn" 8 50
unmount_volume
logged_end
EOT
	logged_good "$kind-good" checkpoint
	logged_bad "$kind-good" checkpoint "the way back does not lead to the checkpoint" --without-flushes

	# By hand, unmounted: then nothing of the volume may change.
	logged_boot "$kind-good-unmounted" checkpoint "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
mark handed-over
change_tree "$VOLUME/tree" 9
unmount_volume
mark unmounted
mark mark-good
bg mark-good
mark good
check "$1: idle" phase_is idle
logged_end
EOT
	logged_good "$kind-good-unmounted" checkpoint
	read -r header _ <"$VM_WORK/x/pieces"
	first=$((VM_USERDATA_OFFSET / 512))
	logged_bad "$kind-good-unmounted" checkpoint "no metadata copy can be believed" --without-flushes
	logged_bad "$kind-good-unmounted" checkpoint "a phase that is not allowed at this point" --without-metadata
	logged_bad "$kind-good-unmounted" checkpoint "not the newest data" --stray-write "$first"
	logged_bad "$kind-good-unmounted" checkpoint "the store is refused" --stray-write "$((first + header))"
	logged_bad "$kind-good-unmounted" checkpoint "written where nothing may be written" --stray-write 1

	# The control that is no made-up log: the same kernel under a product without its guard against hazard 4, the order of the
	# stack. Without dm-switch, which hides what the order does; its absence alone does no harm.
	if [ -x "$hooks" ]; then
		BOOTGUARD=$hooks
		for off in 4,14 14; do
			logged_boot "$kind-off$off" checkpoint "$kind" "$off" <<'EOT'
. /x/logged.sh
export BOOTGUARD_GUARDS_OFF="$2"
boot_volume "$1"
phase_is trial
mark handed-over
rm -rf "$VOLUME/tree"
dd if=/dev/urandom of="$VOLUME/large" bs=1M count=8 2>/dev/null
unmount_volume
logged_end
EOT
		done
		BOOTGUARD=$product
		logged_good "$kind-off14" checkpoint
		logged_bad "$kind-off4,14" checkpoint "the way back does not lead to the checkpoint"
	else
		skip "$vm_test: no build with test hooks at $hooks"
	fi
	rm -f "$VM_WORK"/*-log.img
done
echo "# measured - log-writes: $logged_all states in all, each made and decided on its own"
check "ten million states and more" test "$logged_all" -ge 10000000
