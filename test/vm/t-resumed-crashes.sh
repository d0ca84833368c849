#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The real kernel and the product go on from sampled crash states of recorded lives: trial, a trial boot after a crash, rollback,
# commit live and unmounted, on ext4 and XFS. Each state is made on a disk in the memory of a virtual machine, then booted, mounted
# (the journal is replayed), rolled back or committed, and compared to the byte; many states in one machine. What is done with a
# state stands at the top of test/tools/resume-states.cpp, what states there are in test/tools/crash_states.h.
#
#   RESUMED_STATES=30000 test/vm/t-resumed-crashes.sh     that many in place of 1,000 (the extended run); RESUMED_KINDS: which
#                                                         filesystems; VM_SEED, VM_KERNEL and VM_MODULES as for all tests
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"
# shellcheck source=lib/log-writes.sh
. "$vm_here/lib/log-writes.sh"

vm_begin
vm_need_bootguard
logged_can_be || exit 0
cp "$vm_tools/resume-states" "$VM_WORK/x/"
# shellcheck disable=SC2034
LIFE_FILES=60 LIFE_STORE=24M LOGGED_CHURN=48
kinds=${RESUMED_KINDS:-ext4 xfs}
# shellcheck disable=SC2086 # words
set -- $kinds
lives=5
wanted=${RESUMED_STATES:-1000}
each=$((wanted / (lives * $#) + 2))
all=0
: >"$VM_WORK/all"

# resume NAME FROM STATES [CONTROL]: a sample of what logged_boot recorded as NAME, begun with image FROM, and the machine that
# goes on from it. Its status: 0 all good, 1 bad ones; their number is in resumed_states.
resume() {
	resume_name=$1 resume_from=$2 resume_states=$3
	shift 3
	resume_boot=$resume_name-resumed${1:-}
	resume_seed=$(vm_random 1 1000000000)
	# ext4 refuses to mount with a torn superblock (the checksum spans two sectors, and it is read before the journal), on any disk.
	[ "$kind" != ext4 ] || set -- "$@" --whole-bytes "$((VM_USERDATA_OFFSET + 1024))" 1024
	logged_check "$resume_name" "$resume_from" --sample "$VM_WORK/x/sample" --states "$resume_states" --seed "$resume_seed" "$@" || return 2
	for resume_file in "$resume_from" checkpoint "$resume_name-log"; do
		ln -f "$(vm_image "$resume_file")" "$VM_WORK/x/$resume_file.img"
	done
	resume_status=0
	vm_boot "$resume_boot" --timeout "$((120 + resume_states / 2))" - "$kind" "$resume_from" "$resume_name" "$resume_seed" \
		"$VM_METADATA_OFFSET" "$VM_METADATA_SIZE" "$VM_USERDATA_OFFSET" "$(cat "$VM_WORK/disk.size")" <<'EOT' || resume_status=$?
need_modules loop
mkdir /run/resume /etc/bootguard
mount -t tmpfs -o size=400m none /run/resume
/x/resume-states --image "/x/$2.img" --checkpoint /x/checkpoint.img --log "/x/$3-log.img" --sample /x/sample --pieces /x/pieces \
	--kind "$1" --seed "$4" --metadata-bytes "$5" "$6" --volume-bytes "$7" "$8" --directory /run/resume
EOT
	rm -f "$VM_WORK"/x/*.img
	sed -n 's/^\(bad - \|resumed \|read as bad \|time: \|resume-states: \)/# &/p' "$VM_WORK/$resume_boot.log" | cut -c 1-400
	resumed_states=$(sed -n 's/^resumed \([0-9]*\) states, .*/\1/p' "$VM_WORK/$resume_boot.log")
	return "$resume_status"
}

# resume_good NAME FROM
resume_good() {
	vm_expect 0 "$kind: the kernel goes on from every state of the sample ($1)" resume "$1" "$2" "$each" || return 0
	all=$((all + ${resumed_states:-0}))
	check "$kind: the kernel did not complain ($1)" vm_kernel_calm "$resume_boot"
	sed -n 's/^resumed //p' "$VM_WORK/$resume_boot.log" >>"$VM_WORK/all"
	echo "# measured - resumed crashes, $1, seed $resume_seed: $(tail -n 1 "$VM_WORK/all")"
}

# resume_bad NAME FROM STATES: without flushes.
resume_bad() {
	vm_expect 1 "control: $kind: without flushes bad states are found ($1)" resume "$1" "$2" "$3" --without-flushes || return 0
	echo "# control: resumed crashes, $1 --without-flushes, seed $resume_seed: $(sed -n 's/^resumed //p' "$VM_WORK/$resume_boot.log")"
}

for kind in $kinds; do
	VM_MEMORY=256M
	logged_prepare 72
	logged_trial
	logged_again
	logged_rollback
	logged_commit
	logged_commit_unmounted

	sed -i -e 's,^metadata = .*,metadata = /dev/loop0p1,' -e 's,^device = .*,device = /dev/loop0p2,' "$VM_WORK/x/bootguard.conf"
	VM_MEMORY=640M
	resume_good "$kind-trial" checkpoint
	resume_good "$kind-again" crashed
	resume_good "$kind-rollback" trial
	resume_good "$kind-good" checkpoint
	resume_good "$kind-good-unmounted" checkpoint
	resume_bad "$kind-trial" checkpoint 40
	resume_bad "$kind-again" crashed 40
	rm -f "$VM_WORK"/*-log.img
done
echo "# measured - resumed crashes: $all states in all"
check "as many states as asked for" test "$all" -ge "$wanted"
for what in 'rolled back' committed 'went on in the trial' 'crashed again there' 'kills of a boot' 'filesystem checks'; do
	check "among them: $what" grep -q "[1-9][0-9]* $what" "$VM_WORK/all"
done
