#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One line in front of an emergency shell, if something is open.

# shellcheck source=../../initramfs-hooks/generic/bootguard-hook.sh
. /usr/lib/bootguard/bootguard-hook.sh
bootguard_hint
