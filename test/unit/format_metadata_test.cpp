// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "format/codec.h"
#include "format/metadata.h"
#include "format/validate.h"
#include "unit/format_test_values.h"

namespace bootguard::test {
namespace {

Event numbered(std::uint32_t detail) {
  Event e = event(EventKind::kRepaired, Reason::kNone, 0, Phase::kIdle, 1735690000, "");
  e.detail = detail;
  e.number = 999;  // append_event's business, not the caller's
  return e;
}

TEST_CASE("events: numbered from 1, each in its place, and the ring is valid at every fill") {
  Metadata m;
  m.area_blocks = 192;
  for (std::uint32_t n = 1; n <= 100; ++n) {
    append_event(m, numbered(n));
    REQUIRE(m.events_written == n);
    REQUIRE(m.events[(n - 1) % 32].number == n);
    REQUIRE(m.events[(n - 1) % 32].detail == n);
    REQUIRE(find_bad_value(m) == nullptr);
    REQUIRE(decode(encode(m)).metadata == m);
  }
}

TEST_CASE("events: the oldest falls out, the other 31 stay") {
  Metadata m;
  for (std::uint32_t n = 1; n <= 33; ++n) append_event(m, numbered(n));
  CHECK(m.events[0].number == 33);
  for (std::uint32_t n = 2; n <= 32; ++n) CHECK(m.events[n - 1].number == n);
}

TEST_CASE("events: nothing but the ring is touched") {
  Metadata m = trial_wrapped();
  append_event(m, numbered(1));
  const Metadata before = trial_wrapped();
  m.events = before.events;
  m.events_written = before.events_written;
  CHECK(m == before);
}

TEST_CASE("events: at the end of 64 bits the ring starts over instead of wrapping into one nobody reads") {
  Metadata m = trial_wrapped();
  m.events_written = UINT64_MAX - 2;
  append_event(m, numbered(1));
  CHECK(m.events_written == UINT64_MAX - 1);
  append_event(m, numbered(2));
  CHECK(m.events_written == 1);
  CHECK(m.events[0].detail == 2);
  CHECK(m.events[1] == Event{});
  CHECK(find_bad_value(m) == nullptr);
}

}  // namespace
}  // namespace bootguard::test
