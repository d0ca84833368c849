// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/label.h"
#include "core/dm_plan.h"

namespace bootguard {
namespace {

using Kind = DmStep::Kind;

Extent extent(std::uint64_t start, std::uint64_t length) { return {Sectors(start), Sectors(length)}; }

struct Case {
  std::vector<Extent> extents;
  StackInput input;

  Case(std::uint64_t size, std::vector<Extent> store, bool have_switch = true, std::uint64_t chunk = 8)
      : extents(std::move(store)) {
    input.volume = Label::parse("userdata").value();
    input.arm_id.bytes.fill(0xab);
    input.raw = {98, 0};
    input.geometry = {Sectors(size), Sectors(chunk), Bytes(4096)};
    input.extents = extents;
    input.have_switch = have_switch;
  }
};

std::string table_text(const std::vector<DmRow>& table) {
  std::string text;
  for (const DmRow& row : table) {
    text += std::to_string(row.start.n) + " " + std::to_string(row.length.n) + " " + row.target;
    text += (row.parameters.empty() ? "" : " ") + row.parameters + "\n";
  }
  return text;
}

// A plan as lines, to be read like a script.
std::vector<std::string> script(const std::vector<DmStep>& steps) {
  std::vector<std::string> lines;
  for (const DmStep& step : steps) {
    switch (step.kind) {
      case Kind::kCreate:
        lines.push_back("create " + step.name + " " + step.uuid);
        break;
      case Kind::kLoad:
        lines.push_back("load " + step.name + "\n" + table_text(step.table));
        break;
      case Kind::kResume:
        lines.push_back("resume " + step.name + (step.hidden ? " hidden" : ""));
        break;
      case Kind::kSuspend:
        lines.push_back("suspend " + step.name);
        break;
      case Kind::kMessage:
        lines.push_back("message " + step.name + " " + step.message);
        break;
      case Kind::kRemove:
        lines.push_back("remove " + step.name);
        break;
    }
  }
  return lines;
}

const std::vector<DmRow>& table_of(const std::vector<DmStep>& steps, const std::string& name) {
  for (const DmStep& step : steps) {
    if (step.kind == Kind::kLoad && step.name == name) return step.table;
  }
  FAIL("no table for " << name);
  static const std::vector<DmRow> none;
  return none;
}

bool creates(const std::vector<DmStep>& steps, const std::string& name) {
  return std::any_of(steps.begin(), steps.end(),
                     [&](const DmStep& s) { return s.kind == Kind::kCreate && s.name == name; });
}

std::vector<std::string> words(const std::string& text, char separator = ' ') {
  std::vector<std::string> found(1);
  for (const char c : text) {
    if (c == separator) {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  return found;
}

// dm-switch's side of the message protocol, written from its documentation: admin-guide/device-mapper/switch.rst.
class SwitchModel {
 public:
  SwitchModel(std::uint64_t regions, unsigned paths) : paths_(paths) {
    for (std::uint64_t i = 0; i < regions; ++i) table_.push_back(static_cast<unsigned>(i % paths));
  }
  void message(const std::string& text) {
    const std::vector<std::string> arguments = words(text);
    REQUIRE(arguments.at(0) == "set_region_mappings");
    REQUIRE(arguments.size() > 1);
    std::optional<std::uint64_t> index;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      REQUIRE(argument.find_first_not_of("0123456789abcdefR:,") == std::string::npos);
      if (argument[0] == 'R') {
        const std::vector<std::string> parts = words(argument.substr(1), ',');
        REQUIRE(parts.size() == 2);
        const std::uint64_t cycle = std::stoull(parts[0], nullptr, 16);
        const std::uint64_t count = std::stoull(parts[1], nullptr, 16);
        REQUIRE(cycle == 1);
        REQUIRE(count > 0);
        REQUIRE(index.has_value());  // it repeats what the same message set
        for (std::uint64_t k = 0; k < count; ++k) {
          ++*index;
          table_.at(*index) = table_.at(*index - cycle);
        }
      } else {
        const std::vector<std::string> parts = words(argument, ':');
        REQUIRE(parts.size() == 2);
        index = std::stoull(parts[0], nullptr, 16);
        const unsigned path = static_cast<unsigned>(std::stoul(parts[1], nullptr, 16));
        REQUIRE(path < paths_);
        table_.at(*index) = path;
      }
    }
  }
  [[nodiscard]] unsigned path(std::uint64_t region) const { return table_.at(region); }

 private:
  unsigned paths_;
  std::vector<unsigned> table_;
};

// Executes a plan as the kernel would, and answers where a sector of a device leads. Whatever the kernel refuses, and
// whatever hazard the plan must avoid, fails the test.
class Machine {
 public:
  void run(const std::vector<DmStep>& steps) {
    for (const DmStep& step : steps) run(step);
  }
  void run(const DmStep& step) {
    CAPTURE(step.name, static_cast<int>(step.kind));
    if (step.kind == Kind::kCreate) {
      REQUIRE(devices_.count(step.name) == 0);
      REQUIRE(uuids_.insert(step.uuid).second);
      devices_[step.name];
      return;
    }
    REQUIRE(devices_.count(step.name) == 1);
    Device& device = devices_[step.name];
    switch (step.kind) {
      case Kind::kCreate:
        break;
      case Kind::kLoad:
        check_table(step.table);
        device.inactive = step.table;
        break;
      case Kind::kSuspend:
        REQUIRE(device.resumed);
        device.resumed = false;
        break;
      case Kind::kResume:
        if (!device.inactive.empty()) swap(step.name, device);
        REQUIRE_FALSE(device.live.empty());
        device.resumed = true;
        device.hidden = step.hidden;
        break;
      case Kind::kMessage:
        REQUIRE(device.switch_model.has_value());
        REQUIRE(device.resumed);
        REQUIRE(device.hidden);  // nobody may see it before it is mapped
        REQUIRE(step.message.size() <= kMaxMessageBytes);
        device.switch_model->message(step.message);
        ++messages;
        break;
      case Kind::kRemove:
        for (const auto& [name, other] : devices_) {
          for (const DmRow& row : other.live) REQUIRE(row.parameters.find("{" + step.name + "}") == std::string::npos);
        }
        devices_.erase(step.name);
        break;
    }
  }

  // "raw:SECTOR", "error", "origin:SECTOR" where a copy is made first.
  [[nodiscard]] std::string lead(const std::string& name, std::uint64_t sector) const {
    for (const DmRow& row : devices_.at(name).live) {
      if (sector < row.start.n || sector >= row.start.n + row.length.n) continue;
      if (row.target == "error") return "error";
      const std::vector<std::string> p = words(row.parameters);
      if (row.target == "snapshot-origin") return "origin:" + std::to_string(sector);
      if (row.target == "linear") return follow(p.at(0), std::stoull(p.at(1)) + sector - row.start.n);
      if (row.target == "switch") {
        const std::uint64_t region = (sector - row.start.n) / std::stoull(p.at(1));
        const std::size_t path = devices_.at(name).switch_model->path(region);
        return follow(p.at(3 + 2 * path), std::stoull(p.at(4 + 2 * path)) + sector - row.start.n);
      }
    }
    return "nothing";
  }
  // How many times a flush of the device reaches the raw device: once a row, and never through a switch.
  [[nodiscard]] int flushes(const std::string& name) const {
    int count = 0;
    for (const DmRow& row : devices_.at(name).live) {
      if (row.target == "switch" || row.target == "error") continue;
      const std::string where = words(row.parameters).at(0);
      count += where[0] == '{' ? flushes(where.substr(1, where.size() - 2)) : 1;
    }
    return count;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& [name, device] : devices_) found.push_back(name);
    return found;
  }
  [[nodiscard]] bool visible(const std::string& name) const {
    return devices_.at(name).resumed && !devices_.at(name).hidden;
  }

  int messages = 0;

 private:
  struct Device {
    std::vector<DmRow> live, inactive;
    std::optional<SwitchModel> switch_model;
    bool resumed = false;
    bool hidden = false;
  };

  [[nodiscard]] std::string follow(const std::string& where, std::uint64_t sector) const {
    if (where[0] == '{') return lead(where.substr(1, where.size() - 2), sector);
    REQUIRE(where == "98:0");
    return "raw:" + std::to_string(sector);
  }
  void check_table(const std::vector<DmRow>& table) {
    REQUIRE_FALSE(table.empty());
    Sectors at;
    for (const DmRow& row : table) {
      REQUIRE(row.start == at);
      REQUIRE(row.length.n > 0);
      at += row.length;
      for (const std::string& word : words(row.parameters)) {
        if (word.empty() || word[0] != '{') continue;
        const std::string below = word.substr(1, word.size() - 2);
        REQUIRE(devices_.count(below) == 1);
        REQUIRE(devices_.at(below).resumed);
      }
      // Hazard 4: an origin is loaded only once the snapshot is live.
      if (row.target == "snapshot-origin") REQUIRE(snapshot_live_);
    }
  }
  void swap(const std::string& name, Device& device) {
    device.live = std::move(device.inactive);
    device.inactive.clear();
    device.switch_model.reset();
    for (const DmRow& row : device.live) {
      if (row.target == "snapshot") snapshot_live_ = true;
      if (row.target != "switch") continue;
      REQUIRE(row.start.n == 0);
      const std::vector<std::string> p = words(row.parameters);
      const unsigned paths = static_cast<unsigned>(std::stoul(p.at(0)));
      const std::uint64_t region = std::stoull(p.at(1));
      REQUIRE(p.size() == 3 + 2 * paths);
      REQUIRE(p.at(2) == "0");
      REQUIRE(row.length.n % region == 0);
      device.switch_model.emplace(row.length.n / region, paths);
    }
    CAPTURE(name);
    REQUIRE((!device.switch_model || flushes(name) == 1));
  }

  std::map<std::string, Device> devices_;
  std::set<std::string> uuids_;
  bool snapshot_live_ = false;
};

// Sector by sector: the store's holes answer with errors, everything else leads where it should.
void check_top(const Machine& machine, const Case& c, const std::string& prefix) {
  const std::vector<Extent> hole_list = holes(c.extents, c.input.geometry);
  for (std::uint64_t s = 0; s < c.input.geometry.device_size.n; ++s) {
    const std::string expected = meets(hole_list, extent(s, 1)) ? "error" : prefix + std::to_string(s);
    if (machine.lead("bootguard-userdata", s) != expected) {
      CAPTURE(s, expected, machine.lead("bootguard-userdata", s));
      FAIL("a sector leads elsewhere");
    }
  }
  CHECK(machine.lead("bootguard-userdata", c.input.geometry.device_size.n) == "nothing");
}

void check_store(const Machine& machine, const Case& c) {
  std::uint64_t at = 0;
  for (const Extent& piece : mapped_pieces(c.extents, c.input.geometry)) {
    for (std::uint64_t s = 0; s < piece.length.n; ++s, ++at) {
      REQUIRE(machine.lead("bootguard-userdata-store", at) == "raw:" + std::to_string(piece.start.n + s));
    }
  }
  REQUIRE(machine.lead("bootguard-userdata-store", at) == "nothing");
}

std::vector<Extent> many_extents(std::size_t count, std::uint64_t spacing = 48) {
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < count; ++i) extents.push_back(extent(80 + i * spacing, 32));
  return extents;
}

const std::string kArm = "abababab-abab-abab-abab-abababababab";

}  // namespace

TEST_CASE("Names and uuids of the stack", "[dm_plan]") {
  const Case c(1000, {});
  const StackNames names = stack_names(c.input.volume);
  CHECK(names.top == "bootguard-userdata");
  CHECK(names.origin == "bootguard-userdata-origin");
  CHECK(names.hole == "bootguard-userdata-hole");
  CHECK(names.undo == "bootguard-userdata-undo");
  CHECK(names.store == "bootguard-userdata-store");
  CHECK(names.rows == "bootguard-userdata-rows");
  CHECK(stack_uuid(names.top, c.input.volume, c.input.arm_id) == "BOOTGUARD-bootguard-userdata");
  CHECK(stack_uuid(names.undo, c.input.volume, c.input.arm_id) == "BOOTGUARD-" + kArm + "-bootguard-userdata-undo");
  // DM_NAME_LEN and DM_UUID_LEN of the kernel, with their NUL.
  const Label longest = Label::parse(std::string(Label::kMaxLength, 'x')).value();
  CHECK(stack_names(longest).origin.size() < 128);
  CHECK(stack_uuid(stack_names(longest).origin, longest, c.input.arm_id).size() < 129);
}

TEST_CASE("The undo stack, step by step", "[dm_plan]") {
  const Case c(1003, {extent(800, 80), extent(160, 40)});
  const std::string id = "BOOTGUARD-" + kArm + "-bootguard-userdata";
  CHECK(script(plan_undo(c.input)) ==
        std::vector<std::string>{
            "create bootguard-userdata-store " + id + "-store",
            "load bootguard-userdata-store\n0 72 linear 98:0 808\n72 32 linear 98:0 168\n",
            "resume bootguard-userdata-store hidden",
            "create bootguard-userdata-undo " + id + "-undo",
            "load bootguard-userdata-undo\n0 1003 snapshot 98:0 {bootguard-userdata-store} P 8\n",
            "resume bootguard-userdata-undo hidden",
            "create bootguard-userdata-origin " + id + "-origin",
            "load bootguard-userdata-origin\n0 1003 snapshot-origin 98:0\n",
            "resume bootguard-userdata-origin hidden",
            "create bootguard-userdata-hole " + id + "-hole",
            "load bootguard-userdata-hole\n0 1003 error\n",
            "resume bootguard-userdata-hole hidden",
            "create bootguard-userdata BOOTGUARD-bootguard-userdata",
            "load bootguard-userdata\n"
            "0 1000 switch 2 8 0 {bootguard-userdata-origin} 0 {bootguard-userdata-hole} 0\n"
            "1000 3 linear {bootguard-userdata-origin} 1000\n",
            "resume bootguard-userdata hidden",
            // 125 regions, hexadecimal; 160/8 = 20 and 5 of them; 800/8 = 100 and 10 of them
            "message bootguard-userdata set_region_mappings 0:0 R1,7c 14:1 R1,4 64:1 R1,9",
            "suspend bootguard-userdata",
            "resume bootguard-userdata",
        });
}

TEST_CASE("Without dm-switch the top is made of rows", "[dm_plan]") {
  const Case c(1003, {extent(800, 80), extent(160, 40)}, false);
  const auto steps = plan_undo(c.input);
  CHECK_FALSE(creates(steps, "bootguard-userdata-origin"));
  CHECK_FALSE(creates(steps, "bootguard-userdata-hole"));
  CHECK(table_text(table_of(steps, "bootguard-userdata")) ==
        "0 160 snapshot-origin 98:0\n160 40 error\n200 600 snapshot-origin 98:0\n800 80 error\n"
        "880 123 snapshot-origin 98:0\n");
  CHECK(script(steps).back() == "resume bootguard-userdata");
  Machine machine;
  machine.run(steps);
  check_top(machine, c, "origin:");
}

TEST_CASE("A single region is set without a repeat", "[dm_plan]") {
  SECTION("a hole of one chunk") {
    const Case c(1000, {extent(160, 8), extent(800, 16)});
    const auto lines = script(plan_undo(c.input));
    CHECK_THAT(lines[lines.size() - 3], Catch::EndsWith("set_region_mappings 0:0 R1,7b 14:1 64:1 R1,1"));
  }
  SECTION("a volume of two chunks") {
    Case c(16, {extent(0, 8)});
    const auto lines = script(plan_pass_through(c.input));
    CHECK_THAT(lines[lines.size() - 3], Catch::EndsWith("set_region_mappings 0:0 0:1"));
  }
}

TEST_CASE("Volumes too small for a switch do not crash", "[dm_plan]") {
  for (const std::uint64_t size : {0U, 1U, 7U, 8U, 9U}) {
    const Case c(size, {extent(0, 8)});
    CHECK(plan_undo(c.input).empty());
    if (size == 0) {
      // Nothing can be mapped: an empty table, which the kernel refuses.
      CHECK(script(plan_pass_through(c.input)) ==
            std::vector<std::string>{"create bootguard-userdata BOOTGUARD-bootguard-userdata",
                                     "load bootguard-userdata\n", "resume bootguard-userdata"});
      continue;
    }
    Machine machine;
    machine.run(plan_pass_through(c.input));
    check_top(machine, c, "raw:");
  }
}

TEST_CASE("Without a chunk to map there is no undo stack", "[dm_plan]") {
  CHECK(plan_undo(Case(1000, {}).input).empty());
  CHECK(plan_undo(Case(1000, {extent(160, 8)}).input).empty());
  CHECK(plan_undo(Case(1000, {extent(992, 8)}).input).empty());
}

TEST_CASE("Up to 16 pieces the store is made of rows, beyond it of a switch over them", "[dm_plan]") {
  const Case few(4000, many_extents(kMaxRows));
  CHECK(table_of(plan_undo(few.input), "bootguard-userdata-store").size() == kMaxRows);
  CHECK_FALSE(creates(plan_undo(few.input), "bootguard-userdata-rows"));

  const Case many(4000, many_extents(kMaxRows + 1));
  const auto steps = plan_undo(many.input);
  CHECK(steps.front().name == "bootguard-userdata-rows");
  CHECK(table_of(steps, "bootguard-userdata-rows").size() == kMaxRows + 1);
  // 17 pieces of 24 sectors; the last lies at 80 + 16 * 48 + 8 and ends 24 further on.
  CHECK(table_text(table_of(steps, "bootguard-userdata-store")) ==
        "0 400 switch 1 8 0 {bootguard-userdata-rows} 0\n400 8 linear 98:0 872\n");
  Machine machine;
  machine.run(steps);
  check_store(machine, many);
  CHECK(machine.flushes("bootguard-userdata-store") == 1);

  const Case no_switch(4000, many_extents(kMaxRows + 1), false);
  CHECK(table_of(plan_undo(no_switch.input), "bootguard-userdata-store").size() == kMaxRows + 1);
  CHECK_FALSE(creates(plan_undo(no_switch.input), "bootguard-userdata-rows"));
}

TEST_CASE("4,092 extents: messages are split, and every region leads where it should", "[dm_plan]") {
  const Case c(4092 * 48 + 200, many_extents(layout::kMaxExtents));
  Machine machine;
  machine.run(plan_undo(c.input));
  CHECK(machine.messages > 1);
  check_top(machine, c, "origin:");
  check_store(machine, c);
  CHECK(machine.flushes("bootguard-userdata") == 1);
  CHECK(machine.flushes("bootguard-userdata-store") == 1);
  CHECK(machine.visible("bootguard-userdata"));
  for (const std::string& name : machine.names()) {
    CHECK((name == "bootguard-userdata" || !machine.visible(name)));
  }
}

TEST_CASE("Pass-through", "[dm_plan]") {
  SECTION("without a store: one linear row, at once visible") {
    const Case c(1003, {});
    CHECK(script(plan_pass_through(c.input)) ==
          std::vector<std::string>{"create bootguard-userdata BOOTGUARD-bootguard-userdata",
                                   "load bootguard-userdata\n0 1003 linear 98:0 0\n", "resume bootguard-userdata"});
  }
  SECTION("with a store: holes, and the raw device around them") {
    const Case c(1003, {extent(800, 80), extent(160, 40)});
    const auto steps = plan_pass_through(c.input);
    CHECK(table_text(table_of(steps, "bootguard-userdata")) ==
          "0 1000 switch 2 8 0 98:0 0 {bootguard-userdata-hole} 0\n1000 3 linear 98:0 1000\n");
    CHECK_FALSE(creates(steps, "bootguard-userdata-origin"));
    Machine machine;
    machine.run(steps);
    check_top(machine, c, "raw:");
    CHECK(machine.visible("bootguard-userdata"));
  }
  SECTION("with a store, without switch: rows") {
    const Case c(1003, {extent(800, 80), extent(0, 40)}, false);
    const auto steps = plan_pass_through(c.input);
    CHECK(table_text(table_of(steps, "bootguard-userdata")) ==
          "0 40 error\n40 760 linear 98:0 40\n800 80 error\n880 123 linear 98:0 880\n");
    CHECK_FALSE(creates(steps, "bootguard-userdata-hole"));
    Machine machine;
    machine.run(steps);
    check_top(machine, c, "raw:");
  }
}

TEST_CASE("The live commit swaps the table and then removes what is beneath", "[dm_plan]") {
  const Case c(1003, {extent(800, 80), extent(160, 40)});
  const std::vector<std::string> present = {"bootguard-userdata", "bootguard-userdata-hole",
                                            "bootguard-userdata-origin", "bootguard-userdata-store",
                                            "bootguard-userdata-undo"};
  CHECK(script(plan_live_commit(c.input, present)) ==
        std::vector<std::string>{"load bootguard-userdata\n0 1003 linear 98:0 0\n", "suspend bootguard-userdata",
                                 "resume bootguard-userdata", "remove bootguard-userdata-origin",
                                 "remove bootguard-userdata-undo", "remove bootguard-userdata-store",
                                 "remove bootguard-userdata-hole"});
  // Where the top is gone there is nothing to swap.
  CHECK(script(plan_live_commit(c.input, std::vector<std::string>{"bootguard-userdata-undo"})) ==
        std::vector<std::string>{"remove bootguard-userdata-undo"});
  CHECK(plan_live_commit(c.input, {}).empty());
}

TEST_CASE("Commit and removal never take a device from under another", "[dm_plan]") {
  for (const bool have_switch : {true, false}) {
    for (const std::size_t count : {1U, 40U}) {
      const Case c(4000, many_extents(count), have_switch);
      Machine committed;
      committed.run(plan_undo(c.input));
      committed.run(plan_live_commit(c.input, committed.names()));
      CHECK(committed.names() == std::vector<std::string>{"bootguard-userdata"});
      CHECK(committed.lead("bootguard-userdata", 100) == "raw:100");
      CHECK(committed.visible("bootguard-userdata"));

      Machine removed;
      removed.run(plan_undo(c.input));
      removed.run(plan_removal(c.input.volume, removed.names()));
      CHECK(removed.names().empty());

      // A plan that broke off anywhere is removed just so.
      const auto steps = plan_undo(c.input);
      for (std::size_t done = 0; done <= steps.size(); ++done) {
        Machine broken;
        broken.run(std::vector<DmStep>(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(done)));
        broken.run(plan_removal(c.input.volume, broken.names()));
        CHECK(broken.names().empty());
      }
    }
  }
}

TEST_CASE("Removal touches only names of this volume", "[dm_plan]") {
  const std::vector<std::string> present = {"bootguard-other", "bootguard-userdata-rows", "vg-root",
                                            "bootguard-userdata2", "bootguard-userdata"};
  CHECK(script(plan_removal(Label::parse("userdata").value(), present)) ==
        std::vector<std::string>{"remove bootguard-userdata", "remove bootguard-userdata-rows"});
}

TEST_CASE("Random stores: every sector of every plan leads where it should", "[dm_plan]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 150; ++round) {
    const std::uint64_t size = 20 + random() % 3000;
    std::vector<Extent> extents;
    for (std::uint64_t at = random() % 50; at + 8 < size; at += random() % 120) {
      const std::uint64_t length = std::min<std::uint64_t>(8 + random() % 60, size - at);
      extents.push_back(extent(at, length));
      at += length;
    }
    std::shuffle(extents.begin(), extents.end(), random);
    const Case c(size, extents, random() % 3 != 0, 8ULL << (random() % 4));
    Machine undo;
    const auto steps = plan_undo(c.input);
    undo.run(steps);
    if (!steps.empty()) {
      check_top(undo, c, "origin:");
      check_store(undo, c);
    }
    Machine pass_through;
    pass_through.run(plan_pass_through(c.input));
    check_top(pass_through, c, "raw:");
  }
}

TEST_CASE("The status of a snapshot", "[dm_plan]") {
  using State = SnapshotStatus::State;
  const SnapshotStatus active = parse_snapshot_status("304/204800 16");
  CHECK(active.state == State::kActive);
  CHECK(active.used == Sectors(304));
  CHECK(active.total == Sectors(204800));
  CHECK(active.metadata == Sectors(16));
  CHECK(parse_snapshot_status(" 16/16 16\n").state == State::kActive);
  CHECK(parse_snapshot_status("Invalid").state == State::kInvalid);
  CHECK(parse_snapshot_status("Overflow").state == State::kOverflow);
  CHECK(parse_snapshot_status("Merge failed").state == State::kMergeFailed);
  CHECK(parse_snapshot_status("Unknown").state == State::kUnknown);
}

TEST_CASE("A full store never seems to be more than full", "[dm_plan]") {
  // The kernel has stepped over the metadata area behind the last chunk.
  const SnapshotStatus full = parse_snapshot_status("2072/2064 16");
  CHECK(full.state == SnapshotStatus::State::kActive);
  CHECK(full.used == Sectors(2064));
  CHECK(full.total == Sectors(2064));
}

TEST_CASE("A hostile status is unknown", "[dm_plan]") {
  for (const std::string text : {"",
                                 " ",
                                 "/",
                                 "1",
                                 "1/",
                                 "1/2",
                                 "1/2 ",
                                 "/2 1",
                                 "1/ 1",
                                 "1 / 2 1",
                                 "1:2 1",
                                 "1/2:1",
                                 "1/2  1",
                                 "1/2 1 1",
                                 "-1/2 1",
                                 "+1/2 1",
                                 "0x1/2 1",
                                 "1/2 x",
                                 "1/2 1x",
                                 "invalid",
                                 "Invalid!",
                                 "Merge",
                                 "1/2 2",
                                 "99999999999999999999/2 1",
                                 "1/99999999999999999999 1",
                                 "18446744073709551616/1 0",
                                 "1/18014398509481985 1"}) {
    CAPTURE(text);
    CHECK(parse_snapshot_status(text).state == SnapshotStatus::State::kUnknown);
    CHECK(parse_snapshot_status(text).used == Sectors(0));
  }
  CHECK(parse_snapshot_status(std::string("1/2 1\0", 6)).state == SnapshotStatus::State::kUnknown);
  CHECK(parse_snapshot_status(std::string(65536, '1')).state == SnapshotStatus::State::kUnknown);
}

}  // namespace bootguard
