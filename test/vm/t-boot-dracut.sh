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
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
for variant in ${BOOT_VARIANTS:-dracut dracut-systemd}; do
	distro_image "$VM_WORK/image" "$variant"
	vm_detach_all
	distro_machine disk
	distro_life "$variant" "$VM_WORK/image" "root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"
done
