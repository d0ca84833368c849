// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the extent table, its checksum repaired, and everything that is made of it: pieces, witnesses, holes,
// and the device-mapper tables. Input: 8 bytes device size, 1 chunk size, 1 (bit 0: the descriptor is as hostile as the
// table), then the table.
#include "format/extent_table.h"

#include <algorithm>
#include <bit>

#include "base/little_endian.h"
#include "core/dm_plan.h"
#include "core/extents.h"
#include "fuzz/fuzz.h"

namespace bootguard::fuzz {
namespace {

bool inside(const Extent& inner, const Extent& outer) {
  return inner.start >= outer.start && inner.end() <= outer.end() && inner.start < inner.end();
}

bool inside_one(const Extent& inner, std::span<const Extent> outer) {
  return std::any_of(outer.begin(), outer.end(), [&](const Extent& e) { return inside(inner, e); });
}

bool disjoint(std::vector<Extent> extents) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.start < b.start; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].start < extents[i - 1].end()) return false;
  }
  return true;
}

// Rows from 0 on without a gap, to the size the device is meant to have.
void check_rows(const std::vector<DmRow>& table, Sectors size) {
  Sectors at;
  for (const DmRow& row : table) {
    must(row.start == at && row.length.n > 0, "rows follow each other and none is empty");
    at += row.length;
  }
  must(at == size, "a table covers its device exactly");
}

void check_plan(const StackInput& input, Sectors store_size) {
  const StackNames names = stack_names(input.volume);
  std::size_t messages = 0;
  for (const DmStep& step : plan_undo(input)) {
    if (step.kind == DmStep::Kind::kMessage) {
      must(step.message.size() <= kMaxMessageBytes, "no message is larger than a page");
      ++messages;
    }
    if (step.kind != DmStep::Kind::kLoad) continue;
    const bool store = step.name == names.store || step.name == names.rows;
    check_rows(step.table, store ? store_size : input.geometry.device_size);
    // Each extent is a hole and a row between holes, and the tail is one.
    must(step.table.size() <= 2 * input.extents.size() + 1, "no table has more rows than its extents account for");
  }
  must(messages <= input.extents.size() + 1, "the messages are bounded");
}

void check_pieces(const ExtentTable& table, const VolumeGeometry& geometry) {
  const std::vector<Extent> pieces = mapped_pieces(table.extents, geometry);
  const std::vector<Extent> hole_list = holes(table.extents, geometry);
  const std::uint64_t chunk = geometry.chunk.n;
  const Sectors last_chunk =
      geometry.device_size.n == 0 ? Sectors(0) : round_down(Sectors(geometry.device_size.n - 1), geometry.chunk);
  for (const Extent& piece : pieces) {
    must(piece.start.n % chunk == 0 && piece.length.n % chunk == 0, "only whole chunks of the origin are mapped");
    must(piece.end() <= last_chunk, "the device's last chunk is never mapped");
    must(inside_one(piece, table.extents), "a piece lies within one extent");
    must(inside_one(piece, hole_list), "there is a hole over every piece");
  }
  must(disjoint(pieces) && disjoint(hole_list), "pieces do not overlap, nor do holes");
  for (const Extent& extent : table.extents) {
    const auto place = witness_place(extent, geometry);
    if (!place) continue;
    const Extent witness{*place, geometry.chunk};
    must(inside(witness, extent) && inside_one(witness, hole_list), "a witness lies in its extent, behind a hole");
    must(std::none_of(pieces.begin(), pieces.end(),
                      [&](const Extent& p) { return p.start < witness.end() && witness.start < p.end(); }),
         "no witness is mapped");
  }
  const Sectors size = total_length(pieces);
  if (pieces.empty()) return;
  const StoreMap map(pieces);
  must(map.size() == size, "the map is as long as its pieces");
  for (const std::uint64_t n : {std::uint64_t{0}, size.n / chunk / 2, size.n / chunk - 1}) {
    const Sectors at = map.locate(Chunks(n), geometry.chunk);
    must(inside_one(Extent{at, geometry.chunk}, pieces), "a chunk of the store lies in a piece");
    must(map.run_length(Chunks(n), geometry.chunk) >= 1, "a run has its own chunk at least");
  }
  StackInput input;
  input.volume = *Label::parse("data");
  input.arm_id = table.arm_id;
  input.raw = DeviceNumber{8, 1};
  input.geometry = geometry;
  input.extents = table.extents;
  for (const bool have_switch : {true, false}) {
    input.have_switch = have_switch;
    check_plan(input, size);
  }
}

void check_table(std::span<const std::byte> bytes, const TableDescriptor& descriptor, const Uuid& arm_id,
                 const VolumeGeometry& geometry) {
  const auto table = decode_table(bytes, descriptor, arm_id, geometry.device_size);
  if (!table) {
    must(table.error().code == Errc::kMetadataCorrupt && !table.error().text.empty(), "a refusal says why");
    return;
  }
  const std::vector<Extent>& extents = table.value().extents;
  must(extents.size() == descriptor.entries && extents.size() <= layout::kMaxExtents, "as many as were announced");
  for (const Extent& extent : extents) {
    must(extent.length.n > 0 && extent.start < geometry.device_size, "no extent is empty or begins behind the device");
    must(extent.length <= geometry.device_size - extent.start, "no extent ends behind the device");
  }
  must(disjoint(extents), "no two extents overlap");
  const std::vector<std::byte> encoded = encode_table(table.value());
  const TableSummary summary = summarize_table(encoded);
  TableDescriptor again = descriptor;
  again.crc = summary.crc;
  must(summary.length_bytes == descriptor.length_bytes, "a table is as long as it was");
  const auto decoded = decode_table(encoded, again, arm_id, geometry.device_size);
  must(decoded.ok() && decoded.value().extents == extents, "nothing is lost from decode over encode to decode");
  check_pieces(table.value(), geometry);
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  const fuzz::ForgetErrors forget;
  fuzz::Input input(data, size);
  VolumeGeometry geometry;
  geometry.device_size = Sectors(input.number(8) % (layout::kMaxDeviceSectors + 1));
  geometry.chunk = Sectors(layout::kMinChunkSectors << input.number(1) % 5);
  geometry.fs_block = Bytes(4096);
  const bool hostile_descriptor = input.number(1) % 2 == 1;
  TableDescriptor descriptor;
  descriptor.kind = TableKind::kStore;
  descriptor.copies = layout::kTableCopies;
  Uuid arm_id;
  if (hostile_descriptor) {
    descriptor.kind = static_cast<TableKind>(input.number(2));
    descriptor.length_bytes = static_cast<std::uint32_t>(input.number(4));
    descriptor.entries = static_cast<std::uint32_t>(input.number(4));
  }
  const std::size_t room =
      std::clamp<std::size_t>(input.rest().size(), layout::table::kHeaderBytes, layout::kTableSlotBytes);
  std::vector<std::byte> bytes(room);
  input.fill(bytes);
  if (!hostile_descriptor) {
    // All that decides whether a table is looked at is put right: the fuzzer's part is the extents.
    descriptor.entries = static_cast<std::uint32_t>((room - layout::table::kHeaderBytes) / layout::table::kEntryBytes);
    descriptor.length_bytes =
        static_cast<std::uint32_t>(layout::table::kHeaderBytes + descriptor.entries * layout::table::kEntryBytes);
    const std::span<std::byte> out(bytes);
    store_le<std::uint64_t>(out, layout::table::kMagic, layout::kTableMagic);
    store_le<std::uint16_t>(out, layout::table::kKind, 1);
    store_le<std::uint32_t>(out, layout::table::kEntries, descriptor.entries);
    store_le<std::uint32_t>(out, layout::table::kLength, descriptor.length_bytes);
  }
  for (std::size_t i = 0; i < arm_id.bytes.size(); ++i) {
    arm_id.bytes[i] = std::to_integer<std::uint8_t>(bytes[layout::table::kArmId + i]);
  }
  fuzz::repair_table(bytes);
  descriptor.crc = load_le<std::uint32_t>(bytes, layout::table::kCrc);
  fuzz::check_table(bytes, descriptor, arm_id, geometry);
  return 0;
}
