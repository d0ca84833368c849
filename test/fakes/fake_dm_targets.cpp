// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/fake_dm_targets.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/little_endian.h"

namespace bootguard {
namespace {

constexpr std::uint32_t kMagic = 0x70416e53;

bool parse_number(std::string_view text, std::uint64_t& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = text.find_first_not_of(' ', at);
    if (begin == std::string::npos) break;
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return words;
}

class FakeLinear : public FakeTarget {
 public:
  explicit FakeLinear(std::uint64_t length) : length_(length) {}
  int construct(FakeDmWorld& world, const std::vector<std::string>& words) {
    if (words.size() != 2 || !parse_number(words[1], start_)) return EINVAL;
    return device_.open(world, words[0]);
  }
  [[nodiscard]] bool fits() const override { return device_.reaches(start_ + length_); }
  int read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t&) override {
    return device_.io() == nullptr ? EIO : device_.io()->read((start_ + sector) * kSectorBytes, out);
  }
  int write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t&) override {
    return device_.io() == nullptr ? EIO : device_.io()->write((start_ + sector) * kSectorBytes, in, fua);
  }
  int flush() override { return device_.io() == nullptr ? EIO : device_.io()->flush(); }
  [[nodiscard]] std::string table_text() const override {
    return device_.number().to_string() + " " + std::to_string(start_);
  }

 private:
  HeldDevice device_;
  std::uint64_t start_ = 0;
  std::uint64_t length_;
};

class FakeError : public FakeTarget {
 public:
  int read(std::uint64_t, std::span<std::byte>, std::uint64_t&) override { return EIO; }
  int write(std::uint64_t, std::span<const std::byte>, bool, std::uint64_t&) override { return EIO; }
  int flush() override { return 0; }
};

class FakeOrigin : public FakeTarget {
 public:
  FakeOrigin(FakeDmWorld& world, std::uint64_t length) : world_(world), length_(length) {}
  int construct(const std::vector<std::string>& words) {
    return words.size() == 1 ? device_.open(world_, words[0]) : EINVAL;
  }
  [[nodiscard]] bool fits() const override { return device_.reaches(length_); }
  int read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t&) override {
    return device_.io() == nullptr ? EIO : device_.io()->read(sector * kSectorBytes, out);
  }
  int write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t& accepted) override {
    if (device_.io() == nullptr) return EIO;
    // Only the first chunk of a request is looked at, so the boundary computed at resume decides whether the others are
    // saved (hazard 4).
    accepted = std::min(accepted, boundary_ - sector % boundary_);
    for (FakeSnapshot* snapshot : world_.snapshots) {
      if (snapshot->on_origin(device_.number()) && snapshot->copies_out()) snapshot->before_origin_write(sector);
    }
    return device_.io()->write(sector * kSectorBytes, in.first(static_cast<std::size_t>(accepted * kSectorBytes)), fua);
  }
  int flush() override { return device_.io() == nullptr ? EIO : device_.io()->flush(); }
  void resumed() override {
    boundary_ = std::uint64_t{1} << 31;
    for (const FakeSnapshot* snapshot : world_.snapshots) {
      if (snapshot->on_origin(device_.number())) boundary_ = std::min(boundary_, snapshot->chunk_sectors());
    }
  }
  [[nodiscard]] std::string table_text() const override { return device_.number().to_string(); }

 private:
  FakeDmWorld& world_;
  std::uint64_t length_;
  HeldDevice device_;
  std::uint64_t boundary_ = std::uint64_t{1} << 31;
};

class FakeSwitch : public FakeTarget {
 public:
  explicit FakeSwitch(std::uint64_t length) : length_(length) {}
  int construct(FakeDmWorld& world, const std::vector<std::string>& words) {
    std::uint64_t count = 0;
    std::uint64_t options = 0;
    if (words.size() < 5 || !parse_number(words[0], count) || !parse_number(words[1], region_) ||
        !parse_number(words[2], options)) {
      return EINVAL;
    }
    if (count == 0 || region_ == 0 || options != 0 || words.size() != 3 + 2 * count) return EINVAL;
    for (std::size_t i = 0; i < count; ++i) {
      auto path = std::make_unique<Path>();
      if (const int error = path->device.open(world, words[3 + 2 * i])) return error;
      if (!parse_number(words[4 + 2 * i], path->start)) return EINVAL;
      paths_.push_back(std::move(path));
    }
    const std::uint64_t regions = (length_ + region_ - 1) / region_;
    map_.resize(static_cast<std::size_t>(regions));
    for (std::size_t i = 0; i < map_.size(); ++i) map_[i] = static_cast<std::uint32_t>(i % paths_.size());
    return 0;
  }
  [[nodiscard]] bool fits() const override {
    return std::all_of(paths_.begin(), paths_.end(),
                       [this](const auto& path) { return path->device.reaches(path->start + length_); });
  }
  int read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t& accepted) override {
    accepted = std::min(accepted, region_ - sector % region_);
    const Path& path = *paths_[map_[static_cast<std::size_t>(sector / region_)]];
    if (path.device.io() == nullptr) return EIO;
    return path.device.io()->read((path.start + sector) * kSectorBytes,
                                  out.first(static_cast<std::size_t>(accepted * kSectorBytes)));
  }
  int write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t& accepted) override {
    accepted = std::min(accepted, region_ - sector % region_);
    const Path& path = *paths_[map_[static_cast<std::size_t>(sector / region_)]];
    if (path.device.io() == nullptr) return EIO;
    return path.device.io()->write((path.start + sector) * kSectorBytes,
                                   in.first(static_cast<std::size_t>(accepted * kSectorBytes)), fua);
  }
  int flush() override { return 0; }  // hazard 14: switch forwards none
  int message(const std::vector<std::string>& words) override {
    if (words.empty() || words[0] != "set_region_mappings") return EINVAL;
    std::uint64_t index = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (const int error = apply(words[i], index)) return error;
    }
    return 0;
  }
  [[nodiscard]] std::string table_text() const override {
    std::string text = std::to_string(paths_.size()) + " " + std::to_string(region_) + " 0";
    for (const auto& path : paths_) text += " " + path->device.number().to_string() + " " + std::to_string(path->start);
    return text;
  }

 private:
  struct Path {
    HeldDevice device;
    std::uint64_t start = 0;
  };

  // One argument: "R<cycle>,<count>" or "[<index>]:<path>", all hexadecimal.
  int apply(const std::string& word, std::uint64_t& index) {
    if (word[0] == 'R' || word[0] == 'r') {
      const std::size_t comma = word.find(',');
      std::uint64_t cycle = 0;
      std::uint64_t count = 0;
      if (comma == std::string::npos || !parse_number(std::string_view(word).substr(1, comma - 1), cycle, 16) ||
          !parse_number(std::string_view(word).substr(comma + 1), count, 16)) {
        return EINVAL;
      }
      if (cycle == 0 || cycle - 1 > index || count >= map_.size() - index) return EINVAL;
      for (; count > 0; --count) {
        ++index;
        map_[static_cast<std::size_t>(index)] = map_[static_cast<std::size_t>(index - cycle)];
      }
      return 0;
    }
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) return EINVAL;
    if (colon == 0) {
      ++index;
    } else if (!parse_number(std::string_view(word).substr(0, colon), index, 16)) {
      return EINVAL;
    }
    std::uint64_t path = 0;
    if (!parse_number(std::string_view(word).substr(colon + 1), path, 16)) return EINVAL;
    if (index >= map_.size() || path >= paths_.size()) return EINVAL;
    map_[static_cast<std::size_t>(index)] = static_cast<std::uint32_t>(path);
    return 0;
  }

  std::uint64_t length_;
  std::uint64_t region_ = 0;
  std::vector<std::unique_ptr<Path>> paths_;
  std::vector<std::uint32_t> map_;
};

}  // namespace

int HeldDevice::open(FakeDmWorld& world, const std::string& text) {
  DeviceNumber number;
  const std::size_t colon = text.find(':');
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  if (colon != std::string::npos && parse_number(std::string_view(text).substr(0, colon), major) &&
      parse_number(std::string_view(text).substr(colon + 1), minor)) {
    number = {static_cast<std::uint32_t>(major), static_cast<std::uint32_t>(minor)};
  } else {
    const auto named = world.named.find(text);
    if (named == world.named.end()) return ENODEV;
    number = named->second;
  }
  if (world.table.find(number) == nullptr) return ENXIO;
  if (const int error = world.table.claim_for_mapping(number)) return error;
  table_ = &world.table;
  number_ = number;
  return 0;
}

int make_fake_target(FakeDmWorld& world, const DmRow& row, std::unique_ptr<FakeTarget>& target) {
  const std::vector<std::string> words = split_words(row.parameters);
  if (row.target == "linear") {
    auto made = std::make_unique<FakeLinear>(row.length.n);
    if (const int error = made->construct(world, words)) return error;
    target = std::move(made);
  } else if (row.target == "error") {
    target = std::make_unique<FakeError>();
  } else if (row.target == "snapshot-origin") {
    auto made = std::make_unique<FakeOrigin>(world, row.length.n);
    if (const int error = made->construct(words)) return error;
    target = std::move(made);
  } else if (row.target == "snapshot") {
    std::uint64_t chunk = 0;
    if (words.size() < 4 || (words[2] != "P" && words[2] != "PO") || !parse_number(words[3], chunk)) return EINVAL;
    auto made = std::make_unique<FakeSnapshot>(world, row.length.n);
    if (const int error = made->construct(words[0], words[1], chunk, words[2])) return error;
    target = std::move(made);
  } else if (row.target == "switch") {
    auto made = std::make_unique<FakeSwitch>(row.length.n);
    if (const int error = made->construct(world, words)) return error;
    target = std::move(made);
  } else {
    return EINVAL;
  }
  return 0;
}

int FakeSnapshot::construct(const std::string& origin, const std::string& store, std::uint64_t chunk_sectors,
                            const std::string& type) {
  if (chunk_sectors == 0 || (chunk_sectors & (chunk_sectors - 1)) != 0) return EINVAL;
  if (const int error = origin_.open(world_, origin)) return error;
  if (const int error = store_.open(world_, store)) return error;
  if (origin_.number() == store_.number()) return EINVAL;
  chunk_ = chunk_sectors;
  type_ = type;
  world_.snapshots.push_back(this);
  return read_metadata();
}

int FakeSnapshot::write_header() {
  std::vector<std::byte> header(chunk_bytes());
  store_le<std::uint32_t>(header, 0, kMagic);
  store_le<std::uint32_t>(header, 4, store_valid_ ? 1 : 0);
  store_le<std::uint32_t>(header, 8, 1);
  store_le<std::uint32_t>(header, 12, static_cast<std::uint32_t>(chunk_));
  return store_.io()->write(0, header, false);
}

int FakeSnapshot::read_metadata() {
  std::vector<std::byte> header(chunk_bytes());
  if (const int error = store_.io()->read(0, header)) return error;
  const auto magic = load_le<std::uint32_t>(header, 0);
  if (magic == 0) {
    // A new snapshot. Neither write is flushed (hazard 8).
    if (const int error = write_header()) return error;
    area_.assign(chunk_bytes(), std::byte{0});
    return store_.io()->write(area_byte(0), area_, false);
  }
  if (magic != kMagic) return ENXIO;
  store_valid_ = load_le<std::uint32_t>(header, 4) != 0;
  const auto version = load_le<std::uint32_t>(header, 8);
  const std::uint64_t chunk = load_le<std::uint32_t>(header, 12);
  if (chunk != chunk_) {
    // "chunk size in device metadata overrides table chunk size"
    if (chunk == 0 || (chunk & (chunk - 1)) != 0 || chunk > std::numeric_limits<std::int32_t>::max() >> 9)
      return EINVAL;
    chunk_ = chunk;
  }
  area_.assign(chunk_bytes(), std::byte{0});
  if (version != 1) return EINVAL;
  if (!store_valid_) {
    valid_ = false;  // loaded all the same; its status says Invalid
    return 0;
  }
  return read_exceptions();
}

int FakeSnapshot::read_exceptions() {
  std::vector<std::byte> buffer(chunk_bytes());
  for (current_area_ = 0;; ++current_area_) {
    if (const int error = store_.io()->read(area_byte(current_area_), buffer)) return error;
    std::uint64_t i = 0;
    for (; i < pairs(); ++i) {
      const auto old_chunk = load_le<std::uint64_t>(buffer, static_cast<std::size_t>(i * 16));
      const auto new_chunk = load_le<std::uint64_t>(buffer, static_cast<std::size_t>(i * 16 + 8));
      if (new_chunk == 0) break;
      next_free_ = std::max(next_free_, new_chunk + 1);
      exceptions_.emplace(old_chunk, new_chunk);
    }
    if (i < pairs()) {
      current_committed_ = i;
      area_ = buffer;
      break;
    }
  }
  skip_metadata();
  return 0;
}

void FakeSnapshot::skip_metadata() {
  if (next_free_ % (pairs() + 1) == 1) ++next_free_;
}

void FakeSnapshot::invalidate() {
  if (!valid_) return;
  valid_ = false;
  store_valid_ = false;
  write_header();  // plain: a power cut can lose it (hazard 6)
}

bool FakeSnapshot::commit_exception(std::uint64_t old_chunk, std::uint64_t new_chunk, bool copied) {
  if (!copied) store_valid_ = false;
  store_le<std::uint64_t>(area_, static_cast<std::size_t>(current_committed_ * 16), old_chunk);
  store_le<std::uint64_t>(area_, static_cast<std::size_t>(current_committed_ * 16 + 8), new_chunk);
  ++current_committed_;
  const bool full = current_committed_ == pairs();
  if (full) {
    const std::vector<std::byte> zero(chunk_bytes());
    if (store_.io()->write(area_byte(current_area_ + 1), zero, false) != 0) store_valid_ = false;
  }
  // PREFLUSH, then FUA: the copied chunk is durable before the pair that points to it.
  if (store_valid_ && (store_.io()->flush() != 0 || store_.io()->write(area_byte(current_area_), area_, true) != 0)) {
    store_valid_ = false;
  }
  if (full) {
    current_committed_ = 0;
    ++current_area_;
    area_.assign(chunk_bytes(), std::byte{0});
  }
  return store_valid_;
}

bool FakeSnapshot::except(std::uint64_t chunk, std::uint64_t& new_chunk) {
  if (store_.io() == nullptr || store_.sectors() < (next_free_ + 1) * chunk_) {
    invalidate();
    return false;
  }
  new_chunk = next_free_++;
  skip_metadata();
  const std::uint64_t from = chunk * chunk_;
  const std::uint64_t count = std::min(chunk_, origin_.sectors() - from);
  std::vector<std::byte> data(static_cast<std::size_t>(count * kSectorBytes));
  const bool copied = origin_.io()->read(from * kSectorBytes, data) == 0 &&
                      store_.io()->write(new_chunk * chunk_bytes(), data, false) == 0;
  if (!commit_exception(chunk, new_chunk, copied)) {
    store_valid_ = false;
    invalidate();
    return false;
  }
  exceptions_.emplace(chunk, new_chunk);
  return true;
}

void FakeSnapshot::before_origin_write(std::uint64_t sector) {
  if (sector >= length_) return;
  const std::uint64_t chunk = sector / chunk_;
  if (exceptions_.contains(chunk)) return;
  std::uint64_t new_chunk = 0;
  except(chunk, new_chunk);  // the write goes on whether or not this succeeds
}

int FakeSnapshot::read(std::uint64_t sector, std::span<std::byte> out, std::uint64_t& accepted) {
  if (!valid_) return EIO;
  accepted = std::min(accepted, chunk_ - sector % chunk_);
  out = out.first(static_cast<std::size_t>(accepted * kSectorBytes));
  const auto found = exceptions_.find(sector / chunk_);
  if (found == exceptions_.end()) return origin_.io() == nullptr ? EIO : origin_.io()->read(sector * kSectorBytes, out);
  if (store_.io() == nullptr) return EIO;
  return store_.io()->read((found->second * chunk_ + sector % chunk_) * kSectorBytes, out);
}

int FakeSnapshot::write(std::uint64_t sector, std::span<const std::byte> in, bool fua, std::uint64_t& accepted) {
  if (!valid_) return EIO;
  accepted = std::min(accepted, chunk_ - sector % chunk_);
  in = in.first(static_cast<std::size_t>(accepted * kSectorBytes));
  std::uint64_t new_chunk = 0;
  const auto found = exceptions_.find(sector / chunk_);
  if (found != exceptions_.end()) {
    new_chunk = found->second;
  } else if (!except(sector / chunk_, new_chunk)) {
    return EIO;
  }
  return store_.io()->write((new_chunk * chunk_ + sector % chunk_) * kSectorBytes, in, fua);
}

std::string FakeSnapshot::status() const {
  if (!valid_) return "Invalid";
  return std::to_string(next_free_ * chunk_) + "/" + std::to_string(store_.sectors()) + " " +
         std::to_string((current_area_ + 2) * chunk_);
}

std::string FakeSnapshot::table_text() const {
  return origin_.number().to_string() + " " + store_.number().to_string() + " " + type_ + " " + std::to_string(chunk_);
}

}  // namespace bootguard
