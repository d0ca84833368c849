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
logged_can_be || exit 0
product=$BOOTGUARD
hooks=${BOOTGUARD_HOOKS:-$vm_top/build/bootguard-hooks}
# shellcheck disable=SC2034
LIFE_FILES=300 LIFE_STORE=64M

for kind in ${LOGGED_KINDS:-ext4 xfs}; do
	logged_prepare 320
	logged_trial
	logged_good "$kind-trial" checkpoint
	for control in --without-flushes --without-copy-out; do
		logged_bad "$kind-trial" checkpoint "the way back does not lead to the checkpoint" "$control"
	done

	logged_again
	logged_good "$kind-again" crashed
	for control in --without-flushes --without-copy-out; do
		logged_bad "$kind-again" crashed "the way back does not lead to the checkpoint" "$control"
	done

	logged_rollback
	logged_good "$kind-rollback" trial
	logged_bad "$kind-rollback" trial "the way back does not lead to the checkpoint" --without-flushes

	logged_commit
	logged_good "$kind-good" checkpoint
	logged_bad "$kind-good" checkpoint "the way back does not lead to the checkpoint" --without-flushes

	logged_commit_unmounted
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
