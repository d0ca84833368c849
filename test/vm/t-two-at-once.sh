#!/bin/sh
# Two instances at once: one waits for the other, bounded, and what comes out is what one order of the two gives.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
life_make ext4
vm_expect 0 "two at once" vm_boot two --timeout 300 - <<'EOT'
. /x/bad.sh
watched=$METADATA
mount_volume ext4
/usr/bin/flock --close "$METADATA" sleep 300 & # --close: the lock ends with flock, whoever else lives on
holder=$!
sleep 1
metadata_writes=$(written_to "$METADATA")
# All wait their ten seconds at the same time.
pids=''
for verb in arm disarm mark-good mark-bad format boot; do
	(
		status=0
		begin=$(cut -d . -f 1 /proc/uptime)
		if [ "$verb" = boot ]; then bg boot --format=shell >"/tmp/busy.$verb" 2>&1 || status=$?; else bg "$verb" >"/tmp/busy.$verb" 2>&1 || status=$?; fi
		echo "$status $(($(cut -d . -f 1 /proc/uptime) - begin))" >"/tmp/busy.$verb.end"
	) &
	pids="$pids $!"
done
does 0 "locked: status does not wait" "idle" status
does 0 "locked: log does not wait" "formatted" log
for pid in $pids; do wait "$pid" || :; done
for verb in arm disarm mark-good mark-bad format boot; do
	read -r status seconds <"/tmp/busy.$verb.end"
	wanted=24
	[ "$verb" != boot ] || wanted=3
	answers "$wanted" "locked: $verb" "another process .a second bootguard.. holds the lock of /dev/ubda1" sh -c "cat /tmp/busy.$verb; exit $status"
	check "locked: $verb waited, and not for ever ($seconds s)" test "$seconds" -ge 8 -a "$seconds" -le 60
done
check "locked: boot says not to mount" grep -q "BOOTGUARD_MOUNT='no'" /tmp/busy.boot
check_equal "locked: nothing written" "$metadata_writes" "$(written_to "$METADATA")"
check "locked: nothing left" test ! -e "$VOLUME/.bootguard"

# Freed in time: it goes on.
bg arm >/tmp/said 2>&1 &
waiting=$!
sleep 1
# The waiting process is there to be looked at: the kernel refuses it what it never does (seccomp 2: by a filter).
waiting_pid=$(pidof "${BOOTGUARD##*/}") || :
if grep -q '^Seccomp:' /proc/self/status; then
	check_equal "control: this shell is not confined" 0 "$(sed -n 's/^Seccomp:[^0-9]*//p' /proc/self/status)"
	check_equal "the waiting arm is confined" "2 1" \
		"$(sed -n -e 's/^Seccomp:[^0-9]*//p' "/proc/$waiting_pid/status") $(sed -n -e 's/^NoNewPrivs:[^0-9]*//p' "/proc/$waiting_pid/status")"
else
	skip "this kernel has no seccomp"
fi
kill "$holder"
status=0
wait "$waiting" || status=$?
check_equal "the lock freed in time: arm goes on" 0 "$status"
check "armed" phase_is armed

# together WHAT "VERB..." "VERB...": both at the same time; their statuses are in $one and $two
together() {
	# shellcheck disable=SC2086 # words
	{
		bg $1 >/tmp/one 2>&1 &
		first=$!
		bg $2 >/tmp/two 2>&1 &
		second=$!
	}
	one=0 two=0
	wait "$first" || one=$?
	wait "$second" || two=$?
	phase=$(bg status --json | tr -d ' \n' | sed 's/.*"phase":"\([a-z-]*\)".*/\1/')
	outcome="$one $two $phase"
}
# serial WHAT OUTCOME...: the outcome is that of one of the orders
serial() {
	serial_what=$1
	shift
	for serial_one in "$@"; do
		[ "$serial_one" != "$outcome" ] || {
			ok "$serial_what ($outcome)"
			return
		}
	done
	cat /tmp/one /tmp/two
	not_ok "$serial_what: $outcome is not one of: $*"
}
bg disarm
for round in 1 2 3; do
	together arm arm
	serial "two arms, round $round" "0 0 armed"
	check "only one armed" test "$(cat /tmp/one /tmp/two | grep -c '^armed')" -eq 1
	together disarm disarm
	serial "two disarms, round $round" "0 0 idle"
	together arm disarm
	# disarm first finds what the disarm before it left: already disarmed
	serial "arm and disarm, round $round" "0 0 idle" "0 0 armed"
	bg disarm >/dev/null
	together "arm --attempts 2" "arm --attempts 4"
	serial "two arms that differ, round $round" "0 20 armed" "20 0 armed"
	check "the four copies agree" copies_equal
	bg disarm >/dev/null
done
check "no store is left" test ! -e "$VOLUME/$STORE"
bg arm
unmount_volume
# Two boots at once: one of them counts, both give the same answer.
bg boot --format=shell >/tmp/one 2>/tmp/one.err &
first=$!
bg boot --format=shell >/tmp/two 2>/tmp/two.err &
second=$!
one=0 two=0
wait "$first" || one=$?
wait "$second" || two=$?
cat /tmp/one.err /tmp/two.err
check_equal "two boots: both protected" "0 0" "$one $two"
check "two boots: the same device" sh -c "grep -q \"DEVICE='$MAPPED'\" /tmp/one && grep -q \"DEVICE='$MAPPED'\" /tmp/two"
check "two boots: one attempt used" status_says "attempt 1 of 3, 2 left"
mount_volume ext4 "$MAPPED"
together mark-good mark-bad
serial "mark-good and mark-bad" "0 2 idle" "0 0 idle"
unmount_volume
EOT
