# Images of mkinitcpio: by the contract stub (mkinitcpio-stub), and by the real one where it is found. Sourced after distro.sh.
#
#   MKINITCPIO   a source tree of mkinitcpio, for a host that has not installed it
# shellcheck shell=sh disable=SC2154

# mkinitcpio_stub_image FILE HOOK...: an image of the contract stub.
mkinitcpio_stub_image() {
	mkinitcpio_file=$1
	shift
	mkdir -p "$distro_tree/tmp/stub"
	cp "$vm_here/lib/mkinitcpio-stub" "$vm_here/lib/mkinitcpio-stub-init" "$distro_tree/tmp/stub/"
	mkinitcpio_make "$mkinitcpio_file" /tmp/stub/mkinitcpio-stub /boot/image "$vm_release" /tmp/stub/mkinitcpio-stub-init "$@"
	rm -rf "$distro_tree/tmp/stub"
}

# mkinitcpio_make FILE COMMAND...: runs it in the tree; it has to make /boot/image.
mkinitcpio_make() {
	mkinitcpio_file=$1
	shift
	distro_chroot "$@" >"$VM_WORK/image.out" 2>&1 || {
		sed 's/^/# /' "$VM_WORK/image.out" | tail -n 20
		vm_fatal "making an image: $*"
	}
	mv "$distro_tree/boot/image" "$mkinitcpio_file"
}

# image_has FILE PATH...: all of it is in the image.
image_names() { cpio --quiet -it <"$1" | sed 's,^\./,,'; }
image_has() {
	image_names "$1" >"$VM_WORK/names"
	shift
	for image_name in "$@"; do
		grep -q -x -F -e "$image_name" "$VM_WORK/names" || { note "not in the image: $image_name" && return 1; }
	done
}

# --- the real one -----------------------------------------------------------------------------------------------------------

# mkinitcpio_real_begin: the real mkinitcpio, of $MKINITCPIO or of the host, is in the tree's /tmp/mkinitcpio; skips the test
# where there is none. What it needs on a Debian: the folders of its own programs and libraries, a busybox where it looks for
# one, cpio in place of bsdtar, and the list of modules in text: the shell of Debian's busybox prefers its own modprobe.
mkinitcpio_real_begin() {
	mkinitcpio_to=$distro_tree/tmp/mkinitcpio
	rm -rf "$mkinitcpio_to"
	mkdir -p "$mkinitcpio_to/bin" "$distro_tree/usr/lib/initcpio"
	if [ -f "${MKINITCPIO:-}/functions" ]; then
		cp -R "$MKINITCPIO/." "$mkinitcpio_to/"
	elif command -v mkinitcpio >/dev/null 2>&1 && [ -d /usr/lib/initcpio ]; then
		cp -R /usr/lib/initcpio/. "$mkinitcpio_to/"
		cp "$(command -v mkinitcpio)" "$mkinitcpio_to/mkinitcpio"
	else
		distro_skip "no mkinitcpio on this host, and none in \$MKINITCPIO"
	fi
	mkinitcpio_lib=$(cd "$distro_tree" && find usr/lib -name libkmod.so.2 -print | head -n 1)
	find "$mkinitcpio_to" -type f | while IFS= read -r mkinitcpio_file; do
		sed -i -e 's,@VERSION@,test,g; s,@BINDIR@,/tmp/mkinitcpio/bin:/usr/bin:/usr/sbin,g; s,@INITCPIO_LIBDIR@,/tmp/mkinitcpio,g' \
			-e 's,@SYSCONFDIR@,/etc,g; s,@INITCPIO_SYSCONFDIR@,/etc/initcpio,g; s,@TMPFILES_PATH@,,g' \
			-e 's,@UDEVD_PATH@,/usr/lib/systemd/systemd-udevd,g' -e "s,/usr/lib/libkmod.so.2,/$mkinitcpio_lib,g" \
			-e 's,modules\.!(\*\.bin,modules.!(dep|*.bin,' \
			-e "s,^export PATH='*/usr/bin:/bin.*,export PATH=/tmp/mkinitcpio/bin:/usr/bin:/usr/sbin," "$mkinitcpio_file"
	done
	# As it is called: to make an archive of the names given, and to make of that another in the format newc.
	cat >"$mkinitcpio_to/bin/bsdtar" <<'SHIM'
#!/bin/sh
case " $* " in
*" -T "*) exec cpio --quiet -0 -o -H newc ;;
*) exec cat ;;
esac
SHIM
	chmod 755 "$mkinitcpio_to/bin/bsdtar" "$mkinitcpio_to/mkinitcpio"
	cp "$distro_tree/bin/busybox" "$distro_tree/usr/lib/initcpio/busybox"
}

# mkinitcpio_real_image FILE HOOK...: its image; what it said is in $VM_WORK/image.out.
mkinitcpio_real_image() {
	mkinitcpio_file=$1
	shift
	printf 'MODULES=()\nBINARIES=()\nFILES=()\nHOOKS=(%s)\nCOMPRESSION=cat\n' "$*" >"$distro_tree/tmp/mkinitcpio/test.conf"
	# Not by its status: on a Debian some file of another hook is always missing.
	distro_chroot env MKINITCPIO_LIBRARY=/tmp/mkinitcpio MKINITCPIO_HOOKS=/tmp/mkinitcpio/hooks:/usr/lib/initcpio/hooks \
		MKINITCPIO_INSTALL=/tmp/mkinitcpio/install:/usr/lib/initcpio/install TMPDIR=/tmp \
		bash /tmp/mkinitcpio/mkinitcpio --nocolor -c /tmp/mkinitcpio/test.conf -k "$vm_release" -g /boot/image \
		>"$VM_WORK/image.out" 2>&1 || :
	[ -s "$distro_tree/boot/image" ] || {
		sed 's/^/# /' "$VM_WORK/image.out" | tail -n 20
		vm_fatal "making an image with mkinitcpio: $*"
	}
	mv "$distro_tree/boot/image" "$mkinitcpio_file"
}

mkinitcpio_real_end() { rm -rf "$distro_tree/tmp/mkinitcpio" "$distro_tree/usr/lib/initcpio/busybox"; }

# What it complained of while it ran the hook NAME.
mkinitcpio_complaints() { # NAME
	sed -n "/Running build hook: \\[$1\\]/,/Running build hook\\|Generating module/p" "$VM_WORK/image.out" | grep -E 'ERROR|WARNING'
}
