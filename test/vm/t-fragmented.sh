#!/bin/sh
# A store of a thousand extents: exact all the same, and a flush still costs one or two writes (hazard 14).
# shellcheck source-path=SCRIPTDIR
BOOTGUARD=${BOOTGUARD_HOOKS:-$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)/build/bootguard-hooks}
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 320
LIFE_STORE=80M
# shellcheck disable=SC2119
life_config
vm_expect 0 "armed on a volume whose free space is in small holes" vm_boot arm --timeout 180 - <<'EOF'
. /guest/product.sh
mkfs_for ext4 "$USERDATA" -m 0 -N 16384
mount_volume ext4
make_tree "$VOLUME/tree" 600 1
tree holes "$VOLUME/fill" 65536 0 2 100000
bg format
bg arm --attempts 20
extents_of "$VOLUME/$STORE" >/x/extents
say "extents $(wc -l </x/extents)"
say "digest $(tree_digest "$VOLUME" .bootguard)"
unmount_volume
EOF
vm_snapshot_image disk checkpoint
digest=$(vm_console_value arm digest)
extents=$(vm_console_value arm extents)
note "the store lies in $extents extents"
check "at least 1,000 extents" test "$extents" -ge 1000

# ten small durable writes; how many writes reach the device
for off in '' 14; do
	vm_expect 0 "trial with fsyncs (guards off: $off)" vm_boot "trial$off" - "$off" <<'EOF'
. /guest/product.sh
export BOOTGUARD_GUARDS_OFF="$1"
boot_volume ext4
check "mounted through the mapping" mounted_from "$MAPPED"
change_tree "$VOLUME/tree" "9$1"
sync
before=$(writes_of "$USERDATA")
for n in 0 1 2 3 4 5 6 7 8 9; do
	tool dd if=/dev/urandom of="$VOLUME/fsync$n" bs=4k count=1 conv=fsync 2>/dev/null
done
say "writes $(($(writes_of "$USERDATA") - before))"
unmount_volume
EOF
done
few=$(vm_console_value trial writes)
many=$(vm_console_value trial14 writes)
note "device writes of ten fsyncs: $few with the switch, $many without"
check "hazard 14: ten fsyncs cost less than 400 device writes" test "$few" -lt 400
check "control: hazard 14 without its guard: more than ten times as many" test "$many" -gt $((few * 10))

LIFE_CMDLINE=rd.bootguard.action=rollback
life_rolled_back rollback ext4 "$digest"
