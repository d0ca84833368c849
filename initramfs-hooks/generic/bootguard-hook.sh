# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# bootguard for hand-made initramfs images (Buildroot, Yocto). Source it in /init, after the block devices (LUKS, LVM, resume
# from hibernation), before the volume is mounted:
#
#   . /usr/lib/bootguard/bootguard-hook.sh
#   if bootguard_boot /dev/mmcblk0p5; then
#     mount "$BOOTGUARD_DEVICE" /data
#   else
#     ...                     # must not be mounted: reboot to try again, or go on without it
#   fi
#
# It holds no policy: the binary decides. It opens no shell, waits for no key, and evaluates nothing that the binary prints.
# Works in dash and busybox ash, also under `set -eu`. ../README.md is the contract.

# Both may be set before this file is sourced.
: "${BOOTGUARD_BINARY:=/usr/sbin/bootguard}"
: "${BOOTGUARD_WAIT:=10}" # seconds in all that a device may take to appear

bootguard__say() { printf 'bootguard-hook: %s\n' "$1" >&2; }

# $1 is whole seconds up to 600.
bootguard__is_wait() {
  case $1 in
    '' | *[!0-9]* | ????*) return 1 ;;
    *) [ "$1" -le 600 ] ;;
  esac
}

bootguard__load_modules() {
  command -v modprobe >/dev/null 2>&1 || return 0
  for bootguard__module in dm-mod dm-bufio dm-snapshot dm-switch; do
    # Built in, or not there: the binary finds out what the kernel has.
    modprobe -q "$bootguard__module" >/dev/null 2>&1 || :
  done
}

# Runs the binary and reads its lines. Only the names and characters below are ever taken over, by assignment: what else is
# printed has no effect. Sets bootguard__status and the bootguard__* values.
bootguard__ask() {
  bootguard__version='' bootguard__mount='' bootguard__device='' bootguard__status=0
  bootguard__output=$("$BOOTGUARD_BINARY" "$@" --format=shell </dev/null) || bootguard__status=$?
  while IFS= read -r bootguard__line; do
    bootguard__value=${bootguard__line#*=\'}
    bootguard__value=${bootguard__value%\'}
    [ "$bootguard__line" = "${bootguard__line%%=*}='$bootguard__value'" ] || continue
    case $bootguard__value in
      *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+:@,=-]*) continue ;;
    esac
    case ${bootguard__line%%=*} in
      BOOTGUARD_VERSION) bootguard__version=$bootguard__value ;;
      BOOTGUARD_MOUNT) bootguard__mount=$bootguard__value ;;
      BOOTGUARD_DEVICE) bootguard__device=$bootguard__value ;;
    esac
  done <<BOOTGUARD_OUTPUT
$bootguard__output
BOOTGUARD_OUTPUT
}

# Killed by a signal, not startable, or without the lines it should have printed.
bootguard__has_crashed() {
  [ "$bootguard__status" -ge 126 ] || [ "$bootguard__version/$bootguard__mount" != 1/yes ]
}

bootguard__must_not_mount() {
  [ "$bootguard__status" -eq 3 ] || [ "$bootguard__mount" = no ]
}

# Asks again while a device is missing. Bounded: BOOTGUARD_WAIT runs, a second apart.
bootguard__boot_and_wait() {
  bootguard__left=10
  if bootguard__is_wait "$BOOTGUARD_WAIT"; then bootguard__left=$BOOTGUARD_WAIT; fi
  while :; do
    bootguard__ask boot --kmsg
    [ "$bootguard__status" -eq 12 ] && [ "$bootguard__left" -gt 0 ] || return 0
    bootguard__left=$((bootguard__left - 1))
    sleep 1 || return 0
  done
}

# Sets BOOTGUARD_DEVICE to what is to be mounted: a mapping, or FALLBACK_DEVICE where bootguard has nothing to say or cannot
# say it. Returns 1 only if the volume must not be mounted; BOOTGUARD_DEVICE is empty then.
bootguard_boot() { # FALLBACK_DEVICE
  BOOTGUARD_DEVICE=$1
  if [ ! -f "$BOOTGUARD_BINARY" ] || [ ! -x "$BOOTGUARD_BINARY" ]; then
    bootguard__say "$BOOTGUARD_BINARY is missing or not executable; going on without it"
    return 0
  fi
  bootguard__load_modules
  bootguard__boot_and_wait
  if ! bootguard__must_not_mount && bootguard__has_crashed; then
    # It may have been in the middle of a rollback, and half copied back is the one state that must not be mounted. A rollback
    # can be repeated, so ask again; if that fails, too, ask only where it stands.
    bootguard__say "$BOOTGUARD_BINARY failed (status $bootguard__status); trying once more"
    bootguard__ask boot --kmsg
    if ! bootguard__must_not_mount && bootguard__has_crashed; then
      bootguard__ask status
      bootguard__device=''
    fi
  fi
  if bootguard__must_not_mount; then
    bootguard__say "the volume must not be mounted"
    BOOTGUARD_DEVICE=''
    return 1
  fi
  # shellcheck disable=SC2034 # BOOTGUARD_DEVICE is read by whoever sources this
  case $bootguard__device in
    *..*) ;;
    /dev/?*) BOOTGUARD_DEVICE=$bootguard__device ;;
  esac
  return 0
}
