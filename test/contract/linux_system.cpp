// SPDX-License-Identifier: LGPL-2.1-or-later
// The running machine, and (BOOTGUARD_CONTRACT_KMSG=1: it is written to) the kernel's log.
#include "linux/linux_system.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <set>

#include "contract/subjects.h"
#include "linux/kmsg_log.h"
#include "linux/syscalls.h"
#include "linux/unique_fd.h"

namespace bootguard::contract {
namespace {

// Reads what is logged from now on: "PRIORITY,...;text".
class KmsgFixture {
 public:
  KmsgFixture() : fd_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    REQUIRE(fd_);
    REQUIRE(::lseek(fd_.get(), 0, SEEK_END) >= 0);
  }
  // "LEVEL text" of the records that came from bootguard.
  std::vector<std::string> records() {
    std::vector<std::string> found;
    std::array<char, 8192> buffer;
    for (ssize_t n = 0; (n = ::read(fd_.get(), buffer.data(), buffer.size())) > 0;) {
      const std::string record(buffer.data(), static_cast<std::size_t>(n));
      const std::size_t begin = record.find(';') + 1;
      const std::string text = record.substr(begin, record.find('\n') - begin);
      if (text.starts_with("bootguard: ")) found.push_back(std::to_string(std::stoi(record) % 8) + " " + text);
    }
    return found;
  }

 private:
  UniqueFd fd_;
};

const SubjectRegistration<KmsgFixture> kKmsg({"the kernel's log", why_without("BOOTGUARD_CONTRACT_KMSG"),
                                              [] { return std::make_unique<KmsgFixture>(); }});

}  // namespace

CONTRACT_TEST(KmsgFixture,
              "kmsg: a line becomes a record of its level, without control characters, cut where the kernel would") {
  KmsgLog log;
  log.write(LogLevel::kError, "an error");
  log.write(LogLevel::kInfo, "two\nlines \x1b[31m");
  log.write(LogLevel::kNotice, std::string(5000, 'x'));
  const auto records = fixture.records();
  REQUIRE(records.size() == 3);
  REQUIRE(records[0] == "3 bootguard: an error");
  REQUIRE(records[1] == "6 bootguard: two?lines ?[31m");
  REQUIRE(records[2].size() > 800);
  REQUIRE(records[2].size() < 1000);
}

CONTRACT_TEST(KmsgFixture, "kmsg: long work is reported at its begin and its end, not at every step") {
  KmsgLog log;
  for (std::uint64_t i = 0; i <= 1000; ++i) log.progress("copying back", i, 1000);
  log.progress("copying back", 1000, 1000);
  log.progress("nothing to do", 0, 0);
  const auto records = fixture.records();
  REQUIRE(records.size() >= 3);
  REQUIRE(records.size() <= 5);
  REQUIRE(records.front() == "6 bootguard: copying back: 0 %");
  REQUIRE(records[records.size() - 2] == "6 bootguard: copying back: 100 %");
  REQUIRE(records.back() == "6 bootguard: nothing to do: 100 %");
}

TEST_CASE("system: what the kernel says about this boot") {
  LinuxSystem system;
  REQUIRE(system.boot_id() == Uuid::parse(read_text_file("/proc/sys/kernel/random/boot_id").value_or("")));
  REQUIRE(system.boot_id() == system.boot_id());
  REQUIRE_FALSE(system.boot_id().is_nil());
  REQUIRE(system.kernel_command_line() == read_text_file("/proc/cmdline", 1 << 16));
  REQUIRE(system.is_root() == (::geteuid() == 0));
  const std::uint64_t before_ms = system.monotonic_ms();
  sleep_ms(20);
  REQUIRE(system.monotonic_ms() >= before_ms + 20);
  REQUIRE((system.now_s() == 0 || system.now_s() > 1577836800));
}

TEST_CASE("system: random UUIDs are of version 4, and differ") {
  LinuxSystem system;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string text = value_of(system.random_uuid()).to_string();
    REQUIRE(text[14] == '4');
    REQUIRE(std::string("89ab").find(text[19]) != std::string::npos);
    REQUIRE(seen.insert(text).second);
  }
}

TEST_CASE("numbers of /proc and /sys are read whole or not at all") {
  REQUIRE(parse_decimal("0", 0) == 0);
  REQUIRE(parse_decimal("18446744073709551615", ~std::uint64_t{0}) == ~std::uint64_t{0});
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "18446744073709551616", "99999999999999999999"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_decimal(text, ~std::uint64_t{0}).has_value());
  }
  REQUIRE(parse_decimal("4294967295", 0xFFFFFFFF) == 0xFFFFFFFF);
  REQUIRE_FALSE(parse_decimal("4294967296", 0xFFFFFFFF).has_value());
}

}  // namespace bootguard::contract
