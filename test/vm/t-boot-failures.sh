#!/bin/sh
# Whatever goes wrong with bootguard, the machine boots what it would have booted without it, in bounded time; and where that
# would spoil the data it does not. Asserted by /proc/mounts. This is initramfs-tools; t-boot-failures-dracut.sh and
# t-boot-failures-dracut-systemd.sh are the others.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

distro_framework
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

distro_image "$VM_WORK/image-$framework" "$framework"
distro_end

note "--- nothing on trial"
fails_open

note "--- on trial"
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
vm_expect 0 "$framework: armed" distro_boot "$framework-arm" "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
bootguard format --force
bootguard arm --attempts 2
EOF
vm_snapshot_image disk armed
for module in dm-mod dm-snapshot; do
	changed_image "usr/lib/modules/$vm_release/kernel/drivers/md/$module.ko" 644 </dev/null
	plain_boot "$module" "no $module: armed, and unprotected" "PROTECTED='no'" "" unprotected
	vm_snapshot_image armed disk
done
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
vm_expect 0 "$framework: a trial" distro_boot "$framework-trial" "$VM_WORK/image" "$WORDS" - "$framework" <<'EOF'
. /x/booted.sh
check "$1: the mapping is mounted" root_is "$MAPPED"
dd if=/dev/urandom of=/etc/new bs=64k count=32 2>/dev/null
sync
bootguard mark-bad
EOF
vm_snapshot_image disk bad
distro_half_done
vm_snapshot_image disk half
crash_while_rolling_back
must_not_come_up crashed "a crash in the middle of a rollback"
vm_snapshot_image half disk
cp "$VM_WORK/image-$framework" "$VM_WORK/image"
# The file's last extent at least lies here, far behind what the system wrote.
dd if=/dev/zero of="$VM_WORK/disk.img" bs=1M seek=8 count=180 conv=notrunc status=none
vm_snapshot_image disk lost
must_before=lost
must_not_come_up lost "a rollback that cannot go on"
must_before=half
vm_snapshot_image half disk
vm_expect 0 "$framework: the rollback is finished by the next sound boot" distro_boot "$framework-done" "$VM_WORK/image" "$WORDS" - "$framework" <<'EOF'
. /x/booted.sh
check "$1: rolled back: the raw root is mounted" root_is "$RAW"
check "$1: rolled back: what was new is gone" test ! -e /etc/new
bootguard log
EOF

# systemd ends a unit that takes longer than it may, and its shell with it: a rollback that moves is given more time.
if [ "$framework" = dracut-systemd ]; then
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
while [ "$#" -gt 1 ] && [ "$1" != --progress ]; do shift; done
for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo "$second 1 2 slow" >"$2"
	sleep 1
done
echo "slow: done" >/dev/console
echo "<4>bootguard: slow" >/dev/kmsg
printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='yes'\nBOOTGUARD_REASON='slow'\n"
EOF
	mkdir -p "$VM_WORK/extra/etc/systemd/system/bootguard.service.d" "$VM_WORK/extra/usr/bin"
	printf '[Service]\nTimeoutStartSec=6\n' >"$VM_WORK/extra/etc/systemd/system/bootguard.service.d/test.conf"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
	plain_boot slow "a slow rollback is given the time it takes" "REASON='slow'" rd.bootguard.timeout=5
	check "$framework: the slow rollback came to its end" vm_console_has "$framework-slow" "^slow: done"
	# Control: where nobody asks for it, it is ended, and what is half done is not mounted.
	: >"$VM_WORK/extra/usr/bin/systemd-notify"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
	vm_snapshot_image disk half
	WORDS="$WORDS rd.bootguard.timeout=5"
	must_not_come_up ended "a rollback that systemd ends"
	check_fails "$framework: it did not come to its end" vm_console_has "$framework-ended" "^slow: done"
fi
