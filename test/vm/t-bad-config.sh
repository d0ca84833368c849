#!/bin/sh
# A configuration, a command line or a device name that is wrong: said with line, cause and what is allowed; nothing is touched.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
vm_expect 0 "a volume with a label" vm_boot make - <<'EOT'
. /x/bad.sh
mkfs_for ext4 "$USERDATA" -L "data volume" -U 12345678-9abc-4def-8123-456789abcdef
mount_volume ext4
make_tree "$VOLUME/tree" 100 1
unmount_volume
bg format
bg status --json | tr -d ' \n' >/x/made.json
EOT
bad_keep before

# --- configuration files and arguments ----------------------------------------------------------------------------------
vm_expect 0 "bad configurations and arguments" vm_boot config --timeout 300 - <<'EOT'
. /x/bad.sh
good=$CONFIG
# boots_without WHAT PATTERN: the hook file's boot of a config that cannot be read
boots_without() {
	wrong='' found=0 writes_before=$(written_to "$DISK")
	bootguard_boot "$USERDATA" >/tmp/said 2>&1 || found=$?
	[ "$found.$bootguard__status.$BOOTGUARD_DEVICE" = "0.78.$USERDATA" ] || wrong=" $found, status $bootguard__status, $BOOTGUARD_DEVICE"
	has_all /tmp/said "$2" || wrong="$wrong does not say $has_missing;"
	mount_volume ext4 "$BOOTGUARD_DEVICE" "$VOLUME" ro,noload
	mounted_from "$USERDATA" || wrong="$wrong not mounted from it;"
	unmount_volume
	[ "$writes_before" = "$(written_to "$DISK")" ] || wrong="$wrong the disk was written to;"
	end_check "$1"
}
quiet_answers() {
	quiet_before=$(written_to "$DISK")
	answers "$@"
	check_equal "$2: nothing written" "$quiet_before" "$(written_to "$DISK")"
}

rm -rf /etc/bootguard
for verb in format arm disarm mark-good mark-bad status log; do
	quiet_answers 78 "no configuration: $verb" "bootguard: $verb: no configuration: none of /etc/bootguard/bootguard.conf, .*exists & bootguard.conf.5." "$BOOTGUARD" "$verb"
done
boots_without "no configuration: boot goes on without it" "no configuration & /etc/bootguard/bootguard.conf"
CONFIG=/nowhere/bootguard.conf
refused 78 "a named configuration that is not there" "/nowhere/bootguard.conf & no such file" arm
CONFIG=/tmp
refused 78 "a directory" "/tmp & directory" arm

# bad_config WHAT LINE PATTERNS: standard input is the configuration; LINE 0: of the whole file
bad_config() {
	mkdir -p /etc/bootguard
	cat >/etc/bootguard/bootguard.conf
	CONFIG=/etc/bootguard/bootguard.conf
	where=$CONFIG:$2:
	[ "$2" -ne 0 ] || where=$CONFIG:
	refused 78 "$1: arm" "$where.*$3" arm
	boots_without "$1: boot" "$where.*$3"
}
line() { sed "$1" "$good" | bad_config "$2" "$3" "$4"; }
line '3s/.*/no equals sign/' "syntax error" 3 "'no equals sign' is neither a section, a comment nor KEY = VALUE"
line '5s/]//' "open section" 5 "the section '.volume userdata' does not end in ]"
line '1s/.*/[bootguards]/' "unknown section" 1 "unknown section '.bootguards.'; allowed are .bootguard. and .volume NAME."
line '3s/attempts/atempts/' "unknown key" 3 "unknown key 'atempts' in .bootguard.; allowed are metadata, .*attempts"
line '6s/device/devise/' "unknown key of a volume" 6 "unknown key 'devise' in .volume userdata.; allowed are device, store"
line '3s/.*/metadata = UUID=11111111-1111-4111-8111-111111111111/' "key twice" 3 "a second metadata in .bootguard.; give it once"
line '1s/.*/attempts = 3/' "key before a section" 1 "before any section"
line '3s/3/0/' "no attempts" 3 "attempts: '0' is not allowed; .*1 to 1000"
line '3s/3/1001/' "too many attempts" 3 "attempts: '1001' is not allowed; .*1 to 1000"
line '3s/3/3x/' "attempts that are no number" 3 "attempts: '3x' is not allowed"
line '3s/3/99999999999999999999/' "attempts that overflow" 3 "attempts: .* is not allowed"
line '4s/continue/panic/' "unknown on-failure" 4 "on-failure: 'panic' is not allowed; .*continue or stop"
line '2s/PARTLABEL=bootguard/sda1/' "relative device" 2 "metadata: 'sda1' is not allowed; a device is UUID=.*/dev/sda3"
line '6s/PARTLABEL=userdata/UUID=123/' "malformed UUID" 6 "device: 'UUID=123' is not allowed"
line '6s/=.*/=/' "empty device" 6 "device: an empty value is not allowed"
line '7s/=.*/= 0%/' "no store" 7 "store-size: '0%' is not allowed; .*1% to 90%"
line '7s/=.*/= 91%/' "store over 90 %" 7 "store-size: '91%' is not allowed"
line '7s/=.*/= 99999999999T/' "store-size that overflows" 7 "store-size: .* is not allowed"
line '7s/.*/store = ..\/..\/etc\/shadow/' "store outside" 7 "store: '../../etc/shadow' is not allowed; .*relative"
line '7s/.*/store = \/etc\/shadow/' "absolute store" 7 "store: '/etc/shadow' is not allowed"
line '7s/.*/chunk-size = 5K/' "chunk-size" 7 "chunk-size: '5K' is not allowed; .*4K, 8K"
line '7s/.*/pass-through = perhaps/' "pass-through" 7 "pass-through: 'perhaps' is not allowed; .*yes or no"
line '2s/$/\nmetadata-offset = 100/' "unaligned offset" 3 "metadata-offset: '100' is not allowed; .*4096"
line '2s/$/\nmetadata-size = 64K/' "small area" 3 "metadata-size: '64K' is not allowed; .*768K to 64M"
line '7s/$/\n[volume other]\ndevice = \/dev\/ubda1/' "two volumes" 8 "a second volume section; .*line 5"
line '5s/userdata/..\/x/' "volume name" 5 "volume name '../x' is not valid; .*letters"
line '1,4d' "no section bootguard" 0 "there is no section .bootguard."
line '2d' "no metadata" 1 "does not say where the metadata block is"
line '5,7d' "no volume" 0 "no volume is named; add a section"
line '6d' "no device" 5 "userdata has no device; add a line"
line '3s/3/'"$(printf '\033[31m\007')"'/' "control characters" 3 "attempts: '\?.31m\?' is not allowed"
tr '\n' '\000' <"$good" | bad_config "NUL bytes" 1 "NUL byte"
tr '\000' '#' </dev/zero | head -c 70000 | bad_config "a file that is too long" 0 "64 KiB"
{ cat "$good"; tr '\000' '#' </dev/zero | head -c 2000; } | bad_config "a line that is too long" 8 "longer than 1024 bytes"
head -c 3000 /dev/urandom | tr -d '\n' | head -c 900 >/tmp/rubbish
cp /tmp/rubbish /etc/bootguard/bootguard.conf
CONFIG=/etc/bootguard/bootguard.conf
refused 78 "random bytes" "/etc/bootguard/bootguard.conf" status
CONFIG=$good

# the command line
said_usage() { quiet_answers 64 "$1" "$2 & bootguard --help" "$BOOTGUARD" --config="$CONFIG" $3; }
said_usage "no verb" "no verb; one of format, arm" ""
said_usage "unknown verb" "unknown verb 'amr'; did you mean 'arm'" "amr"
said_usage "unknown option" "unknown option '--atempts'; did you mean '--attempts'" "arm --atempts 3"
said_usage "two verbs" "extra argument 'disarm'" "arm disarm"
said_usage "a value that is missing" "--attempts: needs a value" "arm --attempts"
said_usage "attempts 0" "--attempts: '0' is not a number from 1 to 1000" "arm --attempts 0"
said_usage "attempts -1" "--attempts" "arm --attempts=-1"
said_usage "attempts 65537" "--attempts: '65537'" "arm --attempts 65537"
said_usage "hostile slot" "--slot: '\\$\\(reboot\\)' is no slot name; up to 31" 'arm --slot=$(reboot)'
said_usage "long slot" "--slot" "arm --slot=abcdefghijklmnopqrstuvwxyz0123456789"
said_usage "option of another verb" "--force: not an option of arm; it goes with format" "arm --force"
said_usage "an option twice" "--attempts: given twice" "arm --attempts 2 --attempts 3"
said_usage "a format that is unknown" "--format: 'xml' is not known" "boot --format=xml"
check "--help is no error" sh -c "$BOOTGUARD --help | grep -q mark-good"

# not root
for verb in format arm disarm mark-good mark-bad status log boot; do
	quiet_answers 25 "not root: $verb" "only root & run it as root" tool setpriv --reuid=65534 --regid=65534 --clear-groups "$BOOTGUARD" "$verb" --config "$CONFIG"
done
quiet_answers 25 "not root: a script's answer says that the volume may be mounted" "BOOTGUARD_VERSION='1' & BOOTGUARD_MOUNT='yes' & BOOTGUARD_DEVICE='' & PROTECTED='no'" \
	tool setpriv --reuid=65534 --regid=65534 --clear-groups "$BOOTGUARD" boot --format=shell --config "$CONFIG"

# verbs that do not fit
refused 2 "disarm: nothing is armed" "nothing is armed; there is nothing to disarm & arm" disarm
refused 2 "mark-good: nothing is armed" "nothing is armed; there is nothing to mark good" mark-good
refused 2 "mark-bad: nothing is armed" "nothing is armed; there is nothing to roll back" mark-bad
refused 19 "arm: not mounted" "/dev/ubda2 is not mounted; mount it" arm
EOT
bad_same "bad configurations, arguments and users" before

# --- devices that are not there, or there twice -------------------------------------------------------------------------
cp "$VM_WORK/disk.img" "$VM_WORK/clone.img"
vm_attach "$VM_WORK/clone.img"
vm_plain plain 8
cp "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"
vm_expect 0 "names of devices" vm_boot names --timeout 300 - <<'EOT'
. /x/bad.sh
# with METADATA DEVICE [MORE]: a config that names them so
with() {
	sed -e "s|^metadata = .*|metadata = $1|" -e "s|^device = .*|device = $2|" /x/bootguard.conf >/tmp/bootguard.conf
	[ -z "${3-}" ] || sed -i "s|^attempts = .*|&\n$3|" /tmp/bootguard.conf
	CONFIG=/tmp/bootguard.conf
}
# The clone of the disk is a backup that was left attached: every name but paths is there twice.
for metadata in PARTLABEL=bootguard PARTUUID=b0070000-0000-4000-8000-000000000001; do
	with "$metadata" /dev/ubda2
	refused 13 "two devices are $metadata: status" "metadata device $metadata & is the name of 2 devices: /dev/ubda1 /dev/ubdb1 & PARTUUID=" status
	refused 13 "two devices are $metadata: arm" "metadata device $metadata & /dev/ubda1 /dev/ubdb1 & detach the copy" arm
	quietly boots 11 "two devices are $metadata: boot" /dev/ubda2 "2 devices: /dev/ubda1 /dev/ubdb1 & nothing was touched & mount /dev/ubda2, NOT protected"
done
for device in PARTLABEL=userdata PARTUUID=b0070000-0000-4000-8000-000000000002 "LABEL=data volume" UUID=12345678-9abc-4def-8123-456789abcdef; do
	with /dev/ubda1 "$device"
	refused 13 "two devices are $device: arm" "volume userdata: $device & is the name of 2 devices: /dev/ubda2 /dev/ubdb2" arm
	answers 0 "two devices are $device: status tells" "not found: .*2 devices: /dev/ubda2 /dev/ubdb2" bg status
	quietly boots 0 "two devices are $device: boot, nothing armed" fallback "nothing is armed"
done

for metadata in PARTLABEL=nowhere PARTUUID=b0070000-0000-4000-8000-00000000ffff LABEL=nowhere UUID=11111111-1111-4111-8111-111111111111 /dev/nowhere; do
	with "$metadata" /dev/ubda2
	for verb in format arm disarm mark-good mark-bad status log; do
		refused 12 "no metadata device $metadata: $verb" "metadata device $metadata & (no device is|no such file) & plugged in" "$verb"
	done
	quietly boots 12 "no metadata device $metadata: boot" /dev/ubda2 "$metadata & nothing was touched & mount /dev/ubda2, NOT protected"
done
with PARTLABEL=nowhere /dev/ubda2
BOOTGUARD_WAIT=2
before=$(cut -d . -f 1 /proc/uptime)
quietly boots 12 "the hook waits for a device, and not for ever" /dev/ubda2 "no device is PARTLABEL=nowhere"
after=$(cut -d . -f 1 /proc/uptime)
check "bounded" test "$((after - before))" -ge 1 -a "$((after - before))" -le 30
BOOTGUARD_WAIT=0
with /dev/null /dev/ubda2
refused 12 "metadata on what is no block device" "/dev/null & no block device" status
for device in PARTLABEL=nowhere "LABEL=no such" UUID=11111111-1111-4111-8111-111111111111 /dev/nowhere; do
	with /dev/ubda1 "$device"
	refused 12 "no volume $device: arm" "volume userdata: .*$device & (no device is|no such file) & plugged in" arm
	answers 0 "no volume $device: status tells" "not found: .*$device" bg status
done

# metadata at an offset of a device
with /dev/ubdc /dev/ubda2 "metadata-offset = 1M"
does 0 "format at an offset" "written on /dev/ubdc .7168 KiB" format
check "idle there" phase_is idle
refused 7 "format refuses a live block at an offset" "/dev/ubdc: copy 0 is a metadata block" format
with /dev/ubdc /dev/ubda2 "metadata-offset = 8060928"
refused 78 "an offset with too little room behind it" "metadata area of 327680 bytes at offset 8060928 does not fit: it needs 768 KiB" format
with /dev/ubdc /dev/ubda2 "metadata-offset = 1T"
refused 78 "an offset beyond the end" "at offset 1099511627776 does not fit & 8388608 bytes" status
with /dev/ubdc /dev/ubda2 "metadata-offset = 2M\nmetadata-size = 7M"
refused 78 "a size that does not fit" "7340032 bytes at offset 2097152 does not fit" format
with /dev/ubdc /dev/ubda2 "metadata-offset = 4K"
refused 4 "a wrong offset finds nothing" "no metadata block & /dev/ubdc" status
with /dev/ubda1 /dev/ubda2 "metadata-offset = 64K"
refused 14 "an offset that is wrong by a copy" "/dev/ubda1 & formatted with 2048 KiB & offset in the configuration is wrong" status
EOT
bad_same "names that find nothing or too much" before
check "nor of its clone" cmp "$VM_WORK/clone.img" "$VM_WORK/before.img"
check "before its offset nothing was written" cmp -n 1048576 "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"
check "nor behind the four copies" cmp -i "$((1048576 + 262144))" "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"
check_fails "but at it" cmp -s "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"

# --- every kind of name, without udev, through a whole update ------------------------------------------------------------
vm_detach_all
vm_attach "$VM_WORK/disk.img"
vm_attach "$VM_WORK/plain.img"
area=$(tr '{' '\n' <"$VM_WORK/x/made.json" | sed -n 's/.*"area_uuid":"\([-0-9a-f]*\)".*/\1/p' | head -n 1)
check "the area has a UUID" test -n "$area"
vm_expect 0 "every kind of name" vm_boot by-name --timeout 300 - "$area" <<'EOT'
. /x/bad.sh
with() {
	sed -e "s|^metadata = .*|metadata = $1|" -e "s|^device = .*|device = $2|" /x/bootguard.conf >/tmp/bootguard.conf
	[ -z "${3-}" ] || sed -i "s|^attempts = .*|&\n$3|" /tmp/bootguard.conf
	CONFIG=/tmp/bootguard.conf
}
check_fails "there is no udev" test -e /dev/disk
area=$1
# whole_update WHAT METADATA DEVICE [MORE]: armed, on trial under a mount, marked good, all in this boot
whole_update() {
	with "$2" "$3" "${4-}"
	mount_volume ext4
	does 0 "$1: arm" "armed: 3 attempts.*on .*/dev/ubda2" arm
	unmount_volume
	boots 0 "$1: trial" "$MAPPED" "checkpoint taken & protected"
	mount_volume ext4 "$MAPPED"
	echo new >"$VOLUME/new"
	check "$1: status while it is mounted" status_says "trial & device: */dev/ubda2 & what is written can be undone & $VOLUME"
	does 0 "$1: mark-good" "marked good" mark-good
	check "$1: the store's file is gone" test ! -e "$VOLUME/$STORE"
	unmount_volume
	stack_gone
}
whole_update "paths" /dev/ubda1 /dev/ubda2
whole_update "partition labels" PARTLABEL=bootguard PARTLABEL=userdata
whole_update "partition UUIDs" PARTUUID=B0070000-0000-4000-8000-000000000001 PARTUUID=b0070000-0000-4000-8000-000000000002
whole_update "a filesystem's label" /dev/ubda1 "LABEL=data volume"
whole_update "UUIDs" "UUID=$area" UUID=12345678-9ABC-4DEF-8123-456789abcdef
whole_update "an offset" /dev/ubdb PARTLABEL=userdata "metadata-offset = 1M"
EOT
check "before its offset still nothing was written" cmp -n 1048576 "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"
check "nor behind the area's tables" cmp -i "$((1048576 + 786432))" "$VM_WORK/plain.img" "$VM_WORK/plain-before.img"

# --- positive control ---------------------------------------------------------------------------------------------------
bad_back before
printf x | dd of="$VM_WORK/disk.img" bs=1 seek="$((VM_USERDATA_OFFSET + 77777777))" conv=notrunc status=none
check_fails "the comparison notices one byte of the volume" cmp -s "$VM_WORK/disk.img" "$VM_WORK/before.img"
