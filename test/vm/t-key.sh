#!/bin/sh
# Metadata with a key: a whole life, then forgeries with right checksums, other keys and none.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/bad.sh
. "$vm_here/lib/bad.sh"

bad_begin
head -c 32 /dev/urandom >"$VM_WORK/x/metadata.key"
head -c 32 /dev/urandom >"$VM_WORK/x/other.key"
head -c 31 /dev/urandom >"$VM_WORK/x/short.key"
head -c 65 /dev/urandom >"$VM_WORK/x/long.key"
bad_config "key = /x/metadata.key"
bad_states
for state in idle armed trial; do meta_from "$state" "$state"; done

# What somebody without the key can make: every checksum is right.
meta_like trial counter && meta_edit counter "0 1 2 3" add 70 2 1
meta_like trial committed && meta_edit committed "0 1 2 3" add 32 8 1 set 64 01 set 66 01
meta_like trial without-tag && meta_edit without-tag "0 1 2 3" set 24 00
meta_like trial rollback && meta_edit rollback "0 1 2 3" set 65 01
meta_like trial one-copy && meta_edit one-copy 2 add 32 8 7 set 64 01
bad_keep before

vm_expect 0 "forged metadata" vm_boot forged --timeout 300 --cmdline bootguard.slot=B - <<'EOT'
. /x/bad.sh
tells_nothing counter 5 "no metadata copy can be trusted & copy 0 not-authentic .another key's tag, or forged & copy 3 not-authentic"
tells_nothing committed 5 "copy 0 not-authentic"
tells_nothing rollback 5 "copy 0 not-authentic"
tells_nothing without-tag 5 "copy 0 not-authentic .it has no tag"
with_key() { sed "s,^key = .*,$1," /x/bootguard.conf >/tmp/key.conf; }
CONFIG=/tmp/key.conf
with_key "key = /x/other.key"
tells_nothing trial 5 "copy 0 not-authentic .another key's tag, or forged"
with_key "# no key"
tells_nothing trial 6 "copy 0 unknown-feature .it has a tag, and the configuration no key"
# Control: what is forged above passes where there is no key.
put_metadata without-tag
does 0 "without a key a block without a tag is believed" "trial" status
for key in missing short long; do
	with_key "key = /x/$key.key"
	put_metadata trial
	quietly boots 78 "$key key: boot hands over the raw volume" fallback "/x/$key.key"
	refused 78 "$key key: status" "/x/$key.key" status
done
CONFIG=/x/bootguard.conf
put_metadata trial
EOT
bad_same "forged metadata, with the metadata put back" before

# One forged copy is one bad copy; what is authentic and old is believed: the documented limit.
vm_expect 0 "one forged copy" vm_boot one --timeout 300 --cmdline bootguard.slot=A - <<'EOT'
. /x/bad.sh
put_metadata one-copy
does 0 "one forged copy: status goes by the others" "trial" status
does 0 "one forged copy: mark-bad" "marked bad" mark-bad
check "four equal copies" copies_equal
put_metadata armed
does 0 "replay: an old block that is authentic is believed" "armed" status
put_metadata trial
refused 7 "format refuses" "copy 0 is a metadata block & --force" format
sed 's,^key = .*,key = /x/other.key,' /x/bootguard.conf >/tmp/key.conf
CONFIG=/tmp/key.conf
refused 7 "format refuses what another key made" "copy 0 is a metadata block .not-authentic & --force" format
does 0 "format --force with another key" "metadata block written" format --force
check "idle" phase_is idle
CONFIG=/x/bootguard.conf
refused 5 "the first key knows it not" "copy 0 not-authentic" status
put_metadata trial
EOT
bad_same "one forged copy, with the metadata put back" before

# And the way back is there, with the key.
bad_rolled_back back
