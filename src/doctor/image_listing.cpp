// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/image_listing.h"

#include <algorithm>
#include <utility>

namespace bootguard {
namespace {

constexpr std::uint32_t kTypeMask = 0170000;
constexpr std::uint32_t kTypeLink = 0120000;
constexpr std::uint32_t kTypeRegular = 0100000;

std::string_view without_leading(std::string_view name) {
  for (;;) {
    if (name.starts_with("./")) {
      name.remove_prefix(2);
    } else if (name.starts_with('/')) {
      name.remove_prefix(1);
    } else {
      return name;
    }
  }
}

// Takes the first part of a path off its front.
std::string_view next_part(std::string_view& rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end);
  return part;
}

}  // namespace

bool ImageListing::wants(const CpioEntry& entry) {
  const std::uint32_t type = entry.mode & kTypeMask;
  if (type != kTypeLink && type != kTypeRegular) return false;
  const std::string_view path = without_leading(entry.name);
  // The content of hard links comes with one of the names, perhaps not with the one that is asked for.
  const bool wanted = type == kTypeLink || entry.links > 1 || path.ends_with(".conf") || path.ends_with(".key") ||
                      path.ends_with("crypttab") || path.ends_with("/ORDER");
  if (!wanted || kept_bytes_ + entry.size > kMaxKeptBytes) return false;
  kept_bytes_ += static_cast<std::size_t>(entry.size);
  return true;
}

Result<void> ImageListing::take(CpioEntry entry) {
  const std::string_view path = without_leading(entry.name);
  path_bytes_ += path.size();
  if (path_bytes_ > kMaxPathBytes) return make_error(Errc::kIo, "the names in the image are longer than any image's");
  entries_.push_back({std::string(path), entry.mode, entry.size, entry.links > 1 ? entry.file_number : 0,
                      std::move(entry.content), entry.has_content});
  return {};
}

void ImageListing::finish() {
  const auto by_path = [](const Entry& a, const Entry& b) { return a.path < b.path; };
  std::stable_sort(entries_.begin(), entries_.end(), by_path);
  std::vector<Entry> unique;
  unique.reserve(entries_.size());
  for (Entry& entry : entries_) {
    if (!unique.empty() && unique.back().path == entry.path) {
      unique.back() = std::move(entry);
    } else {
      unique.push_back(std::move(entry));
    }
  }
  entries_ = std::move(unique);
  // Hard links: all names but one come without content.
  std::vector<const Entry*> sources;
  for (const Entry& entry : entries_) {
    if (entry.file_number != 0 && entry.size > 0) sources.push_back(&entry);
  }
  const auto by_number = [](const Entry* a, const Entry* b) { return a->file_number < b->file_number; };
  std::stable_sort(sources.begin(), sources.end(), by_number);
  for (Entry& entry : entries_) {
    if (entry.file_number == 0 || entry.size != 0 || !entry.is_regular()) continue;
    const auto source = std::lower_bound(sources.begin(), sources.end(), &entry, by_number);
    if (source == sources.end() || (*source)->file_number != entry.file_number) continue;
    entry.content = (*source)->content;
    entry.has_content = (*source)->has_content;
    entry.size = (*source)->size;
  }
}

const ImageListing::Entry* ImageListing::at(std::string_view path) const {
  const auto entry = std::lower_bound(entries_.begin(), entries_.end(), path,
                                      [](const Entry& a, std::string_view wanted) { return a.path < wanted; });
  return entry != entries_.end() && entry->path == path ? &*entry : nullptr;
}

const ImageListing::Entry* ImageListing::find(std::string_view path) const {
  constexpr int kMaxLinks = 40;  // as the kernel
  std::string rest(path);
  std::string done;
  for (int links = 0; links <= kMaxLinks;) {
    std::string_view remaining = rest;
    const std::string_view part = next_part(remaining);
    if (part.empty()) return at(done);
    if (part == ".." || part == ".") {
      if (part == "..") done.resize(done.rfind('/') == std::string::npos ? 0 : done.rfind('/'));
      rest = remaining;
      continue;
    }
    std::string candidate = done;
    if (!candidate.empty()) candidate += '/';
    candidate += part;
    const Entry* const entry = at(candidate);
    if (entry == nullptr || !entry->is_link()) {
      done = std::move(candidate);
      rest = remaining;
      continue;
    }
    if (!entry->has_content) return nullptr;
    ++links;
    if (entry->content.starts_with('/')) done.clear();
    rest = entry->content + '/' + std::string(remaining);
    if (rest.size() > CpioReader::kMaxName * 2) return nullptr;
  }
  return nullptr;
}

bool ImageListing::has_any_below(std::string_view folder) const {
  std::string prefix(folder);
  prefix += '/';
  const auto entry = std::lower_bound(entries_.begin(), entries_.end(), prefix,
                                      [](const Entry& a, const std::string& wanted) { return a.path < wanted; });
  return entry != entries_.end() && entry->path.starts_with(prefix);
}

}  // namespace bootguard
