#!/bin/sh
# Whatever goes wrong with bootguard, the machine boots what it would have booted without it, in bounded time; and where that
# would spoil the data it does not. Asserted by /proc/mounts. This is initramfs-tools; t-boot-failures-dracut.sh and
# t-boot-failures-dracut-systemd.sh are the others.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

case $vm_test in
*-dracut-systemd) frameworks=dracut-systemd ;;
*-dracut) frameworks=dracut ;;
*) frameworks=initramfs-tools ;;
esac
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

for framework in $frameworks; do
	distro_image "$VM_WORK/image-$framework" "$framework"
done
distro_end
for framework in $frameworks; do
	note "--- $framework: nothing on trial"
	changed_image usr/sbin/bootguard 755 </dev/null
	plain_boot empty "an empty binary" "failed|HOOK_STATUS"
	changed_image usr/sbin/bootguard 644 <"$BOOTGUARD"
	plain_boot mode "a binary that is not executable" "missing or not executable"
	rm -f "$VM_WORK/extra/usr/sbin/bootguard"
	ln -s /nowhere "$VM_WORK/extra/usr/sbin/bootguard"
	distro_overlay "$VM_WORK/image-$framework" "$VM_WORK/image" "$VM_WORK/extra"
	plain_boot missing "no binary" "missing or not executable"
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
kill -SEGV $$
EOF
	plain_boot crash "a binary that crashes" "failed .status 139"
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
exec sleep 100000
EOF
	plain_boot hang "a binary that hangs, within the bound" "failed .status 137" rd.bootguard.timeout=3
	changed_image etc/bootguard/bootguard.conf 644 </dev/null
	plain_boot config "an empty configuration" "HOOK_STATUS='78'"
	cp "$VM_WORK/image-$framework" "$VM_WORK/image"
	vm_snapshot_image disk healthy
	dd if=/dev/zero of="$VM_WORK/disk.img" bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	plain_boot metadata "no metadata" "REASON='metadata-missing'"
	dd if=/dev/urandom of="$VM_WORK/disk.img" bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	plain_boot garbage "garbage for metadata" "REASON='metadata-corrupt'"
	vm_snapshot_image healthy disk
	changed_image etc/bootguard/bootguard.conf 644 <<'EOF'
[bootguard]
metadata = PARTLABEL=nowhere
[volume root]
device = PARTLABEL=root
EOF
	plain_boot absent "a metadata device that never comes, within the bound" "HOOK_STATUS='12'" rd.bootguard.wait=2

	note "--- $framework: on trial"
	cp "$VM_WORK/image-$framework" "$VM_WORK/image"
	vm_expect 0 "$framework: armed" distro_boot "$framework-arm" "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
bootguard format --force
bootguard arm --attempts 2
EOF
	vm_snapshot_image disk armed
	changed_image "usr/lib/modules/$vm_release/kernel/drivers/md/dm-snapshot.ko" 644 </dev/null
	plain_boot module "no dm-snapshot: armed, and unprotected" "PROTECTED='no'"
	vm_snapshot_image armed disk
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
	changed_image usr/sbin/bootguard 755 <<'EOF'
#!/bin/sh
[ "$1" = status ] || kill -SEGV $$
printf "BOOTGUARD_VERSION='1'\nBOOTGUARD_MOUNT='no'\nBOOTGUARD_PHASE='rolling-back'\nBOOTGUARD_VOLUME='root'\n"
exit 3
EOF
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
	vm_snapshot_image healthy disk
done
