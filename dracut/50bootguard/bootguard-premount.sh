#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# dracut without systemd, pre-mount: sourced by its init, so nothing here may exit. Setting root redirects check and mount.
# shellcheck disable=SC2154 # root is dracut's

# shellcheck source=../../initramfs-hooks/generic/bootguard-hook.sh
. /usr/lib/bootguard/bootguard-hook.sh
if bootguard_boot_all "${root#block:}"; then :; fi
case $BOOTGUARD_ROOT in
    /dev/mapper/bootguard-*) root="block:$BOOTGUARD_ROOT" ;;
esac
if [ -s "$BOOTGUARD_STATE/stop" ]; then
    die "bootguard: a volume must not be mounted as it is; reboot to try again"
fi
