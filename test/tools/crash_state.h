// SPDX-License-Identifier: LGPL-2.1-or-later
// A disk as a power cut might leave it, and whether that is right: metadata and exceptions are read by the product's
// own format library, as `boot` and the kernel would read them. Kept up to date write by write, so that a state that
// differs in one sector from the one before is decided in the time of two comparisons of 4 KiB.
#pragma once

#include <algorithm>
#include <array>
#include <cinttypes>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "format/codec.h"
#include "format/copy_pick.h"
#include "format/exception_store.h"
#include "log_writes.h"
#include "stands.h"

namespace log_writes {

inline constexpr std::uint64_t kChunk = 4096;  // the default chunk, and one metadata copy
inline constexpr std::uint64_t kChunkSectors = kChunk / kSector;

struct Region {
  std::uint64_t at = 0;  // bytes
  std::uint64_t size = 0;
};

// What is wrong with a state.
enum class Verdict { kGood, kUnreadable, kPhase, kRefused, kNotCheckpoint, kNotNewest, kForeign, kVerdicts };
inline const char* to_string(Verdict verdict) {
  static constexpr const char* kTexts[] = {"good",
                                           "no metadata copy can be believed",
                                           "a phase that is not allowed at this point",
                                           "the store is refused",
                                           "the way back does not lead to the checkpoint",
                                           "not the newest data",
                                           "written where nothing may be written"};
  return kTexts[static_cast<std::size_t>(verdict)];
}

class CrashState {
 public:
  // `pieces`: what the kernel maps as the store, in order.
  CrashState(const char* image, const char* checkpoint, Region metadata, Region volume,
             const std::vector<Region>& pieces)
      : disk_(image), start_(image), checkpoint_(checkpoint), metadata_(metadata), volume_(volume) {
    if (disk_.size != checkpoint_.size || disk_.size % kChunk != 0) die("images of different or odd sizes");
    if (metadata.at + metadata.size > disk_.size || volume.at + volume.size > disk_.size) die("a region off the image");
    const std::size_t chunks = disk_.size / kChunk;
    store_chunk_.assign(chunks, kNone);
    for (const Region& piece : pieces) {
      if (piece.at % kChunk != 0 || piece.size % kChunk != 0 || piece.at + piece.size > volume.at + volume.size)
        die("a piece of the store that is not of whole chunks");
      for (std::uint64_t at = piece.at; at < piece.at + piece.size; at += kChunk) {
        store_chunk_[at / kChunk] = store_.size();
        store_.push_back(at / kChunk);
      }
    }
    exception_of_.assign(chunks, kNone);
    old_of_.assign(store_.size(), kNone);
    raw_bad_.assign(chunks, false);
    newest_bad_.assign(chunks, false);
    way_back_bad_.assign(chunks, false);
    for (std::size_t i = 0; i < chunks; ++i) touch(i);
  }

  std::uint64_t size() const { return disk_.size; }
  const Byte* bytes(std::uint64_t at) const { return disk_.bytes + at; }
  const Byte* at_start(std::uint64_t at) const { return start_.bytes + at; }

  void put(std::uint64_t at, const Byte* data, std::uint64_t size) {
    std::memcpy(disk_.bytes + at, data, size);
    for (std::uint64_t i = at / kChunk; i <= (at + size - 1) / kChunk; ++i) touch(i);
  }
  void allow(unsigned stands) { allowed_ = stands; }
  // From here on the volume as it is now is the newest data, and nothing of it may change.
  void fix_newest() {
    fixed_ = true;
    for (std::size_t i = 0; i < raw_bad_.size(); ++i) {
      if (std::memcmp(chunk(disk_, i), chunk(start_, i), kChunk) == 0) continue;
      newest_[i].assign(chunk(disk_, i), chunk(disk_, i) + kChunk);
    }
  }
  // Whether what lies there decides how other bytes are read: metadata copies, and unless the last state looked at was
  // committed, when the store belongs to the filesystem again, the store's header and areas.
  bool is_control(std::uint64_t at) const {
    return copy_number(at / kChunk) != kNone || (!committed() && is_store_control(at / kChunk));
  }
  unsigned stands() const { return stands_; }
  bool committed() const { return stands_ == kCommitted; }
  bool is_same_as(const Mapped& other) const {
    return other.size == disk_.size && std::memcmp(other.bytes, disk_.bytes, disk_.size) == 0;
  }
  bool is_store_data(std::uint64_t at) const {
    return store_chunk_[at / kChunk] != kNone && !is_store_control(at / kChunk);
  }
  std::size_t exceptions() const { return pairs_.size(); }

  Verdict verdict() {
    if (metadata_dirty_) read_metadata();
    if (foreign_ != 0) return Verdict::kForeign;
    if (stands_ == 0) return Verdict::kUnreadable;
    if ((stands_ & allowed_) == 0) return Verdict::kPhase;
    if (stands_ == kCommitted) return fixed_ && newest_count_ != 0 ? Verdict::kNotNewest : Verdict::kGood;
    if (stands_ == kArmed || stands_ == kRolledBack) return raw_count_ != 0 ? Verdict::kNotCheckpoint : Verdict::kGood;
    if (store_dirty_) read_store();
    if (refused_) return Verdict::kRefused;
    if (way_back_count_ != 0) return Verdict::kNotCheckpoint;
    return fixed_ && newest_count_ != 0 ? Verdict::kNotNewest : Verdict::kGood;
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  static constexpr std::uint64_t kPairs = bootguard::pairs_per_area(bootguard::Sectors(kChunkSectors));
  // What the kernel may have in flight when its mark of an overflow is lost (FORMAT.md 8.2, rule 4).
  static constexpr std::uint64_t kSpare = 2048 + kPairs + 1;
  using Pair = std::pair<std::uint64_t, std::uint64_t>;

  static const Byte* chunk(const Mapped& file, std::size_t i) { return file.bytes + i * kChunk; }
  static void set(std::vector<bool>& flags, std::size_t& count, std::size_t i, bool value) {
    count += static_cast<std::size_t>(value) - static_cast<std::size_t>(flags[i]);
    flags[i] = value;
  }

  std::size_t copy_number(std::size_t i) const {
    const std::uint64_t at = i * kChunk - metadata_.at;
    if (i * kChunk < metadata_.at || at >= bootguard::layout::kTableOffsetBytes) return kNone;
    return at % bootguard::layout::kCopyStrideBytes == 0 ? at / bootguard::layout::kCopyStrideBytes : kNone;
  }
  bool is_store_control(std::size_t i) const {
    const std::size_t number = store_chunk_[i];
    return number != kNone && (number == 0 || (number - 1) % (kPairs + 1) == 0);
  }

  // Chunk i of the disk was written.
  void touch(std::size_t i) {
    if (copy_number(i) != kNone) {
      decode_copy(copy_number(i));
      metadata_dirty_ = true;
      return;
    }
    const std::size_t number = store_chunk_[i];
    if (number != kNone) {
      store_dirty_ = store_dirty_ || is_store_control(i);
      if (old_of_[number] != kNone) check_way_back(old_of_[number]);
      return;
    }
    const bool bad = std::memcmp(chunk(disk_, i), chunk(checkpoint_, i), kChunk) != 0;
    if (i * kChunk < volume_.at || i * kChunk >= volume_.at + volume_.size) {
      set(raw_bad_, foreign_, i, bad);
      return;
    }
    set(raw_bad_, raw_count_, i, bad);
    if (fixed_) {
      const auto found = newest_.find(i);
      const Byte* wanted = found == newest_.end() ? chunk(start_, i) : found->second.data();
      set(newest_bad_, newest_count_, i, std::memcmp(chunk(disk_, i), wanted, kChunk) != 0);
    }
    check_way_back(i);
  }
  // What a copy-back would leave in chunk i of the origin.
  void check_way_back(std::size_t i) {
    const std::size_t from = exception_of_[i];
    const bool bad =
        from == kNone ? raw_bad_[i] : std::memcmp(chunk(disk_, store_[from]), chunk(checkpoint_, i), kChunk) != 0;
    set(way_back_bad_, way_back_count_, i, bad);
  }

  void decode_copy(std::size_t copy) {
    const std::span block(bytes(metadata_.at + copy * bootguard::layout::kCopyStrideBytes), kChunk);
    const bootguard::Decoded decoded = bootguard::decode(block);
    copies_[copy] = {decoded.state, decoded.detail, decoded.metadata.sequence,
                     bootguard::load_le<std::uint32_t>(block, bootguard::layout::header::kCrc)};
    contents_[copy] = decoded.metadata;
  }
  void read_metadata() {
    metadata_dirty_ = false;
    stands_ = 0;
    const auto pick = bootguard::pick_copy(copies_);
    if (!pick.ok()) {
      bootguard::forget_error_texts();
      return;
    }
    const bootguard::Metadata& metadata = contents_[pick.value().index];
    switch (metadata.phase) {
      case bootguard::Phase::kArmed:
        stands_ = kArmed;
        break;
      case bootguard::Phase::kTrial:
        stands_ = kTrial;
        break;
      case bootguard::Phase::kRollingBack:
        stands_ = kRollingBack;
        break;
      case bootguard::Phase::kIdle:
        if (metadata.last_result == bootguard::LastResult::kRolledBack) stands_ = kRolledBack;
        if (metadata.last_result == bootguard::LastResult::kCommitted) stands_ = kCommitted;
        break;
      case bootguard::Phase::kCommitting:
        break;
    }
  }

  // The store as the kernel reads it: a valid header, then areas up to the first empty pair; refused by the rules of
  // FORMAT.md 8.2. Without a header the kernel has not begun: no exceptions.
  void read_store() {
    store_dirty_ = false;
    std::vector<Pair>& found = scratch_;
    found.clear();
    const bootguard::SnapHeader header = bootguard::parse_snap_header({chunk(disk_, store_.at(0)), kChunk});
    refused_ = header.magic != 0 && !(header.present && header.valid && header.version == bootguard::kSnapVersion &&
                                      header.chunk.n == kChunkSectors);
    bool more = header.present && !refused_;
    for (std::uint64_t area = 0; more; ++area) {
      const std::uint64_t where = bootguard::area_chunk(area, header.chunk).n;
      if (where >= store_.size()) break;
      for (std::uint64_t i = 0; more && i < kPairs; ++i) {
        const auto pair = bootguard::load_pair({chunk(disk_, store_[where]), kChunk}, i);
        more = pair.new_chunk.n != 0;
        if (more) found.emplace_back(pair.old_chunk.n, pair.new_chunk.n);
      }
    }
    take_pairs(found);
  }
  // The exceptions from now on; only what differs from those before is looked at.
  void take_pairs(const std::vector<Pair>& found) {
    std::size_t same = 0;
    while (same < found.size() && same < pairs_.size() && found[same] == pairs_[same]) ++same;
    while (pairs_.size() > same) {
      const Pair pair = pairs_.back();
      pairs_.pop_back();
      const std::size_t old_chunk = volume_.at / kChunk + pair.first;
      exception_of_[old_chunk] = kNone;
      old_of_[pair.second] = kNone;
      check_way_back(old_chunk);
    }
    for (std::size_t i = same; i < found.size(); ++i) {
      const auto [old_number, new_number] = found[i];
      const std::size_t old_chunk = volume_.at / kChunk + old_number;
      const std::uint64_t last = pairs_.empty() ? 0 : pairs_.back().second;
      if (old_number >= volume_.size / kChunk || store_chunk_[old_chunk] != kNone || new_number >= store_.size() ||
          new_number <= last || is_store_control(store_[new_number]) || exception_of_[old_chunk] != kNone ||
          store_.size() - new_number - 1 < kSpare) {
        refused_ = true;
        return;
      }
      pairs_.push_back(found[i]);
      exception_of_[old_chunk] = new_number;
      old_of_[new_number] = old_chunk;
      check_way_back(old_chunk);
    }
  }

  Mapped disk_, start_, checkpoint_;
  Region metadata_, volume_;
  std::vector<std::size_t> store_;        // chunk of the store -> chunk of the disk
  std::vector<std::size_t> store_chunk_;  // and back; kNone: not in the store
  std::vector<Pair> pairs_, scratch_;
  std::vector<std::size_t> exception_of_;  // chunk of the disk -> chunk of the store with its old contents
  std::vector<std::size_t> old_of_;        // and back
  std::vector<bool> raw_bad_, newest_bad_, way_back_bad_;
  std::size_t raw_count_ = 0, newest_count_ = 0, way_back_count_ = 0, foreign_ = 0;
  std::unordered_map<std::size_t, std::vector<Byte>> newest_;
  std::array<bootguard::CopyRead, bootguard::layout::kCopies> copies_;
  std::array<bootguard::Metadata, bootguard::layout::kCopies> contents_;
  unsigned stands_ = 0, allowed_ = kArmed | kTrial;
  bool fixed_ = false, refused_ = false, metadata_dirty_ = true, store_dirty_ = true;
};

}  // namespace log_writes
