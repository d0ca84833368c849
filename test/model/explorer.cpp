// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/explorer.h"

#include <algorithm>
#include <ctime>
#include <sstream>
#include <utility>

#include "base/result.h"

namespace bootguard::model {

Node switched_off_after(const World& world, const Node& node, const Script& script, Tampering* tampering) {
  Counts counts;
  Node result;
  SessionOptions options;
  options.report_crashes = false;
  options.tampering = tampering;
  Session session(world, node, options, counts, [&](Node&& next) { result = std::move(next); });
  session.play(script);
  return result;
}

Node Explorer::formatted() {
  Node blank;
  blank.metadata = world_.blank_metadata;
  blank.volume = world_.fresh_volume;
  blank.ghost.cur = world_.fresh_volume;
  Node result;
  SessionOptions options;
  options.report_crashes = false;
  Session session(world_, blank, options, counts_, [&](Node&& node) { result = std::move(node); });
  session.play({Step::kFormat});
  return result;
}

std::vector<Script> Explorer::scripts(const Node& node) const {
  const MetadataView view = view_metadata(node.metadata);
  std::vector<Script> chosen;
  if (view.metadata() == nullptr) {
    chosen = {{Step::kBootNew, Step::kWrite}, {Step::kFormat}};
    return chosen;
  }
  switch (view.metadata()->phase) {
    case Phase::kIdle:
      chosen.push_back({Step::kBootNew, Step::kBootAgain, Step::kWrite});
      // An update whose end no boot has seen yet is looked at by a boot first.
      if (!node.ghost.armed && node.ghost.lives < options_.lives &&
          node.ghost.arms < options_.arms * (node.ghost.lives + 1)) {
        chosen.push_back({Step::kBootOld, Step::kArm});
      }
      break;
    case Phase::kArmed:
      chosen.push_back({Step::kBootNew, Step::kBootAgain, Step::kWrite});
      chosen.push_back({Step::kBootNew, Step::kWrite, Step::kMarkGood, Step::kWrite});
      if (!options_.rare) break;
      chosen.push_back({Step::kBootNew, Step::kWrite, Step::kMarkBad});
      chosen.push_back({Step::kBootOld, Step::kWrite});
      chosen.push_back({Step::kBootOld, Step::kDisarm});
      chosen.push_back({Step::kBootRollback, Step::kWrite});
      chosen.push_back({Step::kBootDisabled, Step::kWrite});
      break;
    case Phase::kTrial:
      chosen.push_back({Step::kBootNew, Step::kBootAgain, Step::kWrite});
      chosen.push_back({Step::kBootNew, Step::kWrite, Step::kMarkGood, Step::kWrite});
      chosen.push_back({Step::kBootNew, Step::kWrite, Step::kMarkBad});
      chosen.push_back({Step::kBootOld, Step::kWrite});
      if (!options_.rare) break;
      chosen.push_back({Step::kBootRollback, Step::kWrite});
      chosen.push_back({Step::kBootCommit, Step::kWrite});
      chosen.push_back({Step::kBootSkip, Step::kWrite});
      chosen.push_back({Step::kBootDisabled, Step::kWrite});
      chosen.push_back({Step::kMarkGood});  // from a rescue shell
      chosen.push_back({Step::kMarkBad});
      break;
    default:
      chosen.push_back({Step::kBootNew, Step::kBootAgain, Step::kWrite});
      if (!options_.rare) break;
      chosen.push_back({Step::kBootDisabled, Step::kWrite});
      chosen.push_back({Step::kMarkGood});
      chosen.push_back({Step::kMarkBad});
      break;
  }
  return chosen;
}

namespace {

// From here on only one end is right, whatever was wanted before: many lives become one.
void forget_what_was_wanted(Node& node, const MetadataView& view) {
  if (view.in_phase(Phase::kRollingBack) != layout::kCopies) return;
  Ghost& ghost = node.ghost;
  ghost.commit_wanted = ghost.disabled_once = false;
  ghost.rollback_wanted = ghost.rollback_promised = true;
  if (ghost.pre) ghost.cur = *ghost.pre;
}

// What a failing device does.
struct Way {
  Fault::Kind kind;
  int error;
  bool sticky = false;
};
constexpr std::array kWays = {Way{Fault::Kind::kFailBefore, EIO},       Way{Fault::Kind::kFailAfter, EIO},
                              Way{Fault::Kind::kFailHalf, EIO},         Way{Fault::Kind::kStale, EIO},
                              Way{Fault::Kind::kFailBefore, EIO, true}, Way{Fault::Kind::kCutBefore, EIO}};

std::string describe(const Choice& choice, const std::string& hit) {
  return std::string(kWays[choice.way].sticky ? "sticky fault " : "fault ") +
         std::to_string(static_cast<int>(kWays[choice.way].kind)) + " at operation " +
         std::to_string(choice.operation) + ": " + hit;
}

}  // namespace

std::string Choice::text() const {
  std::string text = script == kNone ? "d" : std::to_string(script);
  if (way != kNone) text += "!" + std::to_string(way) + "@" + std::to_string(operation);
  if (state) text += ":" + std::to_string(*state);
  return text;
}

std::optional<Choice> Choice::parse(const std::string& word) {
  std::istringstream in(word);
  Choice choice;
  if (in.peek() == 'd') {
    in.ignore();
  } else if (!(in >> choice.script)) {
    return std::nullopt;
  }
  if (in.peek() == '!') {
    in.ignore();
    char at = 0;
    if (!(in >> choice.way >> at >> choice.operation) || at != '@' || choice.way >= kWays.size()) return std::nullopt;
  }
  if (in.peek() == ':') {
    in.ignore();
    if (!(in >> choice.state.emplace())) return std::nullopt;
  }
  if (in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return choice;
}

bool Explorer::add(Node&& node, const Choice* choice) {
  const MetadataView view = view_metadata(node.metadata);
  forget_what_was_wanted(node, view);
  std::uint64_t h = normal_hash(node.metadata, view);
  const Metadata* m = view.metadata();
  h = mix_hash(h, world_.normal_hash(node.volume, m != nullptr && view.in_phase(Phase::kIdle) < layout::kCopies));
  h = mix_hash(h, node.ghost.hash());
  h = mix_hash(h, view.sequence() - std::min(view.sequence(), node.ghost.sequence));
  if (!seen_.insert(h).second) return false;
  ++counts_.distinct;
  if (choice != nullptr) {
    Trail trail = *node.trail;
    trail.choice = choice->text();
    node.trail = std::make_shared<const Trail>(std::move(trail));
  }
  stack_.push_back(std::move(node));
  return true;
}

bool Explorer::play(const Node& node, const Choice& choice, const Session::Sink& sink) {
  SessionOptions options;
  options.tampering = options_.tampering;
  options.seed = options_.seed;
  options.exhaustive_limit = options_.exhaustive_limit;
  if (choice.way == Choice::kNone) {
    options.report_crashes = !options_.switched_off_only;
    Session(world_, node, options, counts_, sink).play(scripts(node)[choice.script]);
    return true;
  }
  const Way& way = kWays[choice.way];
  NthFault fault(choice.operation, Fault{way.kind, way.error}, way.sticky);
  options.injector = &fault;
  options.kill = way.kind == Fault::Kind::kCutBefore;
  options.exhaustive_limit = 16;
  Session session(world_, node, options, counts_, [&](Node&& next) {
    Trail trail = *next.trail;
    trail.what += ", with " + describe(choice, fault.hit());
    next.trail = std::make_shared<const Trail>(std::move(trail));
    sink(std::move(next));
  });
  ++counts_.faults;
  try {
    session.play(scripts(node)[choice.script]);
  } catch (Violation& violation) {
    violation.text += " [" + describe(choice, fault.hit()) + "]";
    throw;
  }
  return !fault.hit().empty();
}

bool Explorer::explore(const Node& node, const Choice& choice) {
  playing_ = choice;
  Choice found = choice;
  found.state = 0;
  return play(node, choice, [&](Node&& next) {
    add(std::move(next), &found);
    ++*found.state;
  });
}

void Explorer::play_with_faults(const Node& node, std::size_t script) {
  for (std::size_t way = 0; way < kWays.size(); ++way) {
    // With a stride, other operations from other states.
    const std::uint64_t first = counts_.faults % options_.fault_stride;
    for (std::uint64_t n = first; explore(node, Choice{script, way, n, {}}); n += options_.fault_stride) {
    }
  }
}

// Invariant 6. One bad copy: the same decision, the same content. All bad: nothing is written, and something is
// mounted.
void Explorer::damage(const Node& node) {
  const MetadataView view = view_metadata(node.metadata);
  const auto boot = [&](const DiskImage& metadata, const auto& judge) {
    Node damaged = node;
    damaged.metadata = metadata;
    damaged.ghost.faults = 1;
    SessionOptions options;
    options.tampering = options_.tampering;
    options.report_crashes = false;
    DiskImage after;
    Session session(world_, damaged, options, counts_, [&](Node&& next) { after = next.volume; });
    ++counts_.damaged_boots;
    session.play({Step::kBootNew});
    judge(session, after);
  };
  DiskImage rotten = node.metadata;
  for (std::size_t i = 0; i < layout::kCopies; ++i) rotten.put(copy_block(i), make_block(pattern(0xBAD, i)));
  boot(rotten, [&](const Session& session, const DiskImage&) {
    if (session.metadata_writes() + session.volume_writes() > 0) {
      throw Violation{6, "every copy is bad, and something was written"};
    }
    if (session.last_boot()->is_protected) throw Violation{6, "every copy is bad, and it says protected"};
  });
  if (view.agreeing < 3) return;
  Decision decision{};
  std::string device;
  DiskImage content;
  boot(node.metadata, [&](const Session& session, const DiskImage& after) {
    decision = session.last_boot()->decision;
    device = session.last_boot()->device;
    content = after;
  });
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    DiskImage one_bad = node.metadata;
    auto bytes = node.metadata.at(copy_block(i)) ? node.metadata.at(copy_block(i))->bytes : pattern(0xBAD, i);
    bytes[100 + i] ^= std::byte{0x10};
    one_bad.put(copy_block(i), make_block(bytes));
    boot(one_bad, [&](const Session& session, const DiskImage& after) {
      if (session.last_boot()->decision != decision || session.last_boot()->device != device ||
          after.hash() != content.hash()) {
        throw Violation{6, "copy " + std::to_string(i) + " bad: another decision or another content"};
      }
    });
  }
}

Finding Explorer::finding(const Violation& violation, const Node& node) const {
  Finding found{violation, {}, playing_.text(), counts_.distinct};
  found.trail.push_back("then: " + (playing_.script == Choice::kNone ? std::string("copies are destroyed")
                                                                     : describe(scripts(node)[playing_.script])));
  for (const Trail* t = node.trail.get(); t != nullptr; t = t->before.get()) {
    found.trail.push_back(t->what);
    if (!t->choice.empty()) found.choices = t->choice + " " + found.choices;
  }
  std::reverse(found.trail.begin(), found.trail.end());
  return found;
}

std::optional<Finding> Explorer::run(std::vector<Node> starts) {
  const std::clock_t began = std::clock();  // processor time: the bound does not depend on the machine's load
  std::uint64_t forgotten = counts_.sessions;
  for (Node& start : starts) add(std::move(start));
  while (!stack_.empty()) {
    const Node node = std::move(stack_.back());
    stack_.pop_back();
    try {
      playing_ = {};
      if (options_.damage) damage(node);
      for (std::size_t script = 0; script < scripts(node).size(); ++script) {
        explore(node, Choice{script, Choice::kNone, 0, {}});
        if (node.ghost.faults + node.ghost.kills < options_.max_faults && node.depth <= options_.fault_depth) {
          play_with_faults(node, script);
        }
      }
    } catch (const Violation& violation) {
      return finding(violation, node);
    }
    const double elapsed = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    // Nobody holds an error any more; a day of them would not fit into memory.
    if (counts_.sessions - forgotten > 10'000) {
      forget_error_texts();
      forgotten = counts_.sessions;
    }
    if (counts_.distinct >= options_.max_states || counts_.boots >= options_.max_boots ||
        elapsed > options_.max_seconds) {
      complete_ = stack_.empty();
      break;
    }
  }
  return std::nullopt;
}

std::optional<Finding> Explorer::replay(const Node& start, const std::string& choices) {
  Node node = start;
  std::istringstream words(choices);
  for (std::string word; words >> word;) {
    const auto choice = Choice::parse(word);
    if (!choice || (choice->script != Choice::kNone && choice->script >= scripts(node).size())) return std::nullopt;
    playing_ = *choice;
    std::optional<Node> chosen;
    try {
      if (choice->script == Choice::kNone) {
        damage(node);
      } else {
        std::uint64_t n = 0;
        play(node, *choice, [&](Node&& next) {
          if (choice->state && n++ == *choice->state) chosen = std::move(next);
        });
      }
    } catch (const Violation& violation) {
      return finding(violation, node);
    }
    if (!chosen) return std::nullopt;
    node = std::move(*chosen);
    forget_what_was_wanted(node, view_metadata(node.metadata));
    Trail trail = *node.trail;
    trail.choice = word;
    node.trail = std::make_shared<const Trail>(std::move(trail));
  }
  return std::nullopt;
}

std::string Explorer::summary() const {
  return std::to_string(counts_.distinct) + " distinct durable states, " + std::to_string(counts_.sessions) +
         " sessions, " + std::to_string(counts_.boots) + " boots, " + std::to_string(counts_.crash_points) +
         " crash points (" + std::to_string(counts_.sampled_points) + " sampled, seed " +
         std::to_string(options_.seed) + "), " + std::to_string(counts_.crash_states) + " crash states, " +
         std::to_string(counts_.faults) + " sessions with a fault (" + std::to_string(counts_.blind) + " blind), " +
         std::to_string(counts_.damaged_boots) + " boots with bad copies; " +
         (complete_ ? "complete within its bounds" : "stopped at a bound");
}

}  // namespace bootguard::model
