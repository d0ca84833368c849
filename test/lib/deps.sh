#!/bin/sh
# Installs the Debian 12 packages that building and testing need and that are
# missing. Where all are there it changes nothing and needs neither root nor a
# network.
set -eu

# One purpose a line.
packages='
  meson ninja-build g++ gcc-12 g++-12 binutils make pkg-config dpkg-dev xz-utils
  musl-tools musl-dev gcc-12-source linux-libc-dev
  libdevmapper-dev catch2
  clang-14 clang-format-14 shellcheck
  llvm-14 libclang-rt-14-dev python3
  user-mode-linux busybox-static cpio kmod
  dmsetup e2fsprogs xfsprogs f2fs-tools btrfs-progs fdisk util-linux
  spin
  debootstrap cryptsetup-bin lvm2 uml-utilities qemu-system-x86
'
# Of apt and dpkg, should something else be installing at the time.
lock_timeout_s=300

die() { printf 'deps: %s\n' "$*" >&2; exit 1; }

is_installed() {
  # shellcheck disable=SC2016 # a dpkg-query format, not a shell variable
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

command -v dpkg-query >/dev/null || die "this is not Debian: install the equivalents of:$packages"
set --
for package in $packages; do
  is_installed "$package" || set -- "$@" "$package"
done
if [ $# -eq 0 ]; then
  echo "deps: nothing is missing"
  exit 0
fi
echo "deps: installing: $*"
[ "$(id -u)" -eq 0 ] || die "that takes root"

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# DPkg::Lock::Timeout does not cover the lock of the package lists.
waited_s=0
until apt-get -q -o Acquire::Retries=3 update; do
  waited_s=$((waited_s + 10))
  [ "$waited_s" -lt "$lock_timeout_s" ] || die "apt-get update keeps failing"
  sleep 10
done
apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout="$lock_timeout_s" \
  -o Acquire::Retries=3 install "$@" </dev/null || die "apt-get install failed"
