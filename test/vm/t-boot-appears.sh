#!/bin/sh
# Disks that appear seconds after the hooks have begun: nothing is mounted past bootguard, nothing is counted twice, and the
# machine boots. This is initramfs-tools; t-boot-appears-dracut.sh and t-boot-appears-dracut-systemd.sh are the others.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

distro_framework
vm_begin
vm_need_bootguard
command -v uml_mconsole >/dev/null 2>&1 || distro_skip "no uml_mconsole on this host"
distro_begin bookworm
distro_config root PARTLABEL=root
distro_image "$VM_WORK/image" "$framework"
vm_plain empty 1
distro_machine disk
distro_end
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
sed -i 's,^RAW=.*,RAW=/dev/ubdb2,' "$VM_WORK/x/booted.sh"
WORDS="root=UUID=b0070000-0000-4000-8000-0000000000f2 rw"

vm_expect 0 "armed" distro_boot arm "$VM_WORK/image" "$WORDS" - <<'EOF'
. /x/booted.sh
check "idle: the raw root is mounted" root_is "$RAW"
bootguard format --force
bootguard arm --attempts 3
EOF
cat >"$VM_WORK/x/late.sh" <<'EOF'
. /x/booted.sh
check "$1: the mapping is mounted" root_is /dev/mapper/bootguard-root
check_equal "$1: counted once" "$2" "$(hook_says bootguard BOOTGUARD_ATTEMPTS_LEFT)"
EOF
# Only the empty disk is there when the machine starts.
vm_detach_all
vm_attach "$VM_WORK/empty.img"
plug_in() { uml_mconsole "$VM_WORK/uml/vm/mconsole" config "ubdb=$VM_WORK/disk.img" >/dev/null 2>&1; }
# appears NAME SECONDS LEFT: the disk is plugged in so long after the kernel has started its first process
appears() {
	vm_boot_bg "$1" --initrd "$VM_WORK/image" --timeout 300 --cmdline "init=/sbin/init panic=5 $WORDS" "$VM_WORK/x/late.sh" "$1" "$3"
	sleep "$2"
	check "$1: the machine has not come up without its disk" kill -0 "$vm_running"
	check "$1: plugged in" plug_in
	vm_expect 0 "$1: booted" vm_wait
}
appears soon 7 2
appears later 17 1
