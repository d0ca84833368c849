#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# dracut without systemd, pre-mount: sourced by its init, so nothing here may exit. Setting root redirects check and mount.
# shellcheck disable=SC2154 # root is dracut's

# shellcheck source=../../initramfs-hooks/generic/bootguard-hook.sh
. /usr/lib/bootguard/bootguard-hook.sh
bootguard__hold=no
bootguard_boot_all "${root#block:}" || [ "$?" -ne 1 ] || bootguard__hold=yes
case $BOOTGUARD_ROOT in
    /dev/mapper/bootguard-*) root="block:$BOOTGUARD_ROOT" ;;
esac
if [ "$bootguard__hold" = yes ]; then
    die "bootguard: a volume must not be mounted as it is; reboot to try again"
fi
