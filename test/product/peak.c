/*
 * Runs a command and writes its peak resident memory in KiB.
 *
 *   peak OUTPUT-FILE COMMAND [ARGUMENT...]        ("-" is standard output)
 *
 * Exits with the command's status, 128 + signal, or 125 when measuring failed.
 *
 * Two numbers are taken and the larger one counts. ru_maxrss of wait4 is a peak,
 * but since Linux 6.2 it comes from per-CPU counters that may lag by 32 pages
 * for each kind of memory and read 0 for a small process. The page tables at
 * the moment of exit (smaps_rollup) are exact, but not a peak. So the result
 * misses at most some 250 KiB that were given back before the exit.
 *
 * To be linked statically against musl: a child starts with the peak of the
 * process image it replaces, so a large parent would hide a small child.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what) {
  dprintf(2, "peak: %s: %s\n", what, strerror(errno));
  return 125;
}

/* 0 where the kernel has no such file. */
static long resident_now_kib(pid_t child) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)child);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  text[size > 0 ? size : 0] = '\0';
  const char *rss = strstr(text, "\nRss:");
  return rss ? strtol(rss + 5, NULL, 10) : 0;
}

/* Follows the traced child to its end; returns its wait status or -1. */
static int follow(pid_t child, long *kib) {
  int status, configured = 0;
  struct rusage usage;
  for (;;) {
    if (wait4(child, &status, 0, &usage) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (!WIFSTOPPED(status)) break;
    int signal = WSTOPSIG(status);
    if (!configured) { /* stopped by its execve */
      if (ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC) < 0)
        return -1;
      configured = 1;
      signal = 0;
    } else if (status >> 16 != 0) { /* an event, not a signal to pass on */
      if (status >> 16 == PTRACE_EVENT_EXIT) *kib = resident_now_kib(child);
      signal = 0;
    }
    if (ptrace(PTRACE_CONT, child, 0, signal) < 0) return -1;
  }
  if (usage.ru_maxrss > *kib) *kib = usage.ru_maxrss;
  return status;
}

static pid_t start(char **command) {
  pid_t child = vfork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execvp(command[0], command);
    _exit(127);
  }
  return child;
}

int main(int argc, char **argv) {
  long kib = 0;
  int out = 1;

  if (argc < 3) {
    dprintf(2, "usage: peak OUTPUT-FILE COMMAND [ARGUMENT...]\n");
    return 125;
  }
  if (strcmp(argv[1], "-") != 0) {
    out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out < 0) return fail(argv[1]);
  }
  pid_t child = start(argv + 2);
  if (child < 0) return fail("vfork");
  int status = follow(child, &kib);
  if (status < 0) return fail("following the command");
  if (dprintf(out, "%ld\n", kib) < 0) return fail(argv[1]);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
