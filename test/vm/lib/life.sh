# Scenario parts of the life of an update, on the product. Sourced after lib/vm.sh.
# shellcheck shell=sh disable=SC2154

# life_config [LINE...]: writes the guest's config; more lines go into the volume's section.
life_config() {
	cp "$vm_top/initramfs-hooks/generic/bootguard-hook.sh" "$VM_WORK/x/bootguard-hook.sh"
	{
		printf '%s\n' '[bootguard]' 'metadata = PARTLABEL=bootguard' 'attempts = 3' "${LIFE_GLOBAL:-on-failure = continue}"
		printf '%s\n' '[volume userdata]' "device = ${LIFE_DEVICE:-PARTLABEL=userdata}" "store-size = ${LIFE_STORE:-160M}"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$VM_WORK/x/bootguard.conf"
}

# life_make KIND [MKFS OPTION...]: a volume with a tree, and a metadata block.
life_make() {
	vm_expect 0 "$1: volume with ${LIFE_FILES:-2000} files, metadata formatted" vm_boot "$1-make" - "${LIFE_FILES:-2000}" "$@" <<'EOT'
. /guest/product.sh
count=$1 kind=$2
shift 2
mkfs_for "$kind" "$USERDATA" "$@"
mount_volume "$kind"
make_tree "$VOLUME/tree" "$count" 1
unmount_volume
bg format
phase_is idle
EOT
}

# life_arm NAME KIND [ARM OPTION...]: mounts what `boot` says, arms, keeps the extents; with LIFE_CMDLINE on the kernel's command line.
life_arm() {
	life_name=$1
	shift
	vm_expect 0 "$1: armed ($life_name)" vm_boot "$life_name" --cmdline "${LIFE_CMDLINE:-bootguard.slot=A}" - "$@" <<'EOT'
. /guest/product.sh
kind=$1
shift
boot_volume "$kind"
bg arm "$@"
phase_is armed
extents_of "$VOLUME/$STORE" >/x/extents
say "digest $(tree_digest "$VOLUME" .bootguard)"
unmount_volume
EOT
}

# life_trial NAME KIND SEED [BOOT OPTION...]: one boot of the trial that changes, deletes and adds files, and ends without
# unmounting, as a boot that failed does.
life_trial() {
	life_name=$1 life_kind=$2 life_seed=$3
	shift 3
	vm_expect "$VM_ENDED_EARLY" "$life_kind: trial boot ($life_name)" vm_boot "$life_name" --cmdline "${LIFE_CMDLINE:-bootguard.slot=B}" "$@" - "$life_kind" "$life_seed" <<'EOT'
. /guest/product.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
phase_is trial
change_tree "$VOLUME/tree" "$2"
bg status | sed -n 's/^/    /p'
sync
crash
EOT
}

# life_rolled_back NAME KIND DIGEST [BOOT OPTION...]: this boot rolls back; tree, filesystem check and state are as they should be.
life_rolled_back() {
	life_name=$1 life_kind=$2 life_digest=$3
	shift 3
	vm_expect 0 "$life_kind: rolled back ($life_name)" vm_boot "$life_name" --cmdline "${LIFE_CMDLINE:-bootguard.slot=B}" "$@" - "$life_kind" "$life_digest" <<'EOT'
. /guest/product.sh
boot_device || fail "bootguard says the volume must not be mounted"
check_equal "$1: a plain volume is handed over" "$USERDATA" "$BOOTGUARD_DEVICE"
check_equal "$1: no mapping is left" 0 "$(mappings)"
check "$1: idle" phase_is idle
check "$1: the result is told" sh -c "$BOOTGUARD status --config $CONFIG | grep -qi 'rolled back'"
bg log | tail -n 4
EOT
	check "$life_kind: byte for byte as at the checkpoint, outside the store ($life_name)" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	vm_expect 0 "$life_kind: sound after the rollback ($life_name)" vm_boot "$life_name-sound" - "$life_kind" "$life_digest" <<'EOT'
mount_volume "$1"
check_equal "$1: digest of the whole tree" "$2" "$(tree_digest "$VOLUME" .bootguard)"
unmount_volume
check "$1: filesystem check" fsck_for "$1" "$USERDATA"
EOT
}
