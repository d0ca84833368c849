#!/bin/sh
# The contracts of src/ports on the real kernel (test/contract/README.md): what the fakes are trusted for holds there too.
# The test program is a native one without sanitizers: $CONTRACT_TESTS, or build/model/test/contract_tests.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"

vm_begin
contract_tests=${CONTRACT_TESTS:-$vm_top/build/model/test/contract_tests}
if [ ! -x "$contract_tests" ]; then
	skip "contracts on the real kernel: $contract_tests has not been built"
	exit 0
fi
vm_disk disk 400
vm_plain scratch 32
cp "$contract_tests" "$VM_WORK/x/contract_tests"

# contract FILTER...: runs those cases; one that says SKIPPED did not run, which is a failure here.
cat >"$VM_WORK/x/contract" <<'EOF'
contract() {
	contract_status=0
	/x/contract_tests --use-colour no "$@" >/tmp/contract.out 2>&1 || contract_status=$?
	if grep '^SKIPPED\|^No test cases\|^No tests ran' /tmp/contract.out; then contract_status=1; fi
	if [ "$contract_status" -ne 0 ]; then cat /tmp/contract.out; fi
	tail -n 2 /tmp/contract.out
	return "$contract_status"
}
EOF

vm_expect 0 "block device and device mapper" vm_boot device-mapper --timeout 120 - <<'EOF'
. /x/contract
export BOOTGUARD_CONTRACT_DISK=/dev/ubdb
mkdir -p /dev/shm /var/tmp
mount -t tmpfs tmpfs /dev/shm
contract '*(libdevmapper)*'
contract '*(scratch disk)*'
contract '*(image file*'
contract 'linux block device*'
contract 'libdevmapper*'
BOOTGUARD_CONTRACT_KMSG=1 contract 'kmsg*,system*'
check_equal "no mapping is left" control "$(ls /dev/mapper)"
EOF
check "... and the kernel did not complain" vm_kernel_calm device-mapper

for kind in ext4 xfs f2fs; do
	vm_expect 0 "file map on $kind" vm_boot "files-$kind" --timeout 120 - "$kind" <<'EOF'
. /x/contract
mkfs_for "$1" "$USERDATA"
mount_volume "$1"
export BOOTGUARD_CONTRACT_MOUNT=$VOLUME
contract '*(mounted file system)*'
check_equal "$1: no file is left" "" "$(find "$VOLUME" -name '*contract*')"
unmount_volume
check "$1: the file system is whole" fsck_for "$1" "$USERDATA"
EOF
	check "... and the kernel did not complain" vm_kernel_calm "files-$kind"
done

vm_expect 0 "names of devices" vm_boot names --timeout 120 - <<'EOF'
. /x/contract
export BOOTGUARD_CONTRACT_NAMES=/tmp/names
uuid=12345678-9abc-4def-8123-456789abcdef
# names SITUATION: reads lines of "NAME RESULT"
names() {
	cat >/tmp/names
	check "names: $1" contract 'device finder*'
}
tool mkfs.ext4 -q -F -U "$uuid" -L data "$USERDATA"
names "a partition by all it has" <<END
/dev/ubda2 /dev/ubda2
PARTLABEL=userdata /dev/ubda2
PARTLABEL=bootguard /dev/ubda1
PARTLABEL=user missing
PARTUUID=b0070000-0000-4000-8000-000000000002 /dev/ubda2
PARTUUID=B0070000-0000-4000-8000-000000000001 /dev/ubda1
UUID=$uuid /dev/ubda2
UUID=12345678-9ABC-4DEF-8123-456789ABCDEF /dev/ubda2
LABEL=data /dev/ubda2
LABEL=userdata missing
/dev/null missing
/dev/ubda9 missing
END
rm /dev/ubda /dev/ubda2
names "without nodes" <<END
/dev/ubda2 /dev/ubda2
PARTLABEL=userdata /dev/ubda2
UUID=$uuid /dev/ubda2
LABEL=data /dev/ubda2
END
left=$(find /dev /run /tmp -name '*bootguard*')
check_equal "names: of nodes of bootguard's own only the lock's is left" /dev/bootguard-lock-98-2 "$left"
mknod /dev/ubda b 98 0
mknod /dev/ubda2 b 98 2

all="0 $(sectors_of /dev/ubda2) linear 98:2 0"
echo "$all" | dm create bootguard-x
names "under a mapping of bootguard" <<END
/dev/ubda2 /dev/ubda2
/dev/mapper/bootguard-x unsupported
UUID=$uuid /dev/ubda2
LABEL=data /dev/ubda2
PARTLABEL=userdata /dev/ubda2
END
dm remove bootguard-x
echo "$all" | dm create foreign
names "under another's mapping" <<END
/dev/ubda2 unsupported
/dev/mapper/foreign /dev/mapper/foreign
UUID=$uuid /dev/mapper/foreign
LABEL=data /dev/mapper/foreign
PARTLABEL=userdata missing
PARTLABEL=bootguard /dev/ubda1
END
dm suspend foreign
names "under a suspended mapping, which must not be read" <<END
UUID=$uuid missing
/dev/mapper/foreign unsupported
END
dm resume foreign
dm remove foreign

dd if=/dev/ubda2 of=/dev/ubdb bs=1M count=1 2>/dev/null
names "with a copy of it on another disk" <<END
UUID=$uuid ambiguous
LABEL=data ambiguous
PARTLABEL=userdata /dev/ubda2
END
dd if=/dev/zero of=/dev/ubdb bs=1M count=1 2>/dev/null

dd if=/dev/zero of=/dev/ubda bs=512 seek=1 count=1 conv=notrunc 2>/dev/null
names "with a damaged primary partition table" <<END
PARTLABEL=userdata /dev/ubda2
PARTUUID=b0070000-0000-4000-8000-000000000002 /dev/ubda2
END

printf 'label: dos\nlabel-id: 0x1234abcd\nstart=2048, size=16384\nstart=20480, size=16384\n' | tool sfdisk -q /dev/ubdb
names "on a disk with an MBR" <<END
PARTUUID=1234abcd-02 /dev/ubdb2
PARTUUID=1234ABCD-01 /dev/ubdb1
PARTUUID=1234abcd-03 missing
END
for kind in xfs f2fs; do
	mkfs_for "$kind" "$USERDATA"
	found=$(tool blkid -p -o value -s UUID "$USERDATA")
	names "$kind" <<END
UUID=$found /dev/ubda2
UUID=$uuid missing
END
done
EOF
check "... and the kernel did not complain" vm_kernel_calm names

vm_expect 0 "a kernel without the device mapper" vm_boot no-driver --without dm-mod,dm-snapshot,dm-bufio,dm-switch - <<'EOF'
. /x/contract
check "the driver is not there" [ ! -d /sys/module/dm_mod ]
check "... and bootguard says so" contract 'libdevmapper: a kernel without the driver*'
EOF
