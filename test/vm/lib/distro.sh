# Real initramfs images, made by the real tools of a distribution, booted on a small root filesystem. Sourced by
# test/vm/t-boot-*.sh after vm.sh. Needs root (chroot), debootstrap and a Debian mirror; says skip without.
#
#   DISTRO_ROOTS   where the distributions' trees are kept (build/distro of the checkout)
#   DISTRO_MIRROR  the Debian mirror (debootstrap's default)
# shellcheck shell=sh disable=SC2154

DISTRO_ROOTS=${DISTRO_ROOTS:-$vm_top/build/distro}
DISTRO_MIRROR=${DISTRO_MIRROR:-}
# The installed files of the product, by `meson install`.
DISTRO_PRODUCT=${DISTRO_PRODUCT:-$vm_top/build/installed}

# What a tree has besides the base system: the tools that make images, and what they put into them.
distro_packages=systemd,systemd-sysv,udev,dbus,kmod,dracut-core,cryptsetup-bin,lvm2,dmsetup,e2fsprogs,zstd,cpio,util-linux,util-linux-extra
distro_packages_bookworm=initramfs-tools-core,busybox-static,kexec-tools

# distro_begin SUITE: the tree of a distribution is in $distro_tree, with the kernel's modules and the product in it, and
# locked until distro_end or the end of the test: images are made one at a time.
distro_begin() {
	distro_suite=$1
	distro_tree=$DISTRO_ROOTS/$distro_suite
	[ "$(id -u)" -eq 0 ] || distro_skip "making an image takes root (chroot)"
	command -v debootstrap >/dev/null 2>&1 || distro_skip "no debootstrap on this host"
	[ -d "$DISTRO_PRODUCT" ] || distro_skip "no installed product in $DISTRO_PRODUCT"
	mkdir -p "$DISTRO_ROOTS"
	# An uncompressed image is there twice while the kernel unpacks it.
	VM_MEMORY=512M
	exec 9>"$DISTRO_ROOTS/$distro_suite.lock"
	flock 9
	[ -f "$distro_tree/.complete" ] || distro_bootstrap
	distro_install
}

# distro_framework: sets $framework: $BOOT_FRAMEWORK, or by the test's name, t-boot-NAME[-dracut | -dracut-systemd | -mkinitcpio].sh;
# without, initramfs-tools.
distro_framework() {
	case ${BOOT_FRAMEWORK:+-}${BOOT_FRAMEWORK:-$vm_test} in
	*-dracut-systemd) framework=dracut-systemd ;;
	*-dracut) framework=dracut ;;
	*-mkinitcpio) framework=mkinitcpio ;;
	*) framework=initramfs-tools ;;
	esac
}

# distro_end: all images and disks are made; others may use the tree.
distro_end() { exec 9>&-; }

distro_skip() {
	skip "$vm_test: $*"
	exit 0
}

distro_bootstrap() {
	rm -rf "$distro_tree"
	distro_more=
	[ "$distro_suite" != bookworm ] || distro_more=,$distro_packages_bookworm
	# Slow or unreachable mirrors end in a skip, not in a hang.
	if ! timeout 420 debootstrap --variant=minbase --include="$distro_packages$distro_more" "$distro_suite" "$distro_tree" \
		${DISTRO_MIRROR:+"$DISTRO_MIRROR"} >"$DISTRO_ROOTS/$distro_suite.log" 2>&1; then
		tail -n 3 "$DISTRO_ROOTS/$distro_suite.log" | sed 's/^/# /'
		distro_skip "debootstrap $distro_suite did not work"
	fi
	rm -rf "$distro_tree"/var/cache/apt/archives/*.deb
	touch "$distro_tree/.complete"
}

# The kernel under test, and the product as a package would put it there.
distro_install() {
	vm_release=$(basename -- "$VM_MODULES")
	if [ ! -f "$distro_tree/usr/lib/modules/$vm_release/modules.dep.bin" ]; then
		cp -a "$VM_MODULES" "$distro_tree/usr/lib/modules/$vm_release" 2>/dev/null ||
			{ mkdir -p "$distro_tree/usr/lib/modules" && cp -a "$VM_MODULES" "$distro_tree/usr/lib/modules/$vm_release"; }
		# Two thirds of an image would be what only a debugger reads, and every boot unpacks it.
		find "$distro_tree/usr/lib/modules/$vm_release" -name '*.ko' -exec strip --strip-debug {} + || vm_fatal "strip"
		depmod -b "$distro_tree" "$vm_release" || vm_fatal "depmod"
		zcat /usr/share/doc/user-mode-linux/config.gz >"$distro_tree/boot/config-$vm_release" || vm_fatal "the kernel's configuration"
	fi
	cp -a "$DISTRO_PRODUCT/." "$distro_tree/" || vm_fatal "cannot install into $distro_tree"
	rm -rf "$distro_tree/etc/bootguard" "$distro_tree/etc/dracut.conf.d/test.conf"
	mkdir -p "$distro_tree/etc/bootguard"
}

# distro_config NAME DEVICE [METADATA [LINE...]]: /etc/bootguard/NAME.conf for a volume of that name.
distro_config() {
	distro_name=$1 distro_device=$2
	distro_metadata=${3:-PARTLABEL=bootguard}
	if [ $# -gt 3 ]; then shift 3; else shift $#; fi
	{
		printf '[bootguard]\nmetadata = %s\n[volume %s]\ndevice = %s\nstore-size = 16M\n' "$distro_metadata" "$distro_name" "$distro_device"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$distro_tree/etc/bootguard/$([ "$distro_name" = root ] && echo bootguard || echo "$distro_name").conf"
}

# distro_key: the metadata of bootguard.conf has a key, which the images have to take along.
distro_key() {
	head -c 32 /dev/urandom >"$distro_tree/etc/bootguard/metadata.key"
	chmod 600 "$distro_tree/etc/bootguard/metadata.key"
	sed -i 's,^metadata = .*,&\nkey = /etc/bootguard/metadata.key,' "$distro_tree/etc/bootguard/bootguard.conf"
}
# distro_has_tag WHAT: the lives before were ones with a key
distro_has_tag() {
	check_equal "$1: the metadata has a tag (incompatible bit 5)" 32 \
		"$(od -A n -t u1 -j $((VM_METADATA_OFFSET + 24)) -N 1 "$VM_WORK/disk.img" | tr -d ' ')"
}

# distro_chroot COMMAND...: in the tree, with the kernel's file systems.
distro_chroot() {
	# shellcheck disable=SC2016
	unshare --mount --fork --pid sh -c '
		mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && mount -t sysfs sysfs "$1/sys" && mount -t tmpfs tmpfs "$1/run" &&
			root=$1 && shift && exec chroot "$root" "$@"' sh "$distro_tree" "$@"
}

# distro_image FILE initramfs-tools | dracut | dracut-systemd | dracut-hostonly
distro_image() {
	case $2 in
	initramfs-tools) distro_chroot mkinitramfs -o /boot/image "$vm_release" ;;
	dracut)
		distro_chroot dracut --force --quiet --no-hostonly --no-compress --kver "$vm_release" --kmoddir "/lib/modules/$vm_release" \
			--omit "systemd systemd-initrd dracut-systemd systemd-udevd dbus" --add "bootguard crypt lvm" /boot/image
		;;
	dracut-hostonly)
		# For this machine only: without the modules that nothing here uses.
		distro_chroot dracut --force --quiet --hostonly --no-compress --kver "$vm_release" --kmoddir "/lib/modules/$vm_release" /boot/image
		;;
	dracut-systemd)
		distro_chroot dracut --force --quiet --no-hostonly --no-compress --kver "$vm_release" --kmoddir "/lib/modules/$vm_release" \
			--add "systemd systemd-initrd bootguard crypt lvm" /boot/image
		;;
	esac >"$VM_WORK/image.out" 2>&1 || {
		sed 's/^/# /' "$VM_WORK/image.out" | tail -n 20
		vm_fatal "making an image with $2 of $distro_suite"
	}
	mv "$distro_tree/boot/image" "$1"
}

# --- the machine --------------------------------------------------------------------------------------------------------

# distro_machine NAME: a disk with metadata (p1), a root filesystem (p2), /home (p3) and the metadata of a second volume (p4).
# The system on it is a small one, whose init runs the script; distro_machine NAME full: the distribution's own, with systemd.
distro_machine() {
	distro_root_mib=192
	[ "${2:-}" != full ] || distro_root_mib=900
	distro_home_at=$((6144 + distro_root_mib * 2048))
	rm -f "$VM_WORK/$1.img"
	truncate -s "$((distro_root_mib + 148))M" "$VM_WORK/$1.img"
	sfdisk -q "$VM_WORK/$1.img" <<EOF || vm_fatal "sfdisk $1"
label: gpt
label-id: b0070000-0000-4000-8000-000000000000
start=2048, size=4096, name=bootguard, uuid=b0070000-0000-4000-8000-000000000001
start=6144, size=$((distro_root_mib * 2048)), name=root, uuid=b0070000-0000-4000-8000-000000000002
start=$distro_home_at, size=262144, name=home, uuid=b0070000-0000-4000-8000-000000000003
start=$((distro_home_at + 262144)), size=4096, name=bootguard-home, uuid=b0070000-0000-4000-8000-000000000004
EOF
	if [ "${2:-}" = full ]; then
		distro_full_root
		distro_filesystem "$1" 6144 "$distro_root_mib" "$distro_tree" bgroot b0070000-0000-4000-8000-0000000000f2
	else
		distro_small_root "$VM_WORK/tree"
		distro_filesystem "$1" 6144 "$distro_root_mib" "$VM_WORK/tree" bgroot b0070000-0000-4000-8000-0000000000f2
		rm -rf "$VM_WORK/tree"
	fi
	mkdir -p "$VM_WORK/tree/user"
	echo "at home" >"$VM_WORK/tree/user/file"
	distro_filesystem "$1" "$distro_home_at" 128 "$VM_WORK/tree" bghome b0070000-0000-4000-8000-0000000000f3
	vm_attach "$VM_WORK/$1.img"
}

distro_filesystem() { # IMAGE START_SECTOR MIB TREE LABEL UUID
	truncate -s "$3M" "$VM_WORK/filesystem"
	mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -d "$4" -L "$5" -U "$6" "$VM_WORK/filesystem" || vm_fatal "mke2fs"
	dd if="$VM_WORK/filesystem" of="$VM_WORK/$1.img" bs=512 seek="$2" conv=notrunc,sparse 2>/dev/null || vm_fatal "dd"
	rm -f "$VM_WORK/filesystem"
}

distro_small_root() { # TREE
	rm -rf "$1"
	for distro_dir in bin sbin etc proc sys dev run tmp x mnt home root guest shell product usr/sbin usr/lib; do
		mkdir -p "$1/$distro_dir"
	done
	cp "$(command -v busybox)" "$1/bin/busybox"
	for distro_applet in $(busybox --list); do
		[ "$distro_applet" = busybox ] || ln -s busybox "$1/bin/$distro_applet"
	done
	ln -s /bin/busybox "$1/shell/sh"
	cp "$vm_here"/guest/* "$1/guest/"
	cp "$vm_here/guest/root-init" "$1/sbin/init"
	chmod 755 "$1/sbin/init"
	cp "$BOOTGUARD" "$1/usr/sbin/bootguard"
	ln -s /usr/sbin/bootguard "$1/product/bootguard"
	cp -a "$distro_tree/etc/bootguard" "$1/etc/bootguard"
	printf 'ID=test\nNAME=test\nVERSION_ID=1\n' >"$1/etc/os-release"
	printf 'release 1\n' >"$1/etc/release"
}

# What the distribution's own tree needs to run a script: a unit, the exchange folder, an fstab with /home.
distro_full_root() {
	mkdir -p "$distro_tree/guest" "$distro_tree/shell" "$distro_tree/product" "$distro_tree/x" "$distro_tree/etc/systemd/system"
	ln -sf /bin/sh "$distro_tree/shell/sh"
	cp "$vm_here"/guest/* "$distro_tree/guest/"
	chmod 755 "$distro_tree/guest/unit-init"
	ln -sf /usr/sbin/bootguard "$distro_tree/product/bootguard"
	printf 'UUID=%s / ext4 defaults 0 1\n%s /home ext4 defaults 0 2\n' b0070000-0000-4000-8000-0000000000f2 \
		"${DISTRO_HOME:-UUID=b0070000-0000-4000-8000-0000000000f3}" >"$distro_tree/etc/fstab"
	cat >"$distro_tree/etc/systemd/system/vm-test.service" <<'EOF'
[Unit]
After=multi-user.target bootguard-mark-good.service bootguard-report.service
[Service]
Type=oneshot
ExecStart=/guest/unit-init
EOF
	mkdir -p "$distro_tree/etc/systemd/system/graphical.target.wants"
	ln -sf ../vm-test.service "$distro_tree/etc/systemd/system/graphical.target.wants/vm-test.service"
}

# distro_boot NAME IMAGE "ROOT WORDS" [OPTION...] SCRIPT [ARGUMENT...]: boots the image; the script runs in the root filesystem.
distro_boot() {
	distro_boot_name=$1 distro_boot_image=$2 distro_boot_words=$3
	shift 3
	vm_boot "$distro_boot_name" --initrd "$distro_boot_image" --timeout 300 --cmdline "init=/sbin/init panic=5 $distro_boot_words" "$@"
}

# distro_overlay IMAGE NEW FOLDER: the image with the files of the folder in place of its own: later archives win.
distro_overlay() {
	distro_size=$(wc -c <"$1")
	{
		cat "$1"
		# The kernel wants an archive to begin at a multiple of four.
		head -c "$(((4 - distro_size % 4) % 4))" /dev/zero
		(cd "$3" && find . -mindepth 1 | cpio --quiet -o -H newc)
	} >"$2"
}
