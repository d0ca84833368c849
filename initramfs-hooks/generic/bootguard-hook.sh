# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What every hook shares, whatever makes the initramfs. Hand-made images (Buildroot, Yocto) source it in /init, after the
# block devices (LUKS, LVM, resume from hibernation), before the volume is mounted:
#
#   . /usr/lib/bootguard/bootguard-hook.sh
#   if bootguard_boot /dev/mmcblk0p5; then
#     mount "$BOOTGUARD_DEVICE" /data
#   else
#     ...                     # must not be mounted: reboot to try again, or go on without it
#   fi
#
# It holds no policy: the binary decides. It opens no shell, waits for no key, and evaluates nothing that the binary prints.
# Works in dash, bash and busybox ash, also under `set -eu`. ../README.md is the contract.

# All may be set before this file is sourced.
: "${BOOTGUARD_BINARY:=/usr/sbin/bootguard}"
: "${BOOTGUARD_CONFIGS:=/etc/bootguard}"  # folder; each *.conf in it is one metadata block with its volume
: "${BOOTGUARD_STATE:=/run/bootguard}"    # what was done in this boot, for everything that comes later
: "${BOOTGUARD_WAIT:=10}"                 # seconds in all that a device may take to appear
: "${BOOTGUARD_LIMIT:=120}"               # seconds without progress after which the binary counts as hung
: "${BOOTGUARD_CMDLINE:=/proc/cmdline}"
: "${BOOTGUARD_UDEV:=/run/udev}"

# To the console, to the kernel's log and to the log in $BOOTGUARD_STATE.
bootguard__say() {
  printf 'bootguard-hook: %s\n' "$1" >&2
  { printf '<4>bootguard-hook: %s\n' "$1" >/dev/kmsg; } 2>/dev/null || :
  { printf '%s\n' "$1" >>"$BOOTGUARD_STATE/log"; } 2>/dev/null || :
}

# $1 is whole seconds up to 600, as a shell can calculate with them: 08 would end it.
bootguard__is_wait() {
  case $1 in
    '' | *[!0123456789]* | ????* | 0?*) return 1 ;;
    *) [ "$1" -le 600 ] ;;
  esac
}

# At least one: with 0 no rollback could ever be fast enough.
bootguard__is_limit() {
  bootguard__is_wait "$1" && [ "$1" -ge 1 ]
}

# The bounds are the hook's own business, as they are there for a binary that answers no more: rd.bootguard.wait=SECONDS
# and rd.bootguard.timeout=SECONDS on the kernel command line. What is no number up to 600 is not heard.
bootguard__read_bounds() {
  bootguard__is_wait "$BOOTGUARD_WAIT" || BOOTGUARD_WAIT=10
  bootguard__is_limit "$BOOTGUARD_LIMIT" || BOOTGUARD_LIMIT=120
  bootguard__words=''
  { IFS= read -r bootguard__words <"$BOOTGUARD_CMDLINE" || :; } 2>/dev/null
  while [ -n "$bootguard__words" ]; do
    bootguard__word=${bootguard__words%%[ 	]*}
    bootguard__words=${bootguard__words#"$bootguard__word"}
    bootguard__words=${bootguard__words#[ 	]}
    case $bootguard__word in
      rd.bootguard.wait=*) if bootguard__is_wait "${bootguard__word#*=}"; then BOOTGUARD_WAIT=${bootguard__word#*=}; fi ;;
      rd.bootguard.timeout=*) if bootguard__is_limit "${bootguard__word#*=}"; then BOOTGUARD_LIMIT=${bootguard__word#*=}; fi ;;
      --) return 0 ;;
    esac
  done
}

bootguard__load_modules() {
  command -v modprobe >/dev/null 2>&1 || return 0
  for bootguard__module in dm-mod dm-bufio dm-snapshot dm-switch; do
    # Built in, or not there: the binary finds out what the kernel has.
    modprobe -q "$bootguard__module" >/dev/null 2>&1 || :
  done
}

# The unit's time runs from its start, and systemd would end this shell with it: every run of the binary has its own bound, and
# asks for as much. The option and text of a status may follow.
bootguard__ask_for_time() {
  [ -n "${NOTIFY_SOCKET:-}" ] && command -v systemd-notify >/dev/null 2>&1 || return 0
  systemd-notify "EXTEND_TIMEOUT_USEC=$(((BOOTGUARD_LIMIT + 30) * 1000000))" "$@" || :
}

# A long rollback shows on the splash screen, and systemd gives the unit more time while it moves. Nobody waits for a splash
# screen that does not answer.
bootguard__splash=none
bootguard__tell_progress() { # LINE of the progress file
  if command -v plymouth >/dev/null 2>&1 && ! kill -0 "$bootguard__splash"; then
    { plymouth --ping && plymouth display-message --text="bootguard: rolling back, ${1%% *}%" || :; } &
    bootguard__splash=$!
  fi
  bootguard__ask_for_time --status="rolling back, ${1%% *}%"
}

# Ends process $1 once it has moved nothing for BOOTGUARD_LIMIT seconds; ends itself with it. Whatever is cut off can be
# repeated, and is as safe as a power cut.
bootguard__watch() {
  bootguard__still=0 bootguard__before=''
  while kill -0 "$1"; do
    sleep 1 || return 0
    bootguard__line=''
    IFS= read -r bootguard__line <"$BOOTGUARD_STATE/progress" || :
    bootguard__still=$((bootguard__still + 1))
    if [ "$bootguard__line" != "$bootguard__before" ]; then
      bootguard__still=0
      bootguard__before=$bootguard__line
      bootguard__tell_progress "$bootguard__line"
    fi
    if [ "$bootguard__still" -ge "$BOOTGUARD_LIMIT" ]; then
      : >"$BOOTGUARD_STATE/hung"
      kill -9 "$1"
      return 0
    fi
  done
}

# Runs the binary under the watch; its exit status, 137 if it had to be ended.
bootguard__run() {
  rm -f "$BOOTGUARD_STATE/progress" "$BOOTGUARD_STATE/hung" || :
  bootguard__ask_for_time
  "$BOOTGUARD_BINARY" "$@" </dev/null &
  bootguard__pid=$!
  bootguard__watch "$bootguard__pid" >/dev/null 2>&1 &
  bootguard__watcher=$!
  bootguard__ended=0
  wait "$bootguard__pid" || bootguard__ended=$?
  kill "$bootguard__watcher" 2>/dev/null || :
  return "$bootguard__ended"
}

# Runs the binary and reads its lines. Only the names and characters below are ever taken over, by assignment: what else is
# printed has no effect. Sets bootguard__status and the bootguard__* values.
bootguard__ask() { # VERB [OPTION...]
  bootguard__version='' bootguard__mount='' bootguard__device='' bootguard__status=0
  bootguard__phase='' bootguard__decision='' bootguard__left='' bootguard__reason='' bootguard__volume='' BOOTGUARD_VOLUME_DEVICE=''
  [ -z "$bootguard__config" ] || set -- "$@" --config "$bootguard__config"
  bootguard__output=$(bootguard__run "$@" --format=shell) || bootguard__status=$?
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
      BOOTGUARD_PHASE) bootguard__phase=$bootguard__value ;;
      BOOTGUARD_DECISION) bootguard__decision=$bootguard__value ;;
      BOOTGUARD_ATTEMPTS_LEFT) bootguard__left=$bootguard__value ;;
      BOOTGUARD_REASON) bootguard__reason=$bootguard__value ;;
      BOOTGUARD_VOLUME) bootguard__volume=$bootguard__value ;;
      BOOTGUARD_VOLUME_DEVICE) BOOTGUARD_VOLUME_DEVICE=$bootguard__value ;;
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

bootguard__ask_to_boot() {
  if [ -d "$BOOTGUARD_STATE" ]; then
    bootguard__ask boot --kmsg --progress "$BOOTGUARD_STATE/progress"
  else
    bootguard__ask boot --kmsg
  fi
}

# After a write udev looks at the device again. While it does so a mount may rob the device of its links, and systemd then
# takes back what it has mounted by them: let udev finish first.
bootguard__settle() {
  command -v udevadm >/dev/null 2>&1 && [ -e "$BOOTGUARD_UDEV/control" ] || return 0
  udevadm settle --timeout=10 || :
}

# Asks again while a device is missing. Bounded: BOOTGUARD_WAIT runs, a second apart.
bootguard__boot_and_wait() {
  bootguard__tries=$BOOTGUARD_WAIT
  while :; do
    bootguard__ask_to_boot
    [ "$bootguard__status" -eq 12 ] && [ "$bootguard__tries" -gt 0 ] || return 0
    bootguard__tries=$((bootguard__tries - 1))
    sleep 1 || return 0
  done
}

# Sets bootguard__name to the record of a configuration, in $BOOTGUARD_STATE: its own name, unless the hooks keep something
# of that name there. root.conf is an obvious name.
bootguard__name_record() { # CONFIGURATION
  bootguard__name=${1##*/}
  bootguard__name=${bootguard__name%.conf}
  case $bootguard__name in
    '') bootguard__name=bootguard ;;
    hung | log | pending | progress | root | stop | undecided) bootguard__name=config-$bootguard__name ;;
  esac
}

# What was found and done, for later.
bootguard__record() {
  bootguard__name_record "$bootguard__config"
  { printf '%s\nHOOK_STATUS='\''%s'\''\n' "$bootguard__output" "$bootguard__status" \
    >"$BOOTGUARD_STATE/$bootguard__name"; } 2>/dev/null || :
}

# Sets BOOTGUARD_DEVICE to what is to be mounted: a mapping, or FALLBACK_DEVICE where bootguard has nothing to say or cannot
# say it. Returns 1 only if the volume must not be mounted; BOOTGUARD_DEVICE is empty then.
bootguard_boot() { # FALLBACK_DEVICE [CONFIGURATION]
  BOOTGUARD_DEVICE=$1
  bootguard__config=${2:-} bootguard__output='' bootguard__status=0 BOOTGUARD_VOLUME_DEVICE='' bootguard__volume=''
  mkdir -p "$BOOTGUARD_STATE" 2>/dev/null || :
  if [ ! -f "$BOOTGUARD_BINARY" ] || [ ! -x "$BOOTGUARD_BINARY" ]; then
    bootguard__say "$BOOTGUARD_BINARY is missing or not executable; going on without it"
    bootguard__status=127
    bootguard__record
    return 0
  fi
  bootguard__read_bounds
  bootguard__load_modules
  bootguard__boot_and_wait
  if ! bootguard__must_not_mount && bootguard__has_crashed; then
    # It may have been in the middle of a rollback, and half copied back is the one state that must not be mounted. A rollback
    # can be repeated, so ask again (unless it hung: it would hang again); if that fails, too, ask only where it stands.
    bootguard__say "$BOOTGUARD_BINARY failed (status $bootguard__status)"
    if [ ! -e "$BOOTGUARD_STATE/hung" ]; then bootguard__ask_to_boot; fi
    if ! bootguard__must_not_mount && bootguard__has_crashed; then
      bootguard__ask status
      bootguard__device=''
    fi
  fi
  bootguard__record
  if [ "$bootguard__decision" != idle ]; then bootguard__settle; fi
  if bootguard__must_not_mount; then
    bootguard__say "the volume $bootguard__volume must not be mounted (${bootguard__reason:-unknown})"
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

# Both name the same block device, by link or by node. A path that is not there is the same as nothing.
bootguard__same_device() {
  [ -b "$1" ] && [ -b "$2" ] && [ "$(stat -L -c %t:%T "$1")" = "$(stat -L -c %t:%T "$2")" ]
}

# The links that udev made, without those of a path or a number; what has a character that a rule could take for more than
# itself is left out. In a subshell, for the words: set -f, and whatever IFS is.
bootguard__links_of() ( # DEVICE
  set -f
  unset IFS
  for bootguard__link in $(udevadm info --query=symlink --name="$1" 2>/dev/null); do
    case $bootguard__link in
      *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+:@,=-]* | *..*) ;;
      disk/by-uuid/?* | disk/by-label/?* | disk/by-partuuid/?* | disk/by-partlabel/?* | disk/by-id/?*)
        printf ' %s' "$bootguard__link" ;;
    esac
  done
)

# In a subshell, as above. A link that is not there leads nowhere.
bootguard__links_lead_to() ( # DEVICE LINKS
  set -f
  unset IFS
  for bootguard__link in $2; do
    bootguard__same_device "/dev/$bootguard__link" "$1" || return 1
  done
)

# While a mapping is there the raw device cannot be mounted, so every link that udev made to it must lead to the mapping. The
# rule 61-bootguard.rules has the filesystem's UUID and label; the rest is written here, and outlives the initramfs in /run.
# On a busy machine udev has been seen to go by the rules it had before (systemd 252, once in about 30 boots), so what came of
# it is looked at, and asked for again.
bootguard_move_links() { # MAPPING RAW_DEVICE
  command -v udevadm >/dev/null 2>&1 && [ -e "$BOOTGUARD_UDEV/control" ] || return 0
  bootguard__links=$(bootguard__links_of "$2")
  mkdir -p "$BOOTGUARD_UDEV/rules.d" || return 0
  for bootguard__try in 1 2 3 4 5; do
    # Written anew each time: udev only reads again what has changed.
    printf 'SUBSYSTEM=="block", ATTR{dm/name}=="%s", SYMLINK+="%s"\n' "${1##*/}" "${bootguard__links# }" \
      >"$BOOTGUARD_UDEV/rules.d/61-${1##*/}.rules" || return 0
    udevadm control --reload || :
    udevadm trigger --action=change --name-match="$1" || :
    bootguard__settle
    if bootguard__links_lead_to "$1" "$bootguard__links"; then
      [ "$bootguard__try" -eq 1 ] || bootguard__say "udev was asked $bootguard__try times for the links of $1"
      return 0
    fi
  done
  bootguard__say "udev does not make all links of $2 lead to $1: mount it as $1"
}

# All volumes of the machine, one after the other. ROOT is the root filesystem's device, in whatever form is known; where it
# is a volume, BOOTGUARD_ROOT is the mapping to use instead, else it is ROOT.
# Returns 1 if a volume must not be mounted ($BOOTGUARD_STATE/stop says which), 2 if a device is missing (.../pending).
bootguard_boot_all() { # [ROOT]
  BOOTGUARD_ROOT=${1:-} bootguard__result=0
  rm -f "$BOOTGUARD_STATE/stop" "$BOOTGUARD_STATE/pending"
  for bootguard__file in "$BOOTGUARD_CONFIGS"/*.conf; do
    # None at all: the binary looks elsewhere, or says that there is none.
    [ -f "$bootguard__file" ] || bootguard__file=''
    if bootguard_boot '' "$bootguard__file"; then
      [ "$bootguard__status" -ne 12 ] || bootguard__note_pending
      case $BOOTGUARD_DEVICE in
        /dev/mapper/bootguard-*) bootguard__use_mapping ;;
      esac
    elif [ "$bootguard__status" -eq 12 ]; then
      bootguard__note_pending
    else
      printf '%s\n' "$bootguard__volume" >>"$BOOTGUARD_STATE/stop" || :
      bootguard__result=1
    fi
  done
  return "$bootguard__result"
}

bootguard__note_pending() {
  printf '%s\n' "$bootguard__volume" >>"$BOOTGUARD_STATE/pending" || :
  [ "$bootguard__result" -eq 1 ] || bootguard__result=2
}

bootguard__use_mapping() {
  bootguard__is_root=no
  if [ -n "$BOOTGUARD_ROOT" ] && bootguard__same_device "$BOOTGUARD_ROOT" "$BOOTGUARD_VOLUME_DEVICE"; then bootguard__is_root=yes; fi
  bootguard_move_links "$BOOTGUARD_DEVICE" "$BOOTGUARD_VOLUME_DEVICE"
  # A link may lead to the mapping by now, by the rule alone.
  if [ -n "$BOOTGUARD_ROOT" ] && bootguard__same_device "$BOOTGUARD_ROOT" "$BOOTGUARD_DEVICE"; then bootguard__is_root=yes; fi
  if [ "$bootguard__is_root" = yes ]; then BOOTGUARD_ROOT=$BOOTGUARD_DEVICE; fi
}

# One line for an emergency shell about every volume with something open.
bootguard_hint() {
  [ -x "$BOOTGUARD_BINARY" ] || return 0
  bootguard__read_bounds
  for bootguard__config in "$BOOTGUARD_CONFIGS"/*.conf; do
    [ -f "$bootguard__config" ] || bootguard__config=''
    bootguard__ask status 2>/dev/null
    case $bootguard__phase in
      trial | rolling-back | committing)
        printf '%s\n' "bootguard: '$bootguard__volume' is in phase $bootguard__phase${bootguard__left:+, attempts left: $bootguard__left}. See 'bootguard status'; 'bootguard mark-bad' brings the old data back at the next boot, 'bootguard mark-good' keeps the new." ;;
    esac
  done
}
