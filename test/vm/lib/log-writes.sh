# Every write of a life on record: dm-log-writes beneath metadata and volume, read by the tool log-writes-check.
# Sourced after lib/life.sh. The lives are those of an update of the filesystem $kind; LOGGED_CHURN (300): how much is written.
# shellcheck shell=sh disable=SC2154

logged_log_mib=768

# logged_can_be: says so if this kernel cannot record
logged_can_be() {
	[ -n "$(find "$VM_MODULES" -name 'dm-log-writes.ko*' -print -quit)" ] && return
	skip "$vm_test: this kernel has no dm-log-writes"
	return 1
}

# logged_begin: a log beside the disk. From the next boots on the product is told to use /dev/mapper/logged-metadata and
# /dev/mapper/logged-volume; one log-writes device under both, as on a disk with one cache, keeps the order between them.
logged_begin() {
	logged_empty
	vm_attach "$VM_WORK/log.img"
	LIFE_DEVICE=/dev/mapper/logged-volume
	# shellcheck disable=SC2119 # no more lines
	life_config
	sed -i 's,^metadata = .*,metadata = /dev/mapper/logged-metadata,' "$VM_WORK/x/bootguard.conf"
	logged_write_guest_part
}

# logged_empty: an empty log for the next boot
logged_empty() {
	rm -f "$VM_WORK/log.img"
	truncate -s "${logged_log_mib}M" "$VM_WORK/log.img"
}

# logged_boot NAME FROM SCRIPT-ARGUMENT...: the disk as in image FROM, an empty log, a boot of the script on standard input;
# then the log is in NAME-log.img.
logged_boot() {
	logged_name=$1 logged_from=$2
	shift 2
	vm_snapshot_image "$logged_from" disk
	logged_empty
	vm_expect 0 "$kind: recorded ($logged_name)" vm_boot "$logged_name" --timeout 300 --cmdline bootguard.slot=B - "$@" || return 1
	mv "$VM_WORK/log.img" "$VM_WORK/$logged_name-log.img"
	check "$kind: the kernel did not complain ($logged_name)" vm_kernel_calm "$logged_name"
}

# logged_check NAME FROM [OPTION...]: the tool on what logged_boot recorded, begun with image FROM; what it says is in NAME.states.
# 0: all states good, 1: bad ones, 2: not decided.
logged_check() {
	logged_name=$1 logged_from=$2
	shift 2
	logged_status=0
	timeout 300 "$vm_tools/log-writes-check" --image "$(vm_image "$logged_from")" --checkpoint "$(vm_image checkpoint)" \
		--log "$(vm_image "$logged_name-log")" --pieces "$VM_WORK/x/pieces" --metadata-bytes "$VM_METADATA_OFFSET" "$VM_METADATA_SIZE" \
		--volume-bytes "$VM_USERDATA_OFFSET" "$(cat "$VM_WORK/disk.size")" "$@" >"$VM_WORK/$logged_name.states" 2>&1 || logged_status=$?
	cut -c 1-300 "$VM_WORK/$logged_name.states" | sed -e 's/^/# /' -e "s/^# measured - log-writes/&, $logged_name/"
	return "$logged_status"
}

# logged_good NAME FROM: every state is good, and they are counted; the disk is now as the log says.
logged_good() {
	check "$kind: every crash point is good ($1)" logged_check "$1" "$2" --end "$(vm_image disk)" --bits 16 || :
	logged_states=$(sed -n 's/^measured - .* \([0-9]*\) states, 0 bad; .*/\1/p' "$VM_WORK/$1.states")
	logged_all=$((${logged_all:-0} + ${logged_states:-0}))
}

# logged_bad NAME FROM TEXT [CONTROL...]: the log, spoilt by the option CONTROL, has bad states, of which TEXT tells.
logged_bad() {
	logged_what="$1${4:+, $4}${5:+ $5}" logged_text=$3 logged_log=$1 logged_image=$2
	shift 3
	logged_found=0
	logged_check "$logged_log" "$logged_image" "$@" >"$VM_WORK/control.out" || logged_found=$?
	sed 's/measured - /control: /' "$VM_WORK/control.out"
	check_equal "control: $kind: bad states are found ($logged_what)" 1 "$logged_found" || :
	check "control: $kind: $logged_text ($logged_what)" grep -q "^bad - [0-9]* states: $logged_text" "$VM_WORK/$logged_log.states" || :
}

logged_write_guest_part() {
	cat >"$VM_WORK/x/logged.sh" <<'EOT'
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
. /guest/product.sh
need_modules dm-log-writes
dm create logged --table "0 $(sectors_of /dev/ubda) log-writes /dev/ubda /dev/ubdb"
dm create logged-metadata --table "0 $(sectors_of /dev/ubda1) linear /dev/mapper/logged 2048"
dm create logged-volume --table "0 $(sectors_of /dev/ubda2) linear /dev/mapper/logged 6144"
USERDATA=/dev/mapper/logged-volume

# mark NAME: all that was written so far is made durable, and stands before the mark in the log.
mark() {
	tool dd if=/dev/zero of=/dev/mapper/logged bs=512 count=0 conv=notrunc,fsync status=none
	dm message logged 0 mark "$1"
}

# claim WORD...: what the filesystem holds for durable, from here on; a mark in the log, which makes nothing durable.
claim() { dm message logged 0 mark "claim:$(echo "$*" | tr ' ' ':')"; }

# change_claimed DIR SEED, churn_claimed DIR SEED N: as change_tree and tree churn, with claims ("-": nothing is claimed).
change_claimed() {
	claim digest -
	change_tree "$1" "$2"
	sync
	claim digest "$(tree_digest "$1")"
}
churn_claimed() {
	claim churn - -
	{ tree churn "$1" "$2" "$3" || echo failed; } | while read -r logged_line; do
		say "$logged_line"
		[ "$logged_line" != failed ] || exit 1
		claim "$logged_line"
	done
}

# logged_end: the mappings off, top first; removing the log-writes device writes the rest of the log.
logged_end() {
	for logged_name in userdata userdata-origin userdata-hole userdata-undo userdata-store; do
		dm remove "bootguard-$logged_name" 2>/dev/null || :
	done
	check_equal "no mapping of the product is left" 0 "$(mappings)"
	dm remove logged-volume
	dm remove logged-metadata
	dm remove logged
}
EOT
}

# --- the lives ----------------------------------------------------------------------------------------------------------

# logged_prepare MIB: volume, checkpoint, log; the disk is attached.
logged_prepare() {
	vm_detach_all
	vm_disk disk "$1"
	LIFE_DEVICE=
	# shellcheck disable=SC2119 # no more lines
	life_config
	life_make "$kind"
	life_arm "$kind-arm" "$kind"
	vm_snapshot_image disk checkpoint
	logged_begin
	LOGGED_CHURN=${LOGGED_CHURN:-300}
}

# The first boot of the trial; also writes what the kernel maps as the store.
logged_trial() {
	logged_boot "$kind-trial" checkpoint "$kind" "$LOGGED_CHURN" <<'EOT'
. /x/logged.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
phase_is trial
dm table bootguard-userdata-store | awk '$3 != "linear" { exit 1 } { print $5, $2 }' >/x/pieces
mark handed-over
change_claimed "$VOLUME/tree" 2
churn_claimed "$VOLUME/churn" 3 "$2"
claim digest -
change_tree "$VOLUME/tree" 4
unmount_volume
logged_end
EOT
}

# One boot of the trial ends in the middle of its writes (image crashed); then one that goes on with a store in use, to its
# being marked bad (image trial).
logged_again() {
	logged_empty
	vm_expect "$VM_ENDED_EARLY" "$kind: a trial boot that crashes" vm_boot "$kind-crash" --timeout 300 --cmdline bootguard.slot=B - "$kind" "$((LOGGED_CHURN / 6))" <<'EOT'
. /x/logged.sh
boot_volume "$1"
change_tree "$VOLUME/tree" 10
tree churn "$VOLUME/churn" 11 "$2"
change_tree "$VOLUME/tree" 12
crash
EOT
	vm_snapshot_image disk crashed
	logged_boot "$kind-again" crashed "$kind" "$((LOGGED_CHURN / 2))" <<'EOT'
. /x/logged.sh
boot_volume "$1"
check "$1: mounted through the mapping" mounted_from "$MAPPED"
phase_is trial
mark handed-over
churn_claimed "$VOLUME/churn" 13 "$2"
change_claimed "$VOLUME/tree" 14
bg mark-bad
unmount_volume
logged_end
EOT
	vm_snapshot_image disk trial
}

# The rollback of that, by the boot that comes next.
logged_rollback() {
	check_fails "$kind: the volume differs in the trial" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
	logged_boot "$kind-rollback" trial "$kind" <<'EOT'
. /x/logged.sh
mark rollback
boot_device
check_equal "$1: rolled back, a plain volume is handed over" "$USERDATA" "$BOOTGUARD_DEVICE"
phase_is idle
mark rolled-back
logged_end
EOT
	check "$kind: rolled back to the byte" vm_same_volume disk checkpoint "$VM_WORK/x/extents"
}

# A commit live, under a writer; what it writes after the commit may go where the store was.
logged_commit() {
	logged_boot "$kind-good" checkpoint "$kind" "$((LOGGED_CHURN * 2 / 3))" "$((LOGGED_CHURN / 6))" <<'EOT'
. /x/logged.sh
boot_volume "$1"
phase_is trial
mark handed-over
change_claimed "$VOLUME/tree" 5
churn_claimed "$VOLUME/churn" 6 "$2" >/tmp/churn &
writer=$!
usleep 300000
mark mark-good
bg mark-good
mark good
check "$1: the writer went on undisturbed" wait "$writer"
check "$1: idle" phase_is idle
change_claimed "$VOLUME/tree" 7
churn_claimed "$VOLUME/churn" 8 "$3"
unmount_volume
logged_end
EOT
}

# By hand, unmounted: then nothing of the volume may change.
logged_commit_unmounted() {
	logged_boot "$kind-good-unmounted" checkpoint "$kind" <<'EOT'
. /x/logged.sh
boot_volume "$1"
mark handed-over
change_claimed "$VOLUME/tree" 9
unmount_volume
mark unmounted
mark mark-good
bg mark-good
mark good
check "$1: idle" phase_is idle
logged_end
EOT
}
