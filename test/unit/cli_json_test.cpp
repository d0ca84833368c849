// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/answer.h"
#include "cli/json_writer.h"

namespace bootguard {
namespace {

// A checker of its own for RFC 8259: shares nothing with the writer. True if `text` is one value and nothing after it.
class JsonChecker {
 public:
  static bool valid(std::string_view text) {
    JsonChecker checker(text);
    return checker.value(0) && (checker.space(), checker.at_ == text.size());
  }

 private:
  explicit JsonChecker(std::string_view text) : text_(text) {}

  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool value(int depth) {
    space();
    if (depth > 20 || at_ == text_.size()) return false;
    switch (text_[at_]) {
      case '{':
        return list('{', '}', true, depth);
      case '[':
        return list('[', ']', false, depth);
      case '"':
        return string();
      case 't':
        return take("true");
      case 'f':
        return take("false");
      case 'n':
        return take("null");
      default:
        return number();
    }
  }
  bool list(char open, char close, bool with_keys, int depth) {
    if (!take({&open, 1})) return false;
    space();
    if (take({&close, 1})) return true;
    for (;;) {
      space();
      if (with_keys && !(string() && (space(), take(":")))) return false;
      if (!value(depth + 1)) return false;
      space();
      if (take({&close, 1})) return true;
      if (!take(",")) return false;
    }
  }
  bool string() {
    if (!take("\"")) return false;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (take("\"")) return true;
      if (c < 0x20) return false;
      if (c == '\\') {
        ++at_;
        if (take("u")) {
          for (int i = 0; i < 4; ++i, ++at_) {
            if (at_ == text_.size() ||
                std::string_view("0123456789abcdefABCDEF").find(text_[at_]) == std::string_view::npos)
              return false;
          }
        } else if (at_ == text_.size() || std::string_view("\"\\/bfnrt").find(text_[at_++]) == std::string_view::npos) {
          return false;
        }
      } else if (!utf8(c)) {
        return false;
      }
    }
    return false;
  }
  bool utf8(unsigned char first) {
    const std::size_t more = first < 0x80   ? 0
                             : first < 0xC2 ? 9
                             : first < 0xE0 ? 1
                             : first < 0xF0 ? 2
                             : first < 0xF5 ? 3
                                            : 9;
    if (at_ + more >= text_.size()) return false;
    for (std::size_t i = 1; i <= more; ++i) {
      if ((static_cast<unsigned char>(text_[at_ + i]) & 0xC0) != 0x80) return false;
    }
    at_ += more + 1;
    return true;
  }
  bool number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > begin && (text_[begin] != '0' || at_ == begin + 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void check_json(const std::string& text) {
  CAPTURE(text);
  CHECK(JsonChecker::valid(text));
  CHECK(text.back() == '\n');
  CHECK(text.find('\n') == text.size() - 1);
}

std::string hostile() {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  return every_byte + "\\\"\xE2\x82\xAC\xED\xA0\x80";
}

}  // namespace

TEST_CASE("the checker of this test accepts JSON and nothing else") {
  for (const char* const good : {"{}", "[]", "[1,2,{\"a\":null}]", " {\"a\" : \"\\u00e4\\n\"} ", "0", "\"\xC3\xA4\""}) {
    CHECK(JsonChecker::valid(good));
  }
  for (const char* const bad : {"", "{", "{\"a\"}", "[1,]", "{\"a\":1,}", "01", "\"\n\"", "\"\\x\"", "\"\\u12\"",
                                "\"\xFF\"", "[1 2]", "{} {}", "nul", "{a:1}", "\"a", "\"\xC3\""}) {
    CAPTURE(bad);
    CHECK(!JsonChecker::valid(bad));
  }
}

TEST_CASE("any byte can be written") {
  JsonWriter json;
  json.begin_object();
  json.text("x", hostile());
  json.end_object();
  check_json(json.finish());

  JsonWriter plain;
  plain.begin_array();
  plain.text(nullptr, "a\"b\\c\n\x01\xC3\xA4\xFF");
  plain.end_array();
  CHECK(plain.finish() == "[\"a\\\"b\\\\c\\u000a\\u0001\xC3\xA4\\ufffd\"]\n");
}

TEST_CASE("an error, for every verb") {
  for (const Verb verb : {Verb::kFormat, Verb::kArm, Verb::kDisarm, Verb::kBoot, Verb::kMarkGood, Verb::kMarkBad,
                          Verb::kStatus, Verb::kLog, Verb::kDoctor}) {
    Answer answer;
    answer.verb = verb;
    answer.error = Error{Errc::kNoSpace, 28, hostile()};
    const std::string text = render_json(answer).out;
    check_json(text);
    CHECK(text.rfind(std::string("{\"version\":1,\"verb\":\"") + name(verb) + "\",\"ok\":false,\"exit\":16,", 0) == 0);
    CHECK(contains(text, "\"error\":{\"code\":\"no-space\",\"exit\":16,\"errno\":28,\"message\":"));
  }
}

TEST_CASE("a refused command line has no verb") {
  Answer answer;
  answer.error = make_error(Errc::kUsage, "unknown verb");
  const std::string text = render_json(answer).out;
  check_json(text);
  CHECK(text.rfind("{\"version\":1,\"verb\":null,\"ok\":false,\"exit\":64,", 0) == 0);
}

TEST_CASE("a report") {
  Answer answer;
  answer.verb = Verb::kArm;
  VerbReport report;
  report.changed = true;
  report.summary = hostile();
  report.warnings = {"one", hostile()};
  report.metadata.phase = Phase::kArmed;
  report.metadata.attempts_left = report.metadata.attempts_limit = 3;
  answer.result = report;
  const std::string text = render_json(answer).out;
  check_json(text);
  CHECK(contains(text, "\"ok\":true,\"exit\":0,\"error\":null,\"changed\":true,"));
  CHECK(contains(text, "\"phase\":\"armed\""));
}

TEST_CASE("boot, with and without a failure") {
  Answer answer;
  answer.verb = Verb::kBoot;
  BootReport report;
  report.device = "/dev/sda3";
  report.decision = Decision::kStartTrial;
  report.why = hostile();
  answer.result = report;
  check_json(render_json(answer).out);
  CHECK(contains(render_json(answer).out,
                 "\"ok\":false,\"exit\":11,\"error\":null,\"mount\":true,\"device\":\"/dev/sda3\""));
  report.failure = make_error(Errc::kStoreChanged, "extent 0: zeros");
  report.metadata = Metadata{};
  answer.result = report;
  check_json(render_json(answer).out);
  CHECK(contains(render_json(answer).out, "\"code\":\"store-changed\""));
}

TEST_CASE("status and log") {
  Answer answer;
  answer.verb = Verb::kStatus;
  StatusReport report;
  answer.result = report;
  check_json(render_json(answer).out);
  CHECK(contains(render_json(answer).out, "\"copies\":[]"));
  report.copies_known = true;
  report.metadata = Metadata{};
  VolumeStatus volume;
  volume.fill_known = true;
  volume.fill_used = 8;
  volume.fill_total = 16;
  volume.mounted_at = hostile();
  report.volumes = {volume, volume};
  answer.result = report;
  check_json(render_json(answer).out);
  CHECK(contains(render_json(answer).out, "\"used\":4096,\"total\":8192"));

  answer.verb = Verb::kLog;
  Event event;
  event.number = ~std::uint64_t{0};
  answer.result = std::vector<Event>{event, event};
  check_json(render_json(answer).out);
  CHECK(contains(render_json(answer).out, "\"number\":18446744073709551615"));
  answer.result = std::vector<Event>{};
  check_json(render_json(answer).out);
}

}  // namespace bootguard
