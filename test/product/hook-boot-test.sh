#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What initramfs-hooks/generic/bootguard-hook.sh does around the runs of the binary: several configurations, the bounds from
# the kernel command line, the watch over a hung binary, udev's links, the hint, the record. With stubs, in every shell.
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/hook-lib.sh"

configs=$work/configs
state=$work/state

# in_shell: what is on standard input, in the shell under test with set -eu, after the hook was sourced.
in_shell() {
	{
		# shellcheck disable=SC2016 # for the shell under test
		printf 'set -eu\ncd "$WORK"\n. "$HOOK"\n'
		cat
	} >"$work/init"
	: >"$work/calls"
	: >"$work/args"
	# shellcheck disable=SC2086 # the shell under test is words
	WORK=$work HOOK=$hook BOOTGUARD_BINARY=$stub BOOTGUARD_STATE=$state BOOTGUARD_CONFIGS=$configs BOOTGUARD_UDEV=$work/udev \
		BOOTGUARD_CMDLINE=$work/cmdline BOOTGUARD_WAIT=${wait:-0} BOOTGUARD_LIMIT=${limit:-120} $shell "$work/init" 2>"$work/stderr"
}

fresh() { # [CONFIGURATION...]
	rm -rf "$configs" "$state" "$work/udev"
	mkdir "$configs"
	: >"$work/cmdline"
	for fresh_name in "$@"; do : >"$configs/$fresh_name.conf"; done
}

# Prints "STATUS ROOT" of bootguard_boot_all ROOT. No block device is needed: two names are the same device if they are equal.
boot_all() { # [ROOT]
	printf '%s\n' "${1:-}" >"$work/root"
	in_shell <<-'INIT'
		bootguard__same_device() { [ "$1" = "$2" ]; }
		IFS= read -r wanted <"$WORK/root"
		status=0
		bootguard_boot_all "$wanted" || status=$?
		printf '%s %s\n' "$status" "${BOOTGUARD_ROOT:--}"
	INIT
}
lines_of() { [ ! -e "$1" ] || tr '\n' ' ' <"$1"; }

test_boot_all() {
	many_stub
	fresh
	check_equal "no configuration: asked once" "0 -" "$(boot_all)"
	check_equal "no configuration: none is named" "boot --kmsg --progress $state/progress --format=shell" "$(cat "$work/args")"
	fresh home good data
	check_equal "the root filesystem is none of the volumes" "0 /dev/other" "$(boot_all /dev/other)"
	check_equal "every configuration was asked about" 3 "$(wc -l <"$work/args" | tr -d ' ')"
	check_equal "the root filesystem is one of them" "0 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	check_equal "a name that leads to the mapping already" "0 /dev/mapper/bootguard-good" "$(boot_all /dev/mapper/bootguard-good)"
	fresh good missing
	check_equal "one is pending" "2 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	check_equal "pending: it is named" "missing " "$(lines_of "$state/pending")"
	fresh good held
	check_equal "one is pending and must not be mounted" "2 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	check_equal "held: it is named as pending, not as stopped" "held /" "$(lines_of "$state/pending")/$(lines_of "$state/stop")"
	fresh good missing half
	check_equal "one must not be mounted: that outweighs what is pending" "1 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	check_equal "stop: it is named" "half /missing " "$(lines_of "$state/stop")/$(lines_of "$state/pending")"
	fresh half missing
	check_equal "the order does not matter" "1 -" "$(boot_all)"
	rm "$configs/half.conf" "$configs/missing.conf"
	: >"$configs/good.conf"
	check_equal "asked again: what was is forgotten" "0 -" "$(boot_all)"
	check_equal "asked again: nothing is held back" no "$([ -e "$state/stop" ] || [ -e "$state/pending" ] && echo yes || echo no)"
	fresh crash good
	check_equal "a crash for one does not keep the other" "0 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	fresh "a b" "\$(touch run)" good
	check_equal "odd names of configurations" "0 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	check_equal "odd names: passed on whole" 1 "$(grep -c -F -- "--config $configs/a b.conf " "$work/args")"
	check_equal "odd names: nothing was run" no "$([ -e "$work/run" ] && echo yes || echo no)"
}

# The record of each configuration, beside what the hooks keep for themselves.
test_record() {
	many_stub
	fresh good missing
	boot_all >/dev/null
	check_equal "record: of each" "BOOTGUARD_VOLUME='good'HOOK_STATUS='0'BOOTGUARD_VOLUME='missing'HOOK_STATUS='12'" \
		"$(grep -h -E '^(BOOTGUARD_VOLUME|HOOK_STATUS)=' "$state/good" "$state/missing" | tr -d '\n')"
	fresh log pending progress root hung undecided
	check_equal "record: names that the hooks use" "0 -" "$(boot_all)"
	check_equal "record: they are not taken for the hooks' own" "" "$(cd "$state" && ls root stop pending hung undecided 2>/dev/null)"
	check_equal "record: they are there" 6 "$(grep -l '^HOOK_STATUS=' "$state"/config-* | wc -l | tr -d ' ')"
	rm -f "$stub"
	fresh good
	boot_all >/dev/null
	check_equal "record: no binary" "HOOK_STATUS='127'" "$(grep HOOK "$state/good")"
	many_stub
	fresh good
	: >"$state"
	check_equal "record: a state folder that cannot be made is no reason to stop" "0 /dev/mapper/bootguard-good" "$(boot_all /dev/raw-good)"
	rm -f "$state"
}

bounds() { # CONTENT-OF-CMDLINE: prints WAIT LIMIT
	printf '%s' "$1" >"$work/cmdline"
	wait=7 limit=90 in_shell <<-'INIT'
		bootguard__read_bounds
		printf '%s %s\n' "$BOOTGUARD_WAIT" "$BOOTGUARD_LIMIT"
	INIT
}
check_bounds() { # TEXT WANTED CMDLINE
	check_equal "bounds: $1" "$2" "$(bounds "$3")"
	check_equal "bounds: $1: nothing was run, nothing said" "no" "$([ -e "$work/run" ] || [ -s "$work/stderr" ] && echo yes || echo no)"
	rm -f "$work/run"
}

# shellcheck disable=SC2016 # not to be expanded: that is the test
test_bounds() {
	fresh
	check_bounds "as they were" "7 90" "root=/dev/sda2 ro quiet"
	check_bounds "both set" "2 3" "ro rd.bootguard.wait=2 rd.bootguard.timeout=3 quiet"
	check_bounds "the last counts" "2 4" "rd.bootguard.timeout=3 rd.bootguard.wait=2 rd.bootguard.timeout=4"
	check_bounds "a tab" "2 3" "$(printf 'rd.bootguard.wait=2\trd.bootguard.timeout=3')"
	check_bounds "many blanks" "2 3" "  rd.bootguard.wait=2   rd.bootguard.timeout=3  "
	check_bounds "the largest" "600 600" "rd.bootguard.wait=600 rd.bootguard.timeout=600"
	check_bounds "too large" "7 90" "rd.bootguard.wait=601 rd.bootguard.timeout=999999999999"
	check_bounds "longer than any number" "7 90" "rd.bootguard.timeout=$(printf '%5000s' '' | tr ' ' 9)"
	check_bounds "negative" "7 90" "rd.bootguard.wait=-1 rd.bootguard.timeout=-5"
	check_bounds "no wait is one, no time is none" "0 90" "rd.bootguard.wait=0 rd.bootguard.timeout=0"
	check_bounds "octal to a shell" "7 90" "rd.bootguard.wait=08 rd.bootguard.timeout=010"
	check_bounds "hexadecimal, a plus, a point" "7 90" "rd.bootguard.wait=0x5 rd.bootguard.timeout=+5 rd.bootguard.timeout=5.0"
	check_bounds "empty" "7 90" "rd.bootguard.wait= rd.bootguard.timeout"
	check_bounds "part of another word" "7 90" "xrd.bootguard.wait=2 rd.bootguard.timeoutx=3 x=rd.bootguard.wait=2"
	check_bounds "behind --, for the init" "2 90" "rd.bootguard.wait=2 -- rd.bootguard.timeout=3"
	check_bounds "a command" "7 90" 'rd.bootguard.timeout=$(touch run) $(touch run)'
	check_bounds "backquotes" "7 90" 'rd.bootguard.timeout=`touch run` `touch run`'
	check_bounds "arithmetic" "7 90" 'rd.bootguard.timeout=a[$(touch${IFS}run)] rd.bootguard.wait=PATH'
	check_bounds "quotes" "2 90" "\"rd.bootguard.timeout=3 '\" rd.bootguard.wait=2 rd.bootguard.timeout='3' rd.bootguard.timeout=\"3\""
	check_bounds "globs" "2 3" '* [a-z]* ? rd.bootguard.wait=* rd.bootguard.timeout=? [ rd.bootguard.wait=2 ]* rd.bootguard.timeout=3'
	check_bounds "backslashes" "2 90" 'a\ rd.bootguard.wait=2 rd.bootguard.timeout=\3 \ '
	check_bounds "a semicolon" "7 90" 'rd.bootguard.timeout=3;touch run;reboot'
	check_bounds "control characters" "2 90" "$(printf 'a\033[2J rd.bootguard.wait=2 rd.bootguard.timeout=3\001 \007')"
	check_bounds "bytes that are no ASCII" "2 90" "$(printf '\377\376 rd.bootguard.wait=2 rd.bootguard.timeout=\303\251')"
	check_bounds "options for printf and test" "2 3" "-n -e ! ( rd.bootguard.wait=2 ) -o rd.bootguard.timeout=3"
	check_bounds "a very long line" "2 3" "rd.bootguard.wait=2 $(printf '%2000s' '' | sed 's/ /x=$(touch run) /g')rd.bootguard.timeout=3"
	check_bounds "a second line" "2 90" "rd.bootguard.wait=2
rd.bootguard.timeout=3"
	check_bounds "nothing" "7 90" ""
	rm -f "$work/cmdline"
	check_equal "bounds: no command line at all" "7 90" "$(wait=7 limit=90 in_shell <<-'INIT'
		bootguard__read_bounds
		printf '%s %s\n' "$BOOTGUARD_WAIT" "$BOOTGUARD_LIMIT"
	INIT
	)"
	fresh
	check_equal "bounds: 08 of the environment does not end the shell" "10 120" "$(wait=08 limit=0 in_shell <<-'INIT'
		bootguard__read_bounds
		printf '%s %s\n' "$BOOTGUARD_WAIT" "$BOOTGUARD_LIMIT"
	INIT
	)"
}

# Prints "STATUS DEVICE CALLS HUNG", and how many processes are left of the shell.
watched() {
	in_shell <<-'INIT'
		status=0
		bootguard_boot /dev/fallback || status=$?
		# A watcher that was not ended would still sleep.
		sleep 0.3
		printf '%s %s %s %s' "$status" "${BOOTGUARD_DEVICE:--}" "$(wc -c <"$WORK/calls" | tr -d ' ')" \
			"$([ -e "$BOOTGUARD_STATE/hung" ] && echo hung || echo -)"
	INIT
	# From a file, so that grep does not find itself.
	printf '%s' "$work/init" >"$work/pattern"
	printf ' left:%s\n' "$(grep -l -a -s -F -f "$work/pattern" /proc/[0-9]*/cmdline | wc -l)"
}

test_watch() {
	fresh
	# Quick, but not before the watcher looks for the first time.
	make_stub <<-'STUB'
		sleep 0.3
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
	STUB
	check_equal "watch: a binary that ends at once, and no watcher is left" "0 /dev/sda3 1 - left:0" "$(watched)"
	make_stub <<-'STUB'
		exec sleep 300
	STUB
	check_equal "watch: one that hangs is ended; asked where it stands, not to boot" "0 /dev/fallback 2 hung left:0" "$(limit=1 watched)"
	check_equal "watch: what was asked" "boot status " "$(cut -d ' ' -f 1 "$work/args" | lines_of /dev/stdin)"
	printf 'rd.bootguard.timeout=1' >"$work/cmdline"
	check_equal "watch: the bound of the command line" "0 /dev/fallback 2 hung left:0" "$(watched)"
	fresh
	# Slow, and moving: PROGRESS is what it writes, or nothing.
	slow_stub() { # PROGRESS
		make_stub <<-STUB
			for step in 1 2 3 4 5 6 7 8; do
				$1
				sleep 0.5
			done
			printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
		STUB
	}
	# shellcheck disable=SC2016 # for the stub
	slow_stub 'printf "%s\n" "$step chunks" >"$4"'
	check_equal "watch: one that moves is not ended, however long it takes" "0 /dev/sda3 1 - left:0" "$(limit=2 watched)"
	slow_stub ':'
	check_equal "watch: control: as slow, but nothing moves" "0 /dev/fallback 2 hung left:0" "$(limit=2 watched)"
}

# What the splash screen and systemd are told while a rollback moves: by programs of these names on the PATH.
test_progress() {
	fresh
	mkdir -p "$work/bin"
	for program in plymouth systemd-notify; do
		printf '#!/bin/sh\nprintf "%%s\\n" "%s $*" >>"%s/told"\n' "$program" "$work" >"$work/bin/$program"
		chmod +x "$work/bin/$program"
	done
	: >"$work/told"
	make_stub <<-'STUB'
		printf '42 420 1000 rolling back\n' >"$4"
		sleep 1.6
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
	STUB
	check_equal "progress: the boot is as without" "0 /dev/sda3 1 - left:0" "$(PATH=$work/bin:$PATH NOTIFY_SOCKET=/nowhere limit=5 watched)"
	check_equal "progress: the splash screen and systemd are told, with more time" "plymouth --ping
plymouth display-message --text=bootguard: rolling back, 42%
systemd-notify EXTEND_TIMEOUT_USEC=35000000
systemd-notify EXTEND_TIMEOUT_USEC=35000000 --status=rolling back, 42%" "$(sort "$work/told")"
	: >"$work/told"
	answer yes /dev/sda3 0
	check_equal "progress: control: nothing moves, nothing is told" "0 /dev/sda3 1 - left:0" "$(PATH=$work/bin:$PATH NOTIFY_SOCKET=/nowhere watched)"
	check_equal "progress: control: only the time of one run is asked for" "systemd-notify EXTEND_TIMEOUT_USEC=150000000" "$(cat "$work/told")"
	: >"$work/told"
	make_stub <<-'STUB'
		exec sleep 300
	STUB
	check_equal "progress: a binary that hangs" "0 /dev/fallback 2 hung left:0" "$(PATH=$work/bin:$PATH NOTIFY_SOCKET=/nowhere limit=1 watched)"
	check_equal "progress: each run has its own time" 2 "$(grep -c '^systemd-notify EXTEND_TIMEOUT_USEC=31000000$' "$work/told")"
	# A splash screen that hangs.
	printf '#!/bin/sh\nprintf "plymouth\\n" >>"%s/told"\nexec sleep 3\n' "$work" >"$work/bin/plymouth"
	: >"$work/told"
	make_stub <<-'STUB'
		for step in 1 2 3 4 5 6 7 8; do
			printf "%s chunks\n" "$step" >"$4"
			sleep 0.5
		done
		exec sleep 300
	STUB
	check_equal "progress: a splash screen that hangs is not waited for, and the bound is kept" "0 /dev/fallback 2 hung" \
		"$(PATH=$work/bin:$PATH limit=1 watched | sed 's/ left:.*//')"
	check_equal "progress: nor asked again meanwhile" yes "$([ "$(grep -c plymouth "$work/told")" -le 3 ] && echo yes)"
	rm -rf "${work:?}/bin"
}

# move_links LINKS [TRIES]: the rule that is written for them, where udev makes the links only at that try (1).
move_links() {
	mkdir -p "$work/udev"
	: >"$work/udev/control"
	printf '%s' "$1" >"$work/links"
	echo "${2:-1}" >"$work/links-at"
	in_shell <<-'INIT'
		udevadm() {
			printf '%s ' "$@" >>"$WORK/args"
			[ "$1" != info ] || cat "$WORK/links"
		}
		bootguard__same_device() { [ "$(tr ' ' '\n' <"$WORK/args" | grep -c trigger || :)" -ge "$(cat "$WORK/links-at")" ]; }
		mkdir -p disk/by-label
		: >disk/by-label/expanded
		IFS=/ # whatever the framework has
		bootguard_move_links /dev/mapper/bootguard-root /dev/sda2
	INIT
	cat "$work/udev/rules.d/61-bootguard-root.rules"
}
rule() { printf 'SUBSYSTEM=="block", ATTR{dm/name}=="bootguard-root", SYMLINK+="%s"' "$1"; }

# shellcheck disable=SC2016 # not to be expanded: that is the test
test_links() {
	fresh
	check_equal "links: those of the filesystem and the partition" \
		"$(rule 'disk/by-uuid/0-1 disk/by-label/a disk/by-partuuid/2 disk/by-partlabel/root disk/by-id/ata-x_1')" \
		"$(move_links 'disk/by-uuid/0-1 disk/by-path/pci-1 disk/by-label/a disk/by-partuuid/2 disk/by-diskseq/4 disk/by-partlabel/root disk/by-id/ata-x_1')"
	check_equal "links: what udev is told" "info --query=symlink --name=/dev/sda2 control --reload trigger --action=change --name-match=/dev/mapper/bootguard-root settle --timeout=10 " \
		"$(cat "$work/args")"
	check_equal "links: hostile names are left out" "$(rule disk/by-label/ok)" \
		"$(move_links 'disk/by-label/"x disk/by-label/x",RUN+="y disk/by-label/$(reboot) disk/by-label/`reboot` disk/by-label/../../sda disk/by-label/a\x2fb disk/by-label/%k disk/by-label/;x disk/by-label/ disk/by-label/ok mapper/x ../../etc/passwd')"
	check_equal "links: nothing is expanded" "$(rule disk/by-label/ok)" "$(move_links '* disk* disk/by-label/* disk/by-label/? [a-z]* disk/by-label/ok')"
	check_equal "links: control characters" "$(rule disk/by-label/ok)" "$(move_links "$(printf 'disk/by-label/\033x disk/by-label/\303\244 disk/by-label/ok')")"
	check_equal "links: none" "$(rule '')" "$(move_links '')"
	for tries in 1 2 5; do
		fresh
		move_links 'disk/by-label/ok' "$tries" >/dev/null
		check_equal "links: asked for until they are there, $tries times" "$tries $([ "$tries" -eq 1 ] && echo 0 || echo 1)" \
			"$(tr ' ' '\n' <"$work/args" | grep -c trigger) $(grep -c "was asked $tries times" "$work/stderr")"
	done
	fresh
	move_links 'disk/by-label/ok' 1000 >/dev/null
	check_equal "links: that never come: asked five times, and said" "5 1" \
		"$(tr ' ' '\n' <"$work/args" | grep -c trigger) $(grep -c 'does not make all links of /dev/sda2 lead to /dev/mapper/bootguard-root' "$work/stderr")"
	rm -rf "$work/udev"
	in_shell <<-'INIT'
		udevadm() { printf 'called\n' >>"$WORK/args"; }
		bootguard_move_links /dev/mapper/bootguard-root /dev/sda2
	INIT
	check_equal "links: no udev: nothing is done" "0 no" "$(wc -l <"$work/args" | tr -d ' ') $([ -e "$work/udev" ] && echo yes || echo no)"
}

# settled DECISION: what udev is told after that decision.
settled() {
	mkdir -p "$work/udev"
	: >"$work/udev/control"
	make_stub <<-STUB
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='$2'\nBOOTGUARD_DECISION='$1'\nBOOTGUARD_DEVICE='/dev/sda3'\n"
	STUB
	in_shell <<-'INIT'
		udevadm() { printf 'udevadm %s\n' "$*" >>"$WORK/args"; }
		bootguard_boot /dev/sda3 || :
	INIT
	grep -c '^udevadm settle --timeout=10$' "$work/args" || :
	rm -rf "$work/udev"
}
test_settle() {
	for decision in start-trial continue-trial roll-back resume-rollback commit give-up ''; do
		fresh good
		check_equal "settle: udev has looked at everything after '$decision'" 1 "$(settled "$decision" yes)"
	done
	fresh good
	check_equal "settle: idle writes nothing" 0 "$(settled idle yes)"
}

hint() {
	in_shell <<-'INIT'
		bootguard_hint
	INIT
}
phase_stub() { # PHASE LEFT
	make_stub <<-STUB
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_VOLUME='root'\nBOOTGUARD_PHASE='%s'\nBOOTGUARD_ATTEMPTS_LEFT='%s'\n" '$1' '$2'
	STUB
}

# shellcheck disable=SC2016 # not to be expanded: that is the test
test_hint() {
	fresh good
	for phase in trial rolling-back committing; do
		phase_stub "$phase" 2
		check_equal "hint: $phase" "1 bootguard: 'root' is in phase $phase, attempts left: 2" "$(hint | wc -l | tr -d ' ') $(hint | sed 's/\. See.*//')"
	done
	phase_stub trial ''
	check_equal "hint: without a number" "bootguard: 'root' is in phase trial" "$(hint | sed 's/\. See.*//')"
	check_equal "hint: only the state is asked for" "status --config $configs/good.conf --format=shell" "$(cat "$work/args")"
	for phase in idle armed unknown '$(reboot)' ''; do
		phase_stub "$phase" 2
		check_equal "hint: none for '$phase'" "" "$(hint)"
	done
	many_stub
	fresh home good
	check_equal "hint: one line for each" "'good' 'home' " "$(hint | grep -o "'[a-z]*' is" | cut -d ' ' -f 1 | tr '\n' ' ')"
	rm -f "$stub"
	check_equal "hint: no binary: none" "" "$(hint)"
	make_stub <<-'STUB'
		kill -SEGV $$
	STUB
	check_equal "hint: a crash: none" "" "$(hint)"
}

test_all() {
	test_boot_all
	test_record
	test_bounds
	test_watch
	test_progress
	test_links
	test_settle
	test_hint
}
each_shell test_all
[ "$failures" -eq 0 ]
