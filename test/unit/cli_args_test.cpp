// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/args.h"

namespace bootguard {
namespace {

Result<Args> parse(const std::vector<const char*>& words) { return parse_args(words); }

std::string refusal(const std::vector<const char*>& words) {
  const Result<Args> result = parse(words);
  if (result) return "(accepted)";
  CHECK(result.error().code == Errc::kUsage);
  return result.error().text;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every verb is understood by its name") {
  for (const Verb verb : {Verb::kFormat, Verb::kArm, Verb::kDisarm, Verb::kBoot, Verb::kMarkGood, Verb::kMarkBad,
                          Verb::kStatus, Verb::kLog, Verb::kDoctor}) {
    const Result<Args> args = parse({name(verb)});
    REQUIRE(args);
    CHECK(args.value().verb == verb);
    CHECK(args.value().format == OutputFormat::kHuman);
  }
}

TEST_CASE("options stand before or after the verb, with = or a space") {
  for (const std::vector<const char*>& words : {std::vector<const char*>{"arm", "--attempts=7", "--slot=b", "--json"},
                                                {"--attempts", "7", "arm", "--slot", "b", "--json"}}) {
    const Result<Args> args = parse(words);
    REQUIRE(args);
    CHECK(args.value().verb == Verb::kArm);
    CHECK(args.value().attempts == 7);
    CHECK(args.value().slot.view() == "b");
    CHECK(args.value().format == OutputFormat::kJson);
  }
  const Result<Args> boot = parse({"boot", "--format=shell", "--kmsg", "--progress=/run/p", "--config", "/x.conf"});
  REQUIRE(boot);
  CHECK(boot.value().format == OutputFormat::kShell);
  CHECK(boot.value().kmsg);
  CHECK(boot.value().progress == "/run/p");
  CHECK(boot.value().config == "/x.conf");
  CHECK(parse({"format", "--force"}).value().force);
  CHECK(parse({"status", "--no-color"}).value().no_color);
}

TEST_CASE("help and version need no verb") {
  CHECK(parse({"--help"}).value().help);
  CHECK(parse({"--version"}).value().version);
  CHECK(parse({"arm", "--help"}).value().help);
}

TEST_CASE("what is not understood is named, with the nearest that is") {
  CHECK(refusal({}) == "no verb; one of format, arm, disarm, boot, mark-good, mark-bad, status, log, doctor");
  CHECK(refusal({"statsu"}) == "unknown verb 'statsu'; did you mean 'status'?");
  CHECK(refusal({"markgood"}) == "unknown verb 'markgood'; did you mean 'mark-good'?");
  CHECK(refusal({"arm", "--attemps=3"}) == "unknown option '--attemps'; did you mean '--attempts'?");
  CHECK(refusal({"arm", "-j"}) == "unknown option '-j'; did you mean '--json'?");
  CHECK(refusal({"arm", "now"}) == "extra argument 'now'; arm takes options only");
  CHECK(contains(refusal({"arm", ""}), "extra argument ''"));
  CHECK(contains(refusal({"--"}), "unknown option '--'"));
  CHECK(contains(refusal({"-"}), "unknown verb '-'"));
}

TEST_CASE("options that do not fit the verb are refused, naming those they fit") {
  CHECK(refusal({"status", "--force"}) == "--force: not an option of status; it goes with format");
  CHECK(refusal({"boot", "--attempts=2"}) == "--attempts: not an option of boot; it goes with arm");
  CHECK(refusal({"arm", "--format=shell"}) == "--format: not an option of arm; it goes with boot, status");
  CHECK(refusal({"log", "--kmsg"}) == "--kmsg: not an option of log; it goes with boot");
  CHECK(refusal({"arm", "--json", "--json"}) == "--json: given twice");
  CHECK(refusal({"boot", "--json", "--format=shell"}) == "--json and --format: only one of them");
}

TEST_CASE("values are checked to the last character") {
  for (const char* const text :
       {"", "0", "1001", "-1", "+3", "3 ", " 3", "0x3", "3.0", "99999", "4294967299", "three"}) {
    const std::string word = std::string("--attempts=") + text;
    CHECK(contains(refusal({"arm", word.c_str()}), "is not a number from 1 to 1000"));
  }
  CHECK(parse({"arm", "--attempts=1"}).value().attempts == 1);
  CHECK(parse({"arm", "--attempts=1000"}).value().attempts == 1000);
  CHECK(contains(refusal({"arm", "--slot="}), "is no slot name"));
  CHECK(contains(refusal({"arm", "--slot=a b"}), "is no slot name"));
  CHECK(contains(refusal({"arm", "--slot=../x"}), "is no slot name"));
  CHECK(contains(refusal({"boot", "--format=json"}), "'shell' is"));
  CHECK(refusal({"arm", "--config="}) == "--config: needs the name of a file");
  CHECK(refusal({"arm", "--json=yes"}) == "--json: takes no value");
}

TEST_CASE("doctor: where the files are, and which image") {
  const Result<Args> result = parse({"doctor", "--root", "/mnt", "--image=/boot/x.img", "--config", "/etc/a.conf"});
  REQUIRE(result);
  const Args& args = result.value();
  CHECK(args.root == "/mnt");
  CHECK(args.image == "/boot/x.img");
  CHECK(args.config == "/etc/a.conf");
  CHECK(refusal({"doctor", "--root="}) == "--root: needs the name of a file");
  CHECK(refusal({"status", "--root", "/mnt"}) == "--root: not an option of status; it goes with doctor");
}

TEST_CASE("a missing value is missing, not the next option") {
  CHECK(refusal({"arm", "--attempts"}) == "--attempts: needs a value");
  CHECK(refusal({"arm", "--config", "--json"}) == "--config: needs a value");
}

TEST_CASE("a refusal cannot carry terminal controls or grow without limit") {
  CHECK(refusal({"\033[2Jarm"}) == "unknown verb '?[2Jarm'; did you mean 'arm'?");
  const std::string long_word(100000, 'x');
  CHECK(refusal({long_word.c_str()}).size() < 120);
}

TEST_CASE("a refused command line still tells which form of answer was asked for") {
  const std::vector<const char*> words = {"arm", "--json", "--nonsense"};
  CHECK(scan_args(words).json);
  CHECK(scan_args(words).verb == Verb::kArm);
  CHECK(!scan_args(std::vector<const char*>{"nonsense"}).json);
  CHECK(!scan_args(std::vector<const char*>{"nonsense"}).verb);
}

TEST_CASE("the help names every verb and option and fits 80 columns") {
  const std::string help = help_text();
  for (const char* const word :
       {"format",   "arm",    "disarm",     "boot",    "mark-good",  "mark-bad", "status", "log",
        "doctor",   "--root", "--image",    "--force", "--attempts", "--slot",   "--kmsg", "--format=shell",
        "--config", "--json", "--no-color", "--help",  "--version"}) {
    CHECK(contains(help, word));
  }
  for (std::size_t begin = 0, end = 0; (end = help.find('\n', begin)) != std::string::npos; begin = end + 1) {
    CHECK(end - begin <= 80);
  }
}

}  // namespace bootguard
