// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/fake_device_mapper.h"

#include <algorithm>
#include <utility>

namespace bootguard {

class FakeDeviceMapper::Mapped : public SectorIo {
 public:
  Mapped(std::string name, std::string uuid, DeviceNumber number, std::uint64_t* hung)
      : name_(std::move(name)), uuid_(std::move(uuid)), number_(number), hung_(hung) {}

  int read(std::uint64_t offset, std::span<std::byte> out) override {
    return each(offset, out,
                [](FakeTarget& target, std::uint64_t sector, std::span<std::byte> part, std::uint64_t& accepted) {
                  return target.read(sector, part, accepted);
                });
  }
  int write(std::uint64_t offset, std::span<const std::byte> in, bool fua) override {
    return each(offset, in,
                [fua](FakeTarget& target, std::uint64_t sector, std::span<const std::byte> part,
                      std::uint64_t& accepted) { return target.write(sector, part, fua, accepted); });
  }
  int flush() override {
    if (const int error = enter()) return error;
    int result = 0;
    for (Row& row : *live) {
      if (const int error = row.target->flush()) result = error;
    }
    return result;
  }
  [[nodiscard]] std::uint64_t size() const override {
    return live == nullptr || live->empty() ? 0 : (live->back().start + live->back().length) * kSectorBytes;
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& uuid() const { return uuid_; }
  [[nodiscard]] DeviceNumber number() const { return number_; }

  std::unique_ptr<Table> live, inactive;
  bool suspended = false;
  bool had_table = false;

 private:
  int enter() {
    if (live == nullptr) return EIO;
    if (!suspended) return 0;
    ++*hung_;
    return EIO;
  }
  // Cuts a request at row boundaries and wherever a target wants it cut.
  template <class Span, class Function>
  int each(std::uint64_t offset, Span data, Function function) {
    if (const int error = enter()) return error;
    if (offset % kSectorBytes != 0 || data.size() % kSectorBytes != 0) return EINVAL;
    if (offset > size() || data.size() > size() - offset) return EIO;
    std::uint64_t sector = offset / kSectorBytes;
    auto row = live->begin();
    while (!data.empty()) {
      while (sector >= row->start + row->length) ++row;
      std::uint64_t accepted = std::min<std::uint64_t>(data.size() / kSectorBytes, row->start + row->length - sector);
      const Span part = data.first(static_cast<std::size_t>(accepted * kSectorBytes));
      if (const int error = function(*row->target, sector - row->start, part, accepted)) return error;
      sector += accepted;
      data = data.subspan(static_cast<std::size_t>(accepted * kSectorBytes));
    }
    return 0;
  }

  std::string name_, uuid_;
  DeviceNumber number_;
  std::uint64_t* hung_;
};

FakeDeviceMapper::FakeDeviceMapper(DeviceTable& table, SimHooks* hooks) : world_(table), hooks_(hooks) {}

FakeDeviceMapper::~FakeDeviceMapper() {
  // Tables hold each other's devices: all tables first.
  for (auto& [name, mapped] : devices_) {
    mapped->live.reset();
    mapped->inactive.reset();
  }
  for (auto& [name, mapped] : devices_) world_.table.remove(mapped->number());
}

bool FakeDeviceMapper::fits(const Table& table) {
  return std::all_of(table.begin(), table.end(), [](const Row& row) { return row.target->fits(); });
}

Error FakeDeviceMapper::failed(const char* what, const std::string& name, int error) {
  return system_error(Errc::kDmFailed, error, std::string(what) + " " + name);
}

FakeDeviceMapper::Gate FakeDeviceMapper::gate(const char* what, const std::string& name) {
  calls_.push_back(std::string(what) + " " + name);
  if (hooks_ == nullptr) return {};
  const Fault fault = hooks_->ask({Operation::Kind::kDeviceMapper, &name, 0, 0, what});
  if (fault.kind == Fault::Kind::kFailBefore || fault.kind == Fault::Kind::kFailHalf) return {fault.error, 0};
  if (fault.kind == Fault::Kind::kFailAfter) return {0, fault.error};
  return {};
}

FakeDeviceMapper::Mapped* FakeDeviceMapper::device(const std::string& name) const {
  const auto found = devices_.find(name);
  return found == devices_.end() ? nullptr : found->second.get();
}

std::optional<DeviceNumber> FakeDeviceMapper::number_of(const std::string& path) const {
  const auto named = world_.named.find(path);
  if (named == world_.named.end()) return std::nullopt;
  return named->second;
}

Result<void> FakeDeviceMapper::check_available() {
  if (!available) return make_error(Errc::kDmMissing, "/dev/mapper/control is not there");
  return {};
}

Result<bool> FakeDeviceMapper::has_target(std::string_view target) {
  CHECK_OK(check_available());
  if (silent_targets.contains(std::string(target))) return failed("asking for", std::string(target), ENOMEM);
  static const std::set<std::string, std::less<>> kTargets = {"linear", "error", "snapshot", "snapshot-origin",
                                                              "switch"};
  return kTargets.contains(target) && !missing_targets.contains(std::string(target));
}

Result<DeviceNumber> FakeDeviceMapper::create(const std::string& name, const std::string& uuid) {
  CHECK_OK(check_available());
  const Gate fault = gate("create", name);
  if (fault.before != 0) return failed("creating", name, fault.before);
  if (name.empty() || name.size() > 127) return failed("creating", name, EINVAL);
  std::set<std::uint32_t> minors;
  for (const auto& [other, mapped] : devices_) {
    if (other == name || (!uuid.empty() && mapped->uuid() == uuid)) return failed("creating", name, EBUSY);
    minors.insert(mapped->number().minor);
  }
  std::uint32_t minor = 0;
  while (minors.contains(minor)) ++minor;
  auto mapped = std::make_unique<Mapped>(name, uuid, DeviceNumber{254, minor}, &hung_);
  const DeviceNumber number = mapped->number();
  world_.table.add(number, mapped.get());
  devices_[name] = std::move(mapped);
  if (fault.after != 0) return failed("creating", name, fault.after);
  return number;
}

Result<void> FakeDeviceMapper::load(const std::string& name, std::span<const DmRow> table) {
  CHECK_OK(check_available());
  const Gate fault = gate("load", name);
  if (fault.before != 0) return failed("loading", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("loading", name, ENXIO);
  if (table.empty()) return failed("loading", name, EINVAL);
  auto made = std::make_unique<Table>();
  std::uint64_t next = 0;
  for (const DmRow& row : table) {
    if (row.start.n != next || row.length.n == 0) return failed("loading", name, EINVAL);
    next += row.length.n;
    if (missing_targets.contains(row.target)) return failed("loading", name, EINVAL);
    Row entry{row.start.n, row.length.n, row.target, nullptr};
    if (const int error = make_fake_target(world_, row, entry.target)) return failed("loading", name, error);
    made->push_back(std::move(entry));
  }
  // dm_setup_md_queue() looks at the first table only; any other is looked at when it becomes live.
  if (!mapped->had_table && !fits(*made)) return failed("loading", name, EINVAL);
  mapped->had_table = true;
  mapped->inactive = std::move(made);
  if (fault.after != 0) return failed("loading", name, fault.after);
  return {};
}

Result<void> FakeDeviceMapper::resume(const std::string& name, bool hidden) {
  CHECK_OK(check_available());
  const Gate fault = gate("resume", name);
  if (fault.before != 0) return failed("resuming", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("resuming", name, ENXIO);
  if (mapped->live == nullptr && mapped->inactive == nullptr) return failed("resuming", name, EINVAL);
  const bool swapped = mapped->inactive != nullptr;
  if (swapped) {
    // As do_resume(): suspended for the swap, and left so where the new table is found not to fit; that one is dropped.
    std::unique_ptr<Table> fresh = std::move(mapped->inactive);
    mapped->suspended = true;
    if (!fits(*fresh)) return failed("resuming", name, EINVAL);
    mapped->live.swap(fresh);
  }
  if (swapped || mapped->suspended) {
    for (Row& row : *mapped->live) row.target->resumed();
  }
  mapped->suspended = false;
  world_.named[node_path(name)] = mapped->number();
  if (hidden) hidden_.insert(name);
  if (fault.after != 0) return failed("resuming", name, fault.after);
  return {};
}

Result<void> FakeDeviceMapper::suspend(const std::string& name, bool) {
  CHECK_OK(check_available());
  const Gate fault = gate("suspend", name);
  if (fault.before != 0) return failed("suspending", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("suspending", name, ENXIO);
  mapped->suspended = true;
  if (fault.after != 0) return failed("suspending", name, fault.after);
  return {};
}

Result<void> FakeDeviceMapper::remove(const std::string& name) {
  CHECK_OK(check_available());
  const Gate fault = gate("remove", name);
  if (fault.before != 0) return failed("removing", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("removing", name, ENXIO);
  if (world_.table.open_count(mapped->number()) > 0 || kept_busy.contains(name)) return failed("removing", name, EBUSY);
  world_.table.remove(mapped->number());
  world_.named.erase(node_path(name));
  hidden_.erase(name);
  devices_.erase(name);
  if (fault.after != 0) return failed("removing", name, fault.after);
  return {};
}

Result<void> FakeDeviceMapper::clear(const std::string& name) {
  CHECK_OK(check_available());
  const Gate fault = gate("clear", name);
  if (fault.before != 0) return failed("clearing", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("clearing", name, ENXIO);
  mapped->inactive.reset();
  if (fault.after != 0) return failed("clearing", name, fault.after);
  return {};
}

Result<void> FakeDeviceMapper::message(const std::string& name, Sectors sector, const std::string& text) {
  CHECK_OK(check_available());
  const Gate fault = gate("message", name);
  if (fault.before != 0) return failed("messaging", name, fault.before);
  Mapped* mapped = device(name);
  if (mapped == nullptr || mapped->live == nullptr) return failed("messaging", name, ENXIO);
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  int error = EINVAL;
  for (Row& row : *mapped->live) {
    if (sector.n >= row.start && sector.n < row.start + row.length) error = row.target->message(words);
  }
  if (error == 0) error = fault.after;
  if (error != 0) return failed("messaging", name, error);
  return {};
}

Result<std::optional<DmDevice>> FakeDeviceMapper::find(const std::string& name) {
  CHECK_OK(check_available());
  const Gate fault = gate("find", name);
  if (fault.before != 0) return failed("finding", name, fault.before);
  const Mapped* mapped = device(name);
  if (mapped == nullptr) return std::optional<DmDevice>();
  DmDevice answer;
  answer.name = name;
  answer.uuid = mapped->uuid();
  answer.number = mapped->number();
  answer.open_count = world_.table.open_count(mapped->number());
  answer.suspended = mapped->suspended;
  answer.live_table = mapped->live != nullptr;
  answer.inactive_table = mapped->inactive != nullptr;
  return std::optional<DmDevice>(answer);
}

Result<std::vector<std::string>> FakeDeviceMapper::list(std::string_view prefix) {
  CHECK_OK(check_available());
  const Gate fault = gate("list", std::string(prefix));
  if (fault.before != 0) return failed("listing", std::string(prefix), fault.before);
  std::vector<std::string> names;
  for (const auto& [name, mapped] : devices_) {
    if (name.starts_with(prefix)) names.push_back(name);
  }
  return names;
}

Result<std::vector<DmStatusRow>> FakeDeviceMapper::status(const std::string& name) {
  CHECK_OK(check_available());
  const Gate fault = gate("status", name);
  if (fault.before != 0) return failed("status of", name, fault.before);
  const Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("status of", name, ENXIO);
  std::vector<DmStatusRow> rows;
  if (mapped->live != nullptr) {
    for (const Row& row : *mapped->live) {
      rows.push_back({Sectors(row.start), Sectors(row.length), row.target_name, row.target->status()});
    }
  }
  return rows;
}

Result<std::vector<DmRow>> FakeDeviceMapper::table(const std::string& name) {
  CHECK_OK(check_available());
  const Gate fault = gate("table", name);
  if (fault.before != 0) return failed("table of", name, fault.before);
  const Mapped* mapped = device(name);
  if (mapped == nullptr) return failed("table of", name, ENXIO);
  std::vector<DmRow> rows;
  if (mapped->live != nullptr) {
    for (const Row& row : *mapped->live) {
      rows.push_back({Sectors(row.start), Sectors(row.length), row.target_name, row.target->table_text()});
    }
  }
  return rows;
}

}  // namespace bootguard
