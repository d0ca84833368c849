// supervise: runs one virtual machine in a session of its own, with bounds.
//
//   supervise --log FILE --timeout-ms N [--kill-after-ms N] [--kill-when TEXT [--kill-delay-ms N]] -- COMMAND
//   [ARGUMENT...]
//
// The command's output goes to FILE, without carriage returns. Two lines of the guest steer it:
//   @@begin     the guest script starts; --kill-after-ms counts from here
//   @@exit N    the guest script ended with status N
// On every way out nothing of the command's process group is left, also when supervise itself is told to end (TERM,
// INT, HUP).
//
// Exit status: the guest's N; 124 timeout; 125 kernel panic; 126 the kernel ended before the script did; 127 usage or
// start failure; 137 killed as asked (--kill-*, or a signal to supervise).
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

namespace {

constexpr int kTimeout = 124;
constexpr int kPanic = 125;
constexpr int kEndedEarly = 126;
constexpr int kUsage = 127;
constexpr int kKilled = 137;
constexpr std::int64_t kNever = INT64_MAX;
constexpr std::int64_t kPowerOffGrace_ms = 5000;
constexpr std::int64_t kPanicGrace_ms = 500;

volatile std::sig_atomic_t asked_to_end = 0;

void on_signal(int) { asked_to_end = 1; }

std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

struct Options {
  const char* log = nullptr;
  std::int64_t timeout_ms = 60000;
  std::int64_t kill_after_ms = -1;
  const char* kill_when = nullptr;
  std::int64_t kill_delay_ms = 0;
  char** command = nullptr;
};

bool parse(int argc, char** argv, Options& options) {
  int i = 1;
  for (; i + 1 < argc && std::strcmp(argv[i], "--") != 0; i += 2) {
    const std::string name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--log")
      options.log = value;
    else if (name == "--timeout-ms")
      options.timeout_ms = std::atoll(value);
    else if (name == "--kill-after-ms")
      options.kill_after_ms = std::atoll(value);
    else if (name == "--kill-when")
      options.kill_when = value;
    else if (name == "--kill-delay-ms")
      options.kill_delay_ms = std::atoll(value);
    else
      return false;
  }
  if (i + 1 >= argc || std::strcmp(argv[i], "--") != 0 || options.log == nullptr) return false;
  options.command = argv + i + 1;
  return true;
}

// What the console said so far, and the moments that follow from it.
struct Console {
  std::string line;
  int status = -1;
  bool panic = false;
  std::int64_t kill_at = kNever;  // as asked
  std::int64_t end_by = kNever;   // the kernel should be gone on its own by then
};

void take_line(const Options& options, Console& console) {
  const std::int64_t now = now_ms();
  if (console.line == "@@begin" && options.kill_after_ms >= 0) console.kill_at = now + options.kill_after_ms;
  if (console.line.rfind("@@exit ", 0) == 0) {
    console.status = std::atoi(console.line.c_str() + 7);
    console.end_by = now + kPowerOffGrace_ms;
  }
  if (console.line.find("Kernel panic - not syncing") != std::string::npos) {
    console.panic = true;
    console.end_by = now + kPanicGrace_ms;
  }
  if (options.kill_when != nullptr && console.kill_at == kNever &&
      console.line.find(options.kill_when) != std::string::npos) {
    console.kill_at = now + options.kill_delay_ms;
  }
  console.line.clear();
}

void take_output(const Options& options, Console& console, int log_fd, const char* bytes, std::size_t count) {
  std::string clean;
  for (std::size_t i = 0; i < count; ++i) {
    if (bytes[i] == '\r') continue;
    clean.push_back(bytes[i]);
    if (bytes[i] == '\n')
      take_line(options, console);
    else if (console.line.size() < 4096)
      console.line.push_back(bytes[i]);
  }
  if (write(log_fd, clean.data(), clean.size()) < 0) std::perror("supervise: log");
}

pid_t start(const Options& options, int output) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kUsage);
  signal(SIGPIPE, SIG_DFL);
  const int null_fd = open("/dev/null", O_RDONLY);
  dup2(null_fd, 0);
  dup2(output, 1);
  dup2(output, 2);
  execvp(options.command[0], options.command);
  std::perror(options.command[0]);
  _exit(kUsage);
}

// Kills the whole process group and reaps what became ours.
void end_group(pid_t group) {
  kill(-group, SIGKILL);
  while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) kill(-group, SIGKILL);
}

int watch(const Options& options, pid_t child, int input, int log_fd) {
  Console console;
  const std::int64_t deadline = now_ms() + options.timeout_ms;
  int result = -1;
  bool open_input = true;
  while (result < 0) {
    const std::int64_t now = now_ms();
    if (asked_to_end != 0 || now >= console.kill_at) {
      result = kKilled;
      break;
    }
    if (now >= deadline) {
      result = kTimeout;
      break;
    }
    if (now >= console.end_by) break;
    int state = 0;
    if (waitpid(child, &state, WNOHANG) == child) {
      if (WIFEXITED(state) && WEXITSTATUS(state) == kUsage && console.status < 0) result = kUsage;
      break;
    }
    std::int64_t next = deadline < console.kill_at ? deadline : console.kill_at;
    if (console.end_by < next) next = console.end_by;
    if (now + 20 < next) next = now + 20;  // the child may end without closing its output
    pollfd wait_for{input, POLLIN, 0};
    if (open_input && poll(&wait_for, 1, static_cast<int>(next - now)) <= 0) continue;
    if (!open_input) {
      usleep(5000);
      continue;
    }
    char bytes[8192];
    const ssize_t count = read(input, bytes, sizeof bytes);
    if (count > 0)
      take_output(options, console, log_fd, bytes, static_cast<std::size_t>(count));
    else if (count == 0)
      open_input = false;
  }
  end_group(child);
  fcntl(input, F_SETFL, O_NONBLOCK);
  char bytes[8192];
  for (ssize_t count = 0; (count = read(input, bytes, sizeof bytes)) > 0;) {
    take_output(options, console, log_fd, bytes, static_cast<std::size_t>(count));
  }
  if (result >= 0) return result;
  if (console.panic) return kPanic;
  return console.status >= 0 ? console.status : kEndedEarly;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fputs(
        "usage: supervise --log FILE --timeout-ms N [--kill-after-ms N] [--kill-when TEXT [--kill-delay-ms N]] -- "
        "COMMAND...\n",
        stderr);
    return kUsage;
  }
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaction(number, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const int log_fd = open(options.log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  int ends[2];
  if (log_fd < 0 || pipe2(ends, O_CLOEXEC) != 0) {
    std::perror(options.log);
    return kUsage;
  }
  const pid_t child = start(options, ends[1]);
  if (child < 0) {
    std::perror("supervise: fork");
    return kUsage;
  }
  close(ends[1]);
  return watch(options, child, ends[0], log_fd);
}
