#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The scripts that the frameworks run, with stubs in place of the frameworks and the binary: initramfs-tools' local-premount
# and local-block, dracut's pre-mount hook, mkinitcpio's run_hook. What each tells its framework to mount, also with a kernel
# command line that means harm.
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/hook-lib.sh"

top=$here/../..
configs=$work/configs
state=$work/state

# The script with the paths of this test in it. Two names are the same device if they are equal: there are no devices here.
mkdir "$work/scripts" "$work/lib"
copy_of() { # PATH NAME
	sed "s,/scripts/functions,$work/scripts/functions,; s,/usr/lib/bootguard/,$work/lib/,; s,/conf/param.conf,$work/param.conf,
		s,/dev/bootguard-root,$work/bootguard-root,g" "$top/$1" >"$work/$2"
}
cp "$hook" "$work/lib/bootguard-hook.sh"
# shellcheck disable=SC2016 # for the shell under test
printf 'bootguard__same_device() { [ "$1" = "$2" ]; }\n' >>"$work/lib/bootguard-hook.sh"
# shellcheck disable=SC2016
printf 'resolve_device() { [ "$1" != UUID=late ] && [ -n "$1" ] && printf "%%s\\n" "$1"; }\n' >"$work/scripts/functions"
copy_of initramfs-hooks/initramfs-tools/scripts/local-premount/bootguard local-premount
copy_of initramfs-hooks/initramfs-tools/scripts/local-block/bootguard local-block
copy_of dracut/50bootguard/bootguard-premount.sh premount
copy_of initramfs-hooks/mkinitcpio/hooks/bootguard run-hook
cat >"$work/local-premount.run" <<'RUN'
: >param.conf
. ./local-premount
RUN
cat >"$work/local-block.run" <<'RUN'
. ./local-block
RUN
# It is sourced by dracut's init, so what comes after it must be reached.
cat >"$work/premount.run" <<'RUN'
root=${ROOT:+block:$ROOT}
die() { printf 'die '; }
. ./premount
printf '%s\n' "$root"
RUN
cat >"$work/run-hook.run" <<'RUN'
root=$ROOT
. ./scripts/functions
. ./run-hook
run_hook
printf '%s%s\n' "$root" "${fastboot:+ fastboot}"
RUN

# run_script NAME ROOT: what it prints, or has written for the framework.
run_script() {
	(
		cd "$work" || exit 1
		# shellcheck disable=SC2086 # the shell under test is words
		ROOT=$2 BOOTGUARD_BINARY=$stub BOOTGUARD_STATE=$state BOOTGUARD_CONFIGS=$configs BOOTGUARD_UDEV=$work/udev \
			BOOTGUARD_CMDLINE=$work/cmdline $shell "./$1.run" 2>stderr || echo "status $?"
		case $1 in
		local-premount) cat param.conf ;;
		local-block) readlink bootguard-root || echo none ;;
		esac
	) | tr '\n' ' ' | sed 's/ $//'
}

fresh() { # [CONFIGURATION...]
	rm -rf "$configs" "$state" "$work/bootguard-root" "$work/run"
	mkdir "$configs"
	: >"$work/cmdline"
	for fresh_name in "$@"; do : >"$configs/$fresh_name.conf"; done
}

test_initramfs_tools() {
	fresh good
	check_equal "local-premount: the mapping" "ROOT=/dev/mapper/bootguard-good" "$(run_script local-premount /dev/raw-good)"
	check_equal "local-block: nothing to do then" none "$(run_script local-block /dev/raw-good)"
	check_equal "local-premount: another root filesystem is left alone" "" "$(run_script local-premount /dev/other)"
	fresh stop
	check_equal "local-premount: must not be mounted: a link that is never made" "ROOT=$work/bootguard-root" "$(run_script local-premount /dev/raw-stop)"
	check_equal "local-block: nor made here" none "$(run_script local-block "$work/bootguard-root")"
	fresh root missing
	check_equal "local-premount: not there yet: a link" "ROOT=$work/bootguard-root" "$(run_script local-premount UUID=late)"
	check_equal "local-block: still not" none "$(run_script local-block "$work/bootguard-root")"
	check_equal "local-block: nor with a configuration named root" UUID=late "$(cat "$state/root")"
	rm "$configs/missing.conf"
	# what the device is called is known now
	echo /dev/raw-root >"$state/root"
	check_equal "local-block: the mapping" /dev/mapper/bootguard-root "$(run_script local-block "$work/bootguard-root")"
	fresh missing
	check_equal "local-premount: a device without root=" "" "$(run_script local-premount '')"
}

test_sourced() { # NAME PREFIX-OF-ROOT
	fresh good
	check_equal "$1: the mapping" "$2/dev/mapper/bootguard-good" "$(run_script "$1" /dev/raw-good)"
	check_equal "$1: another root filesystem is left alone" "$2/dev/other" "$(run_script "$1" /dev/other)"
	check_equal "$1: no root at all" "" "$(run_script "$1" '')"
	fresh good missing
	printf 'rd.bootguard.wait=0' >"$work/cmdline"
	check_equal "$1: another volume is missing" "$2/dev/mapper/bootguard-good" "$(run_script "$1" /dev/raw-good)"
	rm -f "$stub"
	check_equal "$1: no binary" "$2/dev/raw-good" "$(run_script "$1" /dev/raw-good)"
	many_stub
}

# hostile TEXT: as the kernel command line and as root=, for every script.
hostile() {
	fresh good
	printf '%s' "$1" >"$work/cmdline"
	check_equal "hostile: local-premount: $2" "ROOT=/dev/mapper/bootguard-good" "$(run_script local-premount /dev/raw-good)"
	check_equal "hostile: premount: $2" "block:/dev/mapper/bootguard-good" "$(run_script premount /dev/raw-good)"
	check_equal "hostile: run_hook: $2" "/dev/mapper/bootguard-good" "$(run_script run-hook /dev/raw-good)"
	check_equal "hostile: local-premount: root=$2" "" "$(run_script local-premount "$1")"
	check_equal "hostile: premount: root=$2" "block:$1" "$(run_script premount "$1")"
	check_equal "hostile: run_hook: root=$2" "$1" "$(run_script run-hook "$1")"
	fresh root
	mkdir -p "$state"
	printf '%s\n' "$1" >"$state/root"
	printf '%s' "$1" >"$work/cmdline"
	check_equal "hostile: local-block: root=$2" "$1" "$(run_script local-block "$work/bootguard-root")"
	check_equal "hostile: nothing was run: $2" no "$([ -e "$work/run" ] && echo yes || echo no)"
}

# shellcheck disable=SC2016 # not to be expanded: that is the test
test_hostile() {
	hostile '$(touch run)' 'a command'
	hostile '`touch run`' 'backquotes'
	hostile '"; touch run; "' 'a closing quote'
	hostile "'; touch run; '" 'a closing single quote'
	hostile 'a;touch run;rd.bootguard.timeout=$(touch run)' 'semicolons'
	hostile '* ? [a-z]* rd.bootguard.wait=*' 'globs'
	hostile 'rd.bootguard.timeout=999999999999 rd.bootguard.wait=-1 rd.bootguard.wait=08' 'numbers'
	hostile '-n -e ! ( -o' 'options'
	hostile 'a\ b\\ \$(touch run)\x' 'backslashes'
	hostile "$(printf 'a\033[2J\001b')" 'control characters'
	hostile "$(printf '%100s' '' | sed 's/ /x=$(touch run) /g')end" 'a long line'
}

test_all() {
	many_stub
	test_initramfs_tools
	test_sourced premount block:
	test_sourced run-hook ''
	fresh stop
	check_equal "premount: must not be mounted: dracut's end" "die block:/dev/raw-stop" "$(run_script premount /dev/raw-stop)"
	check_equal "run-hook: must not be mounted: no device, and no check" "/dev/bootguard-stop fastboot" "$(run_script run-hook /dev/raw-stop)"
	# No place for what is kept: the status alone has to do.
	: >"$work/file"
	state=$work/file/state
	check_equal "premount: held back without a state folder" "die block:/dev/raw-stop" "$(run_script premount /dev/raw-stop)"
	check_equal "run-hook: held back without a state folder" "/dev/bootguard-stop fastboot" "$(run_script run-hook /dev/raw-stop)"
	state=$work/state
	test_hostile
}
each_shell test_all
[ "$failures" -eq 0 ]
