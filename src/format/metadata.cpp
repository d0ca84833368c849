// SPDX-License-Identifier: LGPL-2.1-or-later
#include "format/metadata.h"

namespace bootguard {

void append_event(Metadata& metadata, Event event) {
  // Only forged metadata comes near the end of 64 bits. Starting over keeps every ring that this writes readable.
  if (metadata.events_written >= layout::kMaxEventNumber) {
    metadata.events_written = 0;
    metadata.events = {};
  }
  event.number = ++metadata.events_written;
  metadata.events[(event.number - 1) % layout::kMaxEvents] = event;
}

}  // namespace bootguard
