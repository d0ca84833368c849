#!/bin/sh
# What 'meson install' puts where, with everything and with each framework left out. By what meson says it would install, as
# the options change nothing else; that it says the truth is seen by what the product's build has installed.
#
# usage: check-install.sh INSTALLED (the folder of a whole installation)
set -eu

[ $# -eq 1 ] || { echo "usage: $0 INSTALLED" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# One framework a list, and what two of them share.
dracut='lib/dracut/modules.d/50bootguard/bootguard-hint.sh lib/dracut/modules.d/50bootguard/bootguard-premount.sh
  lib/dracut/modules.d/50bootguard/module-setup.sh'
mkinitcpio='lib/initcpio/hooks/bootguard lib/initcpio/install/bootguard'
initramfs_tools='share/initramfs-tools/hooks/bootguard share/initramfs-tools/scripts/local-block/bootguard
  share/initramfs-tools/scripts/local-premount/bootguard share/initramfs-tools/scripts/panic/bootguard'
systemd='lib/bootguard/bootguard-late lib/bootguard/bootguard-report lib/systemd/catalog/bootguard.catalog
  lib/systemd/system-preset/90-bootguard.preset lib/systemd/system/bootguard-late.service
  lib/systemd/system/bootguard-mark-good.service lib/systemd/system/bootguard-report.service lib/tmpfiles.d/bootguard.conf'
in_images_with_systemd='lib/bootguard/bootguard-fsck.conf lib/bootguard/bootguard-initrd lib/bootguard/bootguard-sysroot.conf
  lib/systemd/system/bootguard.service'
always='lib/bootguard/bootguard-hook.sh lib/udev/rules.d/61-bootguard.rules libexec/bootguard/bootguard-doctor sbin/bootguard
  share/doc/bootguard/examples/bootguard.conf share/doc/bootguard/recovery.md share/doc/bootguard/reliability.md
  share/doc/bootguard/security.md share/man/man5/bootguard.conf.5 share/man/man8/bootguard.8'

failed=0
# compare TEXT: the files $tmp/found are those of $wanted
compare() {
  # shellcheck disable=SC2086 # words
  printf '/usr/%s\n' $wanted | sort >"$tmp/wanted"
  if cmp -s "$tmp/wanted" "$tmp/found"; then
    echo "ok - $1"
  else
    echo "not ok - $1"
    diff "$tmp/wanted" "$tmp/found" | sed 's/^/    /'
    failed=1
  fi
}
# installs OPTION...: what meson would install, in $tmp/found
installs() {
  rm -rf "$tmp/build"
  meson setup "$tmp/build" "$root" --wrap-mode=nodownload -Dtests=disabled -Dprefix=/usr "$@" >"$tmp/log" 2>&1 ||
    { tail -n 20 "$tmp/log" >&2; exit 1; }
  meson introspect "$tmp/build" --installed | tr ',' '\n' | sed 's/.*": "//; s/"}*$//' | sort >"$tmp/found"
}

all="$always $in_images_with_systemd $dracut $mkinitcpio $initramfs_tools $systemd"
wanted=$all
(cd "$1" && find . -type f -o -type l) | sed 's/^\.//' | sort >"$tmp/found"
compare "an installation has all there is, and nothing else"
installs
compare "meson says the same"
wanted="$always $in_images_with_systemd $mkinitcpio $initramfs_tools $systemd"
installs -Ddracut=false
compare "without dracut"
wanted="$always $in_images_with_systemd $dracut $initramfs_tools $systemd"
installs -Dmkinitcpio=false
compare "without mkinitcpio"
wanted="$always $in_images_with_systemd $dracut $mkinitcpio $systemd"
installs -Dinitramfs_tools=false
compare "without initramfs-tools"
wanted="$always $in_images_with_systemd $dracut $mkinitcpio $initramfs_tools"
installs -Dsystemd=false
compare "without the units of the booted system"
wanted="$always $initramfs_tools $systemd"
installs -Ddracut=false -Dmkinitcpio=false
compare "with initramfs-tools alone: nothing that only images with systemd need"

# An option that does nothing would be noticed.
wanted=$all
if (compare "all" >/dev/null; exit "$failed"); then
  echo "not ok - control: a file that is missing is noticed"
  failed=1
else
  echo "ok - control: a file that is missing is noticed"
fi
exit "$failed"
