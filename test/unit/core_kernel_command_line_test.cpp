// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "core/kernel_command_line.h"

namespace bootguard {
namespace {

KernelParameters parsed(const std::string& text) { return parse_kernel_command_line(text); }

std::string slot(const std::string& text) { return std::string(parsed(text).slot.view()); }

void check_warnings(const KernelParameters& parameters) {
  REQUIRE(parameters.warnings.size() <= 8);
  for (const std::string& warning : parameters.warnings) {
    REQUIRE(warning.size() < 400);
    for (const char c : warning) REQUIRE((c >= ' ' && c <= '~'));
  }
}

void check_warns(const std::string& text, const std::string& part) {
  const KernelParameters parameters = parsed(text);
  check_warnings(parameters);
  REQUIRE(parameters.warnings.size() == 1);
  CHECK_THAT(parameters.warnings[0], Catch::Contains(part));
}

}  // namespace

TEST_CASE("What is the hook's alone is known, and not warned of", "[cmdline]") {
  const KernelParameters parameters = parsed("rd.bootguard.wait=30 rd.bootguard.timeout=60");
  CHECK(parameters.warnings.empty());
  CHECK(parameters.slot.empty());
}

TEST_CASE("Only a bare -- ends the kernel's own parameters", "[cmdline]") {
  CHECK(kernel_parameter_values("--=1 a=2 -- a=3", "a") == std::vector<std::string>{"2"});
}

TEST_CASE("A command line without bootguard changes nothing", "[cmdline]") {
  for (const std::string text :
       {"", " ", "\n", "root=/dev/sda1 ro quiet", "xbootguard=0 bootguardx=0 rd.bootguardian=0 rd.bootguard_x"}) {
    const KernelParameters parameters = parsed(text);
    CHECK_FALSE(parameters.disabled);
    CHECK(parameters.action == BootAction::kAuto);
    CHECK_FALSE(parameters.debug);
    CHECK(parameters.slot.empty());
    CHECK(parameters.warnings.empty());
  }
}

TEST_CASE("Every parameter is read", "[cmdline]") {
  const KernelParameters parameters =
      parsed("ro rd.bootguard=0 rd.bootguard.action=rollback rd.bootguard.debug bootguard.slot=B quiet\n");
  CHECK(parameters.disabled);
  CHECK(parameters.action == BootAction::kRollback);
  CHECK(parameters.debug);
  CHECK(parameters.slot.view() == "B");
  CHECK(parameters.warnings.empty());
}

TEST_CASE("Switching off and on", "[cmdline]") {
  for (const std::string name : {"rd.bootguard", "bootguard"}) {
    for (const std::string off : {"0", "no", "off"}) CHECK(parsed(name + "=" + off).disabled);
    for (const std::string on : {"=1", "=yes", "=on", ""}) {
      CHECK_FALSE(parsed(name + on).disabled);
      CHECK(parsed(name + on).warnings.empty());
    }
  }
  CHECK(parsed("rd.bootguard.debug=1").debug);
  CHECK_FALSE(parsed("rd.bootguard.debug=0").debug);
  CHECK_FALSE(parsed("rd.bootguard.debug rd.bootguard.debug=off").debug);
}

TEST_CASE("Actions", "[cmdline]") {
  CHECK(parsed("rd.bootguard.action=auto").action == BootAction::kAuto);
  CHECK(parsed("rd.bootguard.action=auto").warnings.empty());
  CHECK(parsed("rd.bootguard.action=rollback rd.bootguard.action=auto").action == BootAction::kAuto);
  CHECK(parsed("rd.bootguard.action=commit").action == BootAction::kCommit);
  CHECK(parsed("rd.bootguard.action=skip").action == BootAction::kSkip);
}

TEST_CASE("The last of repeated parameters counts", "[cmdline]") {
  CHECK_FALSE(parsed("rd.bootguard=0 bootguard=1").disabled);
  CHECK(parsed("rd.bootguard.action=commit rd.bootguard.action=skip").action == BootAction::kSkip);
  CHECK(slot("bootguard.slot=A bootguard.slot=B") == "B");
  CHECK(slot("rauc.slot=A rauc.slot=B") == "B");
  CHECK(slot("bootguard.slot=A bootguard.slot=$(x)").empty());
  CHECK(slot("bootguard.slot=$(x) bootguard.slot=A") == "A");
  CHECK(parsed("bootguard.slot=$(x) bootguard.slot=A").warnings.empty());
}

TEST_CASE("The slot is bootguard's, else RAUC's", "[cmdline]") {
  CHECK(slot("rauc.slot=A") == "A");
  CHECK(slot("bootguard.slot=B rauc.slot=A") == "B");
  CHECK(slot("rauc.slot=A bootguard.slot=B") == "B");
  // A malformed one of ours is not replaced by a guess, and RAUC's is not looked at.
  CHECK(slot("bootguard.slot=a/b rauc.slot=A").empty());
  CHECK(parsed("rauc.slot=a/b bootguard.slot=A").warnings.empty());
}

TEST_CASE("Malformed values are warnings, and change nothing", "[cmdline]") {
  check_warns("rd.bootguard=maybe", "rd.bootguard='maybe' is ignored: the value has to be 1, yes, on, 0, no or off");
  check_warns("rd.bootguard=", "rd.bootguard='' is ignored");
  check_warns("rd.bootguard=0 rd.bootguard=OFF", "rd.bootguard='OFF'");
  CHECK(parsed("rd.bootguard=0 rd.bootguard=OFF").disabled);
  check_warns("rd.bootguard.action=rolback", "the action has to be auto, rollback, commit or skip");
  check_warns("rd.bootguard.action", "rd.bootguard.action='' is ignored");
  CHECK(parsed("rd.bootguard.action=skip rd.bootguard.action=x").action == BootAction::kSkip);
  check_warns("rd.bootguard.debug=x", "rd.bootguard.debug='x'");
  check_warns("rd.bootguard.slot=A", "'rd.bootguard.slot' is ignored: known are");
  check_warns("bootguard.debug", "'bootguard.debug' is ignored");
}

TEST_CASE("A slot that is no slot is unknown", "[cmdline]") {
  for (const std::string value : {"$(reboot)", "a;b", "`id`", "../../x", "-rf", "a/b", "*", "a|b", "'x'", "a&b", "a\\b",
                                  "abcdefghijklmnopqrstuvwxyz0123456"}) {
    CAPTURE(value);
    CHECK(slot("bootguard.slot=" + value).empty());
    check_warns("bootguard.slot=" + value, "is ignored: the slot is unknown");
    check_warns("rauc.slot=" + value, "rauc.slot=");
  }
  CHECK(slot("bootguard.slot=").empty());
  CHECK(slot("bootguard.slot").empty());
}

TEST_CASE("Parameters are split as the kernel splits them", "[cmdline]") {
  CHECK(slot("\t bootguard.slot=A\n") == "A");
  CHECK(slot("x=\"bootguard.slot=A b\" ").empty());
  CHECK(slot("x=\"a b\" bootguard.slot=C") == "C");
  CHECK(slot("bootguard.slot=\"A\"") == "A");
  CHECK(slot("\"bootguard.slot=A\"") == "A");
  CHECK(slot("\"bootguard.slot=A") == "A");
  CHECK(slot("bootguard.slot=\"A") == "A");
  CHECK(slot("bootguard.slot=\"A b\" x").empty());
  CHECK(slot("x=\" bootguard.slot=A").empty());
  CHECK(slot("=bootguard.slot=A").empty());
  CHECK(slot("bootguard.slot=\"").empty());
  CHECK(slot("\"").empty());
  CHECK(slot("\"\"").empty());
}

TEST_CASE("What follows -- is init's", "[cmdline]") {
  CHECK(slot("bootguard.slot=A -- bootguard.slot=B") == "A");
  CHECK_FALSE(parsed("-- rd.bootguard=0").disabled);
  CHECK(parsed("--x rd.bootguard=0").disabled);
  CHECK(parsed("--=x rd.bootguard=0").disabled);
  CHECK(parsed("x--").warnings.empty());
}

TEST_CASE("Hostile command lines", "[cmdline]") {
  SECTION("64 KiB of one parameter") {
    const KernelParameters parameters = parsed("bootguard.slot=" + std::string(65000, 'x'));
    CHECK(parameters.slot.empty());
    check_warnings(parameters);
    CHECK(parameters.warnings.size() == 1);
  }
  SECTION("longer than 64 KiB: the rest, and what the limit cuts, is left out") {
    const std::string start = "rd.bootguard=0 ";
    const std::string value = "bootguard.slot=ABCD";
    const std::string cut = start + std::string(65536 - start.size() - value.size() + 2, ' ') + value;
    const KernelParameters parameters = parsed(cut);
    CHECK(parameters.disabled);
    CHECK(parameters.slot.empty());
    REQUIRE(parameters.warnings.size() == 1);
    CHECK_THAT(parameters.warnings[0], Catch::Contains("longer than 64 KiB"));
    CHECK(slot(std::string(65536 - value.size(), ' ') + value) == "ABCD");
  }
  SECTION("NUL bytes") {
    const KernelParameters parameters = parsed(std::string("bootguard.slot=A\0B rd.bootguard=\0", 33));
    CHECK(parameters.slot.empty());
    CHECK_FALSE(parameters.disabled);
    check_warnings(parameters);
    CHECK(parameters.warnings.size() == 2);
    check_warnings(parsed(std::string(1000, '\0')));
  }
  SECTION("10,000 parameters of ours: no more than 8 warnings") {
    std::string text;
    for (int i = 0; i < 10000; ++i) text += "bootguard." + std::to_string(i) + "=x ";
    const KernelParameters parameters = parsed(text);
    check_warnings(parameters);
    CHECK(parameters.warnings.size() == 8);
  }
  SECTION("10,000 quotes") { check_warnings(parsed(std::string(9999, '"') + " rd.bootguard=0")); }
  SECTION("escape sequences do not reach the log") {
    const KernelParameters parameters = parsed("rd.bootguard.action=\x1b[2J\x07 bootguard.\x1b]0;x\x07=1");
    check_warnings(parameters);
    CHECK(parameters.warnings.size() == 2);
  }
}

TEST_CASE("Random command lines never do harm", "[cmdline]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string pieces[] = {
      "rd.bootguard",       "bootguard", ".slot",     ".action", "=",     "\"", " ", "--", "0", "rollback", "A",
      std::string(1, '\0'), "\x80",      "rauc.slot", "\n",      ".debug"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t n = random() % 30; n > 0; --n) text += pieces[random() % std::size(pieces)];
    check_warnings(parsed(text));
  }
}

TEST_CASE("The values of any parameter, in their order", "[cmdline]") {
  const std::string text = "root=a quiet root=\"b c\" xroot=d root -- root=e";
  CHECK(kernel_parameter_values(text, "root") == std::vector<std::string>{"a", "b c", ""});
  CHECK(kernel_parameter_values(text, "quiet") == std::vector<std::string>{""});
  CHECK(kernel_parameter_values(text, "none").empty());
  CHECK(kernel_parameter_values("", "root").empty());
  // A '=' in front begins no value.
  CHECK(kernel_parameter_values("=a=b", "=a=b") == std::vector<std::string>{""});
}

}  // namespace bootguard
