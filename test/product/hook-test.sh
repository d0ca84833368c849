#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One run of the binary by initramfs-hooks/generic/bootguard-hook.sh: a stub's answers, its crashes, what it should not have
# printed. "ok - ..." and "not ok - ..." lines; not zero if anything failed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/hook-lib.sh"

# Prints "STATUS DEVICE CALLS" of bootguard_boot /dev/fallback, sourced in the shell under test with set -eu, as an /init would.
run_hook() { # [WAIT]
	: >"$work/calls"
	: >"$work/args"
	cat >"$work/init" <<'INIT'
set -eu
cd "$WORK"
. "$HOOK"
status=0
if bootguard_boot /dev/fallback 2>"$WORK/stderr"; then :; else status=$?; fi
printf '%s %s %s\n' "$status" "${BOOTGUARD_DEVICE:--}" "$(wc -c <"$WORK/calls" | tr -d ' ')"
INIT
	# shellcheck disable=SC2086 # the shell under test is words
	WORK=$work HOOK=$hook BOOTGUARD_BINARY=$stub BOOTGUARD_STATE=$work/state BOOTGUARD_WAIT=${1:-0} $shell "$work/init" 2>&1
}

test_answers() {
	answer yes /dev/mapper/bootguard-userdata 0
	check_equal "the device that the binary names" "0 /dev/mapper/bootguard-userdata 1" "$(run_hook)"
	check_equal "how it is called" "boot --kmsg --progress $work/state/progress --format=shell" "$(cat "$work/args")"
	answer yes '' 0
	check_equal "no device named: the fallback" "0 /dev/fallback 1" "$(run_hook)"
	answer no '' 3
	check_equal "must not be mounted" "1 - 1" "$(run_hook)"
	answer yes /dev/sda3 3
	check_equal "status 3 counts, whatever is printed" "1 - 1" "$(run_hook)"
	answer no /dev/sda3 0
	check_equal "MOUNT='no' counts, whatever the status" "1 - 1" "$(run_hook)"
	make_stub <<-'STUB'
		exit 3
	STUB
	check_equal "status 3 without a line" "1 - 1" "$(run_hook)"
}

# Every documented code but 3, and some that are not.
test_codes() {
	for code in 0 1 2 4 5 6 7 8 9 10 11 13 14 15 16 17 18 19 20 21 22 23 24 25 26 64 70 78 99 125; do
		answer yes /dev/sda3 "$code"
		check_equal "status $code with MOUNT='yes' is mounted" "0 /dev/sda3 1" "$(run_hook)"
	done
}

test_waiting() {
	answer yes '' 12
	check_equal "a missing device: no wait if none is wanted" "0 /dev/fallback 1" "$(run_hook 0)"
	check_equal "a missing device: asked again, and then no more" "0 /dev/fallback 3" "$(run_hook 2)"
	answer no '' 12
	check_equal "a missing device in a trial: asked again, then must not be mounted" "1 - 2" "$(run_hook 1)"
	make_stub <<-STUB
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\n"
		[ \$(wc -c <"$work/calls") -ge 2 ] || exit 12
		printf "BOOTGUARD_DEVICE='/dev/sdb1'\n"
	STUB
	check_equal "a device that appears late" "0 /dev/sdb1 2" "$(run_hook 5)"
	answer yes /dev/sda3 0
	# shellcheck disable=SC2016 # not to be expanded: that is the test
	check_equal "a wait that is no number does no harm" "0 /dev/sda3 1" "$(run_hook '$(reboot)')"
}

test_failures() {
	rm -f "$stub"
	check_equal "no binary: the fallback" "0 /dev/fallback 0" "$(run_hook)"
	answer yes /dev/sda3 0
	chmod -x "$stub"
	check_equal "not executable: the fallback" "0 /dev/fallback 0" "$(run_hook)"
	rm -f "$stub"
	mkdir "$stub"
	check_equal "a folder in its place: the fallback" "0 /dev/fallback 0" "$(run_hook)"
	rmdir "$stub"
	printf '\177ELF rubbish' >"$stub"
	chmod +x "$stub"
	check_equal "a file that cannot be run: the fallback" "0 /dev/fallback 0" "$(run_hook)"
	make_stub <<-'STUB'
		kill -SEGV $$
	STUB
	check_equal "a crash: once more, then its status, then the fallback" "0 /dev/fallback 3" "$(run_hook)"
	check_equal "a crash: what was asked" "boot --kmsg --progress $work/state/progress --format=shell
boot --kmsg --progress $work/state/progress --format=shell
status --format=shell" "$(cat "$work/args")"
	make_stub <<-'STUB'
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/half'\n"
		kill -KILL $$
	STUB
	check_equal "lines before a crash do not count" "0 /dev/fallback 3" "$(run_hook)"
	make_stub <<-'STUB'
		[ "$1" = status ] || kill -SEGV $$
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='no'\nBOOTGUARD_PHASE='rolling-back'\n"
	STUB
	check_equal "a crash in the middle of a rollback: must not be mounted" "1 - 3" "$(run_hook)"
	make_stub <<-STUB
		[ \$(wc -c <"$work/calls") -ge 2 ] || kill -SEGV \$\$
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
	STUB
	check_equal "a crash that does not come again" "0 /dev/sda3 2" "$(run_hook)"
	make_stub <<-'STUB'
		exit 0
	STUB
	check_equal "success without a line is no answer" "0 /dev/fallback 3" "$(run_hook)"
	make_stub <<-'STUB'
		printf "BOOTGUARD_VERSION='2'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
	STUB
	check_equal "lines of another version are no answer" "0 /dev/fallback 3" "$(run_hook)"
}

# $1 is printed where the device's line should be; nothing of it may be run, nor become the device.
check_hostile() { # TEXT LINE
	printf '%s\n' "$2" >"$work/hostile"
	make_stub <<-STUB
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\n"
		cat "$work/hostile"
	STUB
	check_equal "hostile: $1" "0 /dev/fallback 1" "$(run_hook)"
	check_equal "hostile: $1: nothing was run" "no" "$([ -e "$work/run" ] && echo yes || echo no)"
	rm -f "$work/run"
}

# shellcheck disable=SC2016 # not to be expanded: that is the test
test_hostile() {
	check_hostile "a command" "BOOTGUARD_DEVICE='/dev/\$(touch run)'"
	check_hostile "backquotes" 'BOOTGUARD_DEVICE='\''/dev/`touch run`'\'
	check_hostile "a closing quote" "BOOTGUARD_DEVICE='/dev/x'; touch run; : '"
	check_hostile "no quotes" "BOOTGUARD_DEVICE=/dev/x"
	check_hostile "half a quote" "BOOTGUARD_DEVICE='/dev/x"
	check_hostile "double quotes" 'BOOTGUARD_DEVICE="/dev/x"'
	check_hostile "a space" "BOOTGUARD_DEVICE='/dev/x -o exec'"
	check_hostile "a star" "BOOTGUARD_DEVICE='/dev/*'"
	check_hostile "a backslash" "BOOTGUARD_DEVICE='/dev/x\\n'"
	check_hostile "dots" "BOOTGUARD_DEVICE='/dev/../etc/shadow'"
	check_hostile "not below /dev" "BOOTGUARD_DEVICE='/etc/shadow'"
	check_hostile "/dev itself" "BOOTGUARD_DEVICE='/dev/'"
	check_hostile "a byte that is no ASCII" "$(printf "BOOTGUARD_DEVICE='/dev/\303\244'")"
	check_hostile "a control character" "$(printf "BOOTGUARD_DEVICE='/dev/x\033[2J'")"
	check_hostile "a blank in front" " BOOTGUARD_DEVICE='/dev/x'"
	check_hostile "the name of another variable" "PATH='/dev/x'"
	check_hostile "a name with a command" "x=\$(touch run) BOOTGUARD_DEVICE='/dev/x'"
	check_hostile "the end mark of a here document" "BOOTGUARD_OUTPUT
touch run"
	check_hostile "an option for printf or test" "-n"
	check_hostile "a long line" "BOOTGUARD_DEVICE='$(printf '%100000s' '' | tr ' ' 'a')'"
}

test_all() {
	test_answers
	test_codes
	test_waiting
	test_failures
	test_hostile
}
each_shell test_all
[ "$failures" -eq 0 ]
