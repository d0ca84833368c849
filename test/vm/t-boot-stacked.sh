#!/bin/sh
# The root filesystem on LVM, and on LUKS over LVM: opened by the initramfs, and protected before it is mounted.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root UUID=b0070000-0000-4000-8000-0000000000f2
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
distro_image "$VM_WORK/image-lvm" initramfs-tools
distro_image "$VM_WORK/plain-luks" dracut-systemd
distro_small_root "$VM_WORK/x/tree"
distro_end
head -c 64 /dev/urandom >"$VM_WORK/x/key"
mkdir -p "$VM_WORK/extra/etc"
cp "$VM_WORK/x/key" "$VM_WORK/extra/etc/root.key"
chmod 600 "$VM_WORK/extra/etc/root.key"
echo "cryptroot UUID=b0070000-0000-4000-8000-0000000000c2 /etc/root.key luks" >"$VM_WORK/extra/etc/crypttab"
distro_overlay "$VM_WORK/plain-luks" "$VM_WORK/image-luks" "$VM_WORK/extra"

cat >"$VM_WORK/x/make.sh" <<'EOF'
LVM="tool lvm"
quiet='activation { udev_sync = 0 udev_rules = 0 } devices { use_devicesfile = 0 scan = "/dev" }'
$LVM pvcreate --config "$quiet" -ff -y /dev/ubda2
$LVM vgcreate --config "$quiet" vg /dev/ubda2
$LVM lvcreate --config "$quiet" -y -W n -Z n -n root -l 90%VG vg
device=/dev/mapper/vg-root
if [ "$1" = luks ]; then
	need_modules dm-crypt xts
	tool cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --uuid b0070000-0000-4000-8000-0000000000c2 \
		--key-file /x/key "$device"
	tool cryptsetup open --key-file /x/key "$device" cryptroot
	device=/dev/mapper/cryptroot
fi
tool mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -L bgroot -U b0070000-0000-4000-8000-0000000000f2 "$device"
mount -t ext4 "$device" /mnt
cp -a /x/tree/. /mnt/
umount /mnt
sync
EOF

# In every boot, what the raw device is here.
for kind in lvm luks; do
	vm_detach_all
	distro_machine disk
	vm_expect 0 "$kind: made" vm_boot "make-$kind" --timeout 120 "$VM_WORK/x/make.sh" "$kind"
	raw=/dev/mapper/vg-root
	[ "$kind" != luks ] || raw=/dev/mapper/cryptroot
	sed -i "s,^RAW=.*,RAW=$raw," "$VM_WORK/x/booted.sh"
	distro_life "$kind" "$VM_WORK/image-$kind" "root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"
done
