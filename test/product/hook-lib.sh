# What the tests of the hooks share: a stub for the binary, the shells, results. Sourced.
# shellcheck shell=sh
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck disable=SC2034 # for whoever sources this
hook=$here/../../initramfs-hooks/generic/bootguard-hook.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failures=0
stub=$work/bootguard

check_equal() { # TEXT WANTED FOUND
	if [ "$2" = "$3" ]; then
		printf 'ok - %s: %s\n' "$shell_name" "$1"
	else
		failures=$((failures + 1))
		printf 'not ok - %s: %s\n' "$shell_name" "$1"
		printf '  wanted: %s\n  found:  %s\n' "$2" "$3"
	fi
}

# The stub's body; $calls counts its runs, $work/args keeps what it was called with.
make_stub() {
	{
		printf '#!/bin/sh\nprintf x >>%s/calls\nprintf "%%s\\n" "$*" >>%s/args\n' "$work" "$work"
		cat
	} >"$stub"
	chmod +x "$stub"
}

# Lines of a sound answer: MOUNT DEVICE STATUS
answer() {
	make_stub <<STUB
printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='%s'\nBOOTGUARD_DEVICE='%s'\n" '$1' '$2'
printf "BOOTGUARD_PHASE='trial'\nBOOTGUARD_DECISION='continue-trial'\nBOOTGUARD_PROTECTED='yes'\n"
printf "BOOTGUARD_ATTEMPTS_LEFT='2'\nBOOTGUARD_REASON='none'\n"
exit $3
STUB
}

# A binary that answers by its configuration: good.conf, missing.conf, stop.conf and so on; none: good.
many_stub() {
	make_stub <<-'STUB'
		while [ $# -gt 1 ] && [ "$1" != --config ]; do shift; done
		name=${2:-good}
		name=${name##*/}
		name=${name%.conf}
		mount=yes status=0 mapping=/dev/mapper/bootguard-$name
		case $name in
		missing) status=12 mapping='' ;;
		held) status=12 mount=no mapping='' ;;
		stop | half) status=3 mount=no mapping='' ;;
		crash) kill -SEGV $$ ;;
		esac
		printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='%s'\nBOOTGUARD_DEVICE='%s'\nBOOTGUARD_PHASE='trial'\n" "$mount" "$mapping"
		printf "BOOTGUARD_VOLUME='%s'\nBOOTGUARD_VOLUME_DEVICE='/dev/raw-%s'\n" "$name" "$name"
		exit "$status"
	STUB
}

# each_shell FUNCTION: calls it for every shell that an initramfs may have; $shell is its words.
each_shell() {
	shells=0
	for shell in dash "bash --posix" "busybox ash"; do
		shell_name=$shell
		if ! command -v "${shell%% *}" >/dev/null 2>&1; then
			printf 'ok - %s # skip not installed\n' "$shell_name"
			continue
		fi
		shells=$((shells + 1))
		"$1"
	done
	shell_name='hook test'
	check_equal "at least one shell was there" yes "$([ "$shells" -gt 0 ] && echo yes || echo no)"
}
