#!/bin/sh
# Checks what the product promises of its binary.
#
# usage: check-binary.sh [--size-limit BYTES] BINARY [ARGUMENT...]
#
# BINARY is the unstripped program (of the stripped one, checks that need symbols
# look at code and sections alone); with ARGUMENTs (default: --version) it is run
# to measure its memory. Prints a line a check; fails if any check does.
set -eu

size_goal=153600        # 150 KB, stripped: not reached yet, and said so below
size_limit=266240       # 260 KB: what is reached, so that it only gets less
peak_limit_kib=1024

# For a program that is not in the initramfs: what it may have, and no goal.
if [ "${1:-}" = --size-limit ]; then
  size_limit=$2
  size_goal=$2
  shift 2
fi
[ $# -ge 1 ] || { echo "usage: $0 [--size-limit BYTES] BINARY [ARGUMENT...]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
binary=$1
shift
[ $# -gt 0 ] || set -- --version
[ -f "$binary" ] || { echo "$0: no such file: $binary" >&2; exit 2; }
case $binary in */*) ;; *) binary=./$binary ;; esac

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

failed=0
check() { # DESCRIPTION COMMAND...
  description=$1
  shift
  if "$@"; then
    echo "ok - $description"
  else
    echo "not ok - $description"
    failed=1
  fi
}
has() { grep -q -E -- "$1" "$2"; }
# shellcheck disable=SC2317 # called through check
has_not() { ! has "$@"; }
# shellcheck disable=SC2317
starts_with_endbr64() { # SYMBOL
  awk -v name="<$1>:" '$2 == name { found = 1; next }
    found { exit /endbr64/ ? 0 : 1 } END { if (!found) exit 1 }' "$tmp/code"
}

readelf -hW "$binary" >"$tmp/header"
readelf -lW "$binary" >"$tmp/segments"
readelf -SW "$binary" >"$tmp/sections"
readelf -dW "$binary" >"$tmp/dynamic"
readelf -nW "$binary" >"$tmp/notes" 2>/dev/null
readelf -sW "$binary" >"$tmp/symbols"
objdump -d --no-show-raw-insn "$binary" >"$tmp/code"
strip --strip-all --remove-section=.comment -o "$tmp/stripped" "$binary"
strings -a "$tmp/stripped" >"$tmp/strings"

size=$(wc -c <"$tmp/stripped")
check "size: $size bytes stripped, interim limit $size_limit" [ "$size" -le "$size_limit" ]
if [ "$size" -gt "$size_goal" ]; then
  echo "measured - size: $((size - size_goal)) bytes over the goal of $size_goal: the goal is NOT met"
fi

# libdm's own variables; libdevmapper of this machine is what they look like where they are asked for.
check "libdm asks for no environment variable" has_not '^DM_[A-Z_]+$' "$tmp/strings"
library=$(find /usr/lib -name 'libdevmapper.so.*' | head -n 1)
if [ -n "$library" ]; then
  strings -a "$library" >"$tmp/library-strings"
  check "control: a libdm that does is found" has '^DM_[A-Z_]+$' "$tmp/library-strings"
fi

check "static-pie: type is DYN" has 'Type: +DYN' "$tmp/header"
check "static-pie: no program interpreter" has_not '^ +INTERP' "$tmp/segments"
check "static-pie: no shared library needed" has_not '\(NEEDED\)' "$tmp/dynamic"
check "full RELRO: segment present" has '^ +GNU_RELRO' "$tmp/segments"
check "full RELRO: bound at start (BIND_NOW)" has 'BIND_NOW|Flags:.* NOW' "$tmp/dynamic"
check "no text relocations" has_not 'TEXTREL' "$tmp/dynamic"
check "stack is not executable" has '^ +GNU_STACK .* RW +0x' "$tmp/segments"
check "no segment is writable and executable" has_not '^ +LOAD .* RWE ' "$tmp/segments"

# The canary lives at %fs:0x28; every protected function reads it twice or more.
canaries=$(grep -c '%fs:0x28' "$tmp/code" || :)
check "stack protector: $canaries accesses to the canary" [ "$canaries" -ge 4 ]

# What CET needs of our code: a landing pad at each possible target of an
# indirect branch. Whether the kernel turns it on hangs on a property of the
# whole program, which the linker drops when one object lacks it; musl's do.
pads=$(grep -c 'endbr64' "$tmp/code" || :)
property=absent
if has 'x86 feature:.*IBT' "$tmp/notes"; then property=present; fi
check "CET: $pads landing pads (endbr64); program-wide IBT property: $property" [ "$pads" -ge 20 ]
if has ' main$' "$tmp/symbols"; then
  check "CET: main begins with a landing pad" starts_with_endbr64 main
  check "stack protector: __stack_chk_fail is linked in" has ' __stack_chk_fail$' "$tmp/symbols"
  check "no exceptions: nothing that throws or unwinds" \
    has_not ' (__cxa_throw|__cxa_allocate_exception|_Unwind_[A-Za-z]+|__gxx_personality_v0)$' "$tmp/symbols"
  check "no RTTI: no type information" has_not ' (_ZTI|_ZTS|__dynamic_cast)' "$tmp/symbols"
  check "no iostream, locale or regex" has_not ' _ZN?K?St(4cout|4cerr|6locale|8ios_base|7__cxx1111basic_regex)' "$tmp/symbols"
else
  echo "# the binary is stripped: checks by symbol are left out"
fi
check "no exceptions: no tables for handlers" has_not ' \.gcc_except_table' "$tmp/sections"
check "no RTTI: no names of std exception classes" has_not '^(St9exception|St9type_info|N10__cxxabiv1)' "$tmp/strings"

checkout=$(cd "$here/../.." && pwd)
check "no build path inside" has_not "(^|[^A-Za-z])($checkout/|/sysroot/|/home/|/tmp/[A-Za-z])" "$tmp/strings"

musl_gcc=
for candidate in x86_64-linux-musl-gcc "${BOOTGUARD_SYSROOT:-$checkout/build/sysroot}/bin/x86_64-linux-musl-gcc" musl-gcc cc; do
  if command -v "$candidate" >/dev/null; then musl_gcc=$candidate; break; fi
done
"$musl_gcc" -Os -Wall -Wextra -static -o "$tmp/peak" "$here/peak.c"
status=0
"$tmp/peak" "$tmp/peak.kib" "$tmp/stripped" "$@" >"$tmp/output" 2>&1 || status=$?
# 126 and above: it did not run or died of a signal, and nothing was measured.
check "runs ($*): exit status $status" [ "$status" -lt 125 ]
peak=$(cat "$tmp/peak.kib" 2>/dev/null || :)
# 0 would mean that the kernel gave no number.
[ "${peak:-0}" -gt 0 ] || peak=unknown
# shellcheck disable=SC2317
is_small_enough() { [ "$peak" != unknown ] && [ "$peak" -le "$peak_limit_kib" ]; }
check "peak memory ($*): $peak KiB, limit $peak_limit_kib" is_small_enough

exit "$failed"
