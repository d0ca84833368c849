#!/bin/sh
# Two builds of the same tree in different places, at different times and with
# different numbers of jobs, must give the same bytes. A third build, with a
# dependence on its place put in on purpose, shows that this check would notice.
#
# usage: check-reproducible.sh
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/lib/build.sh
. "$root/test/lib/build.sh"
use_toolchain

mkdir -p "$root/build"
tmp=$(mktemp -d "$root/build/reproducible.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

copy_tree() { # DIRECTORY
  mkdir -p "$1"
  (cd "$root" && tar -cf - --exclude=./build --exclude='./build-*' --exclude=./.git \
    --exclude='./subprojects/LVM2.*' .) | tar -C "$1" -xf -
}

# DIRECTORY BUILD-DIRECTORY: prints the hash
hash_of_build() {
  build_product_in "$1" "$2" >&2
  strip_product "$2/bootguard" "$2/stripped"
  sha256sum <"$2/stripped" | cut -d' ' -f1
}

failed=0
result() { # OK DESCRIPTION
  if "$1"; then echo "ok - $2"; else echo "not ok - $2"; failed=1; fi
}
equal() { if [ "$1" = "$2" ]; then echo true; else echo false; fi; }
differ() { if [ "$1" != "$2" ]; then echo true; else echo false; fi; }

first=$tmp/a
second=$tmp/another/and/deeper/place
seeded=$tmp/seeded
copy_tree "$first"
copy_tree "$second"
copy_tree "$seeded"

hash_first=$(TZ=UTC LC_ALL=C hash_of_build "$first" "$first/build")
# Out of the source tree, in another time zone, umask, and one job at a time.
hash_second=$(umask 077 && TZ=Pacific/Kiritimati NINJA_JOBS=1 \
  hash_of_build "$second" "$tmp/build-of-second")
result "$(equal "$hash_first" "$hash_second")" \
  "two builds in different folders are the same bytes ($hash_first, $hash_second)"

cat >>"$seeded/src/cli/main.cpp" <<EOF
[[gnu::constructor]] static void seeded_dependence_on_the_place() {
  asm volatile("" : : "r"("$seeded"));
}
EOF
hash_seeded=$(hash_of_build "$seeded" "$seeded/build")
result "$(differ "$hash_first" "$hash_seeded")" \
  "a seeded dependence on the folder is noticed ($hash_seeded)"

exit "$failed"
