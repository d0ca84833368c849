// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/check_volume.h"

#include <algorithm>
#include <utility>

#include "app/metadata_store.h"
#include "base/format_text.h"
#include "core/excerpt.h"

namespace bootguard {
namespace {

std::string copy_word(const CopyRead& copy) {
  return copy.detail[0] == '\0' ? std::string(to_string(copy.state))
                                : format_text("%s, %s", to_string(copy.state), copy.detail);
}

}  // namespace

Finding judge_metadata(const StatusReport& report, const DeviceName& configured) {
  constexpr const char* kCheck = "metadata";
  const std::string where = report.metadata_device.empty() ? configured.to_string() : report.metadata_device;
  if (report.metadata_error) {
    const Error& error = *report.metadata_error;
    Finding finding = found(state_of(error), kCheck, where, "%s", error.text.c_str());
    if (error.code == Errc::kMetadataMissing) finding.advice = "bootguard format";
    return finding;
  }
  std::uint64_t newest = 0;
  std::size_t good = 0;
  for (const CopyRead& copy : report.copies) {
    if (copy.state == CopyState::kGood) newest = std::max(newest, copy.sequence);
  }
  std::string wrong;
  for (std::size_t i = 0; i < report.copies.size(); ++i) {
    const CopyRead& copy = report.copies[i];
    const bool is_valid = copy.state == CopyState::kGood;
    if (is_valid && copy.sequence == newest) {
      ++good;
      continue;
    }
    if (!wrong.empty()) wrong += "; ";
    wrong += format_text("copy %zu: %s", i, is_valid ? "older than the newest" : copy_word(copy).c_str());
  }
  if (wrong.empty()) return found(CheckState::kOk, kCheck, where, "%zu copies, all good and equally new", good);
  const bool enough = good >= MetadataStore::kQuorum;
  Finding finding = found(enough ? CheckState::kWarn : CheckState::kFail, kCheck, where, "%s", wrong.c_str());
  finding.advice = enough ? "the next boot or verb that writes repairs it; if it comes back, the device is failing"
                          : "read recovery.md before anything else: one more lost copy may lose the state";
  return finding;
}

Finding judge_store(const StatusReport& report) {
  constexpr const char* kCheck = "store";
  if (!report.metadata || report.volumes.empty())
    return found(CheckState::kSkip, kCheck, "", "cannot be told without the metadata block");
  const VolumeStatus& volume = report.volumes.front();
  const std::string where = volume.device;
  if (volume.store_state == "none") return found(CheckState::kOk, kCheck, where, "no store yet: nothing is armed");
  if (volume.store_state == "ok") return found(CheckState::kOk, kCheck, where, "where it was, and all of it");
  const CheckState state = volume.store_state == "unverified" ? CheckState::kWarn : CheckState::kFail;
  Finding finding = found(state, kCheck, where, "%s: %s", volume.store_state.c_str(), volume.store_detail.c_str());
  finding.advice = "bootguard status says what that means now";
  return finding;
}

Finding judge_volume(const VolumeAnswers& answers) {
  constexpr const char* kCheck = "volume";
  const std::string where = answers.configured.to_string();
  if (!answers.device) {
    const Error& error = answers.device.error();
    // Told by "duplicates", with both names.
    if (error.code == Errc::kDeviceAmbiguous)
      return found(CheckState::kSkip, kCheck, where, "more than one device answers to it");
    return found(state_of(error), kCheck, where, "%s", error.text.c_str());
  }
  const std::string& path = answers.device.value().path;
  if (!answers.identity) return found(CheckState::kSkip, kCheck, where, "%s was not looked into", path.c_str());
  if (!*answers.identity) {
    const Error& error = answers.identity->error();
    return found(state_of(error), kCheck, where, "%s", error.text.c_str());
  }
  const FilesystemIdentity& identity = answers.identity->value();
  if (identity.type != FilesystemType::kUnknown)
    return found(CheckState::kOk, kCheck, where, "%s on %s", identity.type_name.c_str(), path.c_str());
  // While an update runs the filesystem may be a new one, or be hidden on purpose.
  const bool on_trial = answers.phase && *answers.phase != Phase::kIdle && *answers.phase != Phase::kArmed;
  return found(on_trial ? CheckState::kWarn : CheckState::kFail, kCheck, where,
               "%s holds %s; ext4, XFS and f2fs can be protected", path.c_str(),
               identity.type_name.empty() ? "no filesystem that is known" : excerpt(identity.type_name).c_str());
}

Finding judge_duplicates(std::span<const NameLookup> lookups) {
  constexpr const char* kCheck = "duplicates";
  std::string names;
  const Error* unknown = nullptr;
  for (const NameLookup& lookup : lookups) {
    if (!lookup.answer && lookup.answer.error().code == Errc::kDeviceAmbiguous) {
      Finding finding = found(CheckState::kFail, kCheck, "", "%s", lookup.answer.error().text.c_str());
      finding.advice = lookup.name.kind == DeviceName::Kind::kUuid
                           ? "give the copy another UUID (tune2fs -U random, xfs_admin -U generate), or unplug it"
                           : "give the copy another name (sgdisk --partition-guid, sfdisk --part-label), or unplug it";
      return finding;
    }
    if (!lookup.answer) unknown = &lookup.answer.error();
    if (!names.empty()) names += ", ";
    names += lookup.name.to_string();
  }
  if (lookups.empty()) return found(CheckState::kSkip, kCheck, "", "the volume was not found");
  if (unknown != nullptr) {
    return found(unknown->code == Errc::kNotRoot ? CheckState::kSkip : CheckState::kWarn, kCheck, "", "%s",
                 unknown->text.c_str());
  }
  return found(CheckState::kOk, kCheck, "", "one device only answers to %s", names.c_str());
}

Finding judge_targets(std::span<const TargetFact> targets, const std::string& release, bool can_ask) {
  constexpr const char* kCheck = "kernel";
  std::string missing;
  std::string all;
  for (const TargetFact& fact : targets) {
    std::string& list = fact.known || fact.loadable ? all : missing;
    if (!list.empty()) list += ", ";
    list += fact.known || fact.loadable ? fact.target : format_text("%s (%s)", fact.target, fact.module);
  }
  if (missing.empty()) return found(CheckState::kOk, kCheck, release, "has %s", all.c_str());
  Finding finding = found(CheckState::kFail, kCheck, release, "lacks %s", missing.c_str());
  finding.advice = can_ask ? "install the modules of this kernel, or a kernel that has them"
                           : "install the modules of the image's kernel below the folder";
  return finding;
}

}  // namespace bootguard
