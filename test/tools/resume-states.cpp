// SPDX-License-Identifier: LGPL-2.1-or-later
// resume-states: inside the virtual machine, the real kernel and the product go on from each crash state of a sample
// (built static; see crash_sample.h for the sample).
//
//   resume-states --image FILE --checkpoint FILE --log FILE --sample FILE --pieces FILE --kind ext4|xfs|f2fs --seed S
//                 --metadata-bytes AT SIZE --volume-bytes AT SIZE --directory DIR
//
// DIR lies on a tmpfs: the disk is a file there, behind a loop device with partitions, which the config names. After
// each state only what differs from the durable contents is put back. A boot is a run of `bootguard boot` with nothing
// mapped or mounted, and a boot id and kernel command line of its own, laid over those in /proc. What is done with a
// state S decides:
//
//   back     the old slot is booted
//   killed   the same, killed at its N-th write or flush, up to three times; then not
//   on       the new slot is booted, mounted, checked, written to, ended with an unmount or not at all ("crashed
//            again": the disk as it is in that moment); then it is rolled back: old slot, marked bad, or out of
//            attempts
//   commit   the same, but marked good, mounted or not; then booted, mounted, checked; the filesystem is checked
//
// Rolled back, or not yet begun: the volume is the checkpoint, byte for byte, outside what is mapped as the store. On
// trial or committed: what the last claims in the log say is there. Decisions must be those that are allowed at this
// point of the life.
//
// Exit status: 0 all good, 1 bad states, 2 usage, or something else does not work.
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "stands.h"
#include "tree.h"

namespace {

using log_writes::kArmed;
using log_writes::kCommitted;
using log_writes::kRolledBack;
using log_writes::kRollingBack;
using log_writes::kTrial;

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kChunk = 4096;
constexpr unsigned kRunSeconds = 30;
constexpr std::uint64_t kAboveOthers = 1000;  // seeds of the recorded lives, whose files are there already
constexpr const char* kProduct = "/product/bootguard";
constexpr const char* kVolumeAt = "/mnt";
constexpr const char* kDisk = "/dev/loop0";
constexpr const char* kVolume = "/dev/loop0p2";
constexpr const char* kMapped = "/dev/mapper/bootguard-userdata";

[[noreturn, gnu::format(printf, 1, 2)]] void die(const char* format, ...) {
  const int error = errno;
  va_list arguments;
  va_start(arguments, format);
  std::fputs("resume-states: ", stdout);
  std::vprintf(format, arguments);
  std::printf(" (%s)\n", std::strerror(error));
  va_end(arguments);
  std::fflush(stdout);
  std::exit(2);
}

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

struct Region {
  std::uint64_t at = 0, size = 0;
  bool has(std::uint64_t byte) const { return byte - at < size; }
};

struct Options {
  std::map<std::string, std::string> texts;
  Region metadata, volume;
  const char* operator[](const char* name) const {
    const auto found = texts.find(name);
    if (found == texts.end()) die("%s is missing", name);
    return found->second.c_str();
  }
};

Options parse(int argc, char** argv) {
  Options options;
  int i = 1;
  while (i + 1 < argc) {
    const std::string name = argv[i];
    if (name == "--metadata-bytes" || name == "--volume-bytes") {
      if (i + 2 >= argc) die("%s needs two numbers", argv[i]);
      (name == "--volume-bytes" ? options.volume : options.metadata) = {number(argv[i + 1]), number(argv[i + 2])};
      i += 3;
    } else {
      options.texts[name] = argv[i + 1];
      i += 2;
    }
  }
  if (i != argc) die("usage: see the top of the source");
  return options;
}

// --- the disk
// -----------------------------------------------------------------------------------------------------------

// An image as a file on the tmpfs, with holes where it is zero. Not in this program's own memory: user-mode-linux makes
// a process by copying the caller's mappings, page by page.
class Image {
 public:
  // A copy of an image, or (`from` null) an empty one.
  Image(const std::string& name, const char* from, std::uint64_t size = 0) : size_(size) {
    fd_ = open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd_ < 0) die("%s", name.c_str());
    if (from != nullptr) copy(from);
    if (ftruncate(fd_, static_cast<off_t>(size_)) != 0) die("%s", name.c_str());
  }
  static bool is_zero(const char* bytes, std::uint64_t size) {
    return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, size - 1) == 0;
  }

  int fd() const { return fd_; }
  std::uint64_t size() const { return size_; }
  void get(std::uint64_t at, char* bytes, std::uint64_t size) const {
    if (pread(fd_, bytes, size, static_cast<off_t>(at)) != static_cast<ssize_t>(size)) die("reading an image");
  }
  void put(std::uint64_t at, const char* bytes, std::uint64_t size) {
    if (pwrite(fd_, bytes, size, static_cast<off_t>(at)) != static_cast<ssize_t>(size)) die("writing an image");
  }
  void put_chunk(std::uint64_t at, const char* bytes) {
    if (!is_zero(bytes, kChunk)) return put(at, bytes, kChunk);
    if (fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(at), kChunk) != 0) die("a hole");
  }
  // Marks the chunks that are no holes.
  void mark_data(std::vector<bool>& chunks) const {
    off_t at = 0;
    while ((at = lseek(fd_, at, SEEK_DATA)) >= 0) {
      const off_t end = lseek(fd_, at, SEEK_HOLE);
      for (; at < end; at += static_cast<off_t>(kChunk)) chunks[static_cast<std::uint64_t>(at) / kChunk] = true;
    }
    if (errno != ENXIO) die("looking for data in an image");
  }

 private:
  void copy(const char* from) {
    const int fd = open(from, O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd < 0 || fstat(fd, &info) != 0 || info.st_size % static_cast<off_t>(kChunk) != 0) die("%s", from);
    size_ = static_cast<std::uint64_t>(info.st_size);
    static char buffer[kPiece];
    for (std::uint64_t at = 0; at < size_;) {
      const ssize_t count = pread(fd, buffer, sizeof buffer, static_cast<off_t>(at));
      if (count <= 0 || count % static_cast<ssize_t>(kChunk) != 0) die("%s: cannot be read", from);
      for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); i += kChunk) {
        if (!is_zero(buffer + i, kChunk)) put(at + i, buffer + i, kChunk);
      }
      at += static_cast<std::uint64_t>(count);
    }
    close(fd);
  }

  static constexpr std::uint64_t kPiece = 16 * kChunk;
  int fd_ = -1;
  std::uint64_t size_;
};

class Disk {
 public:
  explicit Disk(const Options& options)
      : options_(options),
        base_(name_of("base"), options["--image"]),
        disk_(name_of("disk"), options["--image"]),
        checkpoint_(name_of("checkpoint"), options["--checkpoint"]),
        crashed_(name_of("crashed"), nullptr, base_.size()),
        log_(open(options["--log"], O_RDONLY | O_CLOEXEC)) {
    if (log_ < 0) die("%s", options["--log"]);
    if (base_.size() != checkpoint_.size()) die("images of different sizes");
    in_store_.assign(base_.size() / kChunk, false);
    base_data_ = checkpoint_data_ = in_store_;
    base_.mark_data(base_data_);
    checkpoint_.mark_data(checkpoint_data_);
    read_store(options["--pieces"]);
    attach();
  }

  // Sectors from the log; `durable`: the disk keeps them.
  void put_from_log(std::uint64_t sector, std::uint64_t count, std::uint64_t log_sector, bool durable) {
    if (sector + count > base_.size() / kSector) die("off the disk: sector %" PRIu64, sector);
    static char buffer[16 * kChunk];
    while (count > 0) {
      const std::uint64_t size = std::min(count * kSector, std::uint64_t{sizeof buffer});
      if (pread(log_, buffer, size, static_cast<off_t>(log_sector * kSector)) != static_cast<ssize_t>(size))
        die("the log, at sector %" PRIu64, log_sector);
      if (durable) {
        base_.put(sector * kSector, buffer, size);
        for (std::uint64_t at = sector * kSector; at < sector * kSector + size; at += kSector)
          base_data_[at / kChunk] = true;
      }
      disk_.put(sector * kSector, buffer, size);
      sector += size / kSector;
      log_sector += size / kSector;
      count -= size / kSector;
    }
  }

  // Keeps the disk as it is in one moment: nothing else runs meanwhile on the one processor.
  void crash() {
    const sched_param first{1};
    if (sched_setscheduler(0, SCHED_FIFO, &first) != 0) die("SCHED_FIFO");
    at_crash_.clear();
    compare(base_, base_data_, [&](std::uint64_t at, const char* bytes, const char*) {
      at_crash_.push_back(at);
      crashed_.put(at, bytes, kChunk);
    });
    const sched_param normal{0};
    if (sched_setscheduler(0, SCHED_OTHER, &normal) != 0) die("SCHED_OTHER");
  }
  // The durable contents are on the disk: makes it what it was in crash().
  void put_crashed() {
    char bytes[kChunk];
    for (const std::uint64_t at : at_crash_) {
      crashed_.get(at, bytes, kChunk);
      disk_.put(at, bytes, kChunk);
    }
  }
  // The durable contents again.
  void restore() {
    compare(base_, base_data_,
            [&](std::uint64_t at, const char*, const char* durable) { disk_.put_chunk(at, durable); });
    forget_caches();
  }
  void forget_caches() {
    for (const char* name : {kDisk, "/dev/loop0p1", kVolume}) {
      const int fd = open(name, O_RDONLY | O_CLOEXEC);
      if (fd < 0 || ioctl(fd, BLKFLSBUF, 0) != 0) die("%s: BLKFLSBUF", name);
      close(fd);
    }
  }

  // The first byte that is not as at the checkpoint, anywhere but in what is mapped as the store and in the metadata;
  // UINT64_MAX: none.
  std::uint64_t first_change() {
    std::uint64_t first = UINT64_MAX;
    compare(checkpoint_, checkpoint_data_, [&](std::uint64_t at, const char* bytes, const char* wanted) {
      if (in_store_[at / kChunk] || options_.metadata.has(at) || at >= first) return;
      first = at + static_cast<std::uint64_t>(std::mismatch(bytes, bytes + kChunk, wanted).first - bytes);
    });
    return first;
  }

 private:
  std::string name_of(const char* what) const { return std::string(options_["--directory"]) + "/" + what; }
  void read_store(const char* name) {
    std::FILE* file = std::fopen(name, "r");
    if (file == nullptr) die("%s", name);
    std::uint64_t start = 0, count = 0, all = 0;
    while (std::fscanf(file, "%" SCNu64 " %" SCNu64, &start, &count) == 2) {
      const std::uint64_t at = options_.volume.at + start * kSector;
      if (at % kChunk != 0 || count * kSector % kChunk != 0 || at + count * kSector > base_.size()) die("%s", name);
      for (std::uint64_t i = at; i < at + count * kSector; i += kChunk) in_store_[i / kChunk] = true;
      all += count;
    }
    if (all == 0) die("%s: nothing in it", name);
    std::fclose(file);
  }
  void attach() {
    const int loop = open(kDisk, O_RDWR | O_CLOEXEC);
    loop_config config{};
    config.fd = static_cast<__u32>(disk_.fd());
    config.block_size = kSector;
    config.info.lo_flags = LO_FLAGS_PARTSCAN;
    if (loop < 0 || ioctl(loop, LOOP_CONFIGURE, &config) != 0) die("%s", kDisk);
    close(loop);
    if (access(kVolume, F_OK) != 0) die("%s", kVolume);
  }
  // Calls look(at, on the disk, in the other) for each chunk that differs; what is a hole in both is not read.
  template <class Look>
  void compare(const Image& other, const std::vector<bool>& other_data, Look look) {
    constexpr std::uint64_t kMost = 64;
    static char here[kMost * kChunk], there[kMost * kChunk];
    std::vector<bool> data = other_data;
    disk_.mark_data(data);
    for (std::uint64_t begin = 0; begin < data.size();) {
      std::uint64_t end = begin;
      while (end < data.size() && data[end] && end - begin < kMost) ++end;
      if (end == begin) {
        ++begin;
        continue;
      }
      const std::uint64_t size = (end - begin) * kChunk;
      disk_.get(begin * kChunk, here, size);
      other.get(begin * kChunk, there, size);
      if (std::memcmp(here, there, size) != 0) {
        for (std::uint64_t i = 0; i < size; i += kChunk) {
          if (std::memcmp(here + i, there + i, kChunk) != 0) look(begin * kChunk + i, here + i, there + i);
        }
      }
      begin = end;
    }
  }

  const Options& options_;
  Image base_, disk_, checkpoint_, crashed_;
  int log_;
  std::vector<bool> in_store_, base_data_, checkpoint_data_;
  std::vector<std::uint64_t> at_crash_;
};

// --- running things
// -----------------------------------------------------------------------------------------------------

struct Ended {
  int status = -1;  // -1: killed at the write asked for, -2: hung or crashed
  std::string output;
};

void on_alarm(int) {}

// Runs a program, its output in a file, bounded. `killed_at`: ended at its N-th write or flush by a trace; 0: not.
class Programs {
 public:
  explicit Programs(const std::string& directory) : output_(directory + "/output") {
    struct sigaction action {};
    action.sa_handler = on_alarm;  // without SA_RESTART: waiting ends
    sigaction(SIGALRM, &action, nullptr);
  }

  Ended run(std::vector<std::string> words, std::uint64_t killed_at = 0) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int out = open(output_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) die("%s", output_.c_str());
    const pid_t child = vfork();
    if (child < 0) die("vfork");
    if (child == 0) {
      dup2(out, 1);
      dup2(out, 2);
      if (killed_at != 0) be_traced();
      execv(argv[0], argv.data());
      _exit(127);
    }
    Ended ended;
    alarm(kRunSeconds);
    ended.status = killed_at == 0 ? wait_for(child) : trace(child, killed_at);
    alarm(0);
    char buffer[4096];
    for (off_t at = 0;;) {
      const ssize_t count = pread(out, buffer, sizeof buffer, at);
      if (count <= 0) break;
      ended.output.append(buffer, static_cast<std::size_t>(count));
      at += count;
    }
    close(out);
    return ended;
  }

 private:
  static int end(pid_t child, int status) {
    kill(child, SIGKILL);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
  static int wait_for(pid_t child) {
    int state = 0;
    if (waitpid(child, &state, 0) != child) return end(child, -2);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -2;
  }
  // In the child: its writes and flushes stop it.
  static void be_traced() {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    static sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pwrite64, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{sizeof filter / sizeof filter[0], filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
      _exit(126);
  }
  static int trace(pid_t child, std::uint64_t left) {
    bool begun = false;
    for (;;) {
      int state = 0;
      if (waitpid(child, &state, 0) != child) return end(child, -2);
      if (WIFEXITED(state)) return WEXITSTATUS(state);
      if (!WIFSTOPPED(state)) return -2;
      if (!begun && ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESECCOMP) != 0) return end(child, -2);
      begun = true;
      if (state >> 8 == (SIGTRAP | (PTRACE_EVENT_SECCOMP << 8)) && --left == 0) return end(child, -1);
      if (ptrace(PTRACE_CONT, child, nullptr, nullptr) != 0) return end(child, -2);
    }
  }

  std::string output_;
};

void write_file(const std::string& name, const std::string& text) {
  const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) die("%s", name.c_str());
  close(fd);
}

std::uint64_t now_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

// --- going on from a state
// ----------------------------------------------------------------------------------------------

struct State {
  std::uint64_t entry = 0;
  unsigned allowed = 0, stands = 0;
  bool read_as_good = false, torn = false;
};

struct Booted {
  int status = 0;
  std::string decision, device;
};

struct Figures {
  std::uint64_t states = 0, bad = 0, rolled_back = 0, committed = 0, waiting = 0, on_trial = 0, kills = 0, crashes = 0,
                boots = 0, mounts = 0, checked = 0, read_as_bad = 0, missed = 0;
};

class Resume {
 public:
  Resume(const Options& options, Disk& disk)
      : disk_(disk),
        programs_(options["--directory"]),
        random_(number(options["--seed"])),
        directory_(options["--directory"]),
        kind_(options["--kind"]) {
    overlay("cmdline", "/proc/cmdline");
    overlay("boot_id", "/proc/sys/kernel/random/boot_id");
    control_ = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);
    if (control_ < 0) die("/dev/mapper/control");
  }

  void claim(const std::string& text) {
    // "claim:churn:SEED:N", "claim:digest:HEX"; "-" takes it back
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(':', at), text.size());
      words.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    const bool back = words.size() >= 3 && words[2] == "-";
    if (words.size() == 4 && words[1] == "churn") {
      churn_seed_ = number(words[2].c_str());
      churn_last_ = back ? 0 : number(words[3].c_str());
    } else if (words.size() == 3 && words[1] == "digest") {
      digest_ = back ? "" : words[2];
    } else {
      die("no claim: %s", text.c_str());
    }
  }

  // The disk is as the crash left it.
  void go_on(const State& state) {
    ++figures_.states;
    figures_.read_as_bad += static_cast<std::uint64_t>(!state.read_as_good);
    state_ = state;
    as_read_ = state.read_as_good;
    bad_ = false;
    const std::uint64_t way = random_.below(state.torn ? 4 : 8);
    way_ = way < 2 ? "back" : way < 4 ? "killed" : way < 6 ? "on" : "commit";
    if (way < 2)
      back();
    else if (way < 4)
      back_killed();
    else
      on(way >= 6);
    clean_up();
    figures_.bad += static_cast<std::uint64_t>(bad_);
    if (!state.read_as_good && !bad_) ++figures_.missed;
  }
  const Figures& figures() const { return figures_; }
  std::uint64_t boot_us = 0, mount_us = 0, tree_us = 0, fsck_us = 0;

 private:
  [[gnu::format(printf, 2, 3)]] bool bad(const char* format, ...) {
    bad_ = true;
    if (figures_.bad >= kBadShown) return false;
    std::printf(
        "bad - state %" PRIu64 " (%s), in flight up to entry %" PRIu64 ", allowed %u, read as %u%s: ", figures_.states,
        way_, state_.entry, state_.allowed, state_.stands, state_.read_as_good ? "" : " and bad");
    va_list arguments;
    va_start(arguments, format);
    std::vprintf(format, arguments);
    va_end(arguments);
    std::putchar('\n');
    return false;
  }

  void overlay(const char* name, const char* target) {
    const std::string file = directory_ + "/" + name;
    write_file(file, "\n");
    if (mount(file.c_str(), target, nullptr, MS_BIND, nullptr) != 0) die("%s", target);
  }

  static std::string value_of(const std::string& output, const std::string& name) {
    const std::string start = "BOOTGUARD_" + name + "='";
    const std::size_t at = output.find(start);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + start.size();
    return output.substr(begin, output.find('\'', begin) - begin);
  }

  Booted boot(char slot, std::uint64_t killed_at = 0) {
    const std::uint64_t begun = now_us();
    ++figures_.boots;
    write_file(directory_ + "/cmdline", std::string("bootguard.slot=") + slot + "\n");
    char id[64];
    std::snprintf(id, sizeof id, "%08" PRIx64 "-0000-4000-8000-%012" PRIx64 "\n", figures_.boots, state_.entry + 1);
    write_file(directory_ + "/boot_id", id);
    const Ended ended = programs_.run({kProduct, "boot", "--config", "/x/bootguard.conf", "--format=shell"}, killed_at);
    boot_us += now_us() - begun;
    output_ = ended.output;
    return {ended.status, value_of(output_, "DECISION"), value_of(output_, "DEVICE")};
  }

  // `bootguard VERB`: it must succeed.
  bool verb(const char* name) {
    const Ended ended = programs_.run({kProduct, name, "--config", "/x/bootguard.conf"});
    return ended.status == 0 || bad("%s ended with %d: %s", name, ended.status, ended.output.c_str());
  }

  // Whether the decision is one that is allowed where the crash was. Afterwards the update stands as now_.
  bool first_decision(const Booted& booted, char slot) {
    const std::string& d = booted.decision;
    if (booted.status != 0)
      return bad("boot ended with %d, decision '%s': %s", booted.status, d.c_str(), output_.c_str());
    unsigned found = 0;
    if (d == "stay-armed" && slot == 'A') found = kArmed;
    if (d == "start-trial" && slot == 'B') found = kArmed;
    if (d == "continue-trial" && slot == 'B') found = kTrial;
    if (d == "roll-back") found = kTrial;
    if (d == "resume-rollback") found = kRollingBack;
    if (d == "idle") found = state_.allowed & (kRolledBack | kCommitted);
    if ((found & state_.allowed) == 0) return bad("decision '%s', slot %c, is not allowed here", d.c_str(), slot);
    if (as_read_ && found != state_.stands)
      return bad("decision '%s' is not what the metadata read on the host call for", d.c_str());
    const bool mapped = d == "start-trial" || d == "continue-trial";
    if (booted.device != (mapped ? kMapped : kVolume))
      return bad("decision '%s' hands over '%s'", d.c_str(), booted.device.c_str());
    now_ = found == kArmed         ? (mapped ? kTrial : kArmed)
           : found == kTrial       ? (mapped ? kTrial : kRolledBack)
           : found == kRollingBack ? kRolledBack
                                   : found;
    return true;
  }

  bool is_checkpoint() {
    const std::uint64_t at = disk_.first_change();
    return at == UINT64_MAX || bad("not the checkpoint: byte %" PRIu64 " of the disk", at);
  }

  // After a boot that mapped nothing.
  void judge_plain() {
    if (now_ == kCommitted && state_.torn) return;  // nothing but the decision can be judged
    if (now_ == kCommitted) {
      if (committed_data(kVolume)) ++figures_.committed;
      return;
    }
    if (!is_checkpoint()) return;
    ++(now_ == kArmed ? figures_.waiting : figures_.rolled_back);
  }

  void back() { judge_boot(boot('A')); }

  void back_killed() {
    for (int i = 0; i < 3; ++i) {
      // Few writes are as likely as many.
      const std::uint64_t killed_at = 1 + random_.below(std::uint64_t{1} << random_.below(9));
      const Booted booted = boot('A', killed_at);
      if (booted.status != -1) return judge_boot(booted);  // it came to its end before
      ++figures_.kills;
      widen();
    }
    judge_boot(boot('A'));
  }
  void judge_boot(const Booted& booted) {
    if (first_decision(booted, 'A')) judge_plain();
  }
  // A boot of ours may have begun a rollback, or finished it.
  void widen() {
    as_read_ = false;
    if (state_.stands == kTrial) state_.allowed |= kRollingBack | kRolledBack;
    if (state_.stands == kRollingBack) state_.allowed |= kRolledBack;
    if (state_.stands == kTrial || state_.stands == kRollingBack) state_.allowed &= ~static_cast<unsigned>(kCommitted);
  }

  void on(bool commit) {
    if (!first_decision(boot('B'), 'B')) return;
    if (now_ != kTrial) return judge_plain();
    ++figures_.on_trial;
    if (!mount_volume(kMapped) || !claimed_data()) return;
    const bool changed = random_.below(4) == 0;
    const bool written = in_tree([&] {
      tree::churn(kMore, figures_.states, kMoreChurn, false);
      if (changed) tree::change(kTree, kAboveOthers + figures_.states);
      return true;
    });
    if (!written) return;
    const std::string digest = digest_;
    if (changed) digest_.clear();
    more_seed_ = figures_.states;
    finish_on(commit);
    more_seed_ = 0;
    digest_ = digest;
  }
  void finish_on(bool commit) {
    const bool live = random_.below(2) == 0;
    const bool crashed = random_.below(2) == 0;
    if (commit && live && !verb("mark-good")) return;
    if (!crashed && !unmount()) return;
    if (commit && !live) {
      if (crashed && !unmount()) return;
      if (!verb("mark-good")) return;
    }
    if (!commit && random_.below(4) == 0 && !verb("mark-bad")) return;
    if (crashed) {
      disk_.crash();
      ++figures_.crashes;
      clean_up();
      if (bad_) return;
      disk_.put_crashed();
    } else if (!remove_mappings()) {
      return;
    }
    if (commit) {
      const Booted booted = boot(random_.below(2) == 0 ? 'A' : 'B');
      if (booted.status != 0 || booted.decision != "idle" || booted.device != kVolume) {
        bad("after the commit: status %d, decision '%s', device '%s'", booted.status, booted.decision.c_str(),
            booted.device.c_str());
        return;
      }
      if (committed_data(kVolume)) ++figures_.committed;
      return;
    }
    roll_back();
  }
  // By the old slot, or as often with the new one as there are attempts, or sooner where it was marked bad.
  void roll_back() {
    const char slot = random_.below(2) == 0 ? 'A' : 'B';
    for (int i = 0; i < 5; ++i) {
      const Booted booted = boot(slot);
      if (booted.status != 0) {
        bad("boot ended with %d, decision '%s': %s", booted.status, booted.decision.c_str(), output_.c_str());
        return;
      }
      if (booted.decision == "continue-trial" && slot == 'B') {
        if (!remove_mappings()) return;
        continue;
      }
      if (booted.decision != "roll-back" || booted.device != kVolume) {
        bad("to roll back: decision '%s', device '%s'", booted.decision.c_str(), booted.device.c_str());
        return;
      }
      if (is_checkpoint()) ++figures_.rolled_back;
      return;
    }
    bad("five boots of the new slot, and no rollback");
  }

  bool committed_data(const char* device) {
    if (!mount_volume(device) || !claimed_data() || !unmount()) return false;
    if (random_.below(3) != 0) return true;
    const std::uint64_t begun = now_us();
    ++figures_.checked;
    const Ended ended = kind_ == "ext4"  ? programs_.run({"/usr/sbin/e2fsck", "-f", "-n", device})
                        : kind_ == "xfs" ? programs_.run({"/usr/sbin/xfs_repair", "-n", device})
                                         : programs_.run({"/usr/sbin/fsck.f2fs", "--dry-run", device});
    fsck_us += now_us() - begun;
    const bool f2fs_bad = kind_ == "f2fs" && ended.output.find("[Fail]") != std::string::npos;
    return (ended.status == 0 && !f2fs_bad) || bad("the filesystem: %s", ended.output.c_str());
  }
  bool claimed_data() {
    return in_tree([&] {
      if (churn_last_ != 0 && tree::churned(kChurn, churn_seed_, churn_last_) != 0)
        return bad("churn %" PRIu64 " up to %" PRIu64 " is not there", churn_seed_, churn_last_);
      if (more_seed_ != 0 && tree::churned(kMore, more_seed_, kMoreChurn) != 0)
        return bad("what was written when it went on is not there");
      if (digest_.empty()) return true;
      const std::string found = tree::digest(kTree);
      return found == digest_ || bad("the tree is %s, not %s", found.c_str(), digest_.c_str());
    });
  }
  template <class Do>
  bool in_tree(Do what) {
    const std::uint64_t begun = now_us();
    bool good = false;
    try {
      good = what();
    } catch (const tree::Failed& failed) {
      bad("files: %s", failed.what.c_str());
    }
    tree_us += now_us() - begun;
    return good;
  }

  bool mount_volume(const char* device) {
    const std::uint64_t begun = now_us();
    ++figures_.mounts;
    mounted_ = mount(device, kVolumeAt, kind_.c_str(), MS_NOATIME, nullptr) == 0;
    mount_us += now_us() - begun;
    return mounted_ || bad("mounting %s: %s", device, std::strerror(errno));
  }
  bool unmount() {
    if (!mounted_) return true;
    const std::uint64_t begun = now_us();
    for (int i = 0; i < 200; ++i) {
      mounted_ = umount(kVolumeAt) != 0;
      if (!mounted_ || errno != EBUSY) break;
      usleep(10000);
    }
    mount_us += now_us() - begun;
    if (mounted_) die("unmounting");
    return true;
  }
  bool remove_mappings() {
    dm_ioctl request{};
    request.version[0] = DM_VERSION_MAJOR;
    request.data_size = sizeof request;
    if (ioctl(control_, DM_REMOVE_ALL, &request) != 0) die("DM_REMOVE_ALL");
    // Nobody holds the volume any more.
    const int fd = open(kVolume, O_RDONLY | O_EXCL | O_CLOEXEC);
    if (fd < 0) die("mappings are left");
    close(fd);
    return true;
  }
  void clean_up() {
    unmount();
    remove_mappings();
    disk_.restore();
  }

  static constexpr std::uint64_t kBadShown = 10;
  static constexpr std::uint64_t kMoreChurn = 8;
  static constexpr const char* kTree = "/mnt/tree";
  static constexpr const char* kChurn = "/mnt/churn";
  static constexpr const char* kMore = "/mnt/more";
  Disk& disk_;
  Programs programs_;
  Random random_;
  std::string directory_, kind_, output_;
  int control_ = -1;
  State state_;
  unsigned now_ = 0;
  const char* way_ = "";
  bool bad_ = false, mounted_ = false, as_read_ = false;
  std::uint64_t churn_seed_ = 0, churn_last_ = 0, more_seed_ = 0;
  std::string digest_;
  Figures figures_;
};

int run(const Options& options) {
  Disk disk(options);
  Resume resume(options, disk);
  std::FILE* sample = std::fopen(options["--sample"], "r");
  if (sample == nullptr) die("%s", options["--sample"]);
  char line[1024];
  const std::uint64_t begun = now_us();
  while (std::fgets(line, sizeof line, sample) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    char what = '\0';
    std::uint64_t at = 0, count = 0, in_log = 0;
    State state;
    int good = 0, torn = 0;
    if (std::sscanf(line, "%c %" SCNu64 " %" SCNu64 " %" SCNu64, &what, &at, &count, &in_log) == 4 &&
        (what == 'd' || what == 'w')) {
      disk.put_from_log(at, count, in_log, what == 'd');
    } else if (std::sscanf(line, "state %" SCNu64 " %u %u %d %d", &state.entry, &state.allowed, &state.stands, &good,
                           &torn) == 5) {
      state.read_as_good = good != 0;
      state.torn = torn != 0;
      resume.go_on(state);
    } else if (std::strncmp(line, "claim:", 6) == 0) {
      resume.claim(line);
    } else {
      die("not a line of a sample: %s", line);
    }
  }
  const Figures& f = resume.figures();
  std::printf("resumed %" PRIu64 " states, %" PRIu64 " bad: %" PRIu64 " rolled back, %" PRIu64 " committed, %" PRIu64
              " still armed; %" PRIu64 " went on in the trial, %" PRIu64 " crashed again there, %" PRIu64
              " kills of a boot; %" PRIu64 " boots, %" PRIu64 " mounts, %" PRIu64 " filesystem checks\n",
              f.states, f.bad, f.rolled_back, f.committed, f.waiting, f.on_trial, f.crashes, f.kills, f.boots, f.mounts,
              f.checked);
  std::printf("read as bad on the host %" PRIu64 ", of which gone on from without harm %" PRIu64 "\n", f.read_as_bad,
              f.missed);
  std::printf("time: %" PRIu64 " ms; boots %" PRIu64 ", mounts %" PRIu64 ", trees %" PRIu64
              ", filesystem checks %" PRIu64 "\n",
              (now_us() - begun) / 1000, resume.boot_us / 1000, resume.mount_us / 1000, resume.tree_us / 1000,
              resume.fsck_us / 1000);
  std::fflush(stdout);
  if (f.states == 0) die("an empty sample");
  return f.bad != 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) { return run(parse(argc, argv)); }
