#!/bin/sh
# Peak memory of every verb on a real kernel, with tens of thousands of exceptions and a thousand extents: at most 1 MB.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"

vm_begin
vm_need_bootguard
vm_disk disk 512
LIFE_STORE=200M
# shellcheck disable=SC2119
life_config
command -v musl-gcc >/dev/null || { skip "peak memory: no musl-gcc to build the measuring program"; exit 0; }
check "the measuring program is built" musl-gcc -Os -static -o "$VM_WORK/x/peak" "$vm_here/../product/peak.c"

cat >"$VM_WORK/x/peak.sh" <<'EOF'
# measured VERB STATUS: runs the verb, prints and checks its peak
measured() {
	verb=$1 wanted=$2
	shift 2
	status=0
	/x/peak /tmp/peak "$BOOTGUARD" "$verb" --config "$CONFIG" "$@" >/tmp/out 2>&1 || status=$?
	peak=$(cat /tmp/peak)
	check_equal "$verb: exit status" "$wanted" "$status"
	say "peak-$verb${name:+-$name} $peak"
	check "$verb${name:+ ($name)}: peak memory $peak KiB, limit 1024" test "$peak" -gt 0 -a "$peak" -le 1024
	[ "$status" -eq "$wanted" ] || cat /tmp/out
}
EOF
vm_expect 0 "armed" vm_boot arm --timeout 120 - <<'EOF'
. /guest/product.sh
. /x/peak.sh
mkfs_for ext4 "$USERDATA" -m 0
mount_volume ext4
tree holes "$VOLUME/fill" 65536 0 7 100000
measured format 0
measured arm 0
measured status 0
extents_of "$VOLUME/$STORE" >/x/extents
say "extents $(wc -l </x/extents)"
unmount_volume
EOF
vm_expect 0 "a trial with many exceptions" vm_boot trial --timeout 120 - <<'EOF'
. /guest/product.sh
. /x/peak.sh
name=first measured boot 0
mount_volume ext4 "$MAPPED"
tool dd if=/dev/urandom of="$VOLUME/big" bs=1M count=140 2>/dev/null
sync
measured status 0
measured mark-bad 0
unmount_volume
EOF
vm_snapshot_image disk full
vm_expect 0 "the rollback" vm_boot rollback --timeout 120 - <<'EOF'
. /guest/product.sh
. /x/peak.sh
name=rollback measured boot 0
measured log 0
bg log | tail -n 1
EOF
vm_snapshot_image full disk
vm_expect 0 "and the commit" vm_boot commit - <<'EOF'
. /guest/product.sh
. /x/peak.sh
measured mark-good 0
EOF
note "the store lay in $(vm_console_value arm extents) extents"
for key in format arm status boot-first mark-bad boot-rollback mark-good log; do
	for boot in arm trial rollback commit; do
		value=$(vm_console_value "$boot" "peak-$key")
		[ -z "$value" ] || echo "measured - peak memory of $key ($boot): $value KiB"
	done
done
