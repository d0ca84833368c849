# The virtual-machine harness: scenario tests boot a real kernel (user-mode-linux) on disk images. Sourced by test/vm/t-*.sh.
# See test/vm/README.md for the functions and an example. POSIX sh.
#
# Settings (environment):
#   BOOTGUARD      the product's static binary; put into the initramfs as /product/bootguard when it exists
#   VM_KERNEL      the kernel program (linux.uml), VM_MODULES its module directory
#   VM_MEMORY      memory of the machine (256M)
#   VM_TMP         where scenario directories are made (/dev/shm if it has room, else TMPDIR)
#   VM_CACHE       where built tools and initramfs images are kept, named by content
#   VM_LOGS        where the logs of a failed test are kept
#   VM_KEEP=1      keep the scenario directory with the disk images
#   VM_SEED        seed for vm_random; printed, so that a run can be repeated
# shellcheck shell=sh

vm_here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
vm_top=$(CDPATH='' cd -- "$vm_here/../.." && pwd)
vm_test=$(basename -- "$0" .sh)
BOOTGUARD=${BOOTGUARD:-$vm_top/build/bootguard}
VM_KERNEL=${VM_KERNEL:-linux.uml}
VM_MEMORY=${VM_MEMORY:-256M}
VM_CACHE=${VM_CACHE:-${XDG_CACHE_HOME:-${TMPDIR:-/tmp}}/bootguard-vm-$(id -u)}
VM_LOGS=${VM_LOGS:-${TMPDIR:-/tmp}/bootguard-vm-logs-$(id -u)}
VM_KEEP=${VM_KEEP:-0}

# Statuses of vm_boot and vm_wait that do not come from the guest script.
# shellcheck disable=SC2034
{
	VM_TIMEOUT=124
	VM_PANIC=125
	VM_ENDED_EARLY=126
	VM_KILLED=137
}

vm_passed=0
vm_failed=0
vm_skipped=0
vm_running=
vm_last_log=

# --- results ------------------------------------------------------------------------------------------------------------

ok() {
	vm_passed=$((vm_passed + 1))
	echo "ok - $*"
}

not_ok() {
	vm_failed=$((vm_failed + 1))
	echo "not ok - $*"
}

skip() {
	vm_skipped=$((vm_skipped + 1))
	echo "skip - $*"
}

note() { echo "# $*"; }

# check DESCRIPTION COMMAND...: ok if the command succeeds; returns its status.
check() {
	check_what=$1
	shift
	check_status=0
	"$@" || check_status=$?
	if [ "$check_status" -eq 0 ]; then ok "$check_what"; else not_ok "$check_what"; fi
	return "$check_status"
}

# check_fails DESCRIPTION COMMAND...: ok if the command fails.
check_fails() {
	check_what=$1
	shift
	if "$@"; then
		not_ok "$check_what"
		return 1
	fi
	ok "$check_what"
}

# check_equal DESCRIPTION WANTED FOUND
check_equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1: wanted '$2', found '$3'"
		return 1
	fi
}

# vm_expect STATUS DESCRIPTION COMMAND...: ok if the command (vm_boot ..., vm_wait) ends with that status.
# If not, shows the end of the console. Returns 0 only if it was ok.
vm_expect() {
	vm_expect_wanted=$1
	vm_expect_what=$2
	shift 2
	vm_expect_found=0
	"$@" || vm_expect_found=$?
	if [ "$vm_expect_found" -eq "$vm_expect_wanted" ]; then
		ok "$vm_expect_what"
		return 0
	fi
	not_ok "$vm_expect_what: wanted status $vm_expect_wanted, got $vm_expect_found ($(vm_status_name "$vm_expect_found"))"
	vm_show_console
	return 1
}

vm_status_name() {
	case $1 in
	124) echo "timeout" ;;
	125) echo "kernel panic" ;;
	126) echo "the machine ended before its script" ;;
	127) echo "the machine could not be started" ;;
	137) echo "killed" ;;
	*) echo "status of the guest script" ;;
	esac
}

vm_show_console() {
	[ -n "$vm_last_log" ] && [ -f "$vm_last_log" ] || return 0
	note "console log: $VM_LOGS/$vm_test/$(basename -- "$vm_last_log"), its last 40 lines:"
	vm_from=1
	! grep -q '^@@begin' "$vm_last_log" || vm_from=$(grep -n '^@@begin' "$vm_last_log" | head -n 1 | cut -d : -f 1)
	tail -n "+$vm_from" "$vm_last_log" | tail -n 40 | sed 's/^/#   /'
}

vm_fatal() {
	not_ok "harness: $*"
	exit 1
}

# --- a scenario ---------------------------------------------------------------------------------------------------------

# vm_begin: call once, first. Makes the scenario directory VM_WORK, the tools and the initramfs; skips the test if the host lacks something.
vm_begin() {
	for vm_program in "$VM_KERNEL" cpio sfdisk setsid "${CXX:-g++}"; do
		command -v "$vm_program" >/dev/null 2>&1 || {
			skip "$vm_test: no $vm_program on this host"
			exit 0
		}
	done
	if [ -z "${VM_MODULES:-}" ]; then
		vm_release=$("$VM_KERNEL" --version | head -n 1)
		VM_MODULES=/usr/lib/uml/modules/$vm_release
	fi
	[ -d "$VM_MODULES" ] || vm_fatal "no modules in $VM_MODULES"
	if [ -z "${VM_TMP:-}" ]; then
		vm_room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
		if [ "${vm_room:-0}" -gt 4000000 ]; then VM_TMP=/dev/shm; else VM_TMP=${TMPDIR:-/tmp}; fi
	fi
	VM_WORK=$(mktemp -d "$VM_TMP/bootguard-vm.XXXXXX") || exit 1
	trap vm_at_exit EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	mkdir "$VM_WORK/x" "$VM_WORK/uml"
	: >"$VM_WORK/disks"
	VM_SEED=${VM_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
	echo "$VM_SEED" >"$VM_WORK/seed"
	note "$vm_test: seed $VM_SEED"
	vm_build_tools
}

vm_at_exit() {
	vm_exit_status=$?
	trap - EXIT
	[ -z "$vm_running" ] || vm_kill >/dev/null 2>&1
	if [ "$vm_exit_status" -ne 0 ] && [ "$vm_failed" -eq 0 ]; then
		not_ok "$vm_test ended with status $vm_exit_status before its end"
	fi
	if [ "$vm_failed" -gt 0 ]; then
		mkdir -p "$VM_LOGS/$vm_test"
		for vm_file in "$VM_WORK"/*.log "$VM_WORK"/x/*.sh; do
			[ ! -f "$vm_file" ] || cp "$vm_file" "$VM_LOGS/$vm_test/"
		done
		note "logs: $VM_LOGS/$vm_test"
	fi
	if [ "$VM_KEEP" = 1 ]; then note "kept: $VM_WORK"; else rm -rf "$VM_WORK"; fi
	note "$vm_test: $vm_passed passed, $vm_failed failed, $vm_skipped skipped"
	[ "$vm_failed" -eq 0 ] || exit 1
	exit 0
}

# vm_need_bootguard: skips the whole test when the product has not been built.
vm_need_bootguard() {
	[ -x "$BOOTGUARD" ] || {
		skip "$vm_test: no product binary at $BOOTGUARD"
		exit 0
	}
}

# vm_random MINIMUM MAXIMUM: the next number of the seeded sequence.
vm_random() {
	vm_state=$(cat "$VM_WORK/seed")
	vm_state=$(((vm_state * 1103515245 + 12345) % 2147483648))
	echo "$vm_state" >"$VM_WORK/seed"
	echo $(($1 + vm_state / 1024 % ($2 - $1 + 1)))
}

# --- disks --------------------------------------------------------------------------------------------------------------

# The layout vm_disk makes; bytes of the image.
# shellcheck disable=SC2034
{
	VM_METADATA_OFFSET=1048576
	VM_METADATA_SIZE=2097152
	VM_USERDATA_OFFSET=3145728
}

# vm_disk NAME USERDATA_MIB: a GPT image $VM_WORK/NAME.img, attached: metadata (2 MiB, PARTLABEL bootguard), volume (PARTLABEL userdata).
vm_disk() {
	rm -f "$VM_WORK/$1.img"
	truncate -s "$(($2 + 4))M" "$VM_WORK/$1.img"
	sfdisk -q "$VM_WORK/$1.img" <<EOF || vm_fatal "sfdisk $1"
label: gpt
label-id: b0070000-0000-4000-8000-000000000000
start=2048, size=4096, name=bootguard, uuid=b0070000-0000-4000-8000-000000000001
start=6144, size=$(($2 * 2048)), name=userdata, uuid=b0070000-0000-4000-8000-000000000002
EOF
	echo "$(($2 * 1048576))" >"$VM_WORK/$1.size"
	vm_attach "$VM_WORK/$1.img"
}

# vm_plain NAME MIB: an empty image without partitions, attached.
vm_plain() {
	rm -f "$VM_WORK/$1.img"
	truncate -s "$2M" "$VM_WORK/$1.img"
	vm_attach "$VM_WORK/$1.img"
}

# vm_attach FILE: the next device (ubda, ubdb, ...) of all boots from now on. vm_detach_all: none.
vm_attach() { echo "$1" >>"$VM_WORK/disks"; }
vm_detach_all() { : >"$VM_WORK/disks"; }

# vm_snapshot_image SOURCE TARGET: a sparse copy; names of images (without .img) or files.
vm_snapshot_image() { cp --sparse=always --reflink=auto "$(vm_image "$1")" "$(vm_image "$2")"; }

vm_image() {
	case $1 in
	*/*) echo "$1" ;;
	*) echo "$VM_WORK/$1.img" ;;
	esac
}

# vm_same_volume IMAGE OTHER [EXCLUDED]: 0 same, 1 different, 2 error; compares the volumes of two images made by vm_disk; EXCLUDED: file of "start_sector count".
vm_same_volume() {
	vm_bytes=$(cat "$VM_WORK/$1.size" 2>/dev/null || cat "$VM_WORK/$2.size")
	"$vm_tools/blockdiff" "$(vm_image "$1")" "$(vm_image "$2")" --offset-bytes "$VM_USERDATA_OFFSET" --size-bytes "$vm_bytes" ${3:+--exclude "$3"} \
		>"$VM_WORK/blockdiff.out"
	vm_blockdiff_status=$?
	sed 's/^/# /' "$VM_WORK/blockdiff.out"
	return "$vm_blockdiff_status"
}

# --- tools and initramfs, built once and kept by content ----------------------------------------------------------------

vm_build_tools() {
	vm_key=$(cat "$vm_top"/test/tools/* "$vm_top"/src/format/* "$vm_top"/src/base/* | sha256sum | cut -c 1-16)
	vm_tools=$VM_CACHE/tools-$vm_key
	[ -d "$vm_tools" ] && return 0
	mkdir -p "$VM_CACHE"
	"$vm_top/test/tools/build" "$VM_WORK/tools" || vm_fatal "test/tools/build"
	mv -T "$VM_WORK/tools" "$vm_tools" 2>/dev/null || [ -d "$vm_tools" ] || vm_fatal "cannot keep the tools in $VM_CACHE"
}

# Modules loaded at boot, and more that need_modules can load.
vm_modules_at_boot="dm-mod dm-bufio dm-snapshot dm-switch crc32_generic f2fs"
vm_modules_more="dm-log-writes dm-flakey dm-delay dm-dust dm-crypt xts cbc ecb essiv sha256_generic loop btrfs xfs ext4"

# vm_initramfs normal|rescue: builds the image if it is not there yet; its path is in vm_initrd.
vm_initramfs() {
	vm_busybox=$(command -v busybox) || vm_fatal "no busybox"
	vm_key=$({
		echo "$1" "$VM_MODULES" "$vm_modules_at_boot" "$vm_modules_more" "$vm_tools"
		cat "$vm_here/lib/vm.sh" "$vm_here"/guest/*
		cat "$vm_busybox" /bin/dash
		[ ! -x "$BOOTGUARD" ] || cat "$BOOTGUARD"
	} | sha256sum | cut -c 1-16)
	vm_initrd=$VM_CACHE/$1-$vm_key.cpio
	[ -f "$vm_initrd" ] && return 0
	mkdir -p "$VM_CACHE"
	find "$VM_CACHE" -maxdepth 1 -name '*.cpio' -mtime +1 -exec rm -f {} +
	vm_root=$VM_WORK/root
	rm -rf "$vm_root"
	mkdir -p "$vm_root/setup" "$vm_root/proc" "$vm_root/sys" "$vm_root/dev" "$vm_root/run" "$vm_root/tmp" "$vm_root/x" "$vm_root/mnt" \
		"$vm_root/product" "$vm_root/modules" "$vm_root/guest" "$vm_root/etc" "$vm_root/shell"
	cp "$vm_busybox" "$vm_root/setup/busybox"
	cp "$vm_here/guest/init" "$vm_root/init"
	chmod 755 "$vm_root/init"
	cp "$vm_here"/guest/* "$vm_root/guest/"
	[ ! -x "$BOOTGUARD" ] || cp "$BOOTGUARD" "$vm_root/product/bootguard"
	vm_add_modules
	"vm_add_$1"
	(cd "$vm_root" && find . -print0 | sort -z | cpio --quiet -0 -o -H newc) >"$vm_root.cpio" || vm_fatal "cpio"
	if ! mv "$vm_root.cpio" "$vm_initrd.$$" || ! mv "$vm_initrd.$$" "$vm_initrd"; then
		vm_fatal "cannot keep the initramfs in $VM_CACHE"
	fi
	rm -rf "$vm_root"
}

# vm_module_order NAME...: the files to insert, each after what it needs.
vm_module_order() {
	for vm_needed in "$@"; do
		grep -E "(^|/)$vm_needed\\.ko:" "$VM_MODULES/modules.dep" | tr -d ':' | awk '{ for (i = NF; i > 0; --i) print $i }'
	done
}

# NAME.list: the files to insert for a module, in order; empty for one that is built in.
vm_add_modules() {
	echo "$vm_modules_at_boot" | tr ' ' '\n' >"$vm_root/modules/at-boot"
	for vm_module in $vm_modules_at_boot $vm_modules_more; do
		: >"$vm_root/modules/$vm_module.list"
		{
			# what dm-crypt asks for by name at load, where no modprobe answers
			[ "$vm_module" != dm-crypt ] || vm_module_order cbc hmac ecb xts
			vm_module_order "$vm_module"
		} >"$vm_root.order"
		while read -r vm_file; do
			cp "$VM_MODULES/$vm_file" "$vm_root/modules/"
			basename -- "$vm_file" >>"$vm_root/modules/$vm_module.list"
		done <"$vm_root.order"
	done
	rm -f "$vm_root.order"
}

# Everything: busybox's applets, the tree tool, and the host's programs (mounted by init).
vm_add_normal() {
	mkdir "$vm_root/applets" "$vm_root/host-layout"
	for vm_applet in $("$vm_busybox" --list); do
		ln -s /setup/busybox "$vm_root/applets/$vm_applet"
	done
	cp "$vm_tools/tree" "$vm_root/guest/tree"
	ln -s /setup/busybox "$vm_root/shell/sh"
	for vm_part in usr lib lib64 lib32 bin sbin; do
		if [ -L "/$vm_part" ]; then
			cp -P "/$vm_part" "$vm_root/$vm_part"
		elif [ -d "/$vm_part" ]; then
			mkdir "$vm_root/$vm_part" "$vm_root/host-layout/$vm_part"
		fi
	done
	for vm_file in mke2fs.conf e2fsck.conf ld.so.cache; do
		[ ! -f "/etc/$vm_file" ] || cp "/etc/$vm_file" "$vm_root/etc/"
	done
	ln -s /proc/self/mounts "$vm_root/etc/mtab"
}

# A shell with nothing to run but the product: dash, which has no applets, and the libraries it needs.
vm_add_rescue() {
	mkdir "$vm_root/bin"
	cp /bin/dash "$vm_root/bin/sh"
	ln -s /bin/sh "$vm_root/shell/sh"
	ldd /bin/dash | grep -o '/[^ ]*' | while read -r vm_file; do
		mkdir -p "$vm_root$(dirname -- "$vm_file")"
		cp -L "$vm_file" "$vm_root$vm_file"
	done
}

# --- boots --------------------------------------------------------------------------------------------------------------

# vm_boot NAME [OPTION...] SCRIPT [ARGUMENT...]: boots, runs SCRIPT in the guest, waits; returns the script's status or one of VM_*.
# SCRIPT: a file, a name in test/vm/guest, or - for standard input. Arguments: one line each. Options:
#   --timeout S          seconds for the whole boot (180)
#   --cmdline "WORDS"    more kernel command line
#   --flavour rescue     only a shell and the product in the guest
#   --initrd FILE        this initramfs instead of the harness's own; it has to get to the script by itself
#   --without "A,B"      kernel modules not to load
#   --kill-after MS      kill -9 that long after the script began
#   --kill-when TEXT     kill -9 when a console line contains TEXT; --kill-delay MS: that long after it
# The console is in $VM_WORK/NAME.log; checks of the guest library appear in the test's own output and count.
vm_boot() {
	vm_boot_bg "$@"
	vm_wait
}

# vm_boot_bg: the same without waiting; then vm_wait_for, vm_kill, vm_kill_when, vm_wait.
vm_boot_bg() {
	[ -z "$vm_running" ] || vm_fatal "vm_boot $1: a machine is still running"
	vm_name=$1
	shift
	vm_timeout=180
	vm_cmdline=
	vm_flavour=normal
	vm_initrd=
	vm_without=
	vm_kill_after=
	vm_kill_text=
	vm_kill_delay=0
	while :; do
		case ${1-} in
		--timeout) vm_timeout=$2 ;;
		--cmdline) vm_cmdline=$2 ;;
		--flavour) vm_flavour=$2 ;;
		--initrd) vm_initrd=$2 ;;
		--without) vm_without=$2 ;;
		--kill-after) vm_kill_after=$2 ;;
		--kill-when) vm_kill_text=$2 ;;
		--kill-delay) vm_kill_delay=$2 ;;
		--*) vm_fatal "vm_boot $vm_name: unknown option $1" ;;
		*) break ;;
		esac
		shift 2
	done
	[ $# -ge 1 ] || vm_fatal "vm_boot $vm_name: no script"
	vm_put_script "$@"
	[ -n "$vm_initrd" ] || vm_initramfs "$vm_flavour"
	vm_last_log=$VM_WORK/$vm_name.log
	vm_start
}

vm_put_script() {
	case $1 in
	-) cat >"$VM_WORK/x/$vm_name.sh" ;;
	*/*) cp "$1" "$VM_WORK/x/$vm_name.sh" ;;
	*) cp "$vm_here/guest/$1" "$VM_WORK/x/$vm_name.sh" ;;
	esac || vm_fatal "vm_boot $vm_name: no script $1"
	shift
	: >"$VM_WORK/x/$vm_name.arguments"
	[ $# -eq 0 ] || printf '%s\n' "$@" >"$VM_WORK/x/$vm_name.arguments"
}

vm_start() {
	set -- "$VM_KERNEL" "mem=$VM_MEMORY" "initrd=$vm_initrd" con=null con0=null,fd:1 "umid=vm" "uml_dir=$VM_WORK/uml/" \
		panic=-1 noreboot loglevel=6 selinux=0 lpj=16973824 initcall_blacklist=raid6_select_algo
	vm_number=0
	while read -r vm_file; do
		set -- "$@" "ubd${vm_number}d=$vm_file"
		vm_number=$((vm_number + 1))
	done <"$VM_WORK/disks"
	set -- "$@" "vm_script=$vm_name" "vm_flavour=$vm_flavour" "vm_exchange=$VM_WORK/x" "vm_without=$vm_without"
	# shellcheck disable=SC2086 # words
	set -- "$@" $vm_cmdline
	rm -rf "$VM_WORK/uml/vm"
	"$vm_tools/supervise" --log "$vm_last_log" --timeout-ms "$((vm_timeout * 1000))" ${vm_kill_after:+--kill-after-ms "$vm_kill_after"} \
		${vm_kill_text:+--kill-when "$vm_kill_text"} --kill-delay-ms "$vm_kill_delay" -- "$@" </dev/null &
	vm_running=$!
}

# vm_wait: waits for the machine of vm_boot_bg; returns its status.
vm_wait() {
	[ -n "$vm_running" ] || vm_fatal "vm_wait: no machine"
	vm_machine_status=0
	wait "$vm_running" || vm_machine_status=$?
	[ "$vm_machine_status" -ne 143 ] || vm_machine_status=$VM_KILLED # killed before it had begun
	vm_running=
	vm_pass_on_checks
	return "$vm_machine_status"
}

# Checks made inside the guest become checks of this test.
vm_pass_on_checks() {
	grep '^@@\(ok\|not ok\|skip\) - ' "$vm_last_log" >"$VM_WORK/checks"
	vm_failed_before=$vm_failed
	while read -r vm_line; do
		case $vm_line in
		"@@ok - "*) ok "${vm_line#@@ok - }" ;;
		"@@skip - "*) skip "${vm_line#@@skip - }" ;;
		*) not_ok "${vm_line#@@not ok - }" ;;
		esac
	done <"$VM_WORK/checks"
	vm_found=$(wc -l <"$VM_WORK/checks")
	vm_wanted=$(sed -n 's/^@@checks \([0-9]*\).*/\1/p' "$vm_last_log" | tail -n 1)
	[ "$vm_found" -ge "${vm_wanted:-0}" ] || not_ok "$vm_name: $vm_wanted checks were made, $vm_found can be read on the console"
	[ "$vm_failed" -eq "$vm_failed_before" ] || vm_show_console
}

# vm_kill: kill -9 of the whole machine, now; returns VM_KILLED (or how it ended before).
vm_kill() {
	kill -TERM "$vm_running" 2>/dev/null || :
	vm_wait
}

# vm_wait_for TEXT [SECONDS]: until a console line contains TEXT; fails if the machine ends or the time is up before.
vm_wait_for() {
	vm_tries=$((${2:-120} * 50))
	while ! grep -q -F -e "$1" "$vm_last_log" 2>/dev/null; do
		vm_tries=$((vm_tries - 1))
		[ "$vm_tries" -gt 0 ] || return 1
		kill -0 "$vm_running" 2>/dev/null || return 1
		sleep 0.02
	done
}

# vm_kill_when TEXT [SECONDS]: waits for TEXT, then kills; 137 if killed then, 124 if TEXT did not come (killed all the same).
vm_kill_when() {
	if vm_wait_for "$@"; then
		vm_kill
	else
		vm_kill || :
		return 124
	fi
}

# vm_console_has NAME PATTERN (basic regular expression)
vm_console_has() { grep -q -e "$2" "$VM_WORK/$1.log"; }

# vm_console_value NAME KEY: the rest of the last console line that begins with "KEY ".
vm_console_value() { sed -n "s/^$2 //p" "$VM_WORK/$1.log" | tail -n 1; }

# vm_kernel_calm NAME: no warning, oops or hung task on the console.
vm_kernel_calm() {
	! grep -E -A 3 '^(WARNING: |BUG: |Oops|INFO: task )|general protection|Kernel panic|EXT4-fs error|XFS .*(orruption|hutdown)' "$VM_WORK/$1.log"
}
