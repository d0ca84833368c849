#!/bin/sh
# The whole life of an update on xfs: every way it can end.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"
# shellcheck disable=SC2034
kind=xfs
# shellcheck source=lib/life-of-an-update.sh
. "$vm_here/lib/life-of-an-update.sh"
