// SPDX-License-Identifier: LGPL-2.1-or-later
// Every bit and every byte value of the metadata through the whole way that a boot takes it: MetadataStore reads, picks
// and repairs, decide() decides, run_boot() acts. format_codec_hostile_test.cpp asks the same of the codec alone.
#include <catch2/catch.hpp>
#include <cstring>
#include <iostream>
#include <random>

#include "app/metadata_store.h"
#include "core/decision.h"
#include "model/states.h"
#include "unit/format_test_values.h"

namespace bootguard::model {
namespace {

constexpr std::uint64_t kSeed = 20250101;
using Area = std::vector<std::byte>;
constexpr std::size_t copy_at(std::size_t copy) { return copy * layout::kCopyStrideBytes; }

// A metadata area in memory that may be read only.
class AreaDevice : public BlockDevice {
 public:
  explicit AreaDevice(const Area& area) : area_(area) {}
  Result<void> read(Bytes offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), area_.data() + offset.n, out.size());
    return {};
  }
  Result<void> write(Bytes, std::span<const std::byte>) override { return refused(); }
  Result<void> flush() override { return refused(); }
  [[nodiscard]] Bytes size() const override { return Bytes(area_.size()); }
  [[nodiscard]] Bytes logical_block() const override { return Bytes(512); }

 private:
  static Result<void> refused() {
    FAIL("reading must not write");
    return {};
  }
  const Area& area_;
};

class AreaDevices : public BlockDevices {
 public:
  explicit AreaDevices(const Area& area) : area_(area) {}
  Result<DeviceInfo> find(const DeviceName&) override { return DeviceInfo{"area", {}, Bytes(area_.size()), false, {}}; }
  Result<std::unique_ptr<BlockDevice>> open(const DeviceInfo&, Access) override {
    return std::unique_ptr<BlockDevice>(std::make_unique<AreaDevice>(area_));
  }
  Result<FilesystemIdentity> identify(const DeviceInfo&) override { return FilesystemIdentity{}; }
  Result<std::unique_ptr<Lock>> lock(const DeviceInfo&, std::uint32_t) override {
    return make_error(Errc::kInternal, "reading needs no lock");
  }

 private:
  const Area& area_;
};

// What a boot of each kind would decide.
using Decisions = std::array<Decision, 3>;
Decisions decisions_of(const Metadata& metadata) {
  Decisions decisions{};
  const Label slots[] = {Label(), *Label::parse("old"), *Label::parse("new")};
  for (std::size_t i = 0; i < 3; ++i) {
    decisions[i] = decide(metadata, BootFacts{false, BootAction::kAuto, slots[i], numbered_uuid(0xB17, 1)}).decision;
  }
  return decisions;
}

// One metadata area and the reader over it.
class Reader {
 public:
  Reader(const World& world, const DiskImage& metadata) : config_(world.config), area_(World::kAreaBytes) {
    metadata.read(World::kAreaOffset, area_);
    config_.metadata_offset = Bytes(0);
    good_ = read().value().current();
    decisions_ = decisions_of(good_);
  }
  Result<MetadataStore> read() { return MetadataStore::open(context_, MetadataStore::Purpose::kRead); }
  [[nodiscard]] std::span<std::byte> copy(std::size_t index) {
    return std::span(area_).subspan(copy_at(index), layout::kBlockBytes);
  }
  [[nodiscard]] Area& area() { return area_; }
  // Changes a byte; again: back.
  void change(std::size_t index, std::size_t at, unsigned mask) {
    copy(index)[at] ^= std::byte{static_cast<unsigned char>(mask)};
  }
  [[nodiscard]] const Metadata& good() const { return good_; }

  // The untouched metadata is believed, and exactly these copies are known to be bad.
  bool believes_the_rest(std::initializer_list<std::size_t> bad) {
    const auto store = read();
    if (!store || !(store.value().current() == good_) || decisions_of(store.value().current()) != decisions_)
      return false;
    for (std::size_t i = 0; i < layout::kCopies; ++i) {
      const bool is_bad = std::find(bad.begin(), bad.end(), i) != bad.end();
      const CopyState state = store.value().copies()[i].state;
      if (is_bad ? state != CopyState::kBadCrc && state != CopyState::kBadMagic : state != CopyState::kGood)
        return false;
    }
    return true;
  }
  // Refused, or decided as the untouched metadata is.
  bool refuses_or_decides_the_same(std::size_t& refused) {
    const auto store = read();
    if (!store) {
      ++refused;
      return true;
    }
    return decisions_of(store.value().current()) == decisions_;
  }

 private:
  Config config_;
  Area area_;
  AreaDevices devices_{area_};
  FakeMachine machine_;
  Context context_{devices_, machine_.dm, machine_.mounts, machine_.system, machine_.log, config_, {}};
  Metadata good_;
  Decisions decisions_{};
};

TEST_CASE("every bit of one copy, every byte value in three: the rest is believed, and they are known to be bad") {
  States states;
  Reader reader(states.world, states.trial().node.metadata);
  REQUIRE(reader.believes_the_rest({}));
  std::size_t bits = 0;
  for (std::size_t bit = 0; bit < 8 * layout::kBlockBytes; bit += kStride) {
    const std::size_t bad = bit / 3 % layout::kCopies;
    reader.change(bad, bit / 8, 1U << bit % 8);
    if (!reader.believes_the_rest({bad})) FAIL("bit " << bit << " of copy " << bad);
    reader.change(bad, bit / 8, 1U << bit % 8);
    ++bits;
  }
  // Three changes at once, each in a copy of its own: the fourth copy alone has to do.
  std::size_t bytes = 0;
  for (std::size_t at = 0; at < layout::kBlockBytes; ++at) {
    for (unsigned change = 1; change < 256; change += 3 * kStride) {
      const std::size_t good = at % layout::kCopies;
      const std::array<std::size_t, 3> bad{(good + 1) % 4, (good + 2) % 4, (good + 3) % 4};
      for (unsigned i = 0; i < 3; ++i) reader.change(bad[i], at, change + i);
      if (!reader.believes_the_rest({bad[0], bad[1], bad[2]})) FAIL("byte " << at << " changed by " << change);
      for (unsigned i = 0; i < 3; ++i) reader.change(bad[i], at, change + i);
      bytes += 3;
    }
  }
  CHECK(reader.believes_the_rest({}));
  std::cout << "measured - " << bits << " bits of one copy flipped, " << bytes
            << " bytes of three copies changed: none was believed\n";
  // Control: with the checksum repaired and the sequence raised, such a byte is believed, and that is noticed.
  const std::span<std::byte> forged = reader.copy(1);
  test::poke(forged, 32, 8, test::peek(forged, 32, 8) + 1);
  test::poke(forged, 64, 1, 1);
  test::poke(forged, 70, 2, 0);
  test::repair_crc(forged);
  CHECK_FALSE(reader.believes_the_rest({1}));
  std::size_t refused = 0;
  CHECK_FALSE(reader.refuses_or_decides_the_same(refused));
}

TEST_CASE("bits of two copies flipped: the other two are believed") {
  States states;
  std::mt19937_64 random(kSeed);
  std::size_t cases = 0;
  for (const States::State& state : states.all) {
    Reader reader(states.world, state.node.metadata);
    const auto pair = [&](std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
      reader.change(i, a / 8, 1U << a % 8);
      reader.change(j, b / 8, 1U << b % 8);
      if (!reader.believes_the_rest({i, j}))
        FAIL(state.name << ": bits " << a << " of " << i << ", " << b << " of " << j);
      reader.change(i, a / 8, 1U << a % 8);
      reader.change(j, b / 8, 1U << b % 8);
      ++cases;
    };
    const bool every = &state == &states.trial();
    constexpr std::array<std::array<std::size_t, 2>, 6> kPairs{{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};
    for (std::size_t bit = 0; bit < 8 * layout::kBlockBytes; bit += every ? kStride : 16 * kStride + 1) {
      const auto& same = kPairs[bit % kPairs.size()];
      pair(same[0], same[1], bit, bit);
      const auto& other = kPairs[random() % kPairs.size()];
      pair(other[0], other[1], bit, random() % 32768);
    }
    CHECK(reader.believes_the_rest({}));
    CHECK_FALSE(reader.believes_the_rest({0, 1}));  // the control: they are not bad of themselves
  }
  std::cout << "measured - " << cases << " pairs of flipped bits in two copies: none changed a decision\n";
}

TEST_CASE(
    "one bit of one copy, or one of each of two, with the checksum repaired: refused, or the decision is the same") {
  States states;
  std::mt19937_64 random(kSeed);
  std::size_t cases = 0;
  std::size_t refused = 0;
  Reader reader(states.world, states.trial().node.metadata);
  const Area sound = reader.area();
  const auto flip = [&](std::size_t copy, std::size_t bit) {
    reader.change(copy, bit / 8, 1U << bit % 8);
    test::repair_crc(reader.copy(copy));
  };
  const auto restore = [&](std::size_t copy) {
    std::memcpy(reader.copy(copy).data(), sound.data() + copy_at(copy), layout::kBlockBytes);
  };
  for (std::size_t bit = 0; bit < 8 * layout::kBlockBytes; bit += kStride) {
    const std::size_t i = bit / 3 % layout::kCopies;
    const std::size_t j = (i + 1 + random() % 3) % layout::kCopies;
    flip(i, bit);
    if (!reader.refuses_or_decides_the_same(refused)) FAIL("bit " << bit << " of copy " << i);
    flip(j, random() % 32768);
    if (!reader.refuses_or_decides_the_same(refused)) FAIL("bit " << bit << " of copy " << i << " and one of " << j);
    restore(i);
    restore(j);
    cases += 2;
  }
  CHECK(refused > 0);
  CHECK(refused < cases);  // both ends are reached
  std::cout << "measured - " << cases << " copies with a bit flipped and a right checksum: " << refused << " refused\n";
}

TEST_CASE("every byte value of the extent table, with its checksum repaired or not: that copy is not used") {
  States states;
  Reader reader(states.world, states.trial().node.metadata);
  const VolumeRecord record = reader.good().volumes[0];
  const TableDescriptor table = record.tables[0];
  auto store = reader.read();
  REQUIRE(store.ok());
  const auto wanted = store.value().read_table(record, TableKind::kStore);
  REQUIRE(wanted.ok());
  const auto copy = [&](std::size_t index) {
    const std::size_t block = table.first_block + index * table.stride_blocks;
    return std::span(reader.area()).subspan(block * layout::kBlockBytes, table.length_bytes);
  };
  std::size_t cases = 0;
  for (std::size_t at = 0; at < table.length_bytes; ++at) {
    for (unsigned change = 1; change < 256; change += kStride) {
      const std::byte mask{static_cast<unsigned char>(change)};
      const std::vector<std::byte> before(copy(0).begin(), copy(0).end());
      for (std::size_t bad = 0; bad < layout::kTableCopies; ++bad) {
        copy(bad)[at] ^= mask;
        if (change % 2 == 0 && (at < 8 || at >= 12)) test::repair_crc(copy(bad), table.length_bytes);
        const auto found = store.value().read_table(record, TableKind::kStore);
        const bool last = bad + 1 == layout::kTableCopies;
        // From copy 0 on, one after the other is spoilt: the rest is used, and none when none is left.
        if (last ? found.ok() : !found || found.value().extents != wanted.value().extents)
          FAIL("byte " << at << ", copies to " << bad);
        ++cases;
      }
      for (std::size_t bad = 0; bad < layout::kTableCopies; ++bad)
        std::copy(before.begin(), before.end(), copy(bad).begin());
    }
  }
  CHECK(store.value().read_table(record, TableKind::kStore).ok());  // the control: sound again
  std::cout << "measured - " << cases << " extent tables with a byte changed: none was used\n";
}

}  // namespace
}  // namespace bootguard::model
