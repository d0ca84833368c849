#!/bin/sh
# Debian 12 with its own kernel and systemd in an emulated machine, /home as the volume, named by the disk's id in fstab: a
# trial, a rollback, an update that the unit marks good, and a kexec: a boot of its own, though the firmware sees none.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"
# shellcheck source=lib/qemu.sh
. "$vm_here/lib/qemu.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config home /dev/vda3
mv "$distro_tree/etc/bootguard/home.conf" "$distro_tree/etc/bootguard/bootguard.conf"
qemu_kernel
distro_image "$VM_WORK/image" initramfs-tools
DISTRO_HOME=/dev/disk/by-id/virtio-disk0-part3
distro_machine disk full
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
cat >>"$VM_WORK/x/booted.sh" <<'EOF'
HOME_MAPPED=/dev/mapper/bootguard-home
home_is() { [ -b "$(mounted_at /home)" ] && [ "$(device_number "$(mounted_at /home)")" = "$(device_number "$1")" ]; }
booted() { check_equal "$1: no unit failed" "" "$(systemctl --failed --plain --no-legend | grep -v vm-test)"; }
EOF
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"

vm_expect 0 "armed" qemu_boot arm "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
uname -r
check "idle: the raw /home is mounted" home_is /dev/vda3
booted idle
bootguard format --force
bootguard arm --attempts 3
sync
EOF
check "it is Debian's kernel" vm_console_has arm "cloud-amd64"
vm_expect 0 "on trial" qemu_boot trial "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "on trial: /home is the mapping" home_is "$HOME_MAPPED"
booted "on trial"
check_equal "on trial: by-id leads to the mapping" "$(device_number "$HOME_MAPPED")" "$(device_number /dev/disk/by-id/virtio-disk0-part3)"
echo new >/home/user/file
bootguard mark-bad
sync
EOF
vm_expect 0 "rolled back" qemu_boot back "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "rolled back: the raw /home is mounted" home_is /dev/vda3
booted "rolled back"
check_equal "rolled back: the old file" "at home" "$(cat /home/user/file)"
systemctl enable bootguard-mark-good.service
bootguard arm --attempts 3
sync
EOF
vm_expect 0 "marked good by the unit" qemu_boot good "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "good: /home is the mapping" home_is "$HOME_MAPPED"
booted good
check "good: committed" sh -c 'bootguard status --json | tr -d " \n" | grep -q "\"phase\":\"idle\""'
EOF

# The image for the kexec is made in the machine, for this machine only, which uses no device-mapper when it is made.
cp "$VM_WORK/vmlinuz" "$VM_WORK/x/"
vm_expect 0 "armed for a kexec" qemu_boot arm2 "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "arm2: the raw /home is mounted" home_is /dev/vda3
mount -o remount,rw /
sed -i 's/^MODULES=.*/MODULES=dep/' /etc/initramfs-tools/initramfs.conf
mkinitramfs -o /boot/image
lsinitramfs /boot/image >/tmp/content
for wanted in dm-mod.ko dm-bufio.ko dm-snapshot.ko dm-switch.ko usr/sbin/bootguard etc/bootguard/bootguard.conf 61-bootguard.rules bootguard-hook.sh; do
	check "MODULES=dep: $wanted is in the image" grep -q "$wanted\$" /tmp/content
done
check_fails "MODULES=dep: control: a module that nothing needs is not" grep -q '/dm-delay.ko' /tmp/content
systemctl disable bootguard-mark-good.service
bootguard arm --attempts 3
sync
EOF
# The script runs twice: in the second kernel it finds the boot counted.
vm_expect 0 "a kexec" qemu_boot kexec "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
left=$(hook_says bootguard BOOTGUARD_ATTEMPTS_LEFT)
if [ "$left" = 2 ]; then
	check "before the kexec: /home is the mapping" home_is "$HOME_MAPPED"
	kexec --load /x/vmlinuz --initrd=/boot/image --reuse-cmdline
	sync
	kexec --exec
	fail "kexec came back"
fi
check_equal "after the kexec: it counted as a boot" 1 "$left"
check "after the kexec: /home is the mapping" home_is "$HOME_MAPPED"
EOF
check "the kexec was one" vm_console_has kexec "before the kexec: /home is the mapping"
