// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/confinement.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iterator>
#endif

namespace bootguard {

#ifdef __x86_64__
namespace {

// Numbers that older headers do not have; the same on every machine.
constexpr std::uint16_t kIoUringSetup = 425, kOpenTree = 428, kMoveMount = 429, kFsopen = 430, kFspick = 433,
                        kClone3 = 435, kMountSetattr = 442;
constexpr std::uint16_t kRefused[] = {
    // other programs and processes
    SYS_execve, SYS_execveat, SYS_fork, SYS_vfork, SYS_clone, kClone3, SYS_ptrace, SYS_process_vm_readv,
    SYS_process_vm_writev, SYS_memfd_create,
    // other places
    SYS_socket, SYS_socketpair, SYS_mount, SYS_umount2, kOpenTree, kMoveMount, kFsopen, kFspick, kMountSetattr,
    SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_swapon, SYS_swapoff,
    // other ways to memory that can be executed, than those that are looked at by their protection
    SYS_pkey_mprotect, SYS_shmat, SYS_personality,
    // the kernel itself
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, kIoUringSetup, SYS_reboot, SYS_add_key, SYS_keyctl};
// Calls with 32-bit pointers carry this bit in their number; all of them are refused.
constexpr std::uint32_t kX32 = 0x40000000;

class Filter {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)); }
  // Passes over so many instructions if what was loaded is `how` to `value`, or if it is not.
  void skip(std::uint16_t how, std::uint32_t value, std::uint8_t if_so, std::uint8_t if_not) {
    add(static_cast<std::uint16_t>(BPF_JMP | BPF_K | how), if_so, if_not, value);
  }
  void refuse() { add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM); }
  void refuse_if(std::uint16_t how, std::uint32_t value) {
    skip(how, value, 0, 1);
    refuse();
  }
  void allow() { add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW); }
  bool install() {
    const sock_fprog program{static_cast<unsigned short>(size_), instructions_.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
  }

 private:
  void add(std::uint16_t code, std::uint8_t if_so, std::uint8_t if_not, std::uint32_t value) {
    instructions_[size_++] = {code, if_so, if_not, value};
  }

  std::array<sock_filter, 2 * std::size(kRefused) + 12> instructions_;
  std::size_t size_ = 0;
};

}  // namespace

bool confine_process() {
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.skip(BPF_JEQ, AUDIT_ARCH_X86_64, 1, 0);
  filter.refuse();
  filter.load(offsetof(seccomp_data, nr));
  filter.refuse_if(BPF_JGE, kX32);
  for (const std::uint16_t number : kRefused) filter.refuse_if(BPF_JEQ, number);
  filter.skip(BPF_JEQ, SYS_mmap, 1, 0);
  filter.skip(BPF_JEQ, SYS_mprotect, 0, 3);
  filter.load(offsetof(seccomp_data, args[2]));  // its lower half: the protection
  filter.refuse_if(BPF_JSET, PROT_EXEC);
  filter.allow();
  return filter.install();
}
#else
bool confine_process() { return false; }
#endif

}  // namespace bootguard
