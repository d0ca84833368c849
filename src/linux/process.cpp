// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linux/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <vector>

#include "linux/syscalls.h"
#include "linux/unique_fd.h"

namespace bootguard {
namespace {

constexpr std::size_t kPipeBytes = 64 * 1024;

// execv() and posix_spawn() take strings that they do not change as strings that they might.
char* writable(const char* text) { return const_cast<char*>(text); }

// A program that was started. However this ends, it is gone afterwards and leaves no zombie.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      (void)wait();
    }
  }
  // Its wait status. REQUIRES: it has ended or is about to.
  int wait() {
    int status = -1;
    (void)retry_interrupted([&] { return ::waitpid(pid_, &status, 0); });
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

Result<pid_t> start(const FilterCommand& command, int output) {
  const char* const program = command.arguments.front();
  if (::lseek(command.input, static_cast<off_t>(command.offset.n), SEEK_SET) < 0)
    return system_error(Errc::kIo, errno, "seeking for %s", program);
  std::vector<char*> arguments;
  for (const char* const argument : command.arguments) arguments.push_back(writable(argument));
  arguments.push_back(nullptr);
  static char language[] = "LC_ALL=C";
  char* environment[] = {language, nullptr};
  posix_spawn_file_actions_t actions;
  int failed = ::posix_spawn_file_actions_init(&actions);
  if (failed != 0) return system_error(Errc::kIo, failed, "starting %s", program);
  pid_t pid = -1;
  failed = ::posix_spawn_file_actions_adddup2(&actions, command.input, STDIN_FILENO);
  if (failed == 0) failed = ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (failed == 0) failed = ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  if (failed == 0) failed = ::posix_spawn(&pid, program, &actions, nullptr, arguments.data(), environment);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return system_error(failed == ENOENT ? Errc::kNotInstalled : Errc::kIo, failed, "starting %s", program);
  }
  return pid;
}

// Reads until the end or a limit; false: the sink had enough.
Result<bool> read_output(int output, const char* program, ByteSink& sink, const FilterLimits& limits) {
  const auto buffer = std::make_unique<std::byte[]>(kPipeBytes);
  const std::uint64_t begin = monotonic_clock_ms();
  std::uint64_t total = 0;
  for (;;) {
    const std::uint64_t spent = monotonic_clock_ms() - begin;
    if (spent >= limits.timeout_ms)
      return make_error(Errc::kIo, "%s did not end within %u s", program, limits.timeout_ms / 1000);
    pollfd waiting{output, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::uint64_t>(limits.timeout_ms - spent, 1000)));
    if (ready < 0 && errno != EINTR) return system_error(Errc::kIo, errno, "waiting for %s", program);
    if (ready <= 0) continue;
    const ssize_t count = ::read(output, buffer.get(), kPipeBytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(Errc::kIo, errno, "reading from %s", program);
    if (count == 0) return true;
    total += static_cast<std::uint64_t>(count);
    if (total > limits.output.n)
      return make_error(Errc::kIo, "%s wrote more than %llu MiB", program,
                        static_cast<unsigned long long>(limits.output.n >> 20));
    if (!sink.take({buffer.get(), static_cast<std::size_t>(count)})) return false;
  }
}

}  // namespace

Error replace_process(std::span<const char* const, 2> paths, std::span<const char* const> arguments) {
  // No std::vector: this is in the early-boot program, where every byte counts.
  std::array<char*, kMaxArguments + 2> vector{};
  if (arguments.size() > kMaxArguments) return make_error(Errc::kUsage, "too many arguments");
  std::transform(arguments.begin(), arguments.end(), vector.begin() + 1, writable);
  for (const char* const path : paths) {
    vector[0] = writable(path);
    ::execv(path, vector.data());
    if (errno != ENOENT) return system_error(Errc::kIo, errno, "starting %s", path);
  }
  return make_error(Errc::kNotInstalled, "not here: neither %s nor %s", paths[0], paths[1]);
}

Result<bool> run_filter(const FilterCommand& command, ByteSink& sink, const FilterLimits& limits) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error(Errc::kIo, errno, "making a pipe");
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  ASSIGN_OR_RETURN(const pid_t pid, start(command, writing.get()));
  Child child(pid);
  writing = UniqueFd();  // or its end would never be seen
  ASSIGN_OR_RETURN(const bool to_the_end, read_output(reading.get(), command.arguments.front(), sink, limits));
  if (!to_the_end) return true;
  // Having closed its output it has nothing left to do; should it sleep all the same, the destructor's way is shorter.
  for (std::uint32_t tries = 0; tries < 100; ++tries) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid) {
      const int status = child.wait();
      return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    sleep_ms(10);
  }
  return false;
}

}  // namespace bootguard
