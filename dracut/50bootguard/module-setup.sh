#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# dracut module: bootguard before the root filesystem is mounted, with systemd in the initramfs or without.
# $moddir, $initdir, $hostonly, $systemdsystemunitdir and the functions are dracut's (dracut.modules(7)).
# shellcheck disable=SC2154

# Into the image where there is something to protect.
check() {
    require_binaries bootguard || return 1
    compgen -G "${dracutsysrootdir-}/etc/bootguard/*.conf" >/dev/null || return 255
    return 0
}

depends() {
    echo "dm rootfs-block"
}

# The drivers of every device in the chain below a block device. An image for this machine only has those of the root
# filesystem otherwise, and the metadata or the volume may lie elsewhere.
bootguard_drivers_of() { # DEVICE
    local path link
    path=$(readlink -f "/sys/class/block/$(basename "$(readlink -f "$1")")") || return 0
    while [[ $path == /sys/devices/* ]]; do
        if link=$(readlink "$path/driver/module"); then hostonly='' instmods "${link##*/}"; fi
        [[ -r $path/modalias ]] && hostonly='' instmods "$(<"$path/modalias")"
        path=${path%/*}
    done
    return 0
}

installkernel() {
    hostonly='' instmods dm_mod dm_bufio dm_snapshot dm_switch
    [[ $hostonly ]] || return 0
    local file key equals value
    for file in "${dracutsysrootdir-}"/etc/bootguard/*.conf; do
        while read -r key equals value; do
            case $key$equals in
                device= | metadata=) bootguard_drivers_of "$(blkid -l -o device -t "$value" 2>/dev/null || echo "$value")" ;;
            esac
        done <"$file"
    done
}

install() {
    inst_multiple bootguard cat mkdir readlink rm sleep stat udevadm
    inst_multiple -o systemd-notify
    inst_multiple -o /etc/bootguard/*.conf /etc/bootguard/*.key
    inst_simple /usr/lib/bootguard/bootguard-hook.sh
    inst_rules 61-bootguard.rules
    inst_hook emergency 50 "$moddir/bootguard-hint.sh"
    if dracut_module_included systemd-initrd || dracut_module_included systemd; then
        inst_multiple systemctl
        inst_simple /usr/lib/bootguard/bootguard-initrd
        inst_simple "$systemdsystemunitdir/bootguard.service"
        inst_simple /usr/lib/bootguard/bootguard-sysroot.conf "$systemdsystemunitdir/sysroot.mount.d/50-bootguard.conf"
        local unit
        for unit in systemd-fsck@ systemd-fsck-root; do
            inst_simple /usr/lib/bootguard/bootguard-fsck.conf "$systemdsystemunitdir/$unit.service.d/50-bootguard.conf"
        done
        $SYSTEMCTL -q --root "$initdir" add-wants initrd-root-fs.target bootguard.service
    else
        inst_hook pre-mount 20 "$moddir/bootguard-premount.sh"
    fi
}
