#!/bin/sh
# Fetches the source tarball that subprojects/lvm2.wrap names, with apt, and puts
# it where meson looks for it. A second run finds it and returns at once.
#
# A fresh Debian has no deb-src entries, and the machine's configuration is not
# ours to change: the machine's own deb entries, turned into deb-src, go to a
# temporary directory, together with apt's lists and caches.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
subprojects=$here/../subprojects
wrap=$subprojects/lvm2.wrap
package=lvm2
apt_dir=${APT_CONFIG_DIR:-/etc/apt}

say() { printf '%s libdm: %s\n' "$(date +%T)" "$*"; }
die() { printf 'fetch-libdm: %s\n' "$*" >&2; exit 1; }
wrap_value() { sed -n "s/^$1 *= *//p" "$wrap"; }

tarball=$(wrap_value source_filename)
hash=$(wrap_value source_hash)
[ -n "$tarball" ] || die "no source_filename in $wrap"
[ -n "$hash" ] || die "no source_hash in $wrap"
target=$subprojects/packagefiles/$tarball

has_right_hash() { printf '%s  %s\n' "$hash" "$1" | sha256sum -c --status 2>/dev/null; }

if [ -f "$target" ] && has_right_hash "$target"; then
  say "$tarball is there"
  exit 0
fi
command -v apt-get >/dev/null ||
  die "no apt here: put $tarball (SHA-256 $hash) into subprojects/packagefiles by hand"

# The base suite is enough: the upstream tarball never changes within a release.
# shellcheck source=/dev/null
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
[ -n "$suite" ] || die "/etc/os-release names no release"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$tmp/parts" "$tmp/lists/partial" "$tmp/cache/archives/partial" "$tmp/out"

# deb [options] URI suite component...
convert_list() {
  awk -v suite="$suite" '
    $1 != "deb" { next }
    {
      options = ""
      if (match($0, /\[[^]]*\]/)) {
        options = substr($0, RSTART, RLENGTH) " "
        sub(/\[[^]]*\]/, "")
        gsub(/arch[+-]?=[^] ]*/, "", options)
      }
      $0 = $0 ""
      sub(/#.*/, "")
      if ($2 ~ /^cdrom:/ || $3 != suite) next
      for (i = 4; i <= NF; i++)
        if ($i == "main") { print "deb-src " options $2 " " suite " main"; next }
    }' "$1"
}

# Stanzas: other fields, which may span lines (Signed-By), are kept as they are.
convert_sources() {
  awk -v suite="$suite" '
    function flush_stanza() {
      if (types ~ / deb / && index(suites, " " suite " ") && components ~ / main / && !disabled)
        printf "Types: deb-src\nSuites: %s\nComponents: main\n%s\n", suite, rest
      types = suites = components = rest = field = ""
      disabled = 0
    }
    /^#/ { next }
    /^[ \t]*$/ { flush_stanza(); next }
    /^[^ \t:]+:/ {
      field = tolower(substr($0, 1, index($0, ":") - 1))
      value = " " substr($0, index($0, ":") + 1) " "
    }
    /^[ \t]/ { value = " " $0 " " }
    {
      gsub(/[ \t]+/, " ", value)
      if (field == "types") types = types value
      else if (field == "suites") suites = suites value
      else if (field == "components") components = components value
      else if (field == "enabled") disabled = (tolower(value) ~ / (no|false|0) /)
      else if (field != "architectures") rest = rest $0 "\n"
    }
    END { flush_stanza() }' "$1"
}

number=0
for file in "$apt_dir/sources.list" "$apt_dir"/sources.list.d/*.list "$apt_dir"/sources.list.d/*.sources; do
  [ -f "$file" ] || continue
  number=$((number + 1))
  case $file in
    *.list) convert_list "$file" >"$tmp/parts/$number.list" ;;
    *) convert_sources "$file" >"$tmp/parts/$number.sources" ;;
  esac
done
find "$tmp/parts" -type f -size 0 -delete
[ -n "$(ls "$tmp/parts")" ] || die "no deb entry for $suite main in $apt_dir"

# As root apt would drop to a user that may not write here.
run_apt() {
  apt-get -q \
    -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$tmp/parts" \
    -o Dir::State::lists="$tmp/lists" -o Dir::Cache="$tmp/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 \
    "$@" >>"$tmp/log" 2>&1
}

say "fetching $tarball from $package's source package"
# One unreachable entry of several does not matter: what counts is the tarball.
run_apt update || :
(cd "$tmp/out" && run_apt source --download-only --tar-only "$package") || {
  cat "$tmp/log" >&2
  die "apt could not fetch the source of $package"
}
[ -f "$tmp/out/$tarball" ] || die "the source package has no $tarball: $(ls "$tmp/out")"
has_right_hash "$tmp/out/$tarball" || die "$tarball has not the SHA-256 of $wrap"

# Renamed into place, so that a parallel build never sees half a file.
cp "$tmp/out/$tarball" "$target.new.$$"
mv "$target.new.$$" "$target"
say "ready"
