// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <random>
#include <vector>

#include "base/label.h"
#include "core/transition.h"
#include "format/codec.h"

namespace bootguard {
namespace {

Label label(const char* text) { return Label::parse(text).value(); }

Uuid uuid(std::uint8_t fill) {
  Uuid made;
  made.bytes.fill(fill);
  return made;
}

Moment at(std::uint64_t time_s, const char* slot = "B") { return {time_s, label(slot)}; }

Metadata fresh() {
  Metadata metadata;
  metadata.area_uuid = uuid(9);
  metadata.area_blocks = layout::kMinAreaBytes / layout::kBlockBytes;
  return metadata;
}

ArmRequest request(std::uint16_t attempts = 3) {
  ArmRequest made;
  made.attempts = attempts;
  made.old_slot = label("A");
  made.new_slot = label("B");
  made.volume.name = label("userdata");
  made.volume.chunk = Sectors(8);
  made.volume.device_size = Sectors(4096);
  made.volume.store_size = Sectors(1024);
  made.volume.arm_id = uuid(7);
  return made;
}

Metadata armed(std::uint16_t attempts = 3) { return arm(fresh(), request(attempts), at(100, "A")); }
Metadata on_trial(std::uint16_t attempts = 3) { return start_trial(armed(attempts), uuid(1), at(200)); }
Metadata rolling_back() { return begin_rollback(on_trial(), Reason::kMarkBad, at(300)); }

const Event& last_event(const Metadata& metadata) {
  return metadata.events[(metadata.events_written - 1) % metadata.events.size()];
}

// Everything that comes out can be written and is read back the same.
void check_writable(const Metadata& metadata) {
  const Decoded decoded = decode(encode(metadata));
  CAPTURE(decoded.detail);
  REQUIRE(decoded.state == CopyState::kGood);
  REQUIRE(decoded.metadata == metadata);
}

void check_ended(const Metadata& before, const Metadata& after, LastResult result, Reason reason, std::uint64_t time) {
  CHECK(after.phase == Phase::kIdle);
  CHECK(after.request == Request::kNone);
  CHECK(after.attempts_left == 0);
  CHECK(after.counted_boot_id == before.counted_boot_id);  // its mapping may still be in use
  CHECK(after.old_slot.empty());
  CHECK(after.new_slot.empty());
  CHECK(after.last_result == result);
  CHECK(after.last_reason == reason);
  CHECK(after.last_result_time_s == time);
  // The store may still have to be wiped, and status names the volume.
  CHECK(after.volume_count == 1);
  CHECK(after.volumes == before.volumes);
  CHECK(after.events_written == before.events_written + 1);
  CHECK(last_event(after).phase == Phase::kIdle);
  CHECK(last_event(after).reason == reason);
  CHECK(last_event(after).time_s == time);
  check_writable(after);
}

// Whether the call ends in a failed assertion, seen from outside.
template <class Call>
bool asserts(Call call) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // The handlers of Catch and of the sanitizers would tell a story of their own.
    std::signal(SIGABRT, SIG_DFL);
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDERR_FILENO);
    call();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST_CASE("Arming starts from a clean slate", "[transition]") {
  Metadata before = fresh();
  before.request = Request::kRollback;
  before.trial_boots = 3;
  before.counted_boot_id = uuid(5);
  before.checkpoint_time_s = 50;
  before.last_result = LastResult::kCommitted;
  before.last_reason = Reason::kMarkGood;
  before.last_result_time_s = 60;
  const Metadata after = arm(before, request(5), at(100, "A"));
  CHECK(after.phase == Phase::kArmed);
  CHECK(after.request == Request::kNone);
  CHECK(after.attempts_limit == 5);
  CHECK(after.attempts_left == 5);
  CHECK(after.trial_boots == 0);
  CHECK(after.counted_boot_id.is_nil());
  CHECK(after.armed_time_s == 100);
  CHECK(after.checkpoint_time_s == 0);
  CHECK(after.old_slot == label("A"));
  CHECK(after.new_slot == label("B"));
  CHECK(after.volume_count == 1);
  CHECK(after.volumes[0] == request().volume);
  CHECK(last_event(after).kind == EventKind::kArmed);
  CHECK(last_event(after).attempts_left == 5);
  CHECK(last_event(after).slot == label("A"));
  // The result of the update before stays until this one has its own.
  CHECK(after.last_result == LastResult::kCommitted);
  CHECK(after.last_reason == Reason::kMarkGood);
  CHECK(after.last_result_time_s == 60);
  check_writable(after);
}

TEST_CASE("Arming again replaces the volume of the update before", "[transition]") {
  ArmRequest second = request();
  second.volume.arm_id = uuid(8);
  const Metadata after = arm(disarm(armed(), Reason::kDisarm, at(110)), second, at(120));
  CHECK(after.volume_count == 1);
  CHECK(after.volumes[0].arm_id == uuid(8));
  check_writable(after);
}

TEST_CASE("The checkpoint counts the first boot with it", "[transition]") {
  const Metadata before = armed();
  const Metadata after = start_trial(before, uuid(1), at(200));
  CHECK(after.phase == Phase::kTrial);
  CHECK(after.attempts_left == 2);
  CHECK(after.trial_boots == 1);
  CHECK(after.checkpoint_time_s == 200);
  CHECK(after.counted_boot_id == uuid(1));
  CHECK(after.booted_slot == label("B"));
  REQUIRE(after.events_written == before.events_written + 2);
  CHECK(after.events[after.events_written - 2].kind == EventKind::kCheckpoint);
  CHECK(after.events[after.events_written - 2].attempts_left == 3);
  CHECK(last_event(after).kind == EventKind::kBootCounted);
  CHECK(last_event(after).attempts_left == 2);
  check_writable(after);
}

TEST_CASE("Counting a boot uses one attempt", "[transition]") {
  const Metadata after = count_boot(on_trial(), uuid(2), at(210, "C"));
  CHECK(after.phase == Phase::kTrial);
  CHECK(after.attempts_left == 1);
  CHECK(after.trial_boots == 2);
  CHECK(after.counted_boot_id == uuid(2));
  CHECK(after.booted_slot == label("C"));
  CHECK(after.checkpoint_time_s == 200);
  CHECK(last_event(after).kind == EventKind::kBootCounted);
  check_writable(after);
}

TEST_CASE("Waiting is recorded once for each slot in a row", "[transition]") {
  const Metadata once = wait_armed(armed(), at(110, "A"));
  CHECK(once.phase == Phase::kArmed);
  CHECK(once.attempts_left == 3);
  CHECK(once.booted_slot == label("A"));
  CHECK(last_event(once).kind == EventKind::kWaited);
  CHECK(last_event(once).reason == Reason::kOldSlot);
  CHECK(wait_armed(once, at(120, "A")) == once);
  const Metadata other = wait_armed(once, at(130, "C"));
  CHECK(other.events_written == once.events_written + 1);
  CHECK(other.booted_slot == label("C"));
  CHECK(wait_armed(other, at(140, "A")).events_written == other.events_written + 1);
  check_writable(other);
}

TEST_CASE("Counters that no run of ours leaves behind do not run over", "[transition]") {
  Metadata counted = on_trial(3);
  counted.trial_boots = 3;
  CHECK(count_boot(counted, uuid(2), at(300)).trial_boots == 3);
  Metadata silent = armed();
  silent.events_written = 0;
  const Metadata waited = wait_armed(silent, at(300, "A"));
  CHECK(waited.events_written == 1);
  CHECK(last_event(waited).kind == EventKind::kWaited);
}

TEST_CASE("Asking for a rollback twice is asking once", "[transition]") {
  const Metadata once = request_rollback(on_trial(), at(250));
  CHECK(once.phase == Phase::kTrial);
  CHECK(once.request == Request::kRollback);
  CHECK(last_event(once).kind == EventKind::kRollbackRequested);
  CHECK(last_event(once).reason == Reason::kMarkBad);
  CHECK(request_rollback(once, at(260)) == once);
  check_writable(once);
}

TEST_CASE("A rollback remembers its reason until it is finished", "[transition]") {
  Metadata trial = request_rollback(on_trial(), at(250));
  trial.last_result = LastResult::kCommitted;
  trial.last_reason = Reason::kMarkGood;
  trial.last_result_time_s = 60;
  const Metadata begun = begin_rollback(trial, Reason::kAttemptsExhausted, at(300));
  CHECK(begun.phase == Phase::kRollingBack);
  CHECK(begun.last_result == LastResult::kNone);
  CHECK(begun.last_reason == Reason::kAttemptsExhausted);
  CHECK(begun.last_result_time_s == 0);
  CHECK(begun.attempts_left == trial.attempts_left);
  CHECK(last_event(begun).kind == EventKind::kRollbackBegun);
  CHECK(last_event(begun).reason == Reason::kAttemptsExhausted);
  check_writable(begun);

  const Metadata done = finish_rollback(begun, 1234, at(400));
  check_ended(begun, done, LastResult::kRolledBack, Reason::kAttemptsExhausted, 400);
  CHECK(last_event(done).kind == EventKind::kRolledBack);
  CHECK(last_event(done).detail == 1234);
  CHECK(last_event(finish_rollback(begun, 1ULL << 40, at(400))).detail == 0xffffffff);
}

TEST_CASE("Every other way to end", "[transition]") {
  SECTION("disarm") {
    const Metadata after = disarm(armed(), Reason::kDisarm, at(110));
    check_ended(armed(), after, LastResult::kDisarmed, Reason::kDisarm, 110);
    CHECK(last_event(after).kind == EventKind::kDisarmed);
  }
  SECTION("commit") {
    const Metadata after = commit(request_rollback(on_trial(), at(250)), Reason::kMarkGood, at(300));
    check_ended(request_rollback(on_trial(), at(250)), after, LastResult::kCommitted, Reason::kMarkGood, 300);
    CHECK(last_event(after).kind == EventKind::kCommitted);
    CHECK(after.trial_boots == 1);  // "committed after 1 of 3 boots"
    CHECK(after.attempts_limit == 3);
  }
  SECTION("giving up on trial") {
    const Metadata after = give_up(on_trial(), Reason::kStackFailed, 12, at(300));
    check_ended(on_trial(), after, LastResult::kUnprotected, Reason::kStackFailed, 300);
    CHECK(last_event(after).kind == EventKind::kUnprotected);
    CHECK(last_event(after).os_error == 12);
  }
  SECTION("giving up while armed") {
    const Metadata after = give_up(armed(), Reason::kStoreChanged, 0, at(150));
    check_ended(armed(), after, LastResult::kUnprotected, Reason::kStoreChanged, 150);
    CHECK(last_event(after).os_error == 0);
  }
}

TEST_CASE("Every transition asserts the phase that it requires", "[transition]") {
  const Metadata idle = fresh();
  const Metadata states[] = {idle, armed(), on_trial(), rolling_back()};
  const auto allowed_in = [&](std::initializer_list<Phase> phases, auto call) {
    for (const Metadata& before : states) {
      const bool allowed = std::find(phases.begin(), phases.end(), before.phase) != phases.end();
      CAPTURE(static_cast<int>(before.phase));
      CHECK(asserts([&] { (void)call(before); }) != allowed);
    }
  };
  allowed_in({Phase::kIdle}, [](const Metadata& m) { return arm(m, request(), at(1)); });
  allowed_in({Phase::kArmed}, [](const Metadata& m) { return disarm(m, Reason::kDisarm, at(1)); });
  allowed_in({Phase::kArmed}, [](const Metadata& m) { return start_trial(m, uuid(1), at(1)); });
  allowed_in({Phase::kArmed}, [](const Metadata& m) { return wait_armed(m, at(1)); });
  allowed_in({Phase::kTrial}, [](const Metadata& m) { return count_boot(m, uuid(1), at(1)); });
  allowed_in({Phase::kTrial}, [](const Metadata& m) { return request_rollback(m, at(1)); });
  allowed_in({Phase::kTrial}, [](const Metadata& m) { return begin_rollback(m, Reason::kMarkBad, at(1)); });
  allowed_in({Phase::kTrial}, [](const Metadata& m) { return commit(m, Reason::kMarkGood, at(1)); });
  allowed_in({Phase::kRollingBack}, [](const Metadata& m) { return finish_rollback(m, 1, at(1)); });
  allowed_in({Phase::kArmed, Phase::kTrial},
             [](const Metadata& m) { return give_up(m, Reason::kStackFailed, 0, at(1)); });
}

TEST_CASE("Attempts out of range and counting without attempts are asserted", "[transition]") {
  CHECK(asserts([] { (void)arm(fresh(), request(0), at(1)); }));
  CHECK(asserts([] { (void)arm(fresh(), request(1001), at(1)); }));
  CHECK_FALSE(asserts([] { (void)arm(fresh(), request(1000), at(1)); }));
  CHECK(asserts([] { (void)count_boot(on_trial(1), uuid(2), at(1)); }));
  Metadata forged = armed();
  forged.attempts_left = 0;
  CHECK(asserts([&] { (void)start_trial(forged, uuid(1), at(1)); }));
}

TEST_CASE("Random lives keep the invariants of the counter", "[transition]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Metadata now = fresh();
  bool was_on_trial = false;
  for (int step = 0; step < 4000; ++step) {
    const Metadata before = now;
    const Moment moment = at(static_cast<std::uint64_t>(step), random() % 2 == 0 ? "A" : "B");
    const unsigned choice = random() % 8;
    bool arming = false;
    switch (before.phase) {
      case Phase::kIdle:
        now = arm(before, request(static_cast<std::uint16_t>(1 + random() % 5)), moment);
        arming = true;
        was_on_trial = false;
        break;
      case Phase::kArmed:
        if (choice < 2) now = wait_armed(before, moment);
        if (choice == 2) now = disarm(before, Reason::kDisarm, moment);
        if (choice == 3) now = give_up(before, Reason::kStoreChanged, 5, moment);
        if (choice > 3) now = start_trial(before, uuid(static_cast<std::uint8_t>(1 + random() % 250)), moment);
        break;
      case Phase::kTrial:
        was_on_trial = true;
        if (choice == 0) now = request_rollback(before, moment);
        if (choice == 1) now = commit(before, Reason::kMarkGood, moment);
        if (choice == 2) now = give_up(before, Reason::kDisabled, 0, moment);
        if (choice == 3 || before.attempts_left == 0) {
          now = begin_rollback(before, Reason::kAttemptsExhausted, moment);
        } else if (choice > 3) {
          now = count_boot(before, uuid(static_cast<std::uint8_t>(1 + random() % 250)), moment);
        }
        break;
      case Phase::kRollingBack:
        REQUIRE(was_on_trial);
        now = finish_rollback(before, random() % 100, moment);
        break;
      case Phase::kCommitting:
        FAIL("no transition leads here");
    }
    if (!arming) REQUIRE(now.attempts_left <= before.attempts_left);
    REQUIRE(now.trial_boots <= now.attempts_limit);
    if (now.phase == Phase::kTrial) REQUIRE(now.trial_boots + now.attempts_left == now.attempts_limit);
    if (now.phase == Phase::kRollingBack) REQUIRE(before.phase == Phase::kTrial);
    REQUIRE(now.sequence == before.sequence);
    REQUIRE(now.events_written >= before.events_written);
    check_writable(now);
  }
}

}  // namespace bootguard
