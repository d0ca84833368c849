// SPDX-License-Identifier: LGPL-2.1-or-later
// What this process gives up before it reads a byte that somebody else may have written.
#pragma once

namespace bootguard {

// From here on the kernel refuses this process, for good, whatever bootguard never does: to start a program or another
// process, to open a socket, to mount, to trace, to load code into the kernel, to make memory executable. What is
// refused fails with EPERM (seccomp(2), SECCOMP_RET_ERRNO): nobody is killed in the middle of a boot. False, and
// nothing is changed, where the kernel has no seccomp or the machine is not x86-64.
//
// A list of what is refused, not of what is allowed: a call forgotten in the latter would fail on the one machine that
// takes the way nobody has tried, at the worst moment.
bool confine_process();

}  // namespace bootguard
