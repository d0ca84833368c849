#!/bin/sh
# doctor on a real kernel: a sound setup has no fault, and each thing that is broken makes its own line fail and no other.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
doctor=$(dirname "$BOOTGUARD")/bootguard-doctor
[ -x "$doctor" ] || {
	skip "$vm_test: no $doctor"
	exit 0
}
vm_disk disk 300
vm_plain spare 300

LIFE_STORE=32M
LIFE_FILES=20
life_config "pass-through = no"
cp "$doctor" "$VM_WORK/x/bootguard-doctor"
cp "$BOOTGUARD" "$VM_WORK/x/bootguard"

# What an image of initramfs-tools holds, as far as bootguard is concerned.
tree=$VM_WORK/x/tree
modules=usr/lib/modules/$(basename "$VM_MODULES")
mkdir -p "$tree/usr/sbin" "$tree/usr/lib/bootguard" "$tree/usr/lib/udev/rules.d" "$tree/etc/bootguard" "$tree/conf" \
	"$tree/scripts/local-premount" "$tree/$modules"
install -m 755 "$BOOTGUARD" "$tree/usr/sbin/bootguard"
cp "$vm_top/initramfs-hooks/generic/bootguard-hook.sh" "$tree/usr/lib/bootguard/"
cp "$VM_WORK/x/bootguard.conf" "$tree/etc/bootguard/"
echo rule >"$tree/usr/lib/udev/rules.d/61-bootguard.rules"
echo function >"$tree/scripts/functions"
echo conf >"$tree/conf/initramfs.conf"
# shellcheck disable=SC2016 # a script of the image
echo '/scripts/local-premount/bootguard "$@"' >"$tree/scripts/local-premount/ORDER"
echo script >"$tree/scripts/local-premount/bootguard"
chmod 755 "$tree/scripts/local-premount/bootguard"
for module in dm-mod dm-bufio dm-snapshot dm-switch; do
	file=$(find "$VM_MODULES" -name "$module.ko*" | head -n 1)
	if [ -n "$file" ]; then cp "$file" "$tree/$modules/"; else echo built-in >"$tree/$modules/$module.ko"; fi
done

cat >"$VM_WORK/x/doctor.sh" <<'EOT'
# shellcheck shell=sh
. /guest/product.sh
release=$(uname -r)
image=/boot/initrd.img-$release

# make_image TREE COMPRESSOR...: an early archive, padding, and the compressed rest
make_image() {
	mkdir -p /boot /tmp/early/kernel
	echo microcode >/tmp/early/kernel/x.bin
	(cd /tmp/early && find . | cpio -o -H newc) >"$image" 2>/dev/null
	image_tree=$1
	shift
	(cd "$image_tree" && find . | cpio -o -H newc) 2>/dev/null | "$@" >>"$image"
}
# settle: the sound setup
settle() {
	rm -rf /tmp/tree /etc/bootguard /etc/udev /etc/mkinitcpio.conf
	cp -a /x/tree /tmp/tree
	mkdir -p /etc/bootguard /etc/udev/rules.d
	cp "$CONFIG" /etc/bootguard/bootguard.conf
	echo rule >/etc/udev/rules.d/61-bootguard.rules
	echo "PARTLABEL=userdata /home ext4 defaults 0 2" >/etc/fstab
	make_image /tmp/tree gzip
}
# examine: the exit code into $status, "fail fstab" for all that is not ok into $found, the answers into /tmp/page and /tmp/json
examine() {
	status=0
	"$BOOTGUARD" doctor >/tmp/page 2>&1 || status=$?
	"$BOOTGUARD" doctor --json >/tmp/json 2>&1 || :
	found=$(tr '{' '\n' </tmp/json | sed -n 's/^"check":"\([a-z-]*\)","state":"\(warn\|fail\|skip\)".*/\2 \1/p' | sort | tr '\n' ';')
}
# finds WHAT STATUS WRONG [PATTERN]: the exit code, all that is not ok, and a line of the page
finds() {
	examine
	check_equal "$1" "$2 $3" "$status $found"
	[ -z "${4-}" ] || grep -q -e "$4" /tmp/page || not_ok "$1: no line '$4'"
	[ "$2 $3" = "$status $found" ] || cat /tmp/page
}
# Where the program looks for its other half; the host's /usr cannot be written to.
install_doctor() {
	mount -t tmpfs tmpfs /usr/libexec
	mkdir /usr/libexec/bootguard
	install -m 755 /x/bootguard-doctor /usr/libexec/bootguard/bootguard-doctor
}
EOT

life_make ext4
vm_expect 0 "sound, then broken one by one" vm_boot check --timeout 200 - <<'EOT'
. /x/doctor.sh
uuid=$(tool blkid -o value -s UUID "$USERDATA")
"$BOOTGUARD" doctor >/tmp/out 2>&1 && status=0 || status=$?
check_equal "without its program: exit code" 27 "$status"
check "without its program: says where it looked" grep -q "not here: none of /usr/libexec/bootguard/bootguard-doctor" /tmp/out
"$BOOTGUARD" doctor --json >/tmp/out 2>&1 || :
check "without its program: as JSON" grep -q '"code":"not-installed","exit":27' /tmp/out
install_doctor
settle
finds "a sound setup" 0 "" "^ok    store .*no store yet"
cat /tmp/page
cp /tmp/json /x/sound.json
"$BOOTGUARD" doctor --bogus >/tmp/out 2>&1 && status=0 || status=$?
check_equal "an unknown option" 64 "$status"

# --- files ---
echo "/dev/ubda2 /home ext4 defaults 0 2" >/etc/fstab
finds "fstab: a raw path" 26 "fail fstab;" "+ UUID=$uuid /home ext4 defaults 0 2"
sed -n '/fstab/,/+/p' /tmp/page
echo "/dev/mapper/bootguard-userdata /home ext4 defaults 0 2" >/etc/fstab
finds "fstab: the mapping without pass-through" 26 "fail fstab;" "- /dev/mapper/bootguard-userdata /home"
echo "UUID=$uuid /home ext4 defaults 0 2" >/etc/fstab
finds "fstab: the UUID" 0 "" "ok    fstab .*:1: UUID=$uuid"
settle
rm /etc/udev/rules.d/61-bootguard.rules
finds "no rule in the real root" 26 "fail udev-rule;"
settle
echo "# changed" >>/etc/bootguard/bootguard.conf
finds "a configuration newer than the image" 26 "fail image-config;" "update-initramfs -u -k $release"
settle
echo nonsense >/etc/bootguard/bootguard.conf
finds "a configuration that is none" 26 "fail config;" "bootguard.conf:1:"
settle
sed 's/PARTLABEL=bootguard/LABEL=nothing/; s/volume userdata/volume other/' "$CONFIG" >/etc/bootguard/other.conf
mkdir -p /tmp/tree/etc/bootguard
cp /etc/bootguard/other.conf /tmp/tree/etc/bootguard/
make_image /tmp/tree gzip
finds "a second configuration, of the same device and without its metadata" 26 "fail config;fail metadata;skip store;" \
	"only one can"

# --- the image ---
for part in usr/sbin/bootguard:image-binary scripts/local-premount/bootguard:image-hook \
	usr/lib/bootguard/bootguard-hook.sh:image-hook usr/lib/udev/rules.d/61-bootguard.rules:image-rule \
	"usr/lib/modules/$release/dm-snapshot.ko:image-modules" etc/bootguard/bootguard.conf:image-config; do
	settle
	rm "/tmp/tree/${part%:*}"
	make_image /tmp/tree gzip
	finds "an image without ${part%:*}" 26 "fail ${part#*:};" "update-initramfs -u"
done
settle
chmod 644 /tmp/tree/usr/sbin/bootguard
make_image /tmp/tree gzip
finds "an image whose binary cannot be executed" 26 "fail image-binary;"
settle
for compressor in xz zstd lz4 bzip2; do
	have_tool "$compressor" || {
		skip "no $compressor on the host"
		continue
	}
	options=
	[ "$compressor" != lz4 ] || options=-l
	make_image /tmp/tree tool "$compressor" -cq $options
	finds "an image compressed by $compressor" 0 ""
done
make_image /tmp/tree cat
finds "an image that is not compressed" 0 ""
make_image /tmp/tree gzip
dd if="$image" of=/tmp/cut bs=1000 count=30 2>/dev/null
cp /tmp/cut "$image"
finds "a truncated image" 26 "fail image;skip hook-order;"
rm "$image"
finds "no image" 0 "skip hook-order;warn image;"
make_image /tmp/tree tool zstd -cq
mount -t tmpfs tmpfs /usr/bin
finds "no program that undoes the compression" 0 "skip hook-order;warn image;" "install zstd"
umount /usr/bin
settle
rm -r /tmp/tree/scripts /tmp/tree/conf
mkdir /tmp/tree/hooks
echo hook >/tmp/tree/hooks/bootguard
echo config >/tmp/tree/buildconfig
make_image /tmp/tree gzip
echo "HOOKS=(base udev block resume bootguard filesystems fsck)" >/etc/mkinitcpio.conf
finds "mkinitcpio: a sound order" 0 ""
echo "HOOKS=(base udev block bootguard resume filesystems fsck)" >/etc/mkinitcpio.conf
finds "mkinitcpio: before the resume from hibernation" 26 "fail hook-order;" "+ HOOKS=(base udev block resume bootguard"

# --- devices ---
settle
tool dd if="$METADATA" of=/tmp/meta bs=64k status=none
tool dd if=/dev/zero of="$METADATA" bs=4096 seek=16 count=1 conv=fsync status=none
finds "one copy of the metadata block lost" 0 "warn metadata;" "copy 1: "
tool dd if=/dev/zero of="$METADATA" bs=4096 seek=32 count=1 conv=fsync status=none
finds "two copies lost" 26 "fail metadata;" "copy 1: .*copy 2: "
tool dd if=/dev/zero of="$METADATA" bs=64k count=12 conv=fsync status=none
finds "no metadata block" 26 "fail metadata;skip store;" "bootguard format"
tool dd if=/tmp/meta of="$METADATA" bs=64k conv=fsync status=none
tool dd if="$USERDATA" of=/dev/ubdb bs=1M count=8 conv=fsync status=none
finds "a copy of the volume made with dd" 26 "fail duplicates;" "/dev/ubda2 /dev/ubdb"
tool dd if=/dev/zero of=/dev/ubdb bs=1M count=8 conv=fsync status=none
finds "the copy is gone" 0 ""
tool dd if="$USERDATA" of=/tmp/head bs=1M count=1 status=none
tool dd if=/dev/zero of="$USERDATA" bs=1M count=1 conv=fsync status=none
finds "no filesystem" 26 "fail volume;"
tool dd if=/tmp/head of="$USERDATA" bs=1M conv=fsync status=none
dm create vg-home --uuid LVM-0123 --table "0 $(sectors_of "$USERDATA") linear $USERDATA 0"
sed 's,^device = .*,device = /dev/mapper/vg-home,' "$CONFIG" >/etc/bootguard/bootguard.conf
cp /etc/bootguard/bootguard.conf /tmp/tree/etc/bootguard/
make_image /tmp/tree gzip
echo "UUID=$uuid /home ext4 defaults 0 2" >/etc/fstab
finds "LVM that the initramfs does not open" 0 "warn late;" "systemctl enable bootguard-late.service"
mkdir -p /etc/systemd/system/local-fs-pre.target.wants
ln -s /nowhere /etc/systemd/system/local-fs-pre.target.wants/bootguard-late.service
finds "LVM opened late, with the service for it" 0 ""
rm -r /etc/systemd
echo "/dev/mapper/vg-home /home ext4 defaults 0 2" >/etc/fstab
finds "fstab: the path of a logical volume" 26 "fail fstab;warn late;"
dm remove vg-home
# --- another root, and not root ---
settle
mkdir -p /tmp/root/boot /tmp/root/proc /tmp/root/lib/modules/"$release"
cp -a /etc /tmp/root/
cp "$image" /tmp/root/boot/
cp /proc/cmdline /tmp/root/proc/
for module in mod bufio snapshot switch; do echo "dm-$module.ko:"; done >/tmp/root/lib/modules/"$release"/modules.dep
"$BOOTGUARD" doctor --root /tmp/root >/tmp/page 2>&1 && status=0 || status=$?
check_equal "below another root: exit code" 0 "$status"
check "below another root: devices are skipped, and counted as that" grep -q ' 0 warnings, 0 failed, 5 skipped' /tmp/page
EOT
check_equal "JSON of a sound setup: version, verb, counts" 1 \
	"$(grep -c '^{"version":1,"verb":"doctor","ok":true,"exit":0,"error":null,.*"counts":{"ok":[0-9]*,"warn":0,"fail":0,"skip":0}}$' "$VM_WORK/x/sound.json")"

vm_expect 0 "root= names the mapping" vm_boot root --cmdline root=/dev/mapper/bootguard-userdata - <<'EOT'
. /x/doctor.sh
install_doctor
settle
finds "root= that waits for the mapping" 26 "fail root;" "+ root=UUID="
EOT
vm_expect 0 "a kernel without a module" vm_boot kernel --without dm-switch - <<'EOT'
. /x/doctor.sh
install_doctor
settle
finds "a target is missing" 26 "fail kernel;" "lacks switch (dm-switch)"
EOT

life_arm armed ext4
vm_expect "$VM_ENDED_EARLY" "during a trial" vm_boot trial --cmdline bootguard.slot=B - <<'EOT'
. /x/doctor.sh
install_doctor
settle
uuid=$(tool blkid -o value -s UUID "$USERDATA")
finds "armed" 0 "" "^ok    store .*where it was"
boot_volume ext4
phase_is trial
check "mounted through the mapping" mounted_from "$MAPPED"
echo "UUID=$uuid $VOLUME ext4 defaults 0 2" >/etc/fstab
finds "on trial: sound, and its own mappings are no copies" 0 "" "^ok    store .*where it was"
echo "/dev/ubda2 $VOLUME ext4 defaults 0 2" >/etc/fstab
finds "on trial: the raw path" 26 "fail fstab;"
settle
read -r first _ </x/extents
tool dd if=/dev/zero of="$USERDATA" bs=512 seek="$first" count=8 conv=fsync oflag=direct status=none
finds "on trial: a witness of the store is overwritten" 26 "fail store;"
crash
EOT
