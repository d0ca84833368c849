// SPDX-License-Identifier: LGPL-2.1-or-later
// In a child, as nothing takes it back.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <string>

#include "linux/confinement.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr int kNotConfined = 100;

// The errno of a call that is made straight, with arguments that come to nothing; 0 if it succeeds.
int error_of(long number, long first = -1, long second = -1, long third = -1) {
  errno = 0;
  return ::syscall(number, first, second, third, -1L, -1L, -1L) < 0 ? errno : 0;
}

template <class Body>
int in_child(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = -1;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -status;
}

// The number of the first of these calls that does not end with `wanted`; 0: all do.
int first_that_is(bool refused) {
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  const auto is_refused = [](int error) { return error == EPERM; };
  if (is_refused(error_of(SYS_execve)) == refused) return 2;
  if (is_refused(error_of(SYS_execveat)) == refused) return 3;
  if (is_refused(error_of(SYS_socket, AF_UNIX, SOCK_STREAM, 0)) == refused) return 4;
  if (is_refused(error_of(SYS_mprotect, reinterpret_cast<long>(page), 4096, PROT_READ | PROT_EXEC)) == refused)
    return 5;
  void* const code = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if ((code == MAP_FAILED && errno == EPERM) == refused) return 6;
  return 0;
}

TEST_CASE("confinement: no program, socket or executable memory, and what bootguard does goes on") {
  // Control: without it none of these is refused.
  CHECK(in_child([] { return first_that_is(true); }) == 0);
  const int confined = in_child([] { return confine_process() ? 0 : kNotConfined; });
  if (confined == kNotConfined) {
    std::cout << "SKIPPED: this kernel has no seccomp" << std::endl;
    return;
  }
  REQUIRE(confined == 0);
  CHECK(in_child([] { return confine_process() ? first_that_is(false) : kNotConfined; }) == 0);
  const int others = in_child([] {
    if (!confine_process()) return kNotConfined;
    int number = 0;
    for (const long call :
         {long{SYS_fork}, long{SYS_clone}, 435L /* clone3 */, long{SYS_mount}, long{SYS_ptrace}, long{SYS_init_module},
          long{SYS_finit_module}, long{SYS_kexec_load}, long{SYS_bpf}, long{SYS_reboot}, long{SYS_unshare},
          long{SYS_pkey_mprotect}, long{SYS_shmat}, long{SYS_personality}, 0x40000000L | SYS_getpid}) {
      ++number;
      if (error_of(call) != EPERM) return number;
    }
    return 0;
  });
  CHECK(others == 0);
  const int allowed = in_child([] {
    if (!confine_process()) return kNotConfined;
    const auto status = read_text_file("/proc/self/status");
    if (!status || status->find("\nSeccomp:\t2\n") == std::string::npos) return 1;
    void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || ::mprotect(page, 4096, PROT_READ) != 0) return 2;
    const int fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || ::write(fd, "x", 1) != 1 || ::close(fd) != 0) return 3;
    return 0;
  });
  CHECK(allowed == 0);
}

}  // namespace
}  // namespace bootguard
