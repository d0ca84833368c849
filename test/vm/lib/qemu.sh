# Boots with Debian's own kernel in an emulated machine (QEMU without KVM: half a minute a boot). Sourced after distro.sh.
# shellcheck shell=sh disable=SC2154

# qemu_kernel: Debian's cloud kernel and its modules, in the tree of distro_begin; sets $qemu_release and $qemu_kernel.
qemu_kernel() {
	command -v qemu-system-x86_64 >/dev/null 2>&1 || distro_skip "no qemu-system-x86_64 on this host"
	if [ ! -f "$distro_tree/.kernel" ]; then
		distro_chroot sh -c 'rm -rf /tmp/kernel && mkdir /tmp/kernel && cd /tmp/kernel &&
			package=$(apt-cache depends linux-image-cloud-amd64 | sed -n "s/.*Depends: \(linux-image-[0-9].*\)/\1/p") &&
			apt-get download "$package" && dpkg -x ./*.deb out && cp -a out/boot/. /boot/ && cp -a out/lib/modules/. /usr/lib/modules/ &&
			cd / && rm -rf /tmp/kernel && echo "${package#linux-image-}" >/.kernel' \
			>"$VM_WORK/kernel.out" 2>&1 || {
			tail -n 3 "$VM_WORK/kernel.out" | sed 's/^/# /'
			distro_skip "Debian's kernel could not be had"
		}
		depmod -b "$distro_tree" "$(cat "$distro_tree/.kernel")" || vm_fatal "depmod"
	fi
	qemu_release=$(cat "$distro_tree/.kernel")
	cp "$distro_tree/boot/vmlinuz-$qemu_release" "$VM_WORK/vmlinuz"
	qemu_kernel=$VM_WORK/vmlinuz
	# Images are made for this kernel from here on.
	vm_release=$qemu_release
}

# qemu_boot NAME IMAGE WORDS SCRIPT [ARGUMENT...]: as distro_boot; the disks are those of vm_attach, as virtio.
qemu_boot() {
	vm_name=$1 qemu_image=$2 qemu_words=$3
	shift 3
	vm_put_script "$@"
	tar -c -f "$VM_WORK/exchange.tar" -C "$VM_WORK/x" .
	set -- -m 640 -display none -no-reboot -nodefaults -serial stdio -accel tcg -cpu max -kernel "$qemu_kernel" -initrd "$qemu_image" \
		-append "console=ttyS0 panic=5 vm_script=$vm_name $qemu_words"
	qemu_number=0
	while read -r vm_file; do
		set -- "$@" -drive "file=$vm_file,if=none,id=d$qemu_number,format=raw,cache=unsafe" \
			-device "virtio-blk-pci,drive=d$qemu_number,serial=disk$qemu_number"
		qemu_number=$((qemu_number + 1))
	done <"$VM_WORK/disks"
	set -- "$@" -drive "file=$VM_WORK/exchange.tar,if=none,id=x,format=raw,readonly=on" -device virtio-blk-pci,drive=x,serial=exchange
	vm_last_log=$VM_WORK/$vm_name.log
	"$vm_tools/supervise" --log "$vm_last_log" --timeout-ms 280000 -- qemu-system-x86_64 "$@" </dev/null &
	vm_running=$!
	vm_wait
}
