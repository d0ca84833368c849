#!/bin/sh
# A rescue shell that has nothing but a shell and the static binary: the same durable verbs work there.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 320
LIFE_STORE=64M
LIFE_FILES=400
# shellcheck disable=SC2119
life_config
life_make ext4

# rescue NAME STATUS TEXT VERB...: the verb, where no other program exists
rescue() {
	rescue_name=$1 rescue_status=$2 rescue_text=$3
	shift 3
	vm_expect 0 "$rescue_text" vm_boot "$rescue_name" --flavour rescue ${RESCUE_WITHOUT:+--without "$RESCUE_WITHOUT"} - "$rescue_status" "$@" <<'EOF'
wanted=$1
shift
check_fails "no other program is there" command -v ls
status=0
verb=$1
shift
/product/bootguard "$verb" --config /x/bootguard.conf "$@" || status=$?
check_equal "$verb ends with status $wanted" "$wanted" "$status"
EOF
}

# --- nothing mounted, no mapping ---------------------------------------------------------------------------------------
life_arm arm1 ext4
life_trial trial1 ext4 2
rescue status1 0 "status in the rescue shell" status
check "status names the phase" vm_console_has status1 'trial'
RESCUE_WITHOUT=dm-mod,dm-snapshot,dm-bufio,dm-switch
rescue good1 0 "mark-good in the rescue shell, without device-mapper" mark-good
RESCUE_WITHOUT=
rescue good1again 0 "a second time it is no error" mark-good
rescue log1 0 "log in the rescue shell" log
vm_expect 0 "committed, durable" vm_boot after1 - <<'EOF'
. /guest/product.sh
check "idle" phase_is idle
boot_volume ext4
check "mounted plain" mounted_from "$USERDATA"
read -r start count </x/extents
magic=$(tool dd if="$USERDATA" bs=512 skip=$(((start + 8 + 7) / 8 * 8)) count=8 iflag=direct 2>/dev/null | tool od -A n -t x4 -N 4 | tr -d ' ')
check_equal "the store's header is wiped" 00000000 "$magic"
unmount_volume
check "filesystem check" fsck_for ext4 "$USERDATA"
EOF

# --- the stack is up, nothing is mounted -------------------------------------------------------------------------------
life_arm arm2 ext4
vm_expect 0 "boot, then mark-good before anything is mounted" vm_boot good2 --flavour rescue - <<'EOF'
/product/bootguard boot --config /x/bootguard.conf
/product/bootguard mark-good --config /x/bootguard.conf
/product/bootguard status --config /x/bootguard.conf
EOF
vm_expect 0 "committed" vm_boot after2 - <<'EOF'
. /guest/product.sh
check "idle" phase_is idle
EOF

# --- mark-bad and the rollback itself, by hand, without device-mapper --------------------------------------------------
life_arm arm3 ext4
digest=$(vm_console_value arm3 digest)
vm_snapshot_image disk checkpoint
life_trial trial3 ext4 3
rescue bad3 0 "mark-bad in the rescue shell" mark-bad
RESCUE_WITHOUT=dm-mod,dm-snapshot,dm-bufio,dm-switch
rescue boot3 0 "the rollback in the rescue shell needs no device-mapper" boot
RESCUE_WITHOUT=
life_rolled_back rollback3 ext4 "$digest"
