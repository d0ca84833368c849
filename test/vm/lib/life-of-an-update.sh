# The ways an update can end, on one filesystem: sourced by t-life-KIND.sh with $kind set.
# shellcheck shell=sh disable=SC2154

vm_begin
vm_need_bootguard
vm_disk disk 400
# shellcheck disable=SC2119
life_config
life_make "$kind"

# --- marked good, live, under a writer ---------------------------------------------------------------------------------
life_arm commit-arm "$kind"
vm_expect 0 "$kind: marked good while mounted and written to" vm_boot commit-trial --cmdline bootguard.slot=B - "$kind" <<'EOF'
. /guest/product.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
change_tree "$VOLUME/tree" 2
tree churn "$VOLUME/churn" 3 300 >/tmp/churn &
writer=$!
sleep 1
bg mark-good
check "$1: the writer went on undisturbed" wait "$writer"
check "$1: idle" phase_is idle
check_equal "$1: one mapping is left" 1 "$(mappings)"
check "$1: it is a plain one" sh -c "DM_DISABLE_UDEV=1 dmsetup table bootguard-userdata | grep -q ' linear '"
check "$1: the store's file is gone" test ! -e "$VOLUME/$STORE"
bg_status 0 "$1: marked good twice is no error" "already" mark-good
change_tree "$VOLUME/tree" 5
sync
say "digest $(tree_digest "$VOLUME" churn .bootguard)"
unmount_volume
EOF
vm_expect 0 "$kind: the committed data stays" vm_boot commit-after --cmdline bootguard.slot=B - "$kind" "$(vm_console_value commit-trial digest)" <<'EOF'
. /guest/product.sh
boot_volume "$1"
check_equal "$1: digest" "$2" "$(tree_digest "$VOLUME" churn .bootguard)"
check "$1: mounted plain" mounted_from "$USERDATA"
unmount_volume
check "$1: filesystem check" fsck_for "$1" "$USERDATA"
EOF

# --- three failed boots ------------------------------------------------------------------------------------------------
life_arm limit-arm "$kind" --attempts 3
digest=$(vm_console_value limit-arm digest)
vm_snapshot_image disk checkpoint
for n in 1 2 3; do
	life_trial "limit-trial$n" "$kind" "1$n"
done
check_fails "$kind: the volume differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
life_rolled_back limit-rollback "$kind" "$digest"

# --- marked bad --------------------------------------------------------------------------------------------------------
life_arm bad-arm "$kind"
digest=$(vm_console_value bad-arm digest)
vm_snapshot_image disk checkpoint
vm_expect 0 "$kind: marked bad" vm_boot bad-trial --cmdline bootguard.slot=B - "$kind" <<'EOF'
. /guest/product.sh
boot_volume "$1"
change_tree "$VOLUME/tree" 21
bg mark-bad
bg_status 0 "$1: marked bad twice is no error" "already" mark-bad
boot_device
check_equal "$1: a second boot in the same boot changes nothing" "$MAPPED" "$BOOTGUARD_DEVICE"
check "$1: still on trial" phase_is trial
unmount_volume
EOF
life_rolled_back bad-rollback "$kind" "$digest"

# --- the old slot comes back -------------------------------------------------------------------------------------------
life_arm slot-arm "$kind"
digest=$(vm_console_value slot-arm digest)
vm_snapshot_image disk checkpoint
vm_expect 0 "$kind: armed, but the old slot is booted" vm_boot slot-wait --cmdline bootguard.slot=A - "$kind" <<'EOF'
. /guest/product.sh
boot_device
check_equal "$1: plain" "$USERDATA" "$BOOTGUARD_DEVICE"
check "$1: still armed" phase_is armed
EOF
life_trial slot-trial "$kind" 31
LIFE_CMDLINE=bootguard.slot=A
life_rolled_back slot-rollback "$kind" "$digest"
LIFE_CMDLINE=

# --- asked for on the kernel's command line ----------------------------------------------------------------------------
life_arm line-arm "$kind"
digest=$(vm_console_value line-arm digest)
vm_snapshot_image disk checkpoint
life_trial line-trial "$kind" 41
LIFE_CMDLINE="bootguard.slot=B rd.bootguard.action=rollback"
life_rolled_back line-rollback "$kind" "$digest"
LIFE_CMDLINE=

# --- disarmed ----------------------------------------------------------------------------------------------------------
vm_expect 0 "$kind: armed and disarmed" vm_boot disarm --cmdline bootguard.slot=A - "$kind" <<'EOF'
. /guest/product.sh
boot_volume "$1"
bg arm
bg_status 0 "$1: armed twice is no error" "already armed" arm
bg disarm
bg_status 0 "$1: disarmed twice is no error" "already" disarm
check "$1: the store's file is gone" test ! -e "$VOLUME/$STORE"
check "$1: idle" phase_is idle
unmount_volume
boot_device
check_equal "$1: plain" "$USERDATA" "$BOOTGUARD_DEVICE"
EOF

# --- a trial over five reboots -----------------------------------------------------------------------------------------
life_arm five-arm "$kind" --attempts 5
digest=$(vm_console_value five-arm digest)
vm_snapshot_image disk checkpoint
for n in 1 2 3 4 5; do
	life_trial "five-trial$n" "$kind" "5$n"
done
life_rolled_back five-rollback "$kind" "$digest"
for name in commit-trial limit-rollback five-rollback five-trial5; do
	check "$kind: the kernel did not complain ($name)" vm_kernel_calm "$name"
done
