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
image_names() { cpio --quiet -it <"$1" 2>/dev/null | sed 's,^\./,,'; }
image_has() {
	image_names "$1" >"$VM_WORK/names"
	shift
	for image_name in "$@"; do
		grep -q -x -F -e "$image_name" "$VM_WORK/names" || { note "not in the image: $image_name" && return 1; }
	done
}
