// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/sim_disk.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bootguard {

std::uint64_t mix_hash(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a * 0x9E3779B97F4A7C15U + b;
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93U;
  x ^= x >> 29;
  return x * 0xA24BAED4963EE407U;
}

BlockRef make_block(std::span<const std::byte> bytes) {
  auto block = std::make_shared<SimBlock>();
  std::memcpy(block->bytes.data(), bytes.data(), kSimBlock);
  std::uint64_t any = 0;
  // Four lanes: the hash of every block written is on the hot path of the model tests.
  std::array<std::uint64_t, 4> lane = {1, 2, 3, 4};
  for (std::size_t i = 0; i < kSimBlock; i += 32) {
    for (std::size_t k = 0; k < 4; ++k) {
      std::uint64_t word = 0;
      std::memcpy(&word, block->bytes.data() + i + 8 * k, 8);
      any |= word;
      lane[k] = (lane[k] ^ word) * 0x9FB21C651E98DF25U;
      lane[k] ^= lane[k] >> 32;
    }
  }
  if (any == 0) return nullptr;
  block->hash = mix_hash(mix_hash(lane[0], lane[1]), mix_hash(lane[2], lane[3]));
  return block;
}

bool same_block(const BlockRef& a, const BlockRef& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  return a->hash == b->hash && std::memcmp(a->bytes.data(), b->bytes.data(), kSimBlock) == 0;
}

Fault ChoiceInjector::before(const Operation& operation) {
  using Kind = Operation::Kind;
  using Way = Fault::Kind;
  switch (operation.kind) {
    case Kind::kRead: {
      static constexpr std::array kWays = {Way::kNone, Way::kFailBefore, Way::kStale, Way::kCutBefore};
      return Fault{kWays[choices_.choose(kWays.size(), operation.what)]};
    }
    case Kind::kWrite: {
      static constexpr std::array kWays = {Way::kNone,      Way::kFailBefore, Way::kFailAfter,
                                           Way::kCutBefore, Way::kCutAfter,   Way::kFailHalf};
      return Fault{kWays[choices_.choose(kWays.size(), operation.what)]};
    }
    case Kind::kFlush:
    case Kind::kFile: {
      static constexpr std::array kWays = {Way::kNone, Way::kFailBefore, Way::kFailAfter, Way::kCutBefore,
                                           Way::kCutAfter};
      return Fault{kWays[choices_.choose(kWays.size(), operation.what)]};
    }
    case Kind::kDeviceMapper: {
      static constexpr std::array kErrors = {ENOMEM, EBUSY, EINVAL, ENXIO, EIO};
      unsigned way = choices_.choose(1 + 2 * kErrors.size() + 2, operation.what);
      if (way == 0) return Fault{};
      --way;
      if (way < kErrors.size()) return Fault{Way::kFailBefore, kErrors[way]};
      way -= static_cast<unsigned>(kErrors.size());
      if (way < kErrors.size()) return Fault{Way::kFailAfter, kErrors[way]};
      return Fault{way == kErrors.size() ? Way::kCutBefore : Way::kCutAfter};
    }
  }
  return Fault{};
}

Fault NthFault::before(const Operation& operation) {
  const auto changes = [](Operation::Kind kind) {
    return kind == Operation::Kind::kWrite || kind == Operation::Kind::kFlush;
  };
  if (seen_++ != nth_) {
    const bool again =
        sticky_ && !hit_.empty() && (operation.kind == kind_ || (changes(operation.kind) && changes(kind_)));
    // A device mapper that fails, fails for every device.
    const bool here = operation.kind == Operation::Kind::kDeviceMapper || *operation.device == device_;
    return again && here ? fault_ : Fault{};
  }
  kind_ = operation.kind;
  device_ = *operation.device;
  hit_ = std::string(operation.what) + " " + *operation.device + " at " + std::to_string(operation.offset) + "+" +
         std::to_string(operation.length);
  return fault_;
}

Fault SimHooks::ask(const Operation& operation) {
  if (injector == nullptr) return Fault{};
  Fault fault = injector->before(operation);
  if (fault.kind == Fault::Kind::kCutBefore) throw PowerCut{};
  return fault;
}

DiskImage::DiskImage(std::uint64_t blocks)
    : blocks_(blocks), pages_(static_cast<std::size_t>((blocks + kPageBlocks - 1) / kPageBlocks)) {}

const BlockRef& DiskImage::at(std::uint64_t block) const {
  static const BlockRef nothing;
  const auto& page = pages_[static_cast<std::size_t>(block / kPageBlocks)];
  return page ? page->blocks[static_cast<std::size_t>(block % kPageBlocks)] : nothing;
}

void DiskImage::put(std::uint64_t block, BlockRef content) {
  auto& page = pages_[static_cast<std::size_t>(block / kPageBlocks)];
  if (!page) {
    if (!content) return;
    page = std::make_shared<Page>();
  } else if (page.use_count() > 1) {
    page = std::make_shared<Page>(*page);
  }
  BlockRef& slot = page->blocks[static_cast<std::size_t>(block % kPageBlocks)];
  if (slot) hash_ ^= mix_hash(block + 1, slot->hash);
  slot = std::move(content);
  if (slot) hash_ ^= mix_hash(block + 1, slot->hash);
}

std::vector<std::uint64_t> DiskImage::difference(const DiskImage& other) const {
  std::vector<std::uint64_t> result;
  const std::uint64_t common = std::min(blocks_, other.blocks_);
  for (std::size_t p = 0; p * kPageBlocks < common; ++p) {
    if (pages_[p] == other.pages_[p]) continue;
    const std::uint64_t end = std::min<std::uint64_t>(common, (p + 1) * kPageBlocks);
    for (std::uint64_t b = p * kPageBlocks; b < end; ++b) {
      if (!same_block(at(b), other.at(b))) result.push_back(b);
    }
  }
  for (std::uint64_t b = common; b < std::max(blocks_, other.blocks_); ++b) result.push_back(b);
  return result;
}

void DiskImage::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const std::uint64_t block = offset / kSimBlock;
    const std::size_t from = static_cast<std::size_t>(offset % kSimBlock);
    const std::size_t length = std::min(out.size(), kSimBlock - from);
    const BlockRef& content = at(block);
    if (content) {
      std::memcpy(out.data(), content->bytes.data() + from, length);
    } else {
      std::memset(out.data(), 0, length);
    }
    offset += length;
    out = out.subspan(length);
  }
}

void DiskImage::write(std::uint64_t offset, std::span<const std::byte> in) {
  while (!in.empty()) {
    const std::uint64_t block = offset / kSimBlock;
    const std::size_t from = static_cast<std::size_t>(offset % kSimBlock);
    const std::size_t length = std::min(in.size(), kSimBlock - from);
    std::array<std::byte, kSimBlock> bytes{};
    if (length != kSimBlock) read(block * kSimBlock, bytes);
    std::memcpy(bytes.data() + from, in.data(), length);
    put(block, make_block(bytes));
    offset += length;
    in = in.subspan(length);
  }
}

SimDisk::SimDisk(std::string name, Bytes size)
    : name_(std::move(name)), size_(size.n), durable_((size.n + kSimBlock - 1) / kSimBlock), hooks_(&own_hooks_) {}

SimDisk::SimDisk(std::string name, DiskImage content)
    : name_(std::move(name)), size_(content.blocks() * kSimBlock), durable_(std::move(content)), hooks_(&own_hooks_) {}

int SimDisk::check(std::uint64_t offset, std::size_t length) const {
  if (offset % kSectorBytes != 0 || length % kSectorBytes != 0) return EINVAL;
  if (offset > size_ || length > size_ - offset) return EIO;
  return 0;
}

BlockRef SimDisk::newest_block(std::uint64_t block) const {
  const auto cached = cache_.find(block);
  return cached == cache_.end() ? durable_.at(block) : cached->second.back().content;
}

int SimDisk::read(std::uint64_t offset, std::span<std::byte> out) {
  if (const int error = check(offset, out.size())) return error;
  const Fault fault = hooks_->ask({Operation::Kind::kRead, &name_, offset, out.size(), "read"});
  if (fault.kind != Fault::Kind::kNone && fault.kind != Fault::Kind::kStale) return fault.error;
  ++reads;
  while (!out.empty()) {
    const std::uint64_t block = offset / kSimBlock;
    const std::size_t from = static_cast<std::size_t>(offset % kSimBlock);
    const std::size_t length = std::min(out.size(), kSimBlock - from);
    BlockRef content = newest_block(block);
    if (fault.kind == Fault::Kind::kStale) {
      const auto old = before_.find(block);
      if (old != before_.end()) content = old->second;
    }
    if (content) {
      std::memcpy(out.data(), content->bytes.data() + from, length);
    } else {
      std::memset(out.data(), 0, length);
    }
    offset += length;
    out = out.subspan(length);
  }
  return 0;
}

void SimDisk::put(std::uint64_t offset, std::span<const std::byte> in) {
  written_bytes += in.size();
  while (!in.empty()) {
    const std::uint64_t block = offset / kSimBlock;
    const std::size_t from = static_cast<std::size_t>(offset % kSimBlock);
    const std::size_t length = std::min(in.size(), kSimBlock - from);
    const BlockRef old = newest_block(block);
    BlockRef content;
    if (length == kSimBlock) {
      content = make_block(in.first(length));
    } else {
      std::array<std::byte, kSimBlock> bytes{};
      if (old) bytes = old->bytes;
      std::memcpy(bytes.data() + from, in.data(), length);
      content = make_block(bytes);
    }
    // The same bytes again leave no state that was not possible already.
    if (!same_block(old, content)) {
      before_[block] = old;
      cache_[block].push_back({hooks_->clock++, std::move(content)});
    }
    offset += length;
    in = in.subspan(length);
  }
}

int SimDisk::write(std::uint64_t offset, std::span<const std::byte> in, bool fua) {
  if (read_only) return EROFS;
  if (const int error = check(offset, in.size())) return error;
  const Fault fault = hooks_->ask({Operation::Kind::kWrite, &name_, offset, in.size(), fua ? "write-fua" : "write"});
  if (fault.kind == Fault::Kind::kFailBefore) return fault.error;
  ++writes;
  if (fault.kind == Fault::Kind::kFailHalf) {
    put(offset, in.first(in.size() / 2 / kSectorBytes * kSectorBytes));
    return fault.error;
  }
  put(offset, in);
  if (fault.kind == Fault::Kind::kCutAfter) throw PowerCut{};
  if (fua) {
    // Until it has returned any part of it may be lost; only its own blocks are durable then.
    if (hooks_->watcher != nullptr) hooks_->watcher->before_durable();
    for (std::uint64_t b = offset / kSimBlock; b * kSimBlock < offset + in.size(); ++b) {
      const auto cached = cache_.find(b);
      if (cached == cache_.end()) continue;
      durable_.put(b, cached->second.back().content);
      cache_.erase(cached);
    }
  }
  return fault.kind == Fault::Kind::kFailAfter ? fault.error : 0;
}

int SimDisk::flush() {
  const Fault fault = hooks_->ask({Operation::Kind::kFlush, &name_, 0, 0, "flush"});
  if (fault.kind == Fault::Kind::kFailBefore || fault.kind == Fault::Kind::kFailHalf) return fault.error;
  ++flushes;
  if (!cache_.empty()) {
    if (hooks_->watcher != nullptr) hooks_->watcher->before_durable();
    for (auto& [block, versions] : cache_) durable_.put(block, versions.back().content);
    cache_.clear();
  }
  if (fault.kind == Fault::Kind::kCutAfter) throw PowerCut{};
  return fault.kind == Fault::Kind::kFailAfter ? fault.error : 0;
}

std::vector<SimDisk::Unflushed> SimDisk::unflushed() const {
  std::vector<Unflushed> result;
  result.reserve(cache_.size());
  for (const auto& [block, versions] : cache_) result.push_back({block, versions});
  return result;
}

DiskImage SimDisk::newest() const {
  DiskImage image = durable_;
  for (const auto& [block, versions] : cache_) image.put(block, versions.back().content);
  return image;
}

DiskImage SimDisk::surviving(std::span<const std::size_t> kept, std::span<const std::size_t> torn) const {
  DiskImage image = durable_;
  std::size_t i = 0;
  for (const auto& [block, versions] : cache_) {
    const std::size_t keep = kept[i];
    if (keep > 0) {
      const std::size_t sectors = i < torn.size() ? torn[i] : 0;
      if (sectors == 0) {
        image.put(block, versions[keep - 1].content);
      } else {
        std::array<std::byte, kSimBlock> bytes{};
        const BlockRef older = keep > 1 ? versions[keep - 2].content : durable_.at(block);
        if (older) bytes = older->bytes;
        const BlockRef& newer = versions[keep - 1].content;
        const std::size_t length = sectors * kSectorBytes;
        if (newer) {
          std::memcpy(bytes.data(), newer->bytes.data(), length);
        } else {
          std::memset(bytes.data(), 0, length);
        }
        image.put(block, make_block(bytes));
      }
    }
    ++i;
  }
  return image;
}

void SimDisk::crash(Choices& choices) {
  std::vector<std::size_t> kept;
  kept.reserve(cache_.size());
  for (const auto& [block, versions] : cache_) {
    kept.push_back(choices.choose(static_cast<unsigned>(versions.size()) + 1, "version that survives"));
  }
  durable_ = surviving(kept);
  cache_.clear();
  before_.clear();
}

void SimDisk::crash_losing_all() {
  cache_.clear();
  before_.clear();
}

}  // namespace bootguard
