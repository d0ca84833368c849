#!/bin/sh
# The harness itself: it must see failures, end hangs, kill machines whole, and compare images to the byte.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"

vm_begin
vm_disk disk 64

vm_expect 0 "an empty script passes" vm_boot empty - </dev/null
vm_expect 7 "a failing script is reported with its status" vm_boot failing - <<'EOF'
exit 7
EOF
vm_expect 1 "a failing command ends the script" vm_boot failing-command - <<'EOF'
false
exit 0
EOF
vm_expect 0 "arguments arrive as they are" vm_boot arguments - 'two words' "it's" '*' <<'EOF'
[ "$#" -eq 3 ] && [ "$1" = "two words" ] && [ "$2" = "it's" ] && [ "$3" = '*' ]
EOF
vm_expect "$VM_TIMEOUT" "a hang is ended by the timeout" vm_boot hang --timeout 4 - <<'EOF'
sleep 1000
EOF
vm_expect "$VM_PANIC" "a kernel panic is told apart" vm_boot panic - <<'EOF'
echo c >/proc/sysrq-trigger
EOF
vm_expect "$VM_ENDED_EARLY" "a machine that ends before its script is told apart" vm_boot crash - <<'EOF'
crash
EOF
vm_expect 0 "the rescue flavour has a shell and nothing to run" vm_boot rescue --flavour rescue - word <<'EOF'
[ "$1" = word ]
if ls /; then exit 3; fi
if [ -e /setup ] || [ -d /usr/bin ]; then exit 4; fi
[ -e /dev/ubda2 ] && [ -d /sys/module/dm_snapshot ]
EOF
vm_expect 0 "a module can be left out" vm_boot without --without dm-switch,f2fs - <<'EOF'
[ -d /sys/module/dm_snapshot ] && [ ! -d /sys/module/dm_switch ] && [ ! -d /sys/module/f2fs ]
EOF

# A check that fails inside the guest must become a failure of the test: tried in a test of its own.
mkdir -p "$VM_WORK/inner/test/vm/lib"
cp -R "$vm_here/lib" "$vm_here/guest" "$vm_here/run" "$VM_WORK/inner/test/vm/"
cp -R "$vm_top/test/tools" "$VM_WORK/inner/test/"
ln -s "$vm_top/src" "$VM_WORK/inner/src" # which the tools are built from
inner=$VM_WORK/inner/test/vm
cat >"$inner/t-inner-fails.sh" <<'EOF'
#!/bin/sh
. "$(dirname "$0")/lib/vm.sh"
vm_begin
vm_boot checks - <<'GUEST'
check "true" true
check "false" false
GUEST
EOF
# Half a line of somebody else is no matter, a line with something in the middle is one.
cat >"$inner/t-inner-spoilt.sh" <<'EOF'
#!/bin/sh
. "$(dirname "$0")/lib/vm.sh"
vm_begin
vm_boot half - <<'GUEST'
printf "somebody else: "
check "true" true
GUEST
vm_boot spoilt - <<'GUEST'
check "false" false | sed 's/@@not ok/@@not[  1.0] noise ok/'
GUEST
EOF
cat >"$inner/t-inner-dies.sh" <<'EOF'
#!/bin/sh
. "$(dirname "$0")/lib/vm.sh"
vm_begin
ok "one"
exit 3
EOF
printf '#!/bin/sh\nexit 0\n' >"$inner/t-inner-silent.sh"
printf '#!/bin/sh\necho "ok - one"\n' >"$inner/t-inner-passes.sh"
printf '#!/bin/sh\necho "ok - one"\nsleep 100\n' >"$inner/t-inner-endless.sh"
chmod +x "$inner"/t-*.sh
check_inner() { # DESCRIPTION STATUS LAST-LINE PATTERN [SECONDS]
	inner_status=0
	VM_LOGS=$VM_WORK/inner-logs VM_TEST_SECONDS=${5:-600} "$inner/run" "$4" >"$VM_WORK/inner.out" 2>&1 || inner_status=$?
	check_equal "$1: status" "$2" "$inner_status"
	check_equal "$1: counts" "$3" "$(tail -n 1 "$VM_WORK/inner.out")"
}
check_inner "a failed check in the guest fails the run" 1 "1 passed, 1 failed, 0 skipped" inner-fails
check "its console log was kept" test -s "$VM_WORK/inner-logs/t-inner-fails/checks.log"
check_inner "a check that cannot be read fails the run" 1 "1 passed, 1 failed, 0 skipped" inner-spoilt
check_inner "a test that ends early fails" 1 "1 passed, 1 failed, 0 skipped" inner-dies
check_inner "a test without a check fails" 1 "0 passed, 1 failed, 0 skipped" inner-silent
check_inner "a test that passes passes" 0 "1 passed, 0 failed, 0 skipped" inner-passes
check_inner "an endless test is ended" 1 "1 passed, 1 failed, 0 skipped" inner-endless 5

# blockdiff: nothing, one byte, the same byte excluded, a byte beside the excluded sector.
vm_snapshot_image disk other
check "equal images are equal" vm_same_volume disk other
printf X | dd of="$VM_WORK/other.img" bs=1 seek=$((VM_USERDATA_OFFSET + 1234567)) conv=notrunc status=none
vm_same_volume disk other >"$VM_WORK/difference"
check_equal "one changed byte is found" 1 $?
check "it is found where it is" grep -q 'block 301 (byte 1234567 of the range, sector 2411)' "$VM_WORK/difference"
echo "2411 1" >"$VM_WORK/excluded"
check "an excluded sector may differ" vm_same_volume disk other "$VM_WORK/excluded"
printf '2410 1\n2412 8\n' >"$VM_WORK/excluded"
check_fails "its neighbours may not" vm_same_volume disk other "$VM_WORK/excluded"

# Killing.
pids_of_machine() {
	for vm_process in /proc/[0-9]*/cmdline; do
		if grep -q -s -a -F "$VM_WORK/uml/" "$vm_process"; then echo "$vm_process"; fi
	done
}
vm_expect "$VM_KILLED" "killed when a line appears" vm_boot kill-when --kill-when "now 5" - <<'EOF'
n=0
while :; do n=$((n + 1)); say "now $n"; usleep 1000; done
EOF
vm_expect "$VM_KILLED" "killed after a time" vm_boot kill-after --kill-after 300 - <<'EOF'
sleep 100
EOF
vm_boot_bg background - <<'EOF'
say "alive"
sleep 100
EOF
check "a line of a running machine is seen" vm_wait_for alive
check "the machine has processes" test -n "$(pids_of_machine)"
vm_expect "$VM_KILLED" "killed from outside" vm_kill
check_equal "no process of it is left" "" "$(pids_of_machine)"

# The three filesystems, the tree tool, and durability over kills.
vm_detach_all
vm_disk volume 320
for kind in ext4 xfs f2fs; do
	vm_expect 0 "$kind: made and filled" vm_boot "$kind-make" - "$kind" <<'EOF'
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
make_tree "$VOLUME/tree" 3000 1
say "digest $(tree_digest "$VOLUME")"
unmount_volume
fsck_for "$1" "$USERDATA"
EOF
	check "$kind: a digest was printed" test -n "$(vm_console_value "$kind-make" digest)"
	vm_snapshot_image volume before
	vm_expect "$VM_KILLED" "$kind: killed while writing" vm_boot "$kind-churn" --kill-after "$(vm_random 300 1500)" - "$kind" <<'EOF'
mount_volume "$1"
change_tree "$VOLUME/tree" 2 &
tree churn "$VOLUME/churn" 7
EOF
	check_fails "$kind: the volume changed" vm_same_volume volume before
	last=$(vm_console_value "$kind-churn" "churn 7")
	note "$kind: durable up to operation ${last:-0}"
	vm_expect 0 "$kind: what was durable is there, the filesystem is sound" vm_boot "$kind-after" - "$kind" "${last:-0}" <<'EOF'
mount_volume "$1"
tree churned "$VOLUME/churn" 7 "$2"
unmount_volume
fsck_for "$1" "$USERDATA"
EOF
	vm_snapshot_image before volume
	vm_expect 0 "$kind: the copied image is as before" vm_boot "$kind-back" - "$kind" "$(vm_console_value "$kind-make" digest)" <<'EOF'
mount_volume "$1"
check_equal "$1: digest" "$2" "$(tree_digest "$VOLUME")"
change_tree "$VOLUME/tree" 3
[ "$(tree_digest "$VOLUME")" != "$2" ]
unmount_volume
EOF
	check "$kind: the kernel did not complain" vm_kernel_calm "$kind-after"
done

# fsck_for must see damage.
vm_expect 0 "damage is found by fsck_for" vm_boot damage - <<'EOF'
for kind in ext4 xfs f2fs; do
	mkfs_for "$kind" "$USERDATA"
	mount_volume "$kind"
	make_tree "$VOLUME/tree" 300 1
	unmount_volume
	check "$kind: sound before" fsck_for "$kind" "$USERDATA"
	# Zero all but the first 64 KiB of every MiB: the superblocks stay, inodes and bitmaps go.
	mib=0
	while [ "$mib" -lt 320 ]; do
		dd if=/dev/zero of="$USERDATA" bs=64k count=15 seek=$((mib * 16 + 1)) conv=notrunc 2>/dev/null
		mib=$((mib + 1))
	done
	check_fails "$kind: damage found" fsck_for "$kind" "$USERDATA" >/run/found
	grep '^@@' /run/found
done
EOF
