// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the kernel's exception store on a simulated disk, walked, checked, scrubbed and copied back.
// Input: 1 byte of flags, 16 of the header if it is hostile, then exceptions by tags (see lay_out).
#include <algorithm>
#include <set>

#include "app/rollback.h"
#include "base/little_endian.h"
#include "fakes/fake_block_device.h"
#include "fakes/fake_system.h"
#include "fuzz/exceptions.h"
#include "fuzz/fuzz.h"
#include "model/world.h"

namespace bootguard::fuzz {
namespace {

constexpr std::size_t kMostPairs = 3000;
constexpr std::uint64_t kInFlight = 2048;  // FORMAT.md 8.2, rule 4

// A volume whose store lies in three pieces, and the record that belongs to it. Made once for each size of chunk.
struct Ground {
  StoreView view;
  DiskImage disk{0};
  std::uint64_t pairs = 0;  // of an area

  explicit Ground(std::uint64_t chunk_sectors) {
    const std::uint64_t chunk_blocks = chunk_sectors / 8;
    const std::uint64_t extent_blocks = 1100 * chunk_blocks;
    std::uint64_t at = 16 * chunk_blocks;
    for (int i = 0; i < 3; ++i) {
      // The second begins in the middle of a chunk, where chunks are larger than blocks.
      const std::uint64_t shift = i == 1 ? chunk_blocks / 2 : 0;
      view.extents.push_back({Sectors((at + shift) * 8), Sectors(extent_blocks * 8)});
      at += extent_blocks + 4 * chunk_blocks;
    }
    const std::uint64_t blocks = at + 1;  // of the last chunk only a part, where chunks are larger than blocks
    view.record.device_size = Sectors(blocks * 8);
    view.record.chunk = Sectors(chunk_sectors);
    view.record.arm_id = numbered_uuid(1, 2);
    view.geometry = {view.record.device_size, view.record.chunk, Bytes(4096)};
    auto pieces = mapped_pieces(view.extents, view.geometry);
    view.record.store_size = total_length(pieces);
    view.pieces_by_start = pieces;
    view.map = StoreMap(std::move(pieces));
    pairs = pairs_per_area(view.record.chunk);
    disk = DiskImage(blocks);
    for (std::uint64_t b = 0; b < blocks; ++b) disk.put(b, make_block(model::pattern(1, b)));
    for (std::uint64_t area = 0; area < 4; ++area) put_chunk(disk, area_chunk(area, view.record.chunk), {});
    for (std::size_t i = 0; i < view.extents.size(); ++i) {
      Witness witness{view.record.arm_id, static_cast<std::uint32_t>(i), 3, view.extents[i]};
      disk.write(to_bytes(*witness_place(view.extents[i], view.geometry)).n, encode_witness(witness));
    }
  }

  [[nodiscard]] std::size_t chunk_bytes() const { return static_cast<std::size_t>(to_bytes(view.record.chunk).n); }
  void put_chunk(DiskImage& image, Chunks chunk, std::span<const std::byte> bytes) const {
    std::vector<std::byte> whole(chunk_bytes());
    std::copy(bytes.begin(), bytes.end(), whole.begin());
    image.write(byte_of(view, chunk), whole);
  }
};

// Exceptions from the input, each by a tag: 0 the next new chunk for an old one, 1 any two numbers, 2 a leap of the new
// chunk, 3 a run.
Pairs take_pairs(Input& input, const Ground& ground) {
  Pairs pairs;
  std::uint64_t next = 1;
  const auto add = [&](std::uint64_t old_chunk, std::uint64_t new_chunk) {
    if (pairs.size() < kMostPairs) pairs.push_back({Chunks(old_chunk), Chunks(new_chunk)});
    next = new_chunk;
  };
  const auto proper = [&](std::uint64_t old_chunk) {
    ++next;
    while (is_store_metadata(ground.view, next)) ++next;
    add(old_chunk, next);
  };
  while (!input.empty() && pairs.size() < kMostPairs) {
    const std::uint64_t tag = input.number(1) % 4;
    const std::uint64_t old_chunk = tag == 1 ? input.number(8) : input.number(2);
    if (tag == 0) proper(old_chunk);
    if (tag == 1) add(old_chunk, input.number(8));
    if (tag == 2) add(old_chunk, next + input.number(1));
    if (tag == 3) {
      const std::uint64_t count = input.number(1);
      for (std::uint64_t i = 0; i < count; ++i) proper(old_chunk + i);
    }
  }
  return pairs;
}

// Header and areas as the kernel lays them out; behind the last pair zeros, or rubbish that must not come to life.
void lay_out(DiskImage& image, const Ground& ground, const Pairs& pairs, std::span<const std::byte> header,
             bool rubbish) {
  ground.put_chunk(image, Chunks(0), header);
  for (std::uint64_t area = 0; area * ground.pairs <= pairs.size(); ++area) {
    const Chunks chunk = area_chunk(area, ground.view.record.chunk);
    if (chunk.n >= store_chunks(ground.view)) break;
    std::vector<std::byte> bytes(ground.chunk_bytes());
    for (std::uint64_t i = 0; i < ground.pairs; ++i) {
      const std::uint64_t n = area * ground.pairs + i;
      if (n >= pairs.size() && (!rubbish || n == pairs.size())) continue;
      const ExceptionPair pair = n < pairs.size() ? pairs[n] : ExceptionPair{Chunks(n), Chunks(n)};
      const auto at = static_cast<std::size_t>(i * kSnapPairBytes);
      store_le(std::span(bytes), at, pair.old_chunk.n);
      store_le(std::span(bytes), at + 8, pair.new_chunk.n);
    }
    image.write(byte_of(ground.view, chunk), bytes);
  }
}

void check_scrub(const SimDisk& disk, BlockDevice& raw, const Ground& ground, const StoreScan& scan) {
  must(scrub_tail(raw, ground.view, scan).ok(), "what could be read can be scrubbed");
  const auto again = scan_store(raw, ground.view);
  must(again.ok() && again.value().exceptions == scan.exceptions, "scrubbing loses no exception and adds none");
  must(ends_in_zeros(disk.newest(), ground.view),
       "behind the last exception there are zeros up to the end of the next area");
}

void check_rollback_of(SimDisk& disk, BlockDevice& raw, const Ground& ground, const Pairs& pairs,
                       const StoreScan& scan) {
  const DiskImage before = disk.newest();
  const std::uint64_t writes = disk.writes;
  const auto plan = check_rollback(raw, ground.view);
  must(disk.writes == writes, "a check writes nothing");
  std::set<std::uint64_t> olds;
  for (const ExceptionPair& pair : pairs) olds.insert(pair.old_chunk.n);
  const bool fresh = scan.state == StoreScan::State::kFresh;
  const bool room = fresh || scan.total_chunks - scan.used_chunks >= kInFlight + ground.pairs + 1;
  const bool allowed = scan.state != StoreScan::State::kInvalidated && room && (fresh || olds.size() == pairs.size());
  must(plan.ok() == allowed, "a rollback is allowed exactly where nothing speaks against it");
  if (!plan) return;
  must(plan.value().exceptions == scan.exceptions, "the plan is about every exception");
  FakeLog log;
  log.keep = false;
  for (int i = 0; i < 2; ++i) {
    const auto copied = copy_back(raw, ground.view, plan.value(), log);
    must(copied.ok() && copied.value() == scan.exceptions, "every exception is copied back");
    const DiskImage wanted = fresh ? before : copied_back(before, ground.view, pairs);
    must(wanted.difference(disk.newest()).empty(), "old contents are back, and nothing else changed");
  }
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  using namespace bootguard::fuzz;
  static const Ground kSmall(8);
  static const Ground kLarge(16);
  const ForgetErrors forget;
  Input input(data, size);
  const std::uint64_t flags = input.number(1);
  const Ground& ground = flags % 2 == 0 ? kSmall : kLarge;
  std::array<std::byte, kSnapHeaderBytes> header{};
  if ((flags & 2) != 0) {
    input.fill(header);
  } else {
    store_le<std::uint32_t>(header, 0, kSnapMagic);
    store_le<std::uint32_t>(header, 4, 1);
    store_le<std::uint32_t>(header, 8, kSnapVersion);
    store_le<std::uint32_t>(header, 12, static_cast<std::uint32_t>(ground.view.record.chunk.n));
  }
  Pairs pairs = take_pairs(input, ground);
  DiskImage image = ground.disk;
  lay_out(image, ground, pairs, header, (flags & 4) != 0);
  // A pair without a new chunk ends the list, whatever follows.
  const auto end = std::find_if(pairs.begin(), pairs.end(), [](const ExceptionPair& p) { return p.new_chunk.n == 0; });
  pairs.erase(end, pairs.end());

  SimDisk disk("volume", image);
  FakeBlockDevice raw(disk);
  const auto scan = scan_store(raw, ground.view);
  must(disk.writes == 0, "a scan writes nothing");
  if (!scan) {
    must(scan.error().code == Errc::kStoreInvalid, "a store that can be read is refused for what is in it");
    const bool snapshot = parse_snap_header(header).present;
    const bool ours = snapshot && parse_snap_header(header).version == kSnapVersion &&
                      parse_snap_header(header).chunk == ground.view.record.chunk;
    must(!ours || !all_allowed(ground.view, pairs), "what the kernel may have written is accepted");
    return 0;
  }
  if (scan.value().state != StoreScan::State::kFresh) {
    must(all_allowed(ground.view, pairs), "every exception that is accepted may be copied back");
    must(scan.value().exceptions == pairs.size(), "no exception is passed over");
    must(scan.value().used_chunks <= scan.value().total_chunks, "no more chunks are used than there are");
  }
  if (scan.value().state == StoreScan::State::kActive) check_scrub(disk, raw, ground, scan.value());
  check_rollback_of(disk, raw, ground, pairs, scan.value());
  return 0;
}
