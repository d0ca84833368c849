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

struct Finding {
  Violation violation;
  std::vector<std::string> trail;  // from the beginning
  std::uint64_t states = 0;        // distinct durable states until then
};

class Explorer {
 public:
  Explorer(const World& world, const ExplorerOptions& options) : world_(world), options_(options) {}

  // The state after `format`, and nothing else.
  [[nodiscard]] Node formatted();
  // Explores from these states; stops at the first violation.
  std::optional<Finding> run(std::vector<Node> starts);
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] bool complete() const { return complete_; }  // no bound was hit
  [[nodiscard]] std::string summary() const;

 private:
  [[nodiscard]] std::vector<Script> scripts(const Node& node) const;
  void add(Node&& node);
  void play(const Node& node, const Script& script);
  void play_with_faults(const Node& node, const Script& script);
  void damage(const Node& node);

  const World& world_;
  ExplorerOptions options_;
  Counts counts_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<Node> stack_;
  bool complete_ = true;
};

}  // namespace bootguard::model
