// SPDX-License-Identifier: LGPL-2.1-or-later
// What a power cut decides while some writes are not yet durable: for each place they touch, which of its contents is
// on the disk.
//
// A *place* is a sector (or, in a coarse look, a chunk) with the contents it may have: the durable ones, or those of
// any write in flight that touched it. Contents that are equal count once. A state is one content for each place.
#pragma once

#include <cmath>
#include <deque>

#include "crash_state.h"

namespace log_writes {

struct Write {
  std::uint64_t at = 0;
  std::uint64_t size = 0;
  const Byte* data = nullptr;
  std::size_t entry = 0;
};

struct Place {
  std::uint64_t at = 0;
  std::uint64_t size = 0;
  bool control = false;
  std::vector<const Byte*> contents;  // the first is durable; from then on in the order of the writes
};

class Places {
 public:
  explicit Places(const CrashState& state) : state_(state) {}

  // Contents given out so far end with it.
  void forget() { copies_.clear(); }

  // Places of that size that can have more than one content. A chunk may hold several writes: its contents are what it
  // would be after each of them. That of a whole write is where the write has it, in the log.
  std::vector<Place> of(const std::vector<Write>& pending, std::uint64_t size) {
    std::vector<Place> places;
    std::unordered_map<std::uint64_t, std::size_t> index;
    for (const Write& write : pending) {
      for (std::uint64_t at = write.at / size * size; at < write.at + write.size; at += size) {
        const auto [found, is_new] = index.try_emplace(at, places.size());
        if (is_new) places.push_back({at, size, state_.is_control(at), {keep(state_.bytes(at), size)}});
        std::vector<const Byte*>& contents = places[found->second].contents;
        const std::uint64_t from = std::max(at, write.at);
        const std::uint64_t to = std::min(at + size, write.at + write.size);
        if (to - from == size) {
          contents.push_back(write.data + (from - write.at));
          continue;
        }
        Byte* content = keep(contents.back(), size);
        std::memcpy(content + (from - at), write.data + (from - write.at), to - from);
        contents.push_back(content);
      }
    }
    for (Place& place : places) leave_out_equal(place);
    std::erase_if(places, [](const Place& place) { return place.contents.size() < 2; });
    return places;
  }

 private:
  static void leave_out_equal(Place& place) {
    std::vector<const Byte*> different;
    for (const Byte* content : place.contents) {
      const auto same = [&](const Byte* other) { return std::memcmp(content, other, place.size) == 0; };
      if (std::none_of(different.begin(), different.end(), same)) different.push_back(content);
    }
    place.contents = std::move(different);
  }
  Byte* keep(const Byte* bytes, std::uint64_t size) { return copies_.emplace_back(bytes, bytes + size).data(); }

  const CrashState& state_;
  std::deque<std::vector<Byte>> copies_;
};

}  // namespace log_writes
