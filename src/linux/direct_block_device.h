// SPDX-License-Identifier: LGPL-2.1-or-later
// BlockDevice over open(2) O_DIRECT, so that neither reads nor writes meet the page cache: a buffered read of a store
// under a snapshot was stale (measured), and after a failed fsync(2) the cache calls dirty pages clean.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/result.h"
#include "linux/unique_fd.h"
#include "ports/block_device.h"

namespace bootguard {

class DirectBlockDevice final : public BlockDevice {
 public:
  static constexpr std::size_t kBounceBytes = 128 * 1024;
  static constexpr std::size_t kBounceAlignment = 4096;

  // Errors: those of open_device(); kReadOnly for kReadWrite on a device the kernel holds read-only.
  static Result<std::unique_ptr<DirectBlockDevice>> open(const DeviceInfo& device, BlockDevices::Access access);

  Result<void> read(Bytes offset, std::span<std::byte> out) override;
  Result<void> write(Bytes offset, std::span<const std::byte> in) override;
  Result<void> flush() override;
  [[nodiscard]] Bytes size() const override { return size_; }
  [[nodiscard]] Bytes logical_block() const override { return logical_block_; }

  // false: a file system that knows no O_DIRECT (tmpfs). Then writes are synchronous and the cache is dropped around
  // each transfer; good enough for image files, never used for a block device.
  [[nodiscard]] bool is_direct() const { return direct_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };

  DirectBlockDevice() = default;
  Result<void> measure();
  Result<void> check_range(const char* what, Bytes offset, std::size_t size) const;
  [[nodiscard]] bool usable_as_it_is(const std::byte* memory) const;
  void drop_cache(Bytes offset, std::size_t size) const;
  Result<void> read_piece(Bytes offset, std::span<std::byte> out);
  Result<void> write_piece(Bytes offset, std::span<const std::byte> in);

  std::string path_;
  UniqueFd fd_;
  bool direct_ = true;
  Bytes size_;
  Bytes logical_block_{512};
  std::unique_ptr<std::byte, Free> bounce_;
};

}  // namespace bootguard
