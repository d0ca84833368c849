// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/args.h"

namespace bootguard {

std::string help_text() {
  return "usage: bootguard VERB [OPTION...]\n"
         "\n"
         "Makes user data follow an A/B update: until the new system is marked good,\n"
         "everything it wrote can be undone.\n"
         "\n"
         "  format [--force]   write a fresh metadata block; --force over a live one\n"
         "  arm [--attempts N] [--slot S]\n"
         "                     make the store; the next boot (of slot S) is on trial\n"
         "  disarm             call it off, before the trial began\n"
         "  boot [--kmsg] [--progress FILE] [--format=shell]\n"
         "                     in the initramfs: decide, count, protect or roll back;\n"
         "                     --kmsg logs to the kernel, too\n"
         "  mark-good          commit: keep what the new system wrote\n"
         "  mark-bad           ask for a rollback at the next boot\n"
         "  status [--format=shell]\n"
         "                     where it stands, and what may be done now\n"
         "  log                what happened, and why: the last 32 events\n"
         "  doctor [--root DIR] [--image FILE]\n"
         "                     check the setup; DIR: of a machine that is not running\n"
         "\n"
         "  --config FILE      else the first of /etc/bootguard/bootguard.conf,\n"
         "                     /run/bootguard/..., /usr/lib/bootguard/...\n"
         "  --json             the answer as JSON\n"
         "  --no-color         as does NO_COLOR in the environment\n"
         "  --help, --version\n"
         "\n"
         "Exit codes, files and examples: bootguard(8)\n";
}

}  // namespace bootguard
