#!/bin/sh
# The emergency shell of an initramfs during a trial: one line of advice before it, none if nothing is open; and in it
# status, mark-good and mark-bad work. This is initramfs-tools; t-boot-rescue-dracut.sh, -dracut-systemd and -mkinitcpio (the
# contract stub) are the others. Nobody can type here: the console has no input.
# The framework's own interactive shell is driven by the file that it reads when it starts: ENV of the kernel command line
# for initramfs-tools and mkinitcpio, .profile (put over the image) for dracut, which starts a login shell. With systemd that is sulogin's,
# which would first wait for Enter: a script in its place starts the shell at once.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/distro.sh
. "$vm_here/lib/distro.sh"

# shellcheck source=lib/distro-mkinitcpio.sh
. "$vm_here/lib/distro-mkinitcpio.sh"

distro_framework
vm_begin
vm_need_bootguard
distro_begin bookworm
distro_config root PARTLABEL=root
distro_machine disk
# shellcheck source=lib/distro-life.sh
. "$vm_here/lib/distro-life.sh"
# shellcheck source=lib/distro-failures.sh
. "$vm_here/lib/distro-failures.sh"

mkdir -p "$VM_WORK/extra/root"
# Only where systemd is: the kernel writes over the file that is there, and in an image of initramfs-tools that one is busybox
# itself, under one of its 267 names.
case $framework in
dracut-systemd)
	mkdir -p "$VM_WORK/extra/usr/sbin"
	printf '#!/bin/sh\nexec sh -l\n' >"$VM_WORK/extra/usr/sbin/sulogin"
	chmod 755 "$VM_WORK/extra/usr/sbin/sulogin"
	;;
esac
cat >"$VM_WORK/extra/.profile" <<'EOS'
read -r rescue_words </proc/cmdline
for rescue_word in $rescue_words; do
	case $rescue_word in
	rescue=*)
		# A shell on tty1 would not be seen.
		exec >/dev/console 2>&1
		echo "rescue: a shell"
		rescue_output=$(bootguard "${rescue_word#*=}" 2>&1)
		echo "rescue: ended with $?"
		while read -r rescue_line; do echo "rescue| $rescue_line"; done <<EOT
$rescue_output
EOT
		;;
	esac
done
exit 0
EOS
cp "$VM_WORK/extra/.profile" "$VM_WORK/extra/root/.profile"
if [ "$framework" = mkinitcpio ]; then
	mkinitcpio_stub_image "$VM_WORK/plain" base udev bootguard
else
	distro_image "$VM_WORK/plain" "$framework"
fi
distro_overlay "$VM_WORK/plain" "$VM_WORK/image" "$VM_WORK/extra"
distro_end

vm_expect 0 "armed" distro_boot arm "$VM_WORK/image" "$WORDS" - <<'EOS'
. /x/booted.sh
bootguard format --force
bootguard arm --attempts 9
EOS
vm_expect 0 "a first trial" distro_boot trial "$VM_WORK/image" "$WORDS" - <<'EOS'
. /x/booted.sh
check "a first trial: the mapping is mounted" root_is "$MAPPED"
echo new >/etc/new
sync
EOS
vm_snapshot_image disk trial

cat >"$VM_WORK/x/after.sh" <<'EOS'
. /x/booted.sh
what=$1
case $2 in
mapping) check "$what: the mapping is mounted" root_is "$MAPPED" ;;
raw) check "$what: the raw root is mounted" root_is "$RAW" ;;
esac
check_equal "$what: the new file" "$3" "$([ -e /etc/new ] && echo there || echo gone)"
EOS
# rescue NAME BREAK VERB HINTS MOUNTED NEW_FILE: stops at BREAK, runs the verb in the shell, goes on.
rescue() {
	rescue_name=rescue-$1 rescue_hints=$4
	vm_expect 0 "$framework: $1: the boot goes on" distro_boot "$rescue_name" "$VM_WORK/image" \
		"$WORDS panic= ENV=/.profile $2 rescue=$3" "$VM_WORK/x/after.sh" "$framework: $1" "$5" "$6"
	check_equal "$framework: $1: one shell" 1 "$(grep -c "rescue: a shell" "$VM_WORK/$rescue_name.log")"
	check "$framework: $1: $3 worked" vm_console_has "$rescue_name" "rescue: ended with 0"
	check_equal "$framework: $1: lines of advice" "$rescue_hints" "$(grep -c "bootguard: '.*' is in phase" "$VM_WORK/$rescue_name.log")"
}

# What is mounted after mark-good, after mark-bad, and the new file then. mkinitcpio stops only after bootguard has been asked:
# the boot goes on with the mapping that is there, and the next one rolls back.
after_good=raw after_bad=raw file_then=gone
case $framework in
initramfs-tools) break=break=mountroot break_bad=break=premount ;;
mkinitcpio) break=break=premount break_bad=$break after_good=mapping after_bad=mapping file_then=there ;;
*) break=rd.break=pre-mount break_bad=$break ;;
esac
vm_snapshot_image trial disk
rescue status "$break" status 1 mapping there
check "$framework: status: tells the phase" vm_console_has rescue-status "^rescue| .*trial"
rescue good "$break" mark-good 1 "$after_good" there
vm_snapshot_image trial disk
rescue bad "$break_bad" mark-bad 1 "$after_bad" "$file_then"
rescue idle "$break_bad" status 0 raw gone
