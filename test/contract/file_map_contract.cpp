// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/file_map_contract.h"

#include <algorithm>
#include <cerrno>

namespace bootguard::contract {
namespace {

// FIEMAP_EXTENT_* that leave an address meaning what it says: LAST, UNWRITTEN, MERGED.
constexpr std::uint32_t kHarmless = 0x1 | 0x800 | 0x1000;

// Where a byte of the file lies on the device.
Bytes physical(const std::vector<FileExtent>& extents, Bytes logical) {
  for (const FileExtent& extent : extents) {
    if (logical >= extent.logical && logical < extent.logical + extent.length) {
      return extent.physical + (logical - extent.logical);
    }
  }
  FAIL("no extent at " << logical.n);
  return {};
}

void leaves_nothing(FileMapFixture& fixture, FileMap& file) {
  REQUIRE_FALSE(value_of(file.exists()));
  if (const auto left = fixture.folder_exists()) REQUIRE_FALSE(*left);
}

}  // namespace

CONTRACT_TEST(FileMapFixture, "mounts: a device's mount is found, another device's is not") {
  const MountPoint mount = fixture.mount();
  REQUIRE_FALSE(mount.path.empty());
  REQUIRE_FALSE(mount.type.empty());
  REQUIRE(mount.device == fixture.device());
  REQUIRE_FALSE(mount.read_only);
  const DeviceNumber none[] = {{4095, 1048575}};
  REQUIRE_FALSE(value_of(fixture.mounts().find(none)).has_value());
  const DeviceNumber several[] = {none[0], fixture.device()};
  REQUIRE(value_of(fixture.mounts().find(several))->path == mount.path);
  REQUIRE_FALSE(value_of(fixture.mounts().find({})).has_value());
}

CONTRACT_TEST(FileMapFixture, "file map: there is no file before it is made, and to remove it succeeds") {
  const auto file = fixture.store();
  REQUIRE(file->path() == fixture.mount().path + "/" + kStore);
  REQUIRE_FALSE(value_of(file->exists()));
  succeeds(file->remove());
  REQUIRE_FALSE(file->size().ok());
  REQUIRE_FALSE(file->extents(100).ok());
  REQUIRE_FALSE(file->write(Bytes(0), pattern(4096, 1)).ok());
  REQUIRE_FALSE(file->make_immutable().ok());
  leaves_nothing(fixture, *file);
}

CONTRACT_TEST(FileMapFixture, "file map: space is a multiple of the block, and the store takes its share") {
  const auto file = fixture.store();
  const FilesystemSpace before = value_of(file->space());
  REQUIRE(before.block.n >= 512);
  REQUIRE(before.available <= before.total);
  REQUIRE(before.available > kStoreSize * 2);
  succeeds(file->create(kStoreSize));
  const FilesystemSpace after = value_of(file->space());
  REQUIRE(after.total == before.total);
  REQUIRE(after.available <= before.available - kStoreSize);
}

CONTRACT_TEST(FileMapFixture, "file map: it is made only once") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  REQUIRE(value_of(file->exists()));
  REQUIRE(value_of(file->size()) == kStoreSize);
  const auto extents = value_of(file->extents(1000));
  const Error error = error_of(file->create(kStoreSize));
  REQUIRE(error.code == Errc::kIo);
  REQUIRE(error.os_error == EEXIST);
  REQUIRE(value_of(file->exists()));
  REQUIRE(value_of(file->extents(1000)) == extents);
  REQUIRE(value_of(fixture.store()->size()) == kStoreSize);
}

CONTRACT_TEST(FileMapFixture, "file map: its extents cover it without gap or overlap, inside the device") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  const auto extents = value_of(file->extents(1000));
  REQUIRE_FALSE(extents.empty());
  Bytes next;
  for (const FileExtent& extent : extents) {
    CAPTURE(extent.logical.n, extent.physical.n, extent.length.n, extent.flags);
    REQUIRE(extent.logical == next);
    REQUIRE(extent.length.n > 0);
    REQUIRE(is_sector_multiple(extent.physical));
    REQUIRE(is_sector_multiple(extent.length));
    REQUIRE((extent.flags & ~kHarmless) == 0);
    REQUIRE(extent.physical + extent.length <= fixture.raw().size());
    next = extent.logical + extent.length;
  }
  REQUIRE(next >= kStoreSize);
  REQUIRE((extents.back().flags & 0x1) != 0);
}

CONTRACT_TEST(FileMapFixture, "file map: more extents than the limit are an error, not a part of them") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  const std::size_t count = value_of(file->extents(1000)).size();
  REQUIRE(value_of(file->extents(count)).size() == count);
  const Error error = error_of(file->extents(count - 1));
  REQUIRE(error.code == Errc::kTooFragmented);
}

CONTRACT_TEST(FileMapFixture, "file map: what is written is on the device, where the extents say") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  const auto before = value_of(file->extents(1000));
  const Bytes offsets[] = {Bytes(0), Bytes(8192), kStoreSize - Bytes(4096)};
  for (unsigned i = 0; i < 3; ++i) succeeds(file->write(offsets[i], pattern(4096, 20 + i)));
  for (unsigned i = 0; i < 3; ++i) {
    CAPTURE(offsets[i].n);
    ByteVector answer(4096);
    succeeds(fixture.raw().read(physical(before, offsets[i]), answer));
    REQUIRE(same(answer, pattern(4096, 20 + i)));
  }
  // Written in place: nothing moved.
  const auto after = value_of(file->extents(1000));
  for (std::uint64_t at = 0; at < kStoreSize.n; at += 4096) {
    REQUIRE(physical(after, Bytes(at)) == physical(before, Bytes(at)));
  }
}

CONTRACT_TEST(FileMapFixture, "file map: it is not written beyond its end") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  REQUIRE_FALSE(file->write(kStoreSize, pattern(4096, 1)).ok());
  REQUIRE_FALSE(file->write(kStoreSize - Bytes(4096), pattern(8192, 1)).ok());
  REQUIRE(value_of(file->size()) == kStoreSize);
}

CONTRACT_TEST(FileMapFixture, "file map: immutable it is neither written nor unlinked, only removed") {
  const auto file = fixture.store();
  succeeds(file->create(kStoreSize));
  succeeds(file->sync());
  const auto before = value_of(file->extents(1000));
  succeeds(file->make_immutable());
  succeeds(file->make_immutable());
  REQUIRE(error_of(file->write(Bytes(0), pattern(4096, 1))).os_error == EPERM);
  if (const auto os_error = fixture.unlink_behind(file->path())) REQUIRE(*os_error == EPERM);
  if (const auto os_error = fixture.open_for_writing_behind(file->path())) REQUIRE(*os_error == EPERM);
  REQUIRE(value_of(fixture.store()->exists()));
  REQUIRE(value_of(file->extents(1000)) == before);
  succeeds(file->sync());
  succeeds(file->remove());
  leaves_nothing(fixture, *file);
  succeeds(file->create(kStoreSize));
}

CONTRACT_TEST(FileMapFixture, "file map: without enough space nothing is left behind") {
  const auto file = fixture.store();
  const FilesystemSpace before = value_of(file->space());
  // More than a little beyond what is free: XFS frees the last test's file in the background.
  for (const Bytes size : {before.total * 2, before.available + kStoreSize * 4}) {
    const Error error = error_of(file->create(size));
    REQUIRE(error.code == Errc::kNoSpace);
    leaves_nothing(fixture, *file);
    // For the same reason not exactly.
    REQUIRE(value_of(file->space()).available + Bytes(1 << 20) > before.available);
  }
}

CONTRACT_TEST(FileMapFixture, "file map: on a read-only mount nothing is made, changed or removed") {
  succeeds(fixture.store()->create(kStoreSize));
  fixture.set_read_only(true);
  REQUIRE(fixture.mount().read_only);
  const auto file = fixture.store();
  REQUIRE(value_of(file->exists()));
  REQUIRE(error_of(file->write(Bytes(0), pattern(4096, 1))).code == Errc::kReadOnly);
  REQUIRE(error_of(file->make_immutable()).code == Errc::kReadOnly);
  REQUIRE(error_of(file->remove()).code == Errc::kReadOnly);
  REQUIRE(value_of(file->exists()));
  const auto other = value_of(fixture.mounts().open_store(fixture.mount(), "other-folder/other"));
  REQUIRE(error_of(other->create(kStoreSize)).code == Errc::kReadOnly);
  REQUIRE_FALSE(value_of(other->exists()));
  fixture.set_read_only(false);
  succeeds(fixture.store()->remove());
}

}  // namespace bootguard::contract
