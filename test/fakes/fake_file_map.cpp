// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/fake_file_map.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace bootguard {

int FakeMounts::mount(DeviceNumber device, const std::string& path, bool read_only) {
  SectorIo* io = table_.find(device);
  if (io == nullptr) return ENXIO;
  if (const int error = table_.claim_for_mount(device)) return error;
  std::array<std::byte, kSimBlock> block{};
  int error = io->read(0, block);
  const auto identity = parse_toy_superblock(block);
  if (error == 0 && !identity) error = EINVAL;
  if (error != 0) {
    table_.release_from_mount(device);
    return error;
  }
  mounts_.push_back(MountPoint{path, identity->type_name, device, read_only});
  return 0;
}

void FakeMounts::unmount(const std::string& path) {
  const auto mount = std::find_if(mounts_.begin(), mounts_.end(), [&](const MountPoint& m) { return m.path == path; });
  if (mount == mounts_.end()) return;
  if (SectorIo* io = table_.find(mount->device)) io->flush();
  table_.release_from_mount(mount->device);
  mounts_.erase(mount);
}

void FakeMounts::set_read_only(const std::string& path, bool read_only) {
  for (MountPoint& mount : mounts_) {
    if (mount.path == path) mount.read_only = read_only;
  }
}

bool FakeMounts::mounted(DeviceNumber device) const {
  return std::any_of(mounts_.begin(), mounts_.end(), [&](const MountPoint& m) { return m.device == device; });
}

Result<std::optional<MountPoint>> FakeMounts::find(std::span<const DeviceNumber> devices) {
  if (find_error) return *find_error;
  for (const DeviceNumber& device : devices) {
    for (const MountPoint& mount : mounts_) {
      if (mount.device == device) return std::optional<MountPoint>(mount);
    }
  }
  return std::optional<MountPoint>();
}

Result<std::unique_ptr<FileMap>> FakeMounts::open_store(const MountPoint& mount, const std::string& relative) {
  if (open_error) return *open_error;
  return std::unique_ptr<FileMap>(std::make_unique<FakeFileMap>(*this, mount.path + "/" + relative, mount.device,
                                                                mount.read_only, std::hash<std::string>{}(relative)));
}

Result<SectorIo*> FakeFileMap::device() {
  SectorIo* io = mounts_.table_.find(device_);
  if (io == nullptr || !mounts_.mounted(device_)) return system_error(Errc::kNotMounted, ENOENT, path_);
  return io;
}

Result<ToyInode> FakeFileMap::read_inode() {
  ASSIGN_OR_RETURN(SectorIo * io, device());
  std::array<std::byte, kSimBlock> block{};
  if (const int error = io->read(kSimBlock, block)) return system_error(Errc::kIo, error, "reading inode of " + path_);
  auto inode = decode_toy_inode(block);
  if (!inode) return system_error(Errc::kIo, EUCLEAN, "inode of " + path_);
  return *std::move(inode);
}

Result<void> FakeFileMap::write_inode(const ToyInode& inode) {
  ASSIGN_OR_RETURN(SectorIo * io, device());
  if (const int error = io->write(kSimBlock, encode_toy_inode(inode)->bytes, false)) {
    return system_error(Errc::kIo, error, "writing inode of " + path_);
  }
  if (const int error = io->flush()) return system_error(Errc::kIo, error, "syncing " + path_);
  return {};
}

Result<bool> FakeFileMap::exists() {
  ASSIGN_OR_RETURN(const ToyInode inode, read_inode());
  return is_here(inode);
}

Result<FilesystemSpace> FakeFileMap::space() {
  ASSIGN_OR_RETURN(SectorIo * io, device());
  ASSIGN_OR_RETURN(const ToyInode inode, read_inode());
  Bytes available;
  for (const ToyOptions::Run& run : mounts_.options.free_runs) available += run.length;
  if (inode.exists) available -= std::min(available, Bytes(inode.size));
  return FilesystemSpace{mounts_.options.block, Bytes(io->size()), available};
}

Result<void> FakeFileMap::create(Bytes size) {
  if (read_only_) return system_error(Errc::kReadOnly, EROFS, path_);
  ASSIGN_OR_RETURN(ToyInode inode, read_inode());
  if (is_here(inode)) return system_error(Errc::kIo, EEXIST, path_);
  if (inode.exists) return system_error(Errc::kNoSpace, ENOSPC, path_);  // the only inode is another file's
  const std::uint64_t block = mounts_.options.block.n;
  const std::uint64_t wanted = (size.n + block - 1) / block * block;
  ToyInode made;
  made.exists = true;
  made.path_hash = path_hash_;
  made.size = size.n;
  std::uint64_t logical = 0;
  for (const ToyOptions::Run& run : mounts_.options.free_runs) {
    if (logical == wanted || made.extents.size() == kToyMaxExtents) break;
    const std::uint64_t length = std::min(run.length.n, wanted - logical);
    made.extents.push_back(FileExtent{Bytes(logical), run.physical, Bytes(length), mounts_.options.extent_flags});
    logical += length;
  }
  if (logical < wanted) return system_error(Errc::kNoSpace, ENOSPC, "allocating " + path_);
  if (!made.extents.empty()) made.extents.back().flags |= kFiemapLast;
  const auto written = write_inode(made);
  if (written && mounts_.options.create_error == 0) return {};
  // "On any error nothing is left behind": what the real one does by unlinking.
  inode.exists = false;
  (void)write_inode(inode);
  if (!written) return written.error();
  return system_error(mounts_.options.create_error == ENOSPC ? Errc::kNoSpace : Errc::kIo, mounts_.options.create_error,
                      "allocating " + path_);
}

Result<std::vector<FileExtent>> FakeFileMap::extents(std::size_t limit) {
  CHECK_OK(sync());
  ASSIGN_OR_RETURN(ToyInode inode, read_inode());
  if (!is_here(inode)) return system_error(Errc::kIo, ENOENT, path_);
  if (inode.extents.size() > limit) {
    return make_error(Errc::kTooFragmented, path_ + ": at least " + std::to_string(limit + 1) + " extents");
  }
  if (mounts_.enumerations++ > 0 && mounts_.options.moves_after_create && !inode.extents.empty()) {
    inode.extents.front().physical += mounts_.options.block;
  }
  return std::move(inode.extents);
}

Result<Bytes> FakeFileMap::size() {
  ASSIGN_OR_RETURN(const ToyInode inode, read_inode());
  if (!is_here(inode)) return system_error(Errc::kIo, ENOENT, path_);
  return Bytes(inode.size);
}

Result<void> FakeFileMap::write(Bytes offset, std::span<const std::byte> in) {
  if (read_only_) return system_error(Errc::kReadOnly, EROFS, path_);
  ASSIGN_OR_RETURN(SectorIo * io, device());
  ASSIGN_OR_RETURN(const ToyInode inode, read_inode());
  if (!is_here(inode)) return system_error(Errc::kIo, ENOENT, path_);
  if (inode.immutable) return system_error(Errc::kIo, EPERM, "writing " + path_);
  if (offset.n > inode.size || in.size() > inode.size - offset.n) return system_error(Errc::kIo, EFBIG, path_);
  std::uint64_t at = offset.n;
  while (!in.empty()) {
    const auto extent = std::find_if(inode.extents.begin(), inode.extents.end(), [&](const FileExtent& e) {
      return at >= e.logical.n && at < e.logical.n + e.length.n;
    });
    if (extent == inode.extents.end()) return system_error(Errc::kInternal, EUCLEAN, path_);
    const std::uint64_t into = at - extent->logical.n;
    const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), extent->length.n - into));
    if (const int error = io->write(extent->physical.n + into, in.first(length), false)) {
      return system_error(Errc::kIo, error, "writing " + path_);
    }
    at += length;
    in = in.subspan(length);
  }
  return sync();
}

Result<void> FakeFileMap::sync() {
  ASSIGN_OR_RETURN(SectorIo * io, device());
  if (const int error = io->flush()) return system_error(Errc::kIo, error, "syncing " + path_);
  return {};
}

Result<void> FakeFileMap::make_immutable() {
  if (read_only_) return system_error(Errc::kReadOnly, EROFS, path_);
  if (!mounts_.options.can_pin) return system_error(Errc::kUnsupported, EOPNOTSUPP, "making " + path_ + " immutable");
  ASSIGN_OR_RETURN(ToyInode inode, read_inode());
  if (!is_here(inode)) return system_error(Errc::kIo, ENOENT, path_);
  inode.immutable = true;
  return write_inode(inode);
}

Result<void> FakeFileMap::remove() {
  if (read_only_) return system_error(Errc::kReadOnly, EROFS, path_);
  ASSIGN_OR_RETURN(ToyInode inode, read_inode());
  if (!is_here(inode)) return {};
  return write_inode(ToyInode{});
}

}  // namespace bootguard
