#!/bin/sh
# A full Debian 12 with systemd, /home from fstab as the volume: failing boots, a rollback that is reported, an update that
# the unit marks good, and one whose health check holds it back.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config home PARTLABEL=home
mv "$distro_tree/etc/bootguard/home.conf" "$distro_tree/etc/bootguard/bootguard.conf"
distro_image "$VM_WORK/image" "${BOOT_FRAMEWORK:-initramfs-tools}"
# For doctor, which looks into the image of the running kernel.
cp "$VM_WORK/image" "$distro_tree/boot/initrd.img-$vm_release"
distro_machine disk full
rm -f "$distro_tree/boot/initrd.img-$vm_release"
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw init=/lib/systemd/systemd"

# system NAME WHAT SCRIPT...: a boot of the full system
system() {
	system_name=$1 system_what=$2
	shift 2
	vm_expect 0 "$system_what" distro_boot "$system_name" "$VM_WORK/image" "$WORDS" "$@"
}

cat >>"$VM_WORK/x/booted.sh" <<'EOF'
HOME_MAPPED=/dev/mapper/bootguard-home
home_is() { [ -b "$(mounted_at /home)" ] && [ "$(device_number "$(mounted_at /home)")" = "$(device_number "$1")" ]; }
booted() { check_equal "$1: no unit failed" "" "$(systemctl --failed --plain --no-legend | grep -v vm-test)"; }
EOF
system arm "armed in a running system" - <<'EOF'
. /x/booted.sh
check "idle: the raw /home is mounted" home_is /dev/ubda3
booted idle
check "tmpfiles: the folder of the report was made at boot" test -d /run/motd.d
rmdir /run/motd.d
systemd-tmpfiles --create bootguard.conf
check_equal "tmpfiles: it is made again, for everybody to read" "755 root" "$(stat -c "%a %U" /run/motd.d)"
bootguard format --force
systemctl enable bootguard-report.service
journalctl --update-catalog
bootguard arm --attempts 2
doctor_status=0
bootguard doctor >/tmp/doctor 2>&1 || doctor_status=$?
cat /tmp/doctor
check_equal "idle: doctor finds nothing wrong" 0 "$doctor_status"
check "idle: doctor looked into the image" grep -q "ok *image-config" /tmp/doctor
sed -i "s/^store-size.*/store-size = 17M/" /etc/bootguard/bootguard.conf
doctor_status=0
bootguard doctor >/tmp/doctor 2>&1 || doctor_status=$?
check_equal "doctor finds an image with another configuration" 26 "$doctor_status"
sed -i "s/^store-size.*/store-size = 16M/" /etc/bootguard/bootguard.conf
sync
EOF
for try in 1 2; do
	system "try$try" "try $try" - "$try" <<'EOF'
. /x/booted.sh
check "try $1: /home is the mapping" home_is "$HOME_MAPPED"
booted "try $1"
echo new >/home/user/file
echo "$1" >/home/user/new
check "try $1: nothing is reported" test ! -e /run/motd.d/bootguard
sync
EOF
done
system back "rolled back and reported" - <<'EOF'
. /x/booted.sh
check "rolled back: the raw /home is mounted" home_is /dev/ubda3
booted "rolled back"
check_equal "rolled back: the old file" "at home" "$(cat /home/user/file)"
check "rolled back: the new one is gone" test ! -e /home/user/new
check "rolled back: the message of the day says so" grep -q "'home' was rolled back" /run/motd.d/bootguard
journalctl -b --no-pager -x MESSAGE_ID=6a3b9c7f0e5d4b6f9d1f1f8a2c7e4d10 >/tmp/entry
cat /tmp/entry
check "rolled back: the journal has it" grep -q "was rolled back at this boot" /tmp/entry
check "rolled back: and explains it" grep -q "An update did not prove itself" /tmp/entry
# A health check that fails gates the unit.
cat >/etc/systemd/system/health.service <<'UNIT'
[Unit]
Before=boot-complete.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'test -e /healthy'
[Install]
RequiredBy=boot-complete.target
UNIT
systemctl enable health.service bootguard-mark-good.service
bootguard arm --attempts 5
sync
EOF
system sick "a health check that fails" - <<'EOF'
. /x/booted.sh
check "sick: /home is the mapping" home_is "$HOME_MAPPED"
check "sick: still on trial" sh -c 'bootguard status --json | tr -d " \n" | grep -q "\"phase\":\"trial\""'
check_equal "sick: the unit did not run" inactive "$(systemctl is-active bootguard-mark-good.service)"
echo newer >/home/user/file
touch /healthy
sync
EOF
system well "a health check that passes" - <<'EOF'
. /x/booted.sh
booted "well"
check_equal "well: the unit ran" active "$(systemctl is-active bootguard-mark-good.service)"
check "well: committed" sh -c 'bootguard status --json | tr -d " \n" | grep -q "\"phase\":\"idle\""'
check "well: /home is the mapping until the next boot" home_is "$HOME_MAPPED"
check_equal "well: the new file" newer "$(cat /home/user/file)"
EOF
system stays "the update stays" - <<'EOF'
. /x/booted.sh
booted "stays"
check "stays: the raw /home is mounted" home_is /dev/ubda3
check_equal "stays: the new file" newer "$(cat /home/user/file)"
check_equal "stays: nothing to mark is no failure" active "$(systemctl is-active bootguard-mark-good.service)"
EOF
