// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/output.h"

#include <array>

#include "cli/args.h"
#include "cli/json_head.h"
#include "cli/json_writer.h"
#include "cli/text.h"

namespace bootguard {
namespace {

constexpr std::size_t kStateColumns = 6;
constexpr std::size_t kIndent = kStateColumns + 15;

struct Colors {
  const char* begin;
  const char* end;
};
Colors colors_of(CheckState state, bool color) {
  if (!color) return {"", ""};
  static constexpr const char* kBegin[] = {"\033[32m", "\033[33m", "\033[31m", "\033[2m"};
  return {kBegin[static_cast<std::size_t>(state)], "\033[0m"};
}

void put_finding(std::string& out, const Finding& finding, bool color) {
  const Colors colors = colors_of(finding.state, color);
  append_format(out, "%s%-*s%s%-*s", colors.begin, static_cast<int>(kStateColumns), name(finding.state), colors.end,
                static_cast<int>(kIndent - kStateColumns), finding.check);
  append_wrapped(out, finding.where.empty() ? finding.what : finding.where + ": " + finding.what, kIndent);
  if (!finding.line.empty()) append_format(out, "      - %s\n", printable(finding.line).c_str());
  if (!finding.replacement.empty()) append_format(out, "      + %s\n", printable(finding.replacement).c_str());
  if (!finding.advice.empty()) {
    out += "      -> ";
    append_wrapped(out, finding.advice, 9);
  }
}

std::array<unsigned, 4> counts(const Findings& findings) {
  std::array<unsigned, 4> out{};
  for (const Finding& finding : findings) ++out[static_cast<std::size_t>(finding.state)];
  return out;
}

}  // namespace

std::string findings_page(const Findings& findings, bool color) {
  std::string out;
  for (const Finding& finding : findings) put_finding(out, finding, color);
  const auto [ok, warned, failed, skipped] = counts(findings);
  append_format(out, "%u ok, %u %s, %u failed, %u skipped\n", ok, warned, warned == 1 ? "warning" : "warnings", failed,
                skipped);
  return out;
}

std::string findings_json(const Findings& findings) {
  const Result<void> result = verdict(findings);
  JsonWriter json;
  json.begin_object();
  put_json_head(json, Verb::kDoctor, result ? nullptr : &result.error());
  json.begin_array("checks");
  for (const Finding& finding : findings) {
    json.begin_object();
    json.text("check", finding.check);
    json.text("state", name(finding.state));
    json.text("volume", finding.volume);
    json.text("where", finding.where);
    json.text("what", finding.what);
    json.text("line", finding.line);
    json.text("replacement", finding.replacement);
    json.text("advice", finding.advice);
    json.end_object();
  }
  json.end_array();
  const auto [ok, warned, failed, skipped] = counts(findings);
  json.begin_object("counts");
  json.number("ok", ok);
  json.number("warn", warned);
  json.number("fail", failed);
  json.number("skip", skipped);
  json.end_object();
  json.end_object();
  return json.finish();
}

}  // namespace bootguard
