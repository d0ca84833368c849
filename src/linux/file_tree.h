// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of a machine: this one's, or those below a folder (an image that is being built, a mounted disk).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "linux/unique_fd.h"

namespace bootguard {

class FileTree {
 public:
  static constexpr std::size_t kMaxNames = 4096;

  // `root` empty or "/": this machine. A symbolic link that leads out of another root is followed out of it.
  explicit FileTree(std::string root = "");

  [[nodiscard]] bool is_this_machine() const { return root_.empty(); }
  // Where `path`, absolute as the machine sees it, is found from here.
  [[nodiscard]] std::string outside(const std::string& path) const { return root_ + path; }

  // Whether there is anything by that name, be it a link that leads nowhere.
  [[nodiscard]] bool exists(const std::string& path) const;
  // The whole file. Nothing if it does not exist. Errors: kNotRoot where reading it needs more rights, kIo; also if it
  // is larger than `limit` bytes.
  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path, std::size_t limit) const;
  // For reading, above descriptor 2 as long as those are open. Errors as above, kDeviceMissing if it does not exist.
  [[nodiscard]] Result<UniqueFd> open_for_read(const std::string& path) const;
  // Names in a folder, sorted, without those that begin with a dot; none if it cannot be listed. More than kMaxNames
  // are cut off.
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const;

 private:
  std::string root_;
};

}  // namespace bootguard
