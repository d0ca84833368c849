# The undo stack made by hand with dmsetup, without the product: what the kernel must be able to do. Sourced by guest scripts
# (`. /guest/stack.sh`). STORE_EXTENTS names a file of lines "start_sector count": the store's extents on $USERDATA.
# shellcheck shell=sh

STORE_EXTENTS=${STORE_EXTENTS:-/x/extents}
stack_chunk=8 # sectors

# make_store FILE KIND MIB: preallocated, pinned, its extents in $STORE_EXTENTS, its first two chunks zeroed.
make_store() {
	: >"$1"
	if [ "$2" = f2fs ]; then tool f2fs_io pinfile set "$1" >/dev/null; fi
	tool fallocate -l "$3M" "$1"
	sync
	extents_of "$1" >"$STORE_EXTENTS"
	tool chattr +i "$1"
}

# wipe_store_header: through the raw device; the volume is not mounted.
wipe_store_header() {
	read -r stack_start _ <"$STORE_EXTENTS"
	tool dd if=/dev/zero of="$USERDATA" bs=512 seek="$stack_start" count=$((stack_chunk * 2)) oflag=direct conv=notrunc,fsync status=none
}

# stack_cow: bg-cow, the store as a device.
stack_cow() {
	awk -v device="$USERDATA" '{ print at + 0, $2, "linear", device, $1; at += $2 }' "$STORE_EXTENTS" >/run/cow.table
	dm create bg-cow /run/cow.table
}

# stack_undo: bg-undo (snapshot, never mounted) and bg-userdata (origin with the store as error), in the safe order.
stack_undo() {
	stack_sectors=$(sectors_of "$USERDATA")
	stack_cow
	dm create bg-undo --table "0 $stack_sectors snapshot $USERDATA /dev/mapper/bg-cow P $stack_chunk"
	sort -n "$STORE_EXTENTS" | awk -v device="$USERDATA" -v sectors="$stack_sectors" '
		{
			if ($1 > at) print at + 0, $1 - at, "snapshot-origin", device
			print $1, $2, "error"
			at = $1 + $2
		}
		END { if (at < sectors) print at, sectors - at, "snapshot-origin", device }' >/run/origin.table
	dm create bg-userdata /run/origin.table
}

stack_down() { dm remove bg-userdata bg-undo bg-cow; }

# stack_merge: copies the old contents back with snapshot-merge; bounded.
stack_merge() {
	stack_cow
	dm create rollback --table "0 $(sectors_of "$USERDATA") snapshot-merge $USERDATA /dev/mapper/bg-cow P $stack_chunk"
	stack_tries=600
	while :; do
		stack_status=$(dm status rollback)
		case $stack_status in *Invalid* | *failed*) fail "merge: $stack_status" ;; esac
		# "0 SECTORS snapshot-merge ALLOCATED/TOTAL METADATA": done when only metadata is left
		echo "$stack_status" | awk '{ split($4, used, "/"); exit used[1] == $5 ? 0 : 1 }' && break
		stack_tries=$((stack_tries - 1))
		[ "$stack_tries" -gt 0 ] || fail "merge does not end: $stack_status"
		usleep 50000
	done
	dm remove rollback bg-cow
}

# exceptions_of NAME: chunks saved so far (metadata not counted), or the status word (Invalid, Overflow).
exceptions_of() {
	dm status "$1" | awk '{ if ($4 !~ /\//) { print $4; exit } split($4, used, "/"); print (used[1] - $5) / 8 }'
}
