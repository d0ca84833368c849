#!/bin/sh
# kill -9 of the kernel at random points of a trial and of a rollback, on xfs.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib/vm.sh"
# shellcheck source=lib/life.sh
. "$vm_here/lib/life.sh"
# shellcheck disable=SC2034
kind=xfs
# shellcheck source=lib/power.sh
. "$vm_here/lib/power.sh"
