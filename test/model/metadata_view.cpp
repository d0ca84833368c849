// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/metadata_view.h"

#include <functional>
#include <string>
#include <unordered_map>

namespace bootguard::model {
namespace {

std::uint64_t hash_text(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::uint64_t hash_uuid(const Uuid& uuid) {
  std::uint64_t h = 7;
  for (const std::uint8_t byte : uuid.bytes) h = mix_hash(h, byte);
  return h;
}

std::uint64_t hash_what_matters(const Metadata& m) {
  std::uint64_t h = 1;
  const auto add = [&](std::uint64_t value) { h = mix_hash(h, value); };
  add(static_cast<std::uint64_t>(m.phase));
  add(static_cast<std::uint64_t>(m.request));
  add(static_cast<std::uint64_t>(m.last_result));
  add(static_cast<std::uint64_t>(m.last_reason));
  add(m.attempts_limit);
  add(m.attempts_left);
  add(m.trial_boots);
  add(m.counted_boot_id.is_nil() ? 0 : 1);
  add(hash_text(m.old_slot.view()));
  add(hash_text(m.new_slot.view()));
  add(m.volume_count);
  for (std::size_t v = 0; v < m.volume_count; ++v) {
    add(hash_uuid(m.volumes[v].arm_id));
    for (const TableDescriptor& table : m.volumes[v].tables) {
      add(static_cast<std::uint64_t>(table.kind));
      add(table.first_block);
      add(table.crc);
    }
  }
  return h;
}

}  // namespace

std::size_t MetadataView::in_phase(Phase phase) const {
  std::size_t n = 0;
  for (const auto& copy : copies) {
    if (copy->decoded.state == CopyState::kGood && copy->decoded.metadata.phase == phase) ++n;
  }
  return n;
}

MetadataView view_metadata(const DiskImage& metadata) {
  static std::unordered_map<std::uint64_t, std::shared_ptr<const CopyContent>> seen;
  MetadataView view;
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    const BlockRef& block = metadata.at(copy_block(i));
    auto& content = seen[block ? block->hash : 0];
    if (!content) {
      auto made = std::make_shared<CopyContent>();
      static constexpr std::array<std::byte, kSimBlock> kZeros{};
      made->decoded = decode(block ? block->bytes : kZeros);
      made->hash = made->decoded.state == CopyState::kGood ? hash_what_matters(made->decoded.metadata)
                                                           : static_cast<std::uint64_t>(made->decoded.state);
      content = std::move(made);
    }
    view.copies[i] = content;
    if (content->decoded.state != CopyState::kGood) continue;
    if (view.best < 0 || content->decoded.metadata.sequence > view.sequence()) view.best = static_cast<int>(i);
  }
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    if (view.copies[i]->decoded.state != CopyState::kGood) continue;
    if (view.copies[i]->decoded.metadata.sequence == view.sequence()) ++view.agreeing;
    for (std::size_t j = 0; j < i; ++j) {
      const Decoded& other = view.copies[j]->decoded;
      if (other.state == CopyState::kGood && other.metadata.sequence == view.copies[i]->decoded.metadata.sequence &&
          view.copies[i] != view.copies[j]) {
        view.twins = true;
      }
    }
  }
  return view;
}

std::uint64_t normal_hash(const DiskImage& metadata, const MetadataView& view) {
  std::uint64_t h = metadata.hash();
  for (std::size_t i = 0; i < layout::kCopies; ++i) {
    // Takes the copy out of the image's hash (a sum of one term a block) and its meaning in.
    const BlockRef& block = metadata.at(copy_block(i));
    if (block) h ^= mix_hash(copy_block(i) + 1, block->hash);
    const CopyContent& content = *view.copies[i];
    std::uint64_t meaning = content.hash;
    if (content.decoded.state == CopyState::kGood) {
      meaning = mix_hash(meaning, view.sequence() - content.decoded.metadata.sequence);
    }
    h ^= mix_hash(0xC0 + i, meaning);
  }
  return h;
}

}  // namespace bootguard::model
