#!/bin/sh
# A volume that is unlocked only in the real root: /home on LUKS, opened by crypttab of a full Debian 12. The initramfs does
# not see it; bootguard-late.service takes the checkpoint, protects and rolls back before it is mounted.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config home UUID=b0070000-0000-4000-8000-0000000000f3
mv "$distro_tree/etc/bootguard/home.conf" "$distro_tree/etc/bootguard/bootguard.conf"
distro_image "$VM_WORK/image" initramfs-tools
head -c 64 /dev/urandom >"$VM_WORK/x/key"
cp "$VM_WORK/x/key" "$distro_tree/etc/home.key"
echo "home_crypt PARTLABEL=home /etc/home.key luks" >"$distro_tree/etc/crypttab"
mkdir -p "$distro_tree/etc/systemd/system/sysinit.target.wants"
ln -sf /usr/lib/systemd/system/bootguard-late.service "$distro_tree/etc/systemd/system/sysinit.target.wants/"
distro_machine disk full
rm -f "$distro_tree/etc/home.key" "$distro_tree/etc/crypttab" "$distro_tree/etc/systemd/system/sysinit.target.wants/bootguard-late.service"
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw init=/lib/systemd/systemd rd.bootguard.wait=1"

vm_expect 0 "/home is encrypted" vm_boot make --timeout 120 - <<'EOF'
need_modules dm-crypt xts
tool cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /x/key /dev/ubda3
tool cryptsetup open --key-file /x/key /dev/ubda3 home_crypt
tool mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -L bghome -U b0070000-0000-4000-8000-0000000000f3 /dev/mapper/home_crypt
mount -t ext4 /dev/mapper/home_crypt /mnt
mkdir /mnt/user
echo "at home" >/mnt/user/file
umount /mnt
sync
EOF
cat >>"$VM_WORK/x/booted.sh" <<'EOF'
home_is() { [ -b "$(mounted_at /home)" ] && [ "$(device_number "$(mounted_at /home)")" = "$(device_number "$1")" ]; }
booted() {
	check_equal "$1: no unit failed" "" "$(systemctl --failed --plain --no-legend | grep -v vm-test)"
	check_equal "$1: the unit ran" active "$(systemctl is-active bootguard-late.service)"
}
EOF
vm_expect 0 "armed" distro_boot arm "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "idle: /home is the LUKS device" home_is /dev/mapper/home_crypt
booted idle
bootguard format --force
bootguard arm --attempts 3
sync
EOF
vm_expect 0 "on trial" distro_boot trial "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "on trial: /home is the mapping" home_is /dev/mapper/bootguard-home
booted "on trial"
cat /run/bootguard/bootguard
check_equal "on trial: counted once" 2 "$(hook_says bootguard BOOTGUARD_ATTEMPTS_LEFT)"
echo new >/home/user/file
systemctl restart bootguard-late.service
check_equal "on trial: a second run changes nothing" 2 "$(hook_says bootguard BOOTGUARD_ATTEMPTS_LEFT)"
check "on trial: /home is still the mapping" home_is /dev/mapper/bootguard-home
bootguard mark-bad
sync
EOF
vm_expect 0 "rolled back" distro_boot back "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "rolled back: /home is the LUKS device" home_is /dev/mapper/home_crypt
booted "rolled back"
check_equal "rolled back: the old file" "at home" "$(cat /home/user/file)"
bootguard arm --attempts 3
sync
EOF
# The way back destroyed in the middle of a rollback: nobody may mount the volume.
vm_expect 0 "on trial again" distro_boot again "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "on trial again: /home is the mapping" home_is /dev/mapper/bootguard-home
dd if=/dev/urandom of=/home/user/big bs=64k count=32 2>/dev/null
sync
bootguard mark-bad
EOF
vm_expect 0 "the store is overwritten" vm_boot replace --timeout 120 - <<'EOF'
need_modules dm-crypt xts
tool cryptsetup open --key-file /x/key /dev/ubda3 home_crypt
dd if=/dev/zero of=/dev/mapper/home_crypt bs=1M seek=8 count=90 2>/dev/null
sync
EOF
distro_half_done
stop_status=0
distro_boot stop "$VM_WORK/image" "$WORDS systemd.crash_reboot=1" --timeout 100 --kill-when "Emergency Mode" - <<'EOF' || stop_status=$?
say "not reached"
EOF
check "half copied back: the machine ends in emergency mode (status $stop_status)" test "$stop_status" -eq "$VM_KILLED"
check "half copied back: it says why" vm_console_has stop "must not be mounted"
check_fails "half copied back: /home is not mounted" vm_console_has stop "Mounted.*home.mount"
