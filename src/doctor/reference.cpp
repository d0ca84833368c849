// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/reference.h"

#include <algorithm>
#include <array>

namespace bootguard {

ReferenceKind classify_reference(std::string_view spec) {
  static constexpr std::array<std::string_view, 5> kTags{"UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID="};
  static constexpr std::array<std::string_view, 5> kStable{"/dev/disk/by-uuid/", "/dev/disk/by-label/",
                                                           "/dev/disk/by-partuuid/", "/dev/disk/by-partlabel/",
                                                           "/dev/disk/by-id/"};
  const auto begins = [spec](std::string_view prefix) { return spec.starts_with(prefix); };
  if (std::any_of(kTags.begin(), kTags.end(), begins)) return ReferenceKind::kTag;
  if (std::any_of(kStable.begin(), kStable.end(), begins)) return ReferenceKind::kStableLink;
  if (spec.starts_with("/dev/disk/by-")) return ReferenceKind::kUnstableLink;
  if (spec.starts_with("/dev/mapper/bootguard-")) return ReferenceKind::kMapping;
  return spec.starts_with("/dev/") ? ReferenceKind::kPath : ReferenceKind::kNone;
}

std::string without_quotes(std::string_view spec) {
  std::string out;
  std::copy_if(spec.begin(), spec.end(), std::back_inserter(out), [](char c) { return c != '"'; });
  return out;
}

Match VolumeView::match(const std::string& spec) const {
  switch (classify_reference(spec)) {
    case ReferenceKind::kNone:
      return Match::kNo;
    case ReferenceKind::kMapping:
      return spec == mapping() ? Match::kYes : Match::kNo;
    default:
      return matcher.leads_to_volume(spec);
  }
}

}  // namespace bootguard
