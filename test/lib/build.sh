#!/bin/sh
# Builds the product and the native tests below build/ of the checkout.
#
# To run:     test/lib/build.sh [product|hooks|native|model|coverage|mutation|fuzz|all]
# To source:  root=CHECKOUT; . "$root/test/lib/build.sh"
#
#   build/sysroot         the musl toolchain
#   build/musl/bootguard  the product with symbols
#   build/bootguard       the product, stripped
#   build/installed       all that gets installed, below this folder
#   build/bootguard-doctor the program behind 'bootguard doctor', stripped
#   build/bootguard-hooks the product with guards that tests can switch off
#   build/native/         the tests, with ASan and UBSan
#   build/model/          the tests, optimised
#   build/coverage/       the tests, counting what they go through (clang)
#   build/mutation/       the tests, of sources in which every condition can be forced (clang); not part of 'all'
#   build/fuzz/           the fuzz targets, by clang; not part of 'all'
set -eu

case ${0##*/} in
  build.sh) root=$(cd "$(dirname "$0")/../.." && pwd) ;;
esac
: "${root:?the checkout, to be set before sourcing build.sh}"
sysroot=${BOOTGUARD_SYSROOT:-$root/build/sysroot}

# On a musl distribution the system's own compiler and libdevmapper do.
is_native_musl() {
  case $(c++ -dumpmachine 2>/dev/null) in *-musl*) true ;; *) false ;; esac
}

# Builds and sets PATH for the shell that calls it.
use_toolchain() {
  is_native_musl && return
  "$root/cross/build-sysroot.sh" "$sysroot"
  "$root/cross/fetch-libdm.sh"
  case :$PATH: in
    *":$sysroot/bin:"*) ;;
    *) PATH=$sysroot/bin:$PATH; export PATH ;;
  esac
}

# Other options than those of the last setup (a test build left behind) must not
# survive: every setup passes all of them, also to an existing build directory.
configure_build() { # BUILD-DIRECTORY SOURCE-DIRECTORY OPTION...
  build_dir=$1 source_dir=$2
  shift 2
  [ ! -f "$build_dir/build.ninja" ] || set -- --reconfigure "$@"
  meson setup "$build_dir" "$source_dir" --wrap-mode=nodownload -Dprefix=/usr "$@" >"$build_dir.log" 2>&1 || {
    tail -n 30 "$build_dir.log" >&2
    return 1
  }
}

run_ninja() { # BUILD-DIRECTORY [TARGET...]
  ninja_dir=$1
  shift
  ninja ${NINJA_JOBS:+-j"$NINJA_JOBS"} -C "$ninja_dir" "$@" >"$ninja_dir.log" 2>&1 || {
    cat "$ninja_dir.log" >&2
    return 1
  }
}

# The product of any source directory into any build directory; more arguments
# are options for meson.
build_product_in() { # SOURCE-DIRECTORY BUILD-DIRECTORY [OPTION...]
  product_source=$1 product_dir=$2
  shift 2
  is_native_musl ||
    set -- --cross-file "$product_source/cross/x86_64-linux-musl.ini" "$@"
  configure_build "$product_dir" "$product_source" -Dstatic=true -Dtests=disabled "$@" &&
    run_ninja "$product_dir"
}

strip_product() { # BINARY OUTPUT
  # The compiler's name in .comment is no use to anyone at boot.
  strip --strip-all --remove-section=.comment -o "$2.new.$$" "$1" && mv "$2.new.$$" "$2"
}

build_product() {
  mkdir -p "$root/build"
  use_toolchain
  (
    flock 8
    build_product_in "$root" "$root/build/musl" -Dtest_hooks=false
    strip_product "$root/build/musl/bootguard" "$root/build/bootguard"
    strip_product "$root/build/musl/bootguard-doctor" "$root/build/bootguard-doctor"
    # As a package has it, for the tests that make initramfs images.
    rm -rf "$root/build/installed"
    DESTDIR=$root/build/installed meson install -C "$root/build/musl" --no-rebuild --quiet
    cp "$root/build/bootguard" "$root/build/installed/usr/sbin/bootguard"
    cp "$root/build/bootguard-doctor" "$root/build/installed/usr/libexec/bootguard/bootguard-doctor"
  ) 8>"$root/build/musl.lock"
  printf '%s product: %s bytes in %s\n' "$(date +%T)" \
    "$(wc -c <"$root/build/bootguard")" "$root/build/bootguard"
}

# The product with guards that can be switched off one by one: what shows that the
# tests of the hazards fail without them. Never installed.
build_hooks() {
  mkdir -p "$root/build"
  use_toolchain
  (
    flock 8
    build_product_in "$root" "$root/build/musl-hooks" -Dtest_hooks=true
    strip_product "$root/build/musl-hooks/bootguard" "$root/build/bootguard-hooks"
  ) 8>"$root/build/musl-hooks.lock"
  printf '%s product with test hooks: %s\n' "$(date +%T)" "$root/build/bootguard-hooks"
}

# Without sanitizers, optimised: the model, which counts by the million, and the
# contracts, which run on a small virtual machine.
build_model() {
  mkdir -p "$root/build"
  (
    flock 8
    configure_build "$root/build/model" "$root" -Dstatic=false -Dtests=enabled \
      -Dtest_hooks=true -Dbuildtype=debugoptimized
    run_ninja "$root/build/model" test/model_tests test/contract_tests
  ) 8>"$root/build/model.lock"
  printf '%s model tests: %s\n' "$(date +%T)" "$root/build/model/test"
}

# The fuzz targets, by clang for libFuzzer. With AFL++'s compiler: FUZZ_CC, FUZZ_CXX, FUZZ_BUILD (another directory).
build_fuzz() {
  mkdir -p "$root/build"
  (
    flock 8
    CC=${FUZZ_CC:-clang-14} CXX=${FUZZ_CXX:-clang++-14}
    export CC CXX
    fuzz_build=${FUZZ_BUILD:-$root/build/fuzz}
    configure_build "$fuzz_build" "$root" -Dstatic=false -Dtests=disabled -Dfuzz=true \
      -Dtest_hooks=true -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
    run_ninja "$fuzz_build" fuzz
  ) 8>"$root/build/fuzz.lock"
  printf '%s fuzz targets: %s\n' "$(date +%T)" "${FUZZ_BUILD:-$root/build/fuzz}/test/fuzz"
}

build_native() {
  mkdir -p "$root/build"
  (
    flock 8
    configure_build "$root/build/native" "$root" -Dstatic=false -Dtests=enabled \
      -Dtest_hooks=true -Dbuildtype=debug -Doptimization=1 -Db_sanitize=address,undefined
    run_ninja "$root/build/native"
  ) 8>"$root/build/native.lock"
  printf '%s native tests: %s\n' "$(date +%T)" "$root/build/native/test"
}

# With clang: it counts conditions of the source. gcc counts jumps of the machine, of
# which most belong to exceptions, and those that are thrown are not ours to test.
# Without test hooks, so that what is counted is the product.
build_coverage() {
  mkdir -p "$root/build"
  (
    flock 8
    CC=clang-14 CXX=clang++-14
    export CC CXX
    configure_build "$root/build/coverage" "$root" -Dstatic=false -Dtests=enabled \
      -Dtest_hooks=false -Dbuildtype=debug -Doptimization=1 \
      -Dcpp_args='-fprofile-instr-generate -fcoverage-mapping' \
      -Dcpp_link_args=-fprofile-instr-generate
    run_ninja "$root/build/coverage" test/unit_tests test/model_tests
  ) 8>"$root/build/coverage.lock"
  printf '%s coverage tests: %s\n' "$(date +%T)" "$root/build/coverage/test"
}

# Of a copy of the sources: mutate.py asks clang's coverage where the conditions are. Without test hooks, as above.
build_mutation() {
  mkdir -p "$root/build/mutation/conditions"
  (
    flock 8
    cd "$root"
    for mutated in src/core/*.cpp src/format/*.cpp src/app/*.cpp; do
      object=build/mutation/conditions/$(printf '%s' "$mutated" | tr / _).o
      if [ ! -f "$object" ] || [ -n "$(find src \( -name '*.h' -o -path "$mutated" \) -newer "$object")" ]; then
        clang++-14 -std=c++20 -w -Isrc -fprofile-instr-generate -fcoverage-mapping -c "$mutated" -o "$object"
      fi
      set -- "$@" -object "$object"
    done
    shift
    : >build/mutation/nothing.proftext
    llvm-profdata-14 merge -o build/mutation/nothing.profdata build/mutation/nothing.proftext
    llvm-cov-14 export "$@" -instr-profile build/mutation/nothing.profdata -format=text >build/mutation/conditions.json
    python3 test/mutation/mutate.py build/mutation/source build/mutation/conditions.json
    CC=clang-14 CXX=clang++-14
    export CC CXX
    configure_build "$root/build/mutation/build" "$root/build/mutation/source" -Dstatic=false -Dtests=enabled \
      -Dtest_hooks=false -Dbuildtype=plain -Doptimization=1 -Dwerror=false -Dcpp_args=-w
    run_ninja "$root/build/mutation/build" test/unit_tests test/model_tests
  ) 8>"$root/build/mutation.lock"
  printf '%s mutation tests: %s\n' "$(date +%T)" "$root/build/mutation/build/test"
}

case ${0##*/} in
  build.sh)
    case ${1:-all} in
      product) build_product ;;
      hooks) build_hooks ;;
      native) build_native ;;
      model) build_model ;;
      coverage) build_coverage ;;
      mutation) build_mutation ;;
      fuzz) build_fuzz ;;
      all) build_product && build_hooks && build_native && build_model && build_coverage ;;
      *) echo "usage: $0 [product|hooks|native|model|coverage|mutation|fuzz|all]" >&2; exit 2 ;;
    esac
    ;;
esac
