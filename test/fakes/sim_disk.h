// SPDX-License-Identifier: LGPL-2.1-or-later
// SimDisk: a disk with a volatile write cache, made for asking "what if the power failed here?".
//
// What is written goes into the cache; only flush() and FUA writes make it durable. A power cut keeps, for every 4 KiB
// block, any version written since it was last durable, or none: the device may reorder and lose anything unflushed.
// That is the adversary of the model tests; tearing inside a block (512 bytes) is an option of surviving().
//
// Content is shared and immutable, so copying a disk or an image costs a few pointers, and its hash is kept up to date.
#pragma once

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/units.h"

namespace bootguard {

// Thrown out of a port call at the moment the power fails. Whoever catches it throws the running system away.
struct PowerCut {};

// A decision left to whoever explores: answers a number below n. 0 is always the ordinary course of things.
struct Choices {
  virtual ~Choices() = default;
  virtual unsigned choose(unsigned n, const char* what) = 0;
};

// What is about to happen at a fault point.
struct Operation {
  enum class Kind : std::uint8_t { kRead, kWrite, kFlush, kDeviceMapper, kFile };
  Kind kind = Kind::kRead;
  const std::string* device = nullptr;  // disk or mapping
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  const char* what = "";  // for people
};

struct Fault {
  enum class Kind : std::uint8_t {
    kNone,
    kFailBefore,  // error, nothing done
    kFailAfter,   // error, though all was done
    kFailHalf,    // error, the first half of a write was done
    kStale,       // a read answers what was there before the last write
    kCutBefore,   // the power fails before the effect, or after it
    kCutAfter,
  };
  Kind kind = Kind::kNone;
  int error = EIO;
};

class Injector {
 public:
  virtual ~Injector() = default;
  virtual Fault before(const Operation& operation) = 0;
};

// Asks Choices at every operation. `errors` are what device-mapper operations may fail with.
class ChoiceInjector : public Injector {
 public:
  explicit ChoiceInjector(Choices& choices) : choices_(choices) {}
  Fault before(const Operation& operation) override;

 private:
  Choices& choices_;
};

// Fails exactly one operation: the nth (from 0) it is asked about. Sticky: and from then on every operation of that
// kind on that device (a write takes the flushes with it): a device that dies under our hands.
class NthFault : public Injector {
 public:
  NthFault(std::uint64_t nth, Fault fault, bool sticky = false) : nth_(nth), fault_(fault), sticky_(sticky) {}
  Fault before(const Operation& operation) override;
  [[nodiscard]] std::uint64_t seen() const { return seen_; }
  [[nodiscard]] const std::string& hit() const { return hit_; }  // what it failed; empty: not reached

 private:
  std::uint64_t nth_;
  Fault fault_;
  bool sticky_;
  std::uint64_t seen_ = 0;
  Operation::Kind kind_ = Operation::Kind::kRead;
  std::string device_;
  std::string hit_;
};

// Told right before anything becomes durable: every state a power cut could have left so far is a subset of what is
// unflushed now, so looking only here misses none.
class PowerWatcher {
 public:
  virtual ~PowerWatcher() = default;
  virtual void before_durable() = 0;
};

// Shared by all disks (and the device mapper) of a machine.
struct SimHooks {
  Injector* injector = nullptr;
  PowerWatcher* watcher = nullptr;
  std::uint64_t clock = 0;  // orders writes across disks

  // Asks the injector; throws PowerCut for kCutBefore.
  Fault ask(const Operation& operation);
};

inline constexpr std::size_t kSimBlock = 4096;

struct SimBlock {
  std::array<std::byte, kSimBlock> bytes{};
  std::uint64_t hash = 0;
};
using BlockRef = std::shared_ptr<const SimBlock>;  // null: all zero
[[nodiscard]] BlockRef make_block(std::span<const std::byte> bytes);
[[nodiscard]] bool same_block(const BlockRef& a, const BlockRef& b);
[[nodiscard]] std::uint64_t mix_hash(std::uint64_t a, std::uint64_t b);

// Sparse content of a disk. Copies are cheap (shared pages).
class DiskImage {
 public:
  explicit DiskImage(std::uint64_t blocks = 0);
  [[nodiscard]] std::uint64_t blocks() const { return blocks_; }
  // Valid until the image changes or ends.
  [[nodiscard]] const BlockRef& at(std::uint64_t block) const;
  void put(std::uint64_t block, BlockRef content);
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  // Blocks whose content differs.
  [[nodiscard]] std::vector<std::uint64_t> difference(const DiskImage& other) const;
  // For tests that look at bytes.
  void read(std::uint64_t offset, std::span<std::byte> out) const;
  void write(std::uint64_t offset, std::span<const std::byte> in);

 private:
  static constexpr std::uint64_t kPageBlocks = 64;
  struct Page {
    std::array<BlockRef, kPageBlocks> blocks;
  };
  std::uint64_t blocks_;
  std::uint64_t hash_ = 0;
  std::vector<std::shared_ptr<Page>> pages_;
};

// Anything with bytes: a simulated disk or a mapped device. Answers 0 or an errno.
class SectorIo {
 public:
  virtual ~SectorIo() = default;
  virtual int read(std::uint64_t offset, std::span<std::byte> out) = 0;
  virtual int write(std::uint64_t offset, std::span<const std::byte> in, bool fua) = 0;
  virtual int flush() = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
};

class SimDisk : public SectorIo {
 public:
  SimDisk(std::string name, Bytes size);
  SimDisk(std::string name, DiskImage content);
  SimDisk(const SimDisk&) = delete;
  SimDisk& operator=(const SimDisk&) = delete;

  int read(std::uint64_t offset, std::span<std::byte> out) override;
  int write(std::uint64_t offset, std::span<const std::byte> in, bool fua) override;
  int flush() override;
  [[nodiscard]] std::uint64_t size() const override { return size_; }

  // Null: none.
  void set_hooks(SimHooks* hooks) { hooks_ = hooks != nullptr ? hooks : &own_hooks_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  bool read_only = false;  // writes answer EROFS

  // What is unflushed, by block, each with its versions from the oldest to the newest.
  struct Version {
    std::uint64_t order = 0;
    BlockRef content;
  };
  struct Unflushed {
    std::uint64_t block = 0;
    std::vector<Version> versions;
  };
  [[nodiscard]] std::vector<Unflushed> unflushed() const;
  [[nodiscard]] bool clean() const { return cache_.empty(); }

  [[nodiscard]] const DiskImage& durable() const { return durable_; }
  // Content as a reader sees it now.
  [[nodiscard]] DiskImage newest() const;
  // What a power cut leaves if block i of unflushed() survives in version kept[i] (0: what was durable, n: the nth
  // version). torn[i] > 0 (may be left out): only the first torn[i] sectors of that version arrived.
  [[nodiscard]] DiskImage surviving(std::span<const std::size_t> kept, std::span<const std::size_t> torn = {}) const;
  // The power fails and comes back; `choices` says what survives.
  void crash(Choices& choices);
  void crash_losing_all();

  // Counters of what the device itself did.
  std::uint64_t reads = 0, writes = 0, flushes = 0, written_bytes = 0;

 private:
  int check(std::uint64_t offset, std::size_t length) const;
  void put(std::uint64_t offset, std::span<const std::byte> in);
  [[nodiscard]] BlockRef newest_block(std::uint64_t block) const;

  std::string name_;
  std::uint64_t size_;
  DiskImage durable_;
  std::map<std::uint64_t, std::vector<Version>> cache_;
  std::map<std::uint64_t, BlockRef> before_;  // what each block held before its last write, for stale reads
  SimHooks* hooks_ = nullptr;
  SimHooks own_hooks_;
};

}  // namespace bootguard
