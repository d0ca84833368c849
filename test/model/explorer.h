// SPDX-License-Identifier: LGPL-2.1-or-later
// Searches the durable states a life can come to: from every new one each script is played, and each crash on the way
// gives further ones, until there are no new ones or a bound is hit.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/session.h"

namespace bootguard::model {

struct ExplorerOptions {
  std::uint32_t lives = 1;  // updates per life
  std::uint32_t arms = 2;   // tries to arm per life
  std::uint64_t max_states = 1'000'000;
  std::uint64_t max_boots = ~std::uint64_t{0};
  double max_seconds = 1e9;
  bool damage = false;               // also destroy copies of the metadata at every state (invariant 6)
  bool rare = true;                  // also the rarer scripts (command line, skip, disabled)
  bool switched_off_only = false;    // ordinary crashes are left out; those after a fault are not
  std::uint32_t max_faults = 0;      // injected faults per life: every operation of every verb, each way
  std::uint32_t fault_depth = 1000;  // only from states this shallow
  std::uint64_t fault_stride = 1;    // every nth operation only
  std::uint64_t seed = 1;
  std::size_t exhaustive_limit = 256;
  Tampering* tampering = nullptr;
};

// One session with crashes left aside; the state after switching off.
Node switched_off_after(const World& world, const Node& node, const Script& script, Tampering* tampering = nullptr);

// One session of a life, as it is printed and read again: "SCRIPT[!WAY@OPERATION][:STATE]". SCRIPT and WAY are numbers
// in the explorer's own lists, OPERATION is the one that fails, STATE is the one of the session's durable states that
// the next session begins with; 'd' is the destruction of copies.
struct Choice {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t script = kNone;  // kNone: copies are destroyed
  std::size_t way = kNone;     // kNone: no fault
  std::uint64_t operation = 0;
  std::optional<std::uint64_t> state;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Choice> parse(const std::string& word);
};

struct Finding {
  Violation violation;
  std::vector<std::string> trail;  // from the beginning
  std::string choices;             // for Explorer::replay
  std::uint64_t states = 0;        // distinct durable states until then
};

class Explorer {
 public:
  Explorer(const World& world, const ExplorerOptions& options) : world_(world), options_(options) {}

  // The state after `format`, and nothing else.
  [[nodiscard]] Node formatted();
  // Explores from these states; stops at the first violation.
  std::optional<Finding> run(std::vector<Node> starts);
  // Plays nothing but what the choices of a finding say, with the same options. No finding: it is not found any more,
  // or the choices do not fit.
  std::optional<Finding> replay(const Node& start, const std::string& choices);
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] bool complete() const { return complete_; }  // no bound was hit
  [[nodiscard]] std::string summary() const;

 private:
  [[nodiscard]] std::vector<Script> scripts(const Node& node) const;
  // True if it was not known before.
  bool add(Node&& node, const Choice* choice = nullptr);
  // One session; false if the fault of the choice came too late to happen in it.
  bool play(const Node& node, const Choice& choice, const Session::Sink& sink);
  bool explore(const Node& node, const Choice& choice);
  [[nodiscard]] Finding finding(const Violation& violation, const Node& node) const;
  void play_with_faults(const Node& node, std::size_t script);
  void damage(const Node& node);

  const World& world_;
  ExplorerOptions options_;
  Counts counts_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<Node> stack_;
  Choice playing_;
  bool complete_ = true;
};

}  // namespace bootguard::model
