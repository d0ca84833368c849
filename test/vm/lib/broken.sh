# Disks that fail under the product: what t-broken-disk.sh needs. Sourced after lib/bad.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# broken_begin: from here on the product is told to use /dev/mapper/broken-meta and /dev/mapper/broken-vol, which the guest lays
# over the partitions.
broken_begin() {
	LIFE_DEVICE=/dev/mapper/broken-vol
	# shellcheck disable=SC2119 # no more lines
	life_config
	sed -i 's,^metadata = .*,metadata = /dev/mapper/broken-meta,' "$VM_WORK/x/bootguard.conf"
	broken_write_guest_part
}
# broken_end: the partitions themselves again.
broken_end() {
	LIFE_DEVICE=
	# shellcheck disable=SC2119
	life_config
}

broken_write_guest_part() {
	cat >"$VM_WORK/x/broken.sh" <<'EOT'
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
. /x/bad.sh
need_modules dm-flakey dm-dust
# What the product sees; METADATA and the counters of bad.sh stay those of the partitions below.
USERDATA=/dev/mapper/broken-vol
COPY=8 # sectors of a copy of the metadata block, and of a chunk
ALL_METADATA="0 4096"

# copy_at N: where copy N lies, as a piece
copy_at() { echo "$(($1 * 128)) $COPY"; }

# lay NAME PARTITION [PIECE...]: /dev/mapper/broken-NAME over PARTITION, linear but for the pieces, in order:
# "START COUNT error": reads and writes fail; "START COUNT flakey FEATURES": as dm-flakey while it is down; "START COUNT dust":
# bad sectors can be added; "START COUNT linear ELSEWHERE": misdirected.
lay() {
	lay_name=broken-$1 lay_raw=$2 lay_at=0
	lay_end=$(cat "$(sysfs_of "$2")/size")
	shift 2
	: >/tmp/table
	for lay_piece in "$@"; do
		lay_start=${lay_piece%% *} lay_rest=${lay_piece#* }
		lay_count=${lay_rest%% *} lay_target=${lay_rest#* }
		[ "$lay_start" -eq "$lay_at" ] || echo "$lay_at $((lay_start - lay_at)) linear $lay_raw $lay_at" >>/tmp/table
		case $lay_target in
		error) echo "$lay_start $lay_count error" ;;
		flakey*) echo "$lay_start $lay_count flakey $lay_raw $lay_start 0 3600 ${lay_target#flakey }" ;;
		linear*) echo "$lay_start $lay_count linear $lay_raw ${lay_target#linear }" ;;
		dust) echo "$lay_start $lay_count dust $lay_raw $lay_start 4096" ;;
		*) fail "lay: $lay_target" ;;
		esac >>/tmp/table
		lay_at=$((lay_start + lay_count))
	done
	[ "$lay_at" -eq "$lay_end" ] || echo "$lay_at $((lay_end - lay_at)) linear $lay_raw $lay_at" >>/tmp/table
	if dm info "$lay_name" >/dev/null 2>&1; then
		dm reload "$lay_name" /tmp/table && dm suspend --noflush --nolockfs "$lay_name" && dm resume "$lay_name"
	else
		dm create "$lay_name" /tmp/table
	fi || fail "lay $lay_name: $(cat /tmp/table)"
}
# meta [PIECE...], volume [PIECE...]: as they are from now on; without pieces: sound
meta() { lay meta /dev/ubda1 "$@"; }
volume() { lay vol /dev/ubda2 "$@"; }

# Where the store's parts are: header, first area, exceptions "old new" sorted by old, all of the first extent.
look_at_store() {
	read -r store_start store_count </x/extents
	header=$(((store_start + 8 + 7) / 8 * 8))
	area=$((header + 8))
	# an area of 256 exceptions before each 256 chunks of data
	for look_area in 0 1 2 3 4 5 6 7 8 9 10 11; do
		tool dd if=/dev/ubda2 bs=512 skip="$((area + look_area * 257 * 8))" count=8 iflag=direct status=none
	done | tool od -A n -v -t u8 -w16 | awk '$2 == 0 { exit } { print $1, $2 }' | sort -n >/tmp/exceptions
	[ "$(wc -l </tmp/exceptions)" -gt 60 ] || fail "too few exceptions to be of use"
	# one in the middle of what a rollback copies back: as "old new"
	set -- "$(sed -n "$(($(wc -l </tmp/exceptions) / 2))p" /tmp/exceptions)"
	middle_old=$((${1% *} * 8)) middle_new=$((header + ${1#* } * 8))
}

# untouched_file: a file of the tree whose first block has not been copied out yet
untouched_file() {
	find "$VOLUME/tree" -type f -size +7 | head -n 60 | while read -r untouched_name; do
		untouched_at=$(extents_of "$untouched_name" | { read -r start _ && echo "$start"; })
		grep -q "^$((untouched_at / 8)) " /tmp/exceptions || {
			echo "$untouched_name"
			break
		}
	done
}

# copy_is N NAME: copy N on the partition is the one in /x/NAME.meta
copy_is() {
	read_metadata
	tool dd if=/tmp/now.meta of=/tmp/a bs=4096 skip="$(($1 * 16))" count=1 status=none
	tool dd if="/x/$2.meta" of=/tmp/b bs=4096 skip="$(($1 * 16))" count=1 status=none
	cmp -s /tmp/a /tmp/b
}

# fails COMMAND...: a check that has to find something wrong
fails() {
	# shellcheck disable=SC2317,SC2329 # called by the check
	(
		ok() { exit 0; }
		not_ok() { exit 1; }
		"$@"
	) >/tmp/control.out 2>&1
}
meta
volume
EOT
}
