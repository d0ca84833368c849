#!/bin/sh
# Builds a private musl toolchain: Debian's g++-12 and musl plus a static
# libstdc++ compiled against musl, which Debian does not ship.
#
# usage: build-sysroot.sh [DIRECTORY]        (default: build/sysroot)
#
# Leaves DIRECTORY/bin/x86_64-linux-musl-{gcc,g++,ar,...} for PATH. A second run
# with the same script, compiler and musl returns at once.
#
# The libstdc++ has no exceptions: Debian's libgcc_eh.a needs a glibc symbol
# (_dl_find_object), so nothing that throws links against musl.
set -eu

version=12
triple=x86_64-linux-musl
here=$(cd "$(dirname "$0")" && pwd)
script=$here/$(basename "$0")
gcc_source_dir=${GCC_SOURCE_DIR:-/usr/src/gcc-$version}
musl_lib=${MUSL_LIB:-/usr/lib/$triple}
musl_include=${MUSL_INCLUDE:-/usr/include/$triple}

say() { printf '%s sysroot: %s\n' "$(date +%T)" "$*"; }
die() { printf 'build-sysroot: %s\n' "$*" >&2; exit 1; }

[ $# -le 1 ] || die "usage: $0 [DIRECTORY]"
root=${1:-$here/../build/sysroot}
mkdir -p "$root"
root=$(cd "$root" && pwd)
case $root in *[!A-Za-z0-9_./+-]*)
  die "libtool and gcc specs cannot take this path: $root" ;; esac

# Two builds started at the same time must not work in the same directory.
exec 9>"$root/.lock"
flock 9

check_prerequisites() {
  for tool in "gcc-$version" "g++-$version" ar ranlib strip nm make tar xz sha256sum; do
    command -v "$tool" >/dev/null || die "$tool is not installed"
  done
  for file in "$musl_lib/libc.a" "$musl_lib/crt1.o" "$musl_lib/rcrt1.o" "$musl_include/stdio.h"; do
    [ -e "$file" ] || die "$file is missing (package musl-dev)"
  done
  tarball=
  for file in "$gcc_source_dir"/gcc-"$version"*.tar.xz; do
    [ -f "$file" ] && tarball=$file
  done
  [ -n "$tarball" ] || die "no source in $gcc_source_dir (package gcc-$version-source)"
  # UAPI headers: the multiarch directory on Debian, else the plain one.
  asm=/usr/include/asm
  [ -d "$asm" ] || asm=/usr/include/x86_64-linux-gnu/asm
  for dir in /usr/include/linux /usr/include/asm-generic "$asm"; do
    [ -d "$dir" ] || die "$dir is missing (package linux-libc-dev)"
  done
}

fingerprint() {
  {
    cat "$script"
    "g++-$version" -v 2>&1
    sha256sum <"$musl_lib/libc.a"
    printf '%s\n' "$root" "$asm" "$musl_include"
    ls -l "$tarball"
  } | sha256sum | cut -d' ' -f1
}

# A spec file of our own, as Debian's musl-gcc.specs knows no static-pie. The
# toolchain links statically only: there is no -dynamic-linker and no libgcc_s.
write_specs() {
  cat >"$root/gcc.specs" <<EOF
*link:
%{shared:%eshared libraries are not supported by this toolchain} -m elf_x86_64 --hash-style=gnu --eh-frame-hdr -static %{!static:--no-dynamic-linker -z text}

*link_libgcc:
-L$root/lib -L$musl_lib %D

*libgcc:
-lgcc

*lib:
-lc

*startfile:
%{static:$musl_lib/crt1.o;no-pie:$musl_lib/crt1.o;:$musl_lib/rcrt1.o} $musl_lib/crti.o %{static|no-pie:crtbeginT.o%s;:crtbeginS.o%s}

*endfile:
%{static|no-pie:crtend.o%s;:crtendS.o%s} $musl_lib/crtn.o

EOF
}

# -idirafter keeps the C headers behind the C++ ones, which reach them by
# #include_next. The prefix map keeps the sysroot's place out of the objects.
write_wrapper() { # NAME COMPILER EXTRA-LINES
  cat >"$root/bin/$1" <<EOF
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
$3
exec $2 -specs="\$root/gcc.specs" -nostdinc \\
  -ffile-prefix-map="\$root"=/usr/$triple \\
  "\$@" $4 \\
  -idirafter $gcc_include -idirafter $musl_include -idirafter "\$root/uapi"
EOF
  chmod +x "$root/bin/$1"
}

# shellcheck disable=SC2016 # $root belongs to the generated wrapper
write_toolchain() {
  mkdir -p "$root/bin" "$root/lib" "$root/uapi"
  ln -sfn /usr/include/linux "$root/uapi/linux"
  ln -sfn /usr/include/asm-generic "$root/uapi/asm-generic"
  ln -sfn "$asm" "$root/uapi/asm"
  write_specs
  gcc_include=$("gcc-$version" -print-file-name=include)
  write_wrapper $triple-gcc "gcc-$version" ':' ''
  # GCC falls back to glibc's libstdc++ without a word when ours is missing.
  write_wrapper $triple-g++ "g++-$version" \
    '[ -s "$root/lib/libstdc++.a" ] || { echo "$0: $root/lib/libstdc++.a is missing" >&2; exit 1; }' \
    "-nostdinc++ -isystem \"\$root/include/c++/$version\" -isystem \"\$root/include/c++/$version/$triple\""
  for tool in ar ranlib strip nm objcopy objdump readelf; do
    ln -sfn "$(command -v "$tool")" "$root/bin/$triple-$tool"
  done
  ln -sfn "$(command -v "gcc-ar-$version")" "$root/bin/$triple-gcc-ar"
}

extract_source() {
  top=$(basename "$tarball" .tar.xz)   # the tarball's top folder has no -dfsg
  top=${top%-dfsg}
  mkdir -p "$work/src"
  set --
  for part in libstdc++-v3 libgcc libiberty include config config.guess config.sub \
    config.rpath config-ml.in install-sh ltmain.sh missing mkinstalldirs \
    move-if-change depcomp gcc/BASE-VER gcc/DATESTAMP; do
    set -- "$@" "$top/$part"
  done
  tar -C "$work/src" --strip-components=1 -xJf "$tarball" \
    --exclude="$top/libstdc++-v3/testsuite/*" --exclude="$top/libstdc++-v3/doc/html" \
    --exclude="$top/libstdc++-v3/doc/xml" "$@"
  mkdir -p "$work/src/libstdc++-v3/testsuite"
  printf 'all install clean:\n' >"$work/src/libstdc++-v3/testsuite/Makefile.in"
}

configure_library() {
  # Without this link configure silently decides that there are no threads.
  mkdir -p "$work/build/libgcc" "$work/build/libstdc++-v3"
  ln -sfn "$work/src/libgcc/gthr-posix.h" "$work/build/libgcc/gthr-default.h"
  flags="-Os -fPIE -ffunction-sections -fdata-sections -fno-exceptions
    -fno-asynchronous-unwind-tables -fstack-protector-strong -fcf-protection
    -D_GLIBCXX_GTHREAD_USE_WEAK=0 -ffile-prefix-map=$work=."
  flags=$(printf '%s' "$flags" | tr -s '\n ' '  ')
  # An empty PKG_CONFIG_LIBDIR: else the host's valgrind headers leak in.
  (cd "$work/build/libstdc++-v3" &&
    PATH="$root/bin:$PATH" PKG_CONFIG_LIBDIR='' \
      CC=$triple-gcc CXX=$triple-g++ AR=$triple-ar RANLIB=$triple-ranlib \
      CFLAGS="$flags" CXXFLAGS="$flags" \
      "$work/src/libstdc++-v3/configure" --build=$triple --host=$triple \
      --prefix="$root" --with-gxx-include-dir="$root/include/c++/$version" \
      --disable-multilib --disable-shared --disable-nls --disable-libstdcxx-pch \
      --disable-libstdcxx-verbose --disable-libstdcxx-filesystem-ts)
}

# Directory by directory, as the top-level makefile would also build
# translations, documentation and the pretty printers. Nothing is installed
# before all is compiled: the wrapper would find the installed headers behind
# the ones in the build tree, and their include guards would end #include_next.
build_library() {
  for goal in all install; do
    for dir in include libsupc++ src; do
      PATH="$root/bin:$PATH" make -j"$(nproc)" -C "$work/build/libstdc++-v3/$dir" "$goal"
    done
  done
}

# Links a program that needs compiled parts of the library and looks where they
# came from, then runs it.
check_toolchain() {
  cat >"$work/check.cpp" <<'EOF'
#include <map>
#include <string>
#include <vector>
int main(int argc, char **argv) {
  std::map<std::string, std::vector<int>> seen;
  for (int i = 0; i < argc; ++i) seen[argv[i]].push_back(i);
  return seen.size() == 1 ? 0 : 1;
}
EOF
  "$root/bin/$triple-g++" -std=c++20 -Os -fPIE -fno-exceptions -fno-rtti -static-pie \
    -Wl,--trace -o "$work/check" "$work/check.cpp" >"$work/check.trace"
  grep -q "^$root/lib/libstdc++.a" "$work/check.trace" ||
    { echo "the C++ library is not the one just built" >&2; return 1; }
  if "$root/bin/$triple-readelf" -lW "$work/check" | grep -q INTERP; then
    echo "the test program is not static" >&2
    return 1
  fi
  "$work/check"
}

step() { # DESCRIPTION FUNCTION
  say "$1"
  # A function called as a condition loses 'set -e', hence the subshell and $?.
  set +e
  (set -e; "$2") >>"$log" 2>&1
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$log" >&2
    die "failed: $1 (log: $log)"
  fi
}

check_prerequisites
stamp=$(fingerprint)
if [ -e "$root/lib/libstdc++.a" ] && [ "$(cat "$root/stamp" 2>/dev/null)" = "$stamp" ]; then
  say "up to date"
  exit 0
fi

work=$root/work
log=$root/build.log
rm -rf "$work" "$root/stamp" "${root:?}/bin" "${root:?}/lib" "$root/include" "$root/uapi"
mkdir -p "$work"
: >"$log"
say "building in $root (log: build.log)"
write_toolchain
# The link tests of configure must not find glibc's library: give them an empty one.
mkdir -p "$root/lib"
printf '!<arch>\n' >"$root/lib/libstdc++.a"
step "unpacking the compiler's source" extract_source
step "configuring libstdc++" configure_library
step "compiling libstdc++" build_library
step "checking the result" check_toolchain
rm -rf "$work"
printf '%s\n' "$stamp" >"$root/stamp"
say "ready"
