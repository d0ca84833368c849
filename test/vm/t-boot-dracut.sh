#!/bin/sh
# dracut of Debian 12 (059), with systemd in the initramfs and without: real images, the root filesystem as the volume.
# t-boot-dracut-trixie.sh and t-boot-dracut-sid.sh do the same with those of Debian 13 (106) and of unstable.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
case $vm_test in
*-trixie) distro_begin trixie ;;
*-sid) distro_begin sid ;;
*) distro_begin bookworm ;;
esac
note "$(distro_chroot dracut --version) of $distro_suite"
distro_config root PARTLABEL=root
distro_key
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
for variant in ${BOOT_VARIANTS:-dracut dracut-systemd}; do
	distro_image "$VM_WORK/image" "$variant"
	vm_detach_all
	distro_machine disk
	distro_life "$variant" "$VM_WORK/image" "root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"
	distro_has_tag "$variant"
done

# An image for this machine only has all that bootguard needs, though nothing on this machine uses it now.
distro_image "$VM_WORK/image" dracut-hostonly
cpio --quiet -t <"$VM_WORK/image" >"$VM_WORK/content" 2>/dev/null || :
for wanted in dm-mod.ko dm-bufio.ko dm-snapshot.ko dm-switch.ko sbin/bootguard etc/bootguard/bootguard.conf etc/bootguard/metadata.key 61-bootguard.rules bootguard-hook.sh; do
	check "hostonly: $wanted is in the image" grep -q "\(^\|/\)$wanted\$" "$VM_WORK/content"
done
if grep -q '/dm-dust.ko' "$VM_WORK/content" && grep -q "Switching to non-hostonly mode" "$VM_WORK/image.out"; then
	skip "hostonly: control: this dracut cannot tell what the host uses: its kernel has no /proc/modules"
else
	check_fails "hostonly: control: a module that nothing needs is not" grep -q '/dm-dust.ko' "$VM_WORK/content"
fi
