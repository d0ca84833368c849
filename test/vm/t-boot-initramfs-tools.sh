#!/bin/sh
# initramfs-tools of Debian 12: real images, the root filesystem as the volume.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_key
distro_image "$VM_WORK/image" initramfs-tools
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
distro_life life "$VM_WORK/image" "root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"
distro_has_tag life
