# The kernel killed at random moments, in the trial and in the rollback, on one filesystem: sourced by t-power-KIND.sh.
# shellcheck shell=sh disable=SC2154

vm_begin
vm_need_bootguard
vm_disk disk 400
# shellcheck disable=SC2119
life_config
LIFE_FILES=1500
life_make "$kind"
life_arm arm "$kind" --attempts 100
digest=$(vm_console_value arm digest)
vm_snapshot_image disk checkpoint

# --- ten kills while the trial writes ----------------------------------------------------------------------------------
n=0
while [ "$n" -lt 10 ]; do
	n=$((n + 1))
	delay=$(vm_random 150 1500)
	vm_expect "$VM_KILLED" "$kind: killed in the trial, $n of 10, after $delay ms" vm_boot "trial$n" --kill-after "$delay" - "$kind" "$n" <<'EOF'
. /guest/product.sh
boot_volume "$1"
change_tree "$VOLUME/tree" "6$2"
tree churn "$VOLUME/churn$2" "$2"
EOF
done
vm_expect 0 "$kind: marked bad after ten kills" vm_boot mark-bad - "$kind" <<'EOF'
. /guest/product.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
change_tree "$VOLUME/tree" 77
sync
bg mark-bad
bg status
EOF
check_fails "$kind: the volume differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
vm_snapshot_image disk before-rollback

# --- at least twelve kills while it is rolled back ---------------------------------------------------------------------
# A boot that is not killed in time ends the rollback; then it begins again from the same point, until there were enough kills.
kills=0
rounds=0
boots=0
while [ "$kills" -lt 12 ] && [ "$boots" -lt 60 ]; do
	rounds=$((rounds + 1))
	vm_snapshot_image before-rollback disk
	finished=no
	while [ "$finished" = no ] && [ "$boots" -lt 60 ]; do
		boots=$((boots + 1))
		status=0
		vm_boot "rollback$boots" --kill-when "rolling back" --kill-delay "$(vm_random 0 450)" - <<'EOF' || status=$?
. /guest/product.sh
boot_device
phase_is idle
EOF
		case $status in
		0) finished=yes ;;
		"$VM_KILLED") kills=$((kills + 1)) ;;
		*)
			not_ok "$kind: rollback boot $boots ended with status $status ($(vm_status_name "$status"))"
			vm_show_console
			finished=failed
			;;
		esac
	done
	check "$kind: round $rounds, after $kills kills: byte for byte as at the checkpoint, outside the store" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
done
note "$kind: $kills kills in $boots boots, $rounds rollbacks finished"
check "$kind: at least 12 kills hit the rollback" test "$kills" -ge 12
vm_expect 0 "$kind: sound after all that" vm_boot sound - "$kind" "$digest" <<'EOF'
mount_volume "$1"
check_equal "$1: digest of the whole tree" "$2" "$(tree_digest "$VOLUME" .bootguard)"
unmount_volume
check "$1: filesystem check" fsck_for "$1" "$USERDATA"
EOF

# --- control: the comparison does see a rollback that was cut short ----------------------------------------------------
vm_snapshot_image before-rollback disk
status=0
vm_boot cut --kill-when "rolling back" --kill-delay 0 - <<'EOF' || status=$?
. /guest/product.sh
boot_device
EOF
check_equal "control: the rollback was killed" "$VM_KILLED" "$status"
check_fails "control: a rollback cut short is seen as one" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
