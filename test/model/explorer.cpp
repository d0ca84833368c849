// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/explorer.h"

#include <algorithm>
#include <ctime>
#include <utility>

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

void Explorer::add(Node&& node) {
  const MetadataView view = view_metadata(node.metadata);
  if (view.in_phase(Phase::kRollingBack) == layout::kCopies) {
    // From here on only one end is right, whatever was wanted before: many lives become one.
    Ghost& ghost = node.ghost;
    ghost.commit_wanted = ghost.disabled_once = false;
    ghost.rollback_wanted = ghost.rollback_promised = true;
    if (ghost.pre) ghost.cur = *ghost.pre;
  }
  std::uint64_t h = normal_hash(node.metadata, view);
  const Metadata* m = view.metadata();
  h = mix_hash(h, world_.normal_hash(node.volume, m != nullptr && view.in_phase(Phase::kIdle) < layout::kCopies));
  h = mix_hash(h, node.ghost.hash());
  h = mix_hash(h, view.sequence() - std::min(view.sequence(), node.ghost.sequence));
  if (!seen_.insert(h).second) return;
  ++counts_.distinct;
  stack_.push_back(std::move(node));
}

void Explorer::play(const Node& node, const Script& script) {
  SessionOptions options;
  options.tampering = options_.tampering;
  options.seed = options_.seed;
  options.exhaustive_limit = options_.exhaustive_limit;
  options.report_crashes = !options_.switched_off_only;
  Session session(world_, node, options, counts_, [this](Node&& next) { add(std::move(next)); });
  session.play(script);
}

void Explorer::play_with_faults(const Node& node, const Script& script) {
  using Way = Fault::Kind;
  struct Kind {
    Way way;
    int error;
    bool sticky = false;
  };
  static constexpr std::array kKinds = {Kind{Way::kFailBefore, EIO},       Kind{Way::kFailAfter, EIO},
                                        Kind{Way::kFailHalf, EIO},         Kind{Way::kStale, EIO},
                                        Kind{Way::kFailBefore, EIO, true}, Kind{Way::kCutBefore, EIO}};
  for (const Kind& kind : kKinds) {
    for (std::uint64_t n = 0;; n += options_.fault_stride) {
      NthFault fault(n, Fault{kind.way, kind.error}, kind.sticky);
      SessionOptions options;
      options.tampering = options_.tampering;
      options.injector = &fault;
      options.kill = kind.way == Way::kCutBefore;
      options.seed = options_.seed;
      options.exhaustive_limit = 16;
      Session session(world_, node, options, counts_, [&](Node&& next) {
        next.trail = std::make_shared<const Trail>(
            Trail{next.trail, std::string(kind.sticky ? "  with sticky fault " : "  with fault ") +
                                  std::to_string(static_cast<int>(kind.way)) + " at operation " + std::to_string(n) +
                                  ": " + fault.hit()});
        add(std::move(next));
      });
      ++counts_.faults;
      try {
        session.play(script);
      } catch (Violation& violation) {
        violation.text += std::string(kind.sticky ? " [sticky" : " [") + " fault " +
                          std::to_string(static_cast<int>(kind.way)) + " at operation " + std::to_string(n) + ": " +
                          fault.hit() + "]";
        throw;
      }
      if (fault.hit().empty()) break;
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

std::optional<Finding> Explorer::run(std::vector<Node> starts) {
  const std::clock_t began = std::clock();  // processor time: the bound does not depend on the machine's load
  for (Node& start : starts) add(std::move(start));
  while (!stack_.empty()) {
    const Node node = std::move(stack_.back());
    stack_.pop_back();
    Script playing;
    try {
      if (options_.damage) damage(node);
      for (const Script& script : scripts(node)) {
        playing = script;
        play(node, script);
        if (node.ghost.faults + node.ghost.kills < options_.max_faults && node.depth <= options_.fault_depth) {
          play_with_faults(node, script);
        }
      }
    } catch (const Violation& violation) {
      Finding finding{violation, {}, counts_.distinct};
      finding.trail.push_back("then: " + describe(playing));
      for (const Trail* t = node.trail.get(); t != nullptr; t = t->before.get()) finding.trail.push_back(t->what);
      std::reverse(finding.trail.begin(), finding.trail.end());
      return finding;
    }
    const double elapsed = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    if (counts_.distinct >= options_.max_states || elapsed > options_.max_seconds) {
      complete_ = stack_.empty();
      break;
    }
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
