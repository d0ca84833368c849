// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/image_file.h"

#include <array>
#include <optional>
#include <vector>

#include "doctor/compression.h"
#include "linux/process.h"
#include "linux/syscalls.h"

namespace bootguard {
namespace {

constexpr FilterLimits kLimits{120000, Bytes(std::uint64_t{4} << 30)};
// Images are at most some hundred MiB; a sparse file of a terabyte must not be read for hours.
constexpr std::uint64_t kMaxPlainBytes = std::uint64_t{1} << 30;

class ReaderSink final : public ByteSink {
 public:
  explicit ReaderSink(ImageListing& listing) : reader_(listing) {}

  bool take(std::span<const std::byte> bytes) override {
    const auto taken = reader_.feed(bytes);
    if (!taken) error_ = taken.error();
    // What follows the archives and is none (a signature, another compressed part) is not for us.
    return taken && taken.value() == bytes.size();
  }
  Result<void> finish() const {
    if (error_) return *error_;
    CHECK_OK(reader_.finish());
    if (reader_.archives() == 0) return make_error(Errc::kUnsupported, "what was compressed is no cpio archive");
    return {};
  }

 private:
  CpioReader reader_;
  std::optional<Error> error_;
};

// Reads the archives in front; where the first byte lies that is none of theirs.
Result<std::uint64_t> read_plain(int fd, ImageListing& listing) {
  CpioReader reader(listing);
  std::vector<std::byte> buffer(64 * 1024);
  for (std::uint64_t at = 0; at < kMaxPlainBytes;) {
    const Transfer transfer = read_all(fd, Bytes(at), buffer);
    if (transfer.os_error != 0) return system_error(Errc::kIo, transfer.os_error, "reading");
    ASSIGN_OR_RETURN(const std::size_t taken, reader.feed({buffer.data(), transfer.done}));
    at += taken;
    if (taken < transfer.done) return at;
    if (transfer.done < buffer.size()) {
      CHECK_OK(reader.finish());
      return at;
    }
  }
  return make_error(Errc::kIo, "larger than any image: nothing but archives and zeros in its first GiB");
}

Result<void> read_compressed(int fd, std::uint64_t at, const Decompressor& decompressor, ImageListing& listing) {
  for (const char* const program : decompressor.candidates) {
    std::vector<const char*> arguments = {program};
    arguments.insert(arguments.end(), decompressor.arguments.begin(), decompressor.arguments.end());
    ReaderSink sink(listing);
    const auto ended = run_filter({arguments, fd, Bytes(at)}, sink, kLimits);
    if (!ended && ended.error().code == Errc::kNotInstalled) continue;
    if (!ended) return ended.error();
    const auto read = sink.finish();
    // What a program says of bytes behind the end of the archive does not matter.
    if (!read && !ended.value()) return make_error(Errc::kIo, "%s cannot undo its compression", program);
    return read;
  }
  return make_error(Errc::kNotInstalled, "%s", decompressor.name);
}

Result<ImageFile> read_parts(int fd) {
  ImageFile image;
  ASSIGN_OR_RETURN(const std::uint64_t at, read_plain(fd, image.listing));
  std::array<std::byte, kCompressionMagicBytes> magic{};
  const Transfer transfer = read_all(fd, Bytes(at), magic);
  if (transfer.done > 0) {
    const Decompressor* const decompressor = find_decompressor({magic.data(), transfer.done});
    if (decompressor == nullptr)
      return make_error(Errc::kUnsupported, "not an initramfs image, or of an unknown compression");
    image.compression = decompressor->name;
    CHECK_OK(read_compressed(fd, at, *decompressor, image.listing));
  }
  image.listing.finish();
  return image;
}

}  // namespace

Result<ImageFile> read_image(const FileTree& files, const std::string& path) {
  ASSIGN_OR_RETURN(const UniqueFd fd, files.open_for_read(path));
  return read_parts(fd.get());
}

}  // namespace bootguard
