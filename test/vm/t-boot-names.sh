#!/bin/sh
# Two volumes in one machine, the root filesystem and /home, under trial: every form in which root= and fstab can name them
# leads to the mapping. This is initramfs-tools; t-boot-names-dracut.sh and t-boot-names-dracut-systemd.sh are the others.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

distro_framework
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_config home PARTUUID=b0070000-0000-4000-8000-000000000003 PARTLABEL=bootguard-home
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"

distro_image "$VM_WORK/image" "$framework"
distro_end
vm_expect 0 "both volumes armed" distro_boot arm "$VM_WORK/image" "root=PARTLABEL=root rw" - <<'EOF'
. /x/booted.sh
check "idle: the raw root is mounted" root_is "$RAW"
mount -t ext4 /dev/ubda3 /home
bootguard format --force
bootguard format --force --config /etc/bootguard/home.conf
bootguard arm --attempts 100
bootguard arm --attempts 100 --config /etc/bootguard/home.conf
EOF

cat >"$VM_WORK/x/names.sh" <<'EOF'
. /x/booted.sh
what=$1
check "$what: the root's mapping is mounted" root_is "$MAPPED"
home=/dev/mapper/bootguard-home
for link in by-uuid/b0070000-0000-4000-8000-0000000000f3 by-label/bghome by-partuuid/b0070000-0000-4000-8000-000000000003 by-partlabel/home; do
	check_equal "$what: home's $link" "$(device_number "$home")" "$(device_number "/dev/disk/$link")"
done
for link in by-uuid/b0070000-0000-4000-8000-0000000000f2 by-label/bgroot by-partuuid/b0070000-0000-4000-8000-000000000002 by-partlabel/root; do
	check_equal "$what: root's $link" "$(device_number "$MAPPED")" "$(device_number "/dev/disk/$link")"
done
check_fails "$what: nothing gets past the mapping" mount -t ext4 /dev/ubda3 /home
check "$what: home is mounted by its name" mount -t ext4 /dev/disk/by-partlabel/home /home
check_equal "$what: home is the mapping" "$(device_number "$home")" "$(device_number "$(mounted_at /home)")"
check_equal "$what: home's files" "at home" "$(cat /home/user/file)"
umount /home
EOF
for name in UUID=b0070000-0000-4000-8000-0000000000f2 LABEL=bgroot PARTUUID=b0070000-0000-4000-8000-000000000002 PARTLABEL=root \
	/dev/disk/by-partuuid/b0070000-0000-4000-8000-000000000002 /dev/ubda2; do
	what="$framework: root=$name"
	vm_expect 0 "$what" distro_boot "$(echo "$name" | tr '/=' '__')" "$VM_WORK/image" "root=$name rw" "$VM_WORK/x/names.sh" "$what"
done
