# Bad input on the product: what every t-bad-*.sh needs. Sourced after lib/vm.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# shellcheck source=life.sh
. "$vm_here/lib/life.sh"

LIFE_FILES=300
LIFE_STORE=32M
bad_mib=128

# bad_begin: a disk with an ext4 volume of bad_mib, its config, the tools of both sides.
bad_begin() {
	vm_begin
	vm_need_bootguard
	bad_build_tool
	vm_disk disk "$bad_mib"
	bad_config "on-failure = continue"
	bad_write_guest_part
}

# bad_config LINE: the config anew, with this line about on-failure
bad_config() {
	LIFE_GLOBAL=$1
	# shellcheck disable=SC2119 # no more lines
	life_config
}

# metadata-edit, kept by content as the other tools are.
bad_build_tool() {
	bad_sources="$vm_top/test/tools/metadata-edit.cpp $vm_top/src/base/crc32c.cpp"
	# shellcheck disable=SC2086 # names
	bad_key=$(cat $bad_sources "$vm_top/src/base/crc32c.h" "$vm_top/src/format/layout.h" | sha256sum | cut -c 1-16)
	bad_edit=$VM_CACHE/metadata-edit-$bad_key
	[ -x "$bad_edit" ] && return 0
	# shellcheck disable=SC2086
	"${CXX:-g++}" -std=c++20 -O2 -I "$vm_top/src" -o "$VM_WORK/metadata-edit" $bad_sources || vm_fatal "metadata-edit"
	mv "$VM_WORK/metadata-edit" "$bad_edit.$$" && mv "$bad_edit.$$" "$bad_edit"
}

# bad_keep NAME, bad_back NAME: the state of the disk, kept and put back.
bad_keep() { vm_snapshot_image disk "$1"; }
bad_back() { vm_snapshot_image "$1" disk; }

# bad_same WHAT NAME: not one byte of the disk differs from the state kept.
bad_same() { check "$1: not a byte of the disk differs" cmp "$VM_WORK/disk.img" "$VM_WORK/$2.img"; }

# bad_same_metadata NAME: 0 if the metadata partitions are equal.
bad_same_metadata() {
	cmp -s -i "$VM_METADATA_OFFSET" -n "$VM_METADATA_SIZE" "$VM_WORK/disk.img" "$VM_WORK/$1.img"
}

# bad_states: the disk as it is when idle, armed and in a trial that has changed things, kept as such; $VM_WORK/x/extents is the store.
bad_states() {
	life_make ext4
	bad_keep idle
	life_arm arm ext4
	bad_digest=$(vm_console_value arm digest)
	bad_keep armed
	ln -sf armed.img "$VM_WORK/checkpoint.img"
	life_trial trial ext4 7
	bad_keep trial
}

# meta_from STATE NAME: the metadata partition of a kept state as /x/NAME.meta
meta_from() {
	dd if="$VM_WORK/$1.img" of="$VM_WORK/x/$2.meta" bs=1048576 skip="$((VM_METADATA_OFFSET / 1048576))" \
		count="$((VM_METADATA_SIZE / 1048576))" status=none
}
# meta_like NAME OTHER: a copy, to be made bad
meta_like() { cp "$VM_WORK/x/$1.meta" "$VM_WORK/x/$2.meta"; }
# meta_zero NAME COPY..., meta_garbage NAME COPY...
meta_fill() {
	meta_source=$1 meta_name=$2
	shift 2
	for meta_copy in "$@"; do
		dd if="$meta_source" of="$VM_WORK/x/$meta_name.meta" bs=4096 count=1 seek="$((meta_copy * 16))" conv=notrunc status=none
	done
}
meta_zero() { meta_fill /dev/zero "$@"; }
meta_garbage() { meta_fill /dev/urandom "$@"; }
# meta_edit NAME "COPY..." EDIT...: see test/tools/metadata-edit.cpp
meta_edit() {
	meta_name=$1 meta_copies=$2
	shift 2
	for meta_copy in $meta_copies; do
		"$bad_edit" "$VM_WORK/x/$meta_name.meta" "$meta_copy" "$@" || vm_fatal "metadata-edit"
	done
}

# bad_rolled_back NAME: from what is on the disk now, a rollback that is asked for is exact.
bad_rolled_back() {
	LIFE_CMDLINE="bootguard.slot=B rd.bootguard.action=rollback"
	life_rolled_back "$1" ext4 "$bad_digest"
	LIFE_CMDLINE=
}

# What the guest's scripts source: /x/bad.sh
bad_write_guest_part() {
	cat >"$VM_WORK/x/bad.sh" <<'EOT'
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
. /guest/product.sh
BOOTGUARD_WAIT=0
watched=$DISK # must not be written to by what is refused; a mounted volume may be

# written_to DEVICE: sectors since boot. Not writes: a flush without data counts as one, and changes nothing.
disk_stat=$(sysfs_of "$DISK")/stat
metadata_stat=$(sysfs_of "$METADATA")/stat
userdata_stat=$(sysfs_of "$USERDATA")/stat
written_to() {
	case $1 in
	"$DISK") stat_file=$disk_stat ;;
	"$METADATA") stat_file=$metadata_stat ;;
	*) stat_file=$userdata_stat ;;
	esac
	read -r _ _ _ _ _ _ stat_sectors _ <"$stat_file"
	echo "$stat_sectors"
}

# has_all FILE "PATTERN & PATTERN...": extended regular expressions, line ends count as spaces; $has_missing is the first that is not there
has_all() {
	has_missing=$(HAS_PATTERNS=$2 awk '
		{ text = text " " tolower($0) }
		END {
			gsub(/ +/, " ", text)
			count = split(ENVIRON["HAS_PATTERNS"], patterns, " & ")
			for (i = 1; i <= count; ++i) if (text !~ tolower(patterns[i])) { print patterns[i]; exit 1 }
		}' "$1")
}

# end_check WHAT: ok if nothing is in $wrong
end_check() {
	if [ -z "$wrong" ]; then
		ok "$1"
	else
		sed 's/^/    /' /tmp/said
		not_ok "$1:$wrong"
	fi
}

# answers STATUS WHAT PATTERNS COMMAND...: ends with STATUS and says every one of PATTERNS
answers() {
	wanted=$1 what=$2 patterns=$3
	shift 3
	wrong='' found=0
	"$@" >/tmp/said 2>&1 || found=$?
	[ "$found" -eq "$wanted" ] || wrong="$wrong status $found instead of $wanted;"
	has_all /tmp/said "$patterns" || wrong="$wrong does not say '$has_missing';"
	end_check "$what"
}
# does STATUS WHAT PATTERNS VERB [OPTION...]
does() {
	does_wanted=$1 does_what=$2 does_patterns=$3
	shift 3
	answers "$does_wanted" "$does_what" "$does_patterns" bg "$@"
}

# refused STATUS WHAT PATTERNS VERB [OPTION...]: as `does`; and it says what to do, and has written nothing
refused() {
	wanted=$1 what=$2 patterns=$3
	shift 3
	wrong='' found=0 writes_before=$(written_to "$watched")
	bg "$@" >/tmp/said 2>&1 || found=$?
	[ "$found" -eq "$wanted" ] || wrong="$wrong status $found instead of $wanted;"
	has_all /tmp/said "$patterns" || wrong="$wrong does not say '$has_missing';"
	grep -q -E '^  -> |^next' /tmp/said || wrong="$wrong does not say what to do;"
	[ "$writes_before" = "$(written_to "$watched")" ] || wrong="$wrong wrote to $watched;"
	end_check "$what"
}

# boots STATUS WHAT DEVICE PATTERNS: the hook file's boot: exit code, what it says, what is then mounted (read-only) from where.
# DEVICE: a path; `nothing`: must not be mounted; `fallback`: none is named. With $quiet=1 it may write nothing.
boots() {
	wanted=$1 what=$2 device=$3 patterns=$4
	wrong='' found=0 writes_before=$(written_to "$DISK")
	boot_device /dev/fallback >/tmp/said 2>&1 || found=$?
	[ "${quiet:-0}" = 0 ] || [ "$writes_before" = "$(written_to "$DISK")" ] || wrong="$wrong it wrote to the disk;"
	[ "$bootguard__status" -eq "$wanted" ] || wrong="$wrong status $bootguard__status instead of $wanted;"
	has_all /tmp/said "$patterns" || wrong="$wrong does not say '$has_missing';"
	case $device in
	nothing)
		[ "$found.$BOOTGUARD_DEVICE" = 1. ] || wrong="$wrong '$BOOTGUARD_DEVICE' would be mounted;"
		;;
	*)
		[ "$found.$BOOTGUARD_DEVICE" = "0.$device" ] || [ "$found.$BOOTGUARD_DEVICE.$device" = 0./dev/fallback.fallback ] ||
			wrong="$wrong '$BOOTGUARD_DEVICE' instead of '$device' would be mounted;"
		[ "$BOOTGUARD_DEVICE" != /dev/fallback ] || BOOTGUARD_DEVICE=$USERDATA
		if mount_volume "${kind:-ext4}" "$BOOTGUARD_DEVICE" "$VOLUME" ro,noload; then
			mounted_from "$BOOTGUARD_DEVICE" || wrong="$wrong /proc/mounts names another device;"
			unmount_volume
		else
			wrong="$wrong $BOOTGUARD_DEVICE cannot be mounted;"
		fi
		;;
	esac
	[ "${quiet:-0}" = 0 ] || [ "$writes_before" = "$(written_to "$DISK")" ] || wrong="$wrong the disk was written to;"
	end_check "$what"
}
# quietly boots ...: nothing is written
quietly() {
	quiet=1
	"$@"
	quiet=0
}

# stack_gone: removes the mappings of the product, by hand
stack_gone() {
	for try in 1 2 3 4; do
		for mapping in $(dm ls 2>/dev/null | awk '/^bootguard-/ { print $1 }'); do dm remove "$mapping" >/dev/null 2>&1 || :; done
	done
	[ "$(mappings)" -eq 0 ] || fail "mappings that cannot be removed: $(dm ls)"
}

# put_metadata NAME, metadata_is NAME: /x/NAME.meta, to the metadata partition and compared with it
put_metadata() { tool dd if="/x/$1.meta" of="$METADATA" bs=64k oflag=direct conv=fsync status=none; }
read_metadata() { tool dd if="$METADATA" of=/tmp/now.meta bs=64k iflag=direct status=none; }
metadata_is() {
	read_metadata
	cmp -s /tmp/now.meta "/x/$1.meta"
}
# tells_nothing META STATUS PATTERNS: with /x/META.meta no verb does anything, and boot hands over the raw volume
tells_nothing() {
	put_metadata "$1"
	quietly boots 11 "$1: boot hands over the raw volume" "$USERDATA" "ubda1 & $3 & nothing was touched & mount $USERDATA, NOT protected"
	for verb in arm disarm mark-good mark-bad status log; do
		refused "$2" "$1: $verb" "/dev/ubda1 & $3" "$verb"
	done
	check "$1: the metadata is as it was" metadata_is "$1"
	check "$1: no mapping" test "$(mappings)" -eq 0
}
# copies_equal: all four copies have the same bytes
copies_equal() {
	read_metadata
	for copy in 0 1 2 3; do tool dd if=/tmp/now.meta of="/tmp/copy.$copy" bs=4096 skip=$((copy * 16)) count=1 status=none; done
	cmp -s /tmp/copy.0 /tmp/copy.1 && cmp -s /tmp/copy.0 /tmp/copy.2 && cmp -s /tmp/copy.0 /tmp/copy.3
}
# log_says PATTERN: the newest events
log_says() { bg log | tail -n "${2:-3}" | grep -q -i -E -e "$1"; }
status_says() {
	bg status >/tmp/page 2>&1 || :
	has_all /tmp/page "$1"
}
EOT
}
