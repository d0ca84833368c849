#!/bin/sh
# A soft-reboot of systemd (Debian 13) during a trial: user space begins anew, the kernel and the mapping stay. It is the same
# boot: no attempt is used.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
distro_begin trixie
distro_config home PARTLABEL=home
mv "$distro_tree/etc/bootguard/home.conf" "$distro_tree/etc/bootguard/bootguard.conf"
distro_image "$VM_WORK/image" dracut-systemd
distro_machine disk full
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw init=/lib/systemd/systemd"
cat >>"$VM_WORK/x/booted.sh" <<'EOF'
HOME_MAPPED=/dev/mapper/bootguard-home
home_is() { [ -b "$(mounted_at /home)" ] && [ "$(device_number "$(mounted_at /home)")" = "$(device_number "$1")" ]; }
attempts_left() { bootguard status --format=shell | sed -n "s/^BOOTGUARD_ATTEMPTS_LEFT='\(.*\)'/\1/p"; }
EOF
vm_expect 0 "armed" distro_boot arm "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "idle: the raw /home is mounted" home_is /dev/ubda3
bootguard format --force
systemctl enable bootguard-late.service
bootguard arm --attempts 3
sync
EOF
# The script runs twice, in one boot of the kernel.
vm_expect 0 "a soft-reboot" distro_boot soft "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
if [ ! -e /run/second ]; then
	check "before: /home is the mapping" home_is "$HOME_MAPPED"
	check_equal "before: counted" 2 "$(attempts_left)"
	touch /run/second
	systemctl soft-reboot
	sleep 60
	fail "no soft-reboot"
fi
check "after: /home is the mapping" home_is "$HOME_MAPPED"
check_equal "after: no attempt was used" 2 "$(attempts_left)"
check_equal "after: user space is new" active "$(systemctl is-active bootguard-late.service)"
EOF
check "the soft-reboot was one" vm_console_has soft "before: counted"
