#!/bin/sh
# Premise: undo with the store inside the protected filesystem, by hand with dmsetup, over a kill and reboots, is exact to the byte.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"

vm_begin
vm_disk disk 320

for kind in ext4 xfs f2fs; do
	vm_expect 0 "$kind: volume and store made" vm_boot "$kind-make" - "$kind" <<'EOF'
. /guest/stack.sh
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
make_tree "$VOLUME/tree" 3000 1
make_store "$VOLUME/.store" "$1" 64
# f2fs has no unwritten extents: there the contents of the store show in its file, so the file is left out.
say "digest $(tree_digest "$VOLUME" .store)"
unmount_volume
wipe_store_header
EOF
	vm_snapshot_image disk checkpoint
	note "$kind: store extents: $(wc -l <"$VM_WORK/x/extents")"

	vm_expect "$VM_KILLED" "$kind: killed in the first boot of the trial" vm_boot "$kind-trial1" --kill-after "$(vm_random 800 2500)" - "$kind" <<'EOF'
. /guest/stack.sh
stack_undo
mount_volume "$1" /dev/mapper/bg-userdata
change_tree "$VOLUME/tree" 2
tree churn "$VOLUME/churn" 3
EOF
	vm_expect 0 "$kind: second boot of the trial" vm_boot "$kind-trial2" - "$kind" "$(vm_console_value "$kind-trial1" 'churn 3')" <<'EOF'
. /guest/stack.sh
stack_undo
mount_volume "$1" /dev/mapper/bg-userdata
if [ -n "$2" ]; then tree churned "$VOLUME/churn" 3 "$2"; fi
change_tree "$VOLUME/tree" 4
unmount_volume
say "exceptions $(exceptions_of bg-undo)"
if mount_volume "$1" "$USERDATA" 2>/run/refused; then not_ok "$1: raw mount refused"; else check "$1: raw mount refused" grep -q -i busy /run/refused; fi
stack_down
EOF
	note "$kind: $(vm_console_value "$kind-trial2" exceptions) chunks saved"
	check_fails "$kind: the volume differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	vm_expect 0 "$kind: rolled back" vm_boot "$kind-rollback" - <<'EOF'
. /guest/stack.sh
stack_merge
EOF
	check "$kind: byte for byte as at the checkpoint, outside the store" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	vm_expect 0 "$kind: sound, with its tree" vm_boot "$kind-after" - "$kind" "$(vm_console_value "$kind-make" digest)" <<'EOF'
mount_volume "$1"
check_equal "$1: digest" "$2" "$(tree_digest "$VOLUME" .store)"
unmount_volume
fsck_for "$1" "$USERDATA"
EOF
	check "$kind: the kernel did not complain" vm_kernel_calm "$kind-after"
done
