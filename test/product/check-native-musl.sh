#!/bin/sh
# Builds as on a distribution whose own C library is musl (Alpine): no cross file, no wrap; the compiler comes from CC and
# CXX, libdevmapper.a from pkg-config.
#
# What it shows: meson.build finds a static libdevmapper that is installed, takes nothing else where there is none, links
# a libdm without the wrap's cuts and without LTO objects, and what comes out is the static program that runs.
# What it does not show: that Alpine's compiler, libstdc++ and libdevmapper.a do the same. They are emulated here: the
# toolchain is the sysroot's, and libdm is the wrap's source in a prefix, with the file that lvm2 installs for pkg-config.
#
# usage: check-native-musl.sh
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/lib/build.sh
. "$root/test/lib/build.sh"
use_toolchain

mkdir -p "$root/build"
tmp=$(mktemp -d "$root/build/native-musl.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
prefix=$tmp/usr

failed=0
check() { # DESCRIPTION COMMAND...
  description=$1
  shift
  if "$@"; then echo "ok - native musl: $description"; else echo "not ok - native musl: $description"; failed=1; fi
}
# shellcheck disable=SC2317 # called through check
has() { grep -q -E -- "$1" "$2"; }
# shellcheck disable=SC2317
has_not() { ! has "$@"; }

if is_native_musl; then
  CC=cc CXX=c++
else
  CC=x86_64-linux-musl-gcc CXX=x86_64-linux-musl-g++
fi
export CC CXX

# libdm as others build it: without the cuts of small.h and without LTO, in an archive that is not thin.
install_libdm() {
  meson subprojects download --sourcedir "$root" lvm2 >"$tmp/log" 2>&1 || return 1
  mkdir -p "$tmp/libdm" "$prefix/lib/pkgconfig" "$prefix/include"
  cp -R "$root"/subprojects/LVM2.*/. "$tmp/libdm" || return 1
  sed "s/'-include', 'small.h', //" "$root/subprojects/packagefiles/lvm2/meson.build" >"$tmp/libdm/meson.build"
  meson setup "$tmp/libdm-build" "$tmp/libdm" -Dbuildtype=minsize >"$tmp/log" 2>&1 || return 1
  ninja ${NINJA_JOBS:+-j"$NINJA_JOBS"} -C "$tmp/libdm-build" >"$tmp/log" 2>&1 || return 1
  find "$tmp/libdm-build" -name '*.o' -exec ar rcs "$prefix/lib/libdevmapper.a" {} + || return 1
  cp "$tmp/libdm/libdm/libdevmapper.h" "$prefix/include/"
  cat >"$prefix/lib/pkgconfig/devmapper.pc" <<END
prefix=$prefix
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: devmapper
Description: device-mapper library
Version: 1.02.185
Cflags: -I\${includedir}
Libs: -L\${libdir} -ldevmapper
Libs.private: -lm -lpthread
END
}

# DIRECTORY PKG-CONFIG-PATH: what README.md says for such a distribution, and that no wrap may help
setup() {
  PKG_CONFIG_LIBDIR=$2 meson setup "$1" "$root" --wrap-mode=nofallback -Dstatic=true >"$tmp/log" 2>&1
}

if ! install_libdm; then
  tail -n 30 "$tmp/log"
  echo "not ok - native musl: libdm in a prefix of its own"
  exit 1
fi
status=0
setup "$tmp/none" "$tmp" || status=$?
check "control: without devmapper.pc there is no build" [ "$status" -ne 0 ]
check "control: ... for want of it, and of nothing else" has "ERROR: Dependency 'devmapper' is required but not found" "$tmp/log"
if ! setup "$tmp/build" "$prefix/lib/pkgconfig" || ! run_ninja "$tmp/build"; then
  tail -n 30 "$tmp/log"
  echo "not ok - native musl: built without a cross file"
  exit 1
fi
check "built without a cross file, libdevmapper 1.02.185 by pkg-config" \
  has 'dependency devmapper found: YES 1.02.185' "$tmp/log"

binary=$tmp/build/bootguard
readelf -hldW "$binary" >"$tmp/elf"
check "static-pie: type is DYN" has 'Type: +DYN' "$tmp/elf"
check "static-pie: no program interpreter, no shared library" has_not '^ +INTERP|\(NEEDED\)' "$tmp/elf"
check "full RELRO" has 'BIND_NOW|Flags:.* NOW' "$tmp/elf"
check "--version" test "$("$binary" --version)" = "$("$root/build/musl/bootguard" --version)"
check "--help" test "$("$binary" --help)" = "$("$root/build/musl/bootguard" --help)"
status=0
"$binary" status --config /nonexistent >"$tmp/said" 2>&1 || status=$?
check "a verb runs to its documented end (status $status)" [ "$status" -eq 78 ]
strip_product "$binary" "$tmp/stripped"
echo "measured - native musl: $(wc -c <"$tmp/stripped") bytes stripped, with a libdm that is not cut"
exit "$failed"
