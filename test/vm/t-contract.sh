#!/bin/sh
# The contracts of src/ports (test/contract/README.md) on the real kernel: what the fakes are trusted for holds there too.
# The test program is the native one: CONTRACT_TESTS, or build/model/test/contract_tests, without sanitizers.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"

program=${CONTRACT_TESTS:-$vm_top/build/model/test/contract_tests}
vm_begin
if [ ! -x "$program" ]; then
	skip "contracts on the real kernel: $program has not been built"
	exit 0
fi
vm_disk disk 400   # ubda1, ubda2: volume for the file map, names for the device finder
vm_plain scratch 32  # ubdb: overwritten
cp "$program" "$VM_WORK/x/contract_tests"

# contract NAME ENVIRONMENT FILTER: runs those test cases; a case that was skipped is one that did not run.
cat >"$VM_WORK/x/contract" <<'EOF'
contract_status=0
/x/contract_tests --use-colour no "$@" >/tmp/contract 2>&1 || contract_status=$?
if [ "$contract_status" -ne 0 ] || grep -q '^SKIPPED' /tmp/contract; then
	cat /tmp/contract
	exit 1
fi
tail -n 2 /tmp/contract
EOF_INNER
