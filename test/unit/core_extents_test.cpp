// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/fiemap.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "core/extents.h"

namespace bootguard {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::size_t kLimit = layout::kMaxExtents;

VolumeGeometry geometry(std::uint64_t device_sectors, std::uint64_t chunk_sectors = 8, std::uint64_t fs_block = 4096) {
  return {Sectors(device_sectors), Sectors(chunk_sectors), Bytes(fs_block)};
}

FileExtent file_extent(std::uint64_t logical, std::uint64_t physical, std::uint64_t length, std::uint32_t flags = 0) {
  return {Bytes(logical), Bytes(physical), Bytes(length), flags};
}

Extent extent(std::uint64_t start, std::uint64_t length) { return {Sectors(start), Sectors(length)}; }

using FileExtents = std::vector<FileExtent>;

std::vector<Extent> valid(const FileExtents& extents, std::uint64_t size, const VolumeGeometry& g) {
  auto result = validate_file_extents(extents, Bytes(size), g, kLimit);
  if (!result) FAIL(result.error().text);
  return result.value();
}

void refused(const FileExtents& extents, std::uint64_t size, const VolumeGeometry& g, Errc code,
             const std::string& text) {
  const auto result = validate_file_extents(extents, Bytes(size), g, kLimit);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == code);
  CHECK_THAT(result.error().text, Catch::Contains(text));
}

}  // namespace

TEST_CASE("A plain file gives its extents in sectors", "[extents]") {
  const FileExtents two = {file_extent(0, 64 * kKiB, 16 * kKiB),
                           file_extent(16 * kKiB, 16 * kKiB, 8 * kKiB, FIEMAP_EXTENT_LAST)};
  CHECK(valid(two, 24 * kKiB, geometry(1000)) == std::vector{extent(128, 32), extent(32, 16)});
}

TEST_CASE("Neighbours are joined, so that writing the witnesses changes nothing", "[extents]") {
  const auto g = geometry(1000);
  const FileExtents before = {file_extent(0, 64 * kKiB, 16 * kKiB, FIEMAP_EXTENT_UNWRITTEN),
                              file_extent(16 * kKiB, 80 * kKiB, 16 * kKiB, FIEMAP_EXTENT_UNWRITTEN),
                              file_extent(32 * kKiB, 200 * kKiB, 16 * kKiB, FIEMAP_EXTENT_UNWRITTEN)};
  const FileExtents after = {
      file_extent(0, 64 * kKiB, 4 * kKiB), file_extent(4 * kKiB, 68 * kKiB, 28 * kKiB, FIEMAP_EXTENT_UNWRITTEN),
      file_extent(32 * kKiB, 200 * kKiB, 4 * kKiB, FIEMAP_EXTENT_MERGED),
      file_extent(36 * kKiB, 204 * kKiB, 12 * kKiB, FIEMAP_EXTENT_UNWRITTEN | FIEMAP_EXTENT_LAST)};
  CHECK(valid(before, 48 * kKiB, g) == std::vector{extent(128, 64), extent(400, 32)});
  CHECK(valid(after, 48 * kKiB, g) == valid(before, 48 * kKiB, g));
}

TEST_CASE("Neighbours on the device in the wrong order of the file are not joined", "[extents]") {
  const FileExtents swapped = {file_extent(0, 80 * kKiB, 16 * kKiB), file_extent(16 * kKiB, 64 * kKiB, 16 * kKiB)};
  CHECK(valid(swapped, 32 * kKiB, geometry(1000)).size() == 2);
}

TEST_CASE("What was preallocated behind the file's end is left out", "[extents]") {
  const auto g = geometry(1000);
  const FileExtents beyond = {file_extent(0, 64 * kKiB, 32 * kKiB), file_extent(32 * kKiB, 200 * kKiB, 16 * kKiB)};
  CHECK(valid(beyond, 24 * kKiB, g) == std::vector{extent(128, 48)});
  CHECK(valid(beyond, 32 * kKiB, g) == std::vector{extent(128, 64)});
}

TEST_CASE("Every flag that makes an address meaningless is refused by name", "[extents]") {
  const std::pair<std::uint32_t, const char*> flags[] = {
      {FIEMAP_EXTENT_UNKNOWN, "flag UNKNOWN"},         {FIEMAP_EXTENT_DELALLOC, "flag DELALLOC"},
      {FIEMAP_EXTENT_ENCODED, "flag ENCODED"},         {FIEMAP_EXTENT_DATA_ENCRYPTED, "flag DATA_ENCRYPTED"},
      {FIEMAP_EXTENT_DATA_INLINE, "flag DATA_INLINE"}, {FIEMAP_EXTENT_DATA_TAIL, "flag DATA_TAIL"},
      {FIEMAP_EXTENT_SHARED, "flag SHARED"},           {FIEMAP_EXTENT_NOT_ALIGNED, "flag NOT_ALIGNED"}};
  for (const auto& [flag, name] : flags) {
    const FileExtents extents = {file_extent(0, 64 * kKiB, 16 * kKiB),
                                 file_extent(16 * kKiB, 128 * kKiB, 16 * kKiB, flag | FIEMAP_EXTENT_LAST)};
    refused(extents, 32 * kKiB, geometry(1000), Errc::kUnsupported, name);
    refused(extents, 32 * kKiB, geometry(1000), Errc::kUnsupported, "extent 1 ");
  }
  // As the kernel sets them together, the one that says most is named.
  refused({file_extent(0, 0, 4096, FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC)}, 4096, geometry(1000),
          Errc::kUnsupported, "flag DELALLOC");
  refused({file_extent(0, 0, 4096, FIEMAP_EXTENT_NOT_ALIGNED | FIEMAP_EXTENT_DATA_INLINE)}, 4096, geometry(1000),
          Errc::kUnsupported, "flag DATA_INLINE");
}

TEST_CASE("Of all 32 flags only LAST, UNWRITTEN and MERGED are accepted", "[extents]") {
  for (unsigned bit = 0; bit < 32; ++bit) {
    const std::uint32_t flag = 1U << bit;
    const FileExtents extents = {file_extent(0, 64 * kKiB, 16 * kKiB, flag)};
    const bool harmless = (flag & (FIEMAP_EXTENT_LAST | FIEMAP_EXTENT_UNWRITTEN | FIEMAP_EXTENT_MERGED)) != 0;
    CAPTURE(bit);
    CHECK(validate_file_extents(extents, Bytes(16 * kKiB), geometry(1000), kLimit).ok() == harmless);
  }
  refused({file_extent(0, 64 * kKiB, 16 * kKiB, 0x40000000)}, 16 * kKiB, geometry(1000), Errc::kUnsupported,
          "unknown flag 0x40000000");
}

TEST_CASE("Gaps, overlaps and shortness are refused", "[extents]") {
  const auto g = geometry(1000);
  const auto first = file_extent(0, 64 * kKiB, 16 * kKiB);
  refused({}, 16 * kKiB, g, Errc::kStoreInvalid, "end at byte 0, before its size of 16384");
  refused({first}, 0, g, Errc::kStoreInvalid, "0 bytes long");
  refused({first}, 1000, g, Errc::kStoreInvalid, "1000 bytes long");
  refused({first}, 20 * kKiB, g, Errc::kStoreInvalid, "end at byte 16384, before its size of 20480");
  refused({file_extent(4096, 64 * kKiB, 16 * kKiB)}, 16 * kKiB, g, Errc::kStoreInvalid, "leaves a gap");
  refused({first, file_extent(20 * kKiB, 128 * kKiB, 16 * kKiB)}, 32 * kKiB, g, Errc::kStoreInvalid,
          "extent 1 of the store's file leaves a gap");
  refused({first, file_extent(12 * kKiB, 128 * kKiB, 16 * kKiB)}, 28 * kKiB, g, Errc::kStoreInvalid,
          "overlaps the one before it in the file");
  refused({first, file_extent(16 * kKiB, 76 * kKiB, 16 * kKiB)}, 32 * kKiB, g, Errc::kStoreInvalid,
          "overlap on the device at sector 152");
  refused({first, file_extent(16 * kKiB, 64 * kKiB, 16 * kKiB)}, 32 * kKiB, g, Errc::kStoreInvalid,
          "overlap on the device at sector 128");
  refused({first, file_extent(16 * kKiB, 200 * kKiB, 0)}, 16 * kKiB, g, Errc::kStoreInvalid,
          "extent 1 of the store's file is empty");
}

TEST_CASE("What is not aligned to sectors is refused", "[extents]") {
  const auto g = geometry(1000);
  refused({file_extent(0, 64 * kKiB + 1, 16 * kKiB)}, 16 * kKiB, g, Errc::kStoreInvalid, "not aligned");
  refused({file_extent(0, 64 * kKiB, 16 * kKiB + 100)}, 16 * kKiB, g, Errc::kStoreInvalid, "not aligned");
}

TEST_CASE("What lies beyond the device is refused, however large the numbers", "[extents]") {
  const auto g = geometry(160);  // 80 KiB
  CHECK(valid({file_extent(0, 64 * kKiB, 16 * kKiB)}, 16 * kKiB, g) == std::vector{extent(128, 32)});
  refused({file_extent(0, 64 * kKiB + 512, 16 * kKiB)}, 16 * kKiB, g, Errc::kStoreInvalid, "beyond the device");
  constexpr std::uint64_t kHuge = ~std::uint64_t{511};
  refused({file_extent(0, kHuge, 16 * kKiB)}, 16 * kKiB, g, Errc::kStoreInvalid, "beyond the device");
  refused({file_extent(0, kHuge, 512)}, 512, g, Errc::kStoreInvalid, "beyond the device");
  refused({file_extent(0, 64 * kKiB, kHuge)}, 16 * kKiB, g, Errc::kStoreInvalid, "beyond the device");
  refused({file_extent(0, kHuge, kHuge)}, 16 * kKiB, g, Errc::kStoreInvalid, "beyond the device");
  refused({file_extent(0, 64 * kKiB, 16 * kKiB)}, kHuge, g, Errc::kStoreInvalid, "before its size");
  refused({file_extent(0, 64 * kKiB, 16 * kKiB)}, 16 * kKiB, geometry(0), Errc::kStoreInvalid, "beyond the device");
  // What the extents cover must not begin at 0 again.
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  refused({file_extent(0, 0, kHalf), file_extent(kHalf, 0, kHalf), file_extent(0, 64 * kKiB, 16 * kKiB)}, 16 * kKiB,
          geometry(kHalf / 256), Errc::kStoreInvalid, "extent 1 of the store's file ends beyond the device");
}

TEST_CASE("A chunk is never smaller than the filesystem's block", "[extents]") {
  const FileExtents one = {file_extent(0, 64 * kKiB, 64 * kKiB)};
  refused(one, 64 * kKiB, geometry(1000, 8, 16384), Errc::kUnsupported, "raise chunk-size");
  CHECK(valid(one, 64 * kKiB, geometry(1000, 32, 16384)).size() == 1);
}

TEST_CASE("4,092 extents fit, one more is too fragmented", "[extents]") {
  FileExtents extents;
  for (std::uint64_t i = 0; i < kLimit; ++i) extents.push_back(file_extent(i * 8 * kKiB, i * 16 * kKiB, 8 * kKiB));
  const auto g = geometry(10 * kLimit * 32);
  CHECK(valid(extents, kLimit * 8 * kKiB, g).size() == kLimit);
  CHECK(mapped_pieces(valid(extents, kLimit * 8 * kKiB, g), g).size() == kLimit);
  extents.push_back(file_extent(kLimit * 8 * kKiB, kLimit * 16 * kKiB, 8 * kKiB));
  refused(extents, (kLimit + 1) * 8 * kKiB, g, Errc::kTooFragmented, "in 4093 extents, more than the 4092");
  // What counts is what is left after joining.
  extents.back().physical = extents[kLimit - 1].physical + Bytes(8 * kKiB);
  CHECK(valid(extents, (kLimit + 1) * 8 * kKiB, g).size() == kLimit);
}

TEST_CASE("A witness lies in the first whole chunk, where the hole covers it", "[extents]") {
  const auto g = geometry(1000, 8, 1024);
  CHECK(witness_place(extent(800, 80), g) == Sectors(800));
  CHECK(witness_place(extent(802, 80), g) == Sectors(808));
  CHECK(witness_place(extent(802, 14), g) == Sectors(808));
  CHECK_FALSE(witness_place(extent(802, 13), g).has_value());
  CHECK_FALSE(witness_place(extent(800, 7), g).has_value());
  CHECK_FALSE(witness_place(extent(992, 8), g).has_value());  // the device's last chunk
  CHECK(witness_place(extent(808, 200), geometry(10'000, 32)) == Sectors(832));
  // An extent that holds none is no reason to refuse the file.
  const FileExtents extents = {file_extent(0, 65 * kKiB, 13 * kKiB), file_extent(13 * kKiB, 100 * kKiB, 3 * kKiB)};
  CHECK(valid(extents, 16 * kKiB, g).size() == 2);
}

TEST_CASE("Only whole chunks behind the witness are mapped", "[extents]") {
  const auto g = geometry(1'000'000);
  SECTION("an aligned extent loses its first chunk") {
    CHECK(mapped_pieces(std::vector{extent(800, 80)}, g) == std::vector{extent(808, 72)});
    CHECK(holes(std::vector{extent(800, 80)}, g) == std::vector{extent(800, 80)});
  }
  SECTION("blocks of 1 KiB: an extent at sector 131074") {
    CHECK(mapped_pieces(std::vector{extent(131074, 80)}, g) == std::vector{extent(131088, 64)});
    CHECK(holes(std::vector{extent(131074, 80)}, g) == std::vector{extent(131080, 72)});
  }
  SECTION("larger chunks") {
    CHECK(mapped_pieces(std::vector{extent(808, 200)}, geometry(1'000'000, 32)) == std::vector{extent(864, 128)});
    CHECK(mapped_pieces(std::vector{extent(800, 200)}, geometry(1'000'000, 32)) == std::vector{extent(832, 160)});
    CHECK(holes(std::vector{extent(800, 200)}, geometry(1'000'000, 32)) == std::vector{extent(800, 192)});
  }
  SECTION("too short for a chunk behind the witness: nothing to map, but a hole where a whole chunk is the store's") {
    CHECK(mapped_pieces(std::vector{extent(800, 8)}, g).empty());
    CHECK(mapped_pieces(std::vector{extent(800, 15)}, g).empty());
    CHECK(mapped_pieces(std::vector{extent(800, 16)}, g) == std::vector{extent(808, 8)});
    CHECK(holes(std::vector{extent(800, 8)}, g) == std::vector{extent(800, 8)});
    CHECK(holes(std::vector{extent(802, 8)}, g).empty());
  }
}

TEST_CASE("Pieces keep the order of the file, holes are sorted and joined", "[extents]") {
  const auto g = geometry(10'000);
  const std::vector extents = {extent(800, 80), extent(160, 80), extent(880, 80), extent(2000, 16)};
  CHECK(mapped_pieces(extents, g) == std::vector{extent(808, 72), extent(168, 72), extent(888, 72), extent(2008, 8)});
  CHECK(holes(extents, g) == std::vector{extent(160, 80), extent(800, 160), extent(2000, 16)});
  CHECK(total_length(extents) == Sectors(256));
  CHECK(total_length({}) == Sectors(0));
}

TEST_CASE("The device's last chunk is neither mapped nor a hole", "[extents]") {
  const std::vector to_the_end = {extent(800, 200)};
  CHECK(mapped_pieces(to_the_end, geometry(1000)) == std::vector{extent(808, 184)});
  CHECK(holes(to_the_end, geometry(1000)) == std::vector{extent(800, 192)});
  SECTION("a partial one counts as the last") {
    CHECK(mapped_pieces(to_the_end, geometry(1003)) == std::vector{extent(808, 192)});
    CHECK(mapped_pieces(std::vector{extent(800, 203)}, geometry(1003)) == std::vector{extent(808, 192)});
    CHECK(holes(std::vector{extent(800, 203)}, geometry(1003)) == std::vector{extent(800, 200)});
  }
  SECTION("an extent within it gives nothing") {
    CHECK(mapped_pieces(std::vector{extent(992, 8)}, geometry(1000)).empty());
    CHECK(holes(std::vector{extent(992, 8)}, geometry(1000)).empty());
  }
  SECTION("a device of one chunk, or none") {
    CHECK(holes(std::vector{extent(0, 8)}, geometry(8)).empty());
    CHECK(holes(std::vector{extent(0, 8)}, geometry(0)).empty());
  }
}

TEST_CASE("Forged extents cannot make pieces outside the device", "[extents]") {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  const auto g = geometry(1000);
  for (const Extent& forged : {extent(kMax, kMax), extent(kMax - 7, 8), extent(kMax - 20, 16), extent(1000, 8),
                               extent(0, kMax), extent(500, kMax), extent(992, kMax), extent(500, 0)}) {
    for (const auto& found : {mapped_pieces(std::vector{forged}, g), holes(std::vector{forged}, g)}) {
      for (const Extent& piece : found) CHECK(piece.end() <= Sectors(992));
    }
  }
  const auto vast = geometry(kMax, 128);
  CHECK(mapped_pieces(std::vector{extent(kMax - 100, 100)}, vast).empty());
  // Overlapping, as no valid table has them.
  CHECK(holes(std::vector{extent(80, 800), extent(160, 80)}, g) == std::vector{extent(80, 800)});
}

TEST_CASE("Stamps lie at the end of every piece, and in long ones in between", "[extents]") {
  const auto places = [](std::vector<Extent> pieces, std::uint64_t store_sectors) {
    std::vector<std::uint64_t> sectors;
    for (const Sectors place : stamp_places(pieces, Sectors(8), Sectors(store_sectors))) sectors.push_back(place.n);
    return sectors;
  };
  using Places = std::vector<std::uint64_t>;
  constexpr std::uint64_t kStep = 8192;  // 4 MiB
  CHECK(places({extent(800, 8), extent(160, 80)}, 88) == Places{800, 232});
  CHECK(places({extent(800, kStep + 8)}, kStep + 8) == Places{800 + kStep});
  CHECK(places({extent(800, 2 * kStep + 16)}, 2 * kStep + 16) == Places{800 + kStep, 800 + 2 * kStep, 808 + 2 * kStep});
  // Of a large store no more than 128, but for the last chunks.
  CHECK(places({extent(800, 1000 * kStep)}, 1000 * kStep).size() == 128);
}

TEST_CASE("The store's map finds every chunk", "[extents]") {
  const StoreMap map({extent(808, 16), extent(160, 8), extent(168, 24), extent(824, 8)});
  CHECK(map.size() == Sectors(56));
  const std::uint64_t sectors[] = {808, 816, 160, 168, 176, 184, 824};
  const std::uint64_t runs[] = {2, 1, 4, 3, 2, 1, 1};
  for (std::uint64_t i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(map.locate(Chunks(i), Sectors(8)) == Sectors(sectors[i]));
    CHECK(map.run_length(Chunks(i), Sectors(8)) == runs[i]);
  }
  CHECK(StoreMap({}).size() == Sectors(0));
}

TEST_CASE("Meeting an extent is sharing at least one sector", "[extents]") {
  const std::vector sorted = {extent(100, 10), extent(110, 10), extent(200, 8)};
  CHECK_FALSE(meets(sorted, extent(92, 8)));
  CHECK(meets(sorted, extent(92, 9)));
  CHECK(meets(sorted, extent(0, 1000)));
  CHECK(meets(sorted, extent(119, 1)));
  CHECK_FALSE(meets(sorted, extent(120, 80)));
  CHECK(meets(sorted, extent(120, 81)));
  CHECK(meets(sorted, extent(207, 100)));
  CHECK_FALSE(meets(sorted, extent(208, 100)));
  CHECK_FALSE(meets(sorted, extent(105, 0)));
  CHECK_FALSE(meets({}, extent(0, 1000)));
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  CHECK(meets(sorted, extent(150, kMax)));
  CHECK_FALSE(meets(sorted, extent(kMax, kMax)));
}

namespace {

// A small device as one owner per sector, worked out without any of the arithmetic under test.
struct Picture {
  std::vector<int> owner;  // extent, or -1
  std::vector<bool> witness;
  std::vector<bool> whole_chunk;  // of a chunk that one extent owns all of, and that is not the device's last
};

Picture draw(const std::vector<Extent>& extents, std::uint64_t size, std::uint64_t chunk) {
  Picture picture{std::vector<int>(size, -1), std::vector<bool>(size), std::vector<bool>(size)};
  std::vector<bool> seen(extents.size());
  for (std::size_t i = 0; i < extents.size(); ++i) {
    for (std::uint64_t k = 0; k < extents[i].length.n; ++k) {
      picture.owner[extents[i].start.n + k] = static_cast<int>(i);
    }
  }
  for (std::uint64_t first = 0; first + chunk < size; first += chunk) {
    bool whole = picture.owner[first] >= 0;
    for (std::uint64_t k = 0; k < chunk; ++k) whole = whole && picture.owner[first + k] == picture.owner[first];
    if (!whole) continue;
    const auto owner = static_cast<std::size_t>(picture.owner[first]);
    for (std::uint64_t k = 0; k < chunk; ++k) {
      picture.whole_chunk[first + k] = true;
      picture.witness[first + k] = !seen[owner];
    }
    seen[owner] = true;
  }
  return picture;
}

std::vector<Extent> random_extents(std::mt19937& random, std::uint64_t size) {
  std::vector<Extent> extents;
  std::uint64_t at = random() % 20;
  while (at < size) {
    const std::uint64_t length = std::min<std::uint64_t>(8 + random() % 100, size - at);
    if (length >= 8) extents.push_back(extent(at, length));
    at += length + (random() % 3 == 0 ? 0 : random() % 40);
  }
  std::shuffle(extents.begin(), extents.end(), random);
  return extents;
}

}  // namespace

TEST_CASE("Random stores: pieces and holes are what a sector by sector picture says", "[extents]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t chunk = 8ULL << (random() % 5);
    const std::uint64_t size = 1 + random() % 1500;
    const std::vector<Extent> extents = random_extents(random, size);
    const VolumeGeometry g = geometry(size, chunk);
    const Picture picture = draw(extents, size, chunk);

    std::vector<bool> mapped(size);
    std::size_t order = 0;
    for (const Extent& piece : mapped_pieces(extents, g)) {
      REQUIRE(piece.length.n > 0);
      REQUIRE(piece.start.n % chunk == 0);
      REQUIRE(piece.length.n % chunk == 0);
      REQUIRE(piece.end().n <= size);
      const int owner = picture.owner[piece.start.n];
      REQUIRE(owner >= static_cast<int>(order));  // the file's order
      order = static_cast<std::size_t>(owner) + 1;
      for (std::uint64_t s = piece.start.n; s < piece.end().n; ++s) {
        REQUIRE(picture.owner[s] == owner);
        REQUIRE_FALSE(picture.witness[s]);
        REQUIRE_FALSE(mapped[s]);
        mapped[s] = true;
      }
    }
    // Nothing that could be mapped is left out.
    for (std::uint64_t first = 0; first < size; first += chunk) {
      bool mappable = picture.whole_chunk[first];
      for (std::uint64_t k = 0; k < chunk && first + k < size; ++k) mappable = mappable && !picture.witness[first + k];
      REQUIRE(mapped[first] == mappable);
    }

    std::vector<bool> hole(size);
    std::uint64_t end = 0;
    for (const Extent& h : holes(extents, g)) {
      REQUIRE(h.length.n > 0);
      REQUIRE((h.start.n > end || end == 0));  // sorted, not even touching
      REQUIRE(h.end().n <= size);
      end = h.end().n;
      for (std::uint64_t s = h.start.n; s < end; ++s) hole[s] = true;
    }
    REQUIRE(hole == picture.whole_chunk);
  }
}

TEST_CASE("Random stores: the map agrees with walking the pieces", "[extents]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const Sectors chunk(8ULL << (random() % 3));
    const VolumeGeometry g = geometry(1 + random() % 3000, chunk.n);
    const std::vector<Extent> pieces = mapped_pieces(random_extents(random, g.device_size.n), g);
    std::vector<std::uint64_t> sectors;
    for (const Extent& piece : pieces) {
      for (std::uint64_t s = piece.start.n; s < piece.end().n; s += chunk.n) sectors.push_back(s);
    }
    const StoreMap map(pieces);
    REQUIRE(map.size().n == sectors.size() * chunk.n);
    for (std::size_t i = 0; i < sectors.size(); ++i) {
      std::size_t run = 1;
      while (i + run < sectors.size() && sectors[i + run] == sectors[i + run - 1] + chunk.n) ++run;
      REQUIRE(map.locate(Chunks(i), chunk).n == sectors[i]);
      REQUIRE(map.run_length(Chunks(i), chunk) == run);
    }
  }
}

TEST_CASE("Random files: valid ones come out as drawn, with one fault they are refused", "[extents]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    const VolumeGeometry g = geometry(2000);
    const std::vector<Extent> drawn = random_extents(random, 2000);
    FileExtents file;
    std::uint64_t logical = 0;
    for (const Extent& e : drawn) {
      // Split at random, as a filesystem does where the flags change.
      std::uint64_t done = 0;
      while (done < e.length.n) {
        const std::uint64_t part = std::min<std::uint64_t>(1 + random() % 40, e.length.n - done);
        file.push_back(file_extent(logical, (e.start.n + done) * 512, part * 512,
                                   random() % 2 == 0 ? FIEMAP_EXTENT_UNWRITTEN : 0));
        logical += part * 512;
        done += part;
      }
    }
    std::vector<Extent> expected;
    for (const Extent& e : drawn) {
      if (!expected.empty() && expected.back().end() == e.start) {
        expected.back().length += e.length;
      } else {
        expected.push_back(e);
      }
    }
    REQUIRE(valid(file, logical, g) == expected);

    FileExtents broken = file;
    const std::size_t i = random() % broken.size();
    switch (random() % 5) {
      case 0:
        broken[i].logical += Bytes(512);
        break;
      case 1:
        broken[i].flags |= FIEMAP_EXTENT_SHARED;
        break;
      case 2:
        broken[i].physical = Bytes(2000 * 512);
        break;
      case 3:
        broken.erase(broken.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      case 4:
        broken.insert(broken.begin() + static_cast<std::ptrdiff_t>(i), broken[i]);
        break;
    }
    REQUIRE_FALSE(validate_file_extents(broken, Bytes(logical), g, kLimit).ok());
  }
}

}  // namespace bootguard
