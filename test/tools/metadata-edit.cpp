// metadata-edit: changes bytes of one copy of a metadata area in a file, and gives the copy a right checksum again.
//
//   metadata-edit FILE COPY [set OFFSET HEX]... [add OFFSET BYTES NUMBER]... [endian] [nocrc]
//
// COPY is 0 to 3. `set` writes bytes (HEX: two digits each) at OFFSET of the copy; `add` adds NUMBER to the
// little-endian integer of BYTES bytes there. `endian` turns every integer of the header that identifies the block
// (magic, checksum, version) round, as a machine of the other byte order would have written it; `nocrc` leaves the
// checksum as it was. What a good copy looks like: src/format/layout.h.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <utility>

#include "base/crc32c.h"
#include "format/layout.h"

namespace {

using namespace bootguard;

std::byte block[layout::kBlockBytes];

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "metadata-edit: %s\n", what);
  std::exit(2);
}

std::size_t number(const char* text, std::size_t limit) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0' || value >= limit) die(text);
  return value;
}

void set_bytes(std::size_t offset, const char* hex) {
  for (; hex[0] != '\0'; hex += 2) {
    char* end = nullptr;
    const char digits[3] = {hex[0], hex[1], '\0'};
    const unsigned long value = std::strtoul(digits, &end, 16);
    if (end != digits + 2 || offset >= sizeof block) die("set: bad bytes");
    block[offset++] = static_cast<std::byte>(value);
  }
}

void add(std::size_t offset, std::size_t bytes, std::uint64_t summand) {
  if (bytes > 8 || offset + bytes > sizeof block) die("add: bad place");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::to_integer<std::uint64_t>(block[offset + i]) << (8 * i);
  value += summand;
  for (std::size_t i = 0; i < bytes; ++i) block[offset + i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
}

void put_crc(std::uint32_t crc) {
  for (std::size_t i = 0; i < 4; ++i) block[layout::header::kCrc + i] = static_cast<std::byte>(crc >> (8 * i) & 0xff);
}

void reverse(std::size_t offset, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes / 2; ++i) std::swap(block[offset + i], block[offset + bytes - 1 - i]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("usage: metadata-edit FILE COPY [set OFFSET HEX]... [add OFFSET BYTES NUMBER]... [endian] [nocrc]");
  std::FILE* file = std::fopen(argv[1], "r+b");
  if (file == nullptr) die(argv[1]);
  const long place = static_cast<long>(number(argv[2], layout::kCopies) * layout::kCopyStrideBytes);
  if (std::fseek(file, place, SEEK_SET) != 0 || std::fread(block, 1, sizeof block, file) != sizeof block)
    die("cannot read the copy");
  bool endian = false;
  bool crc = true;
  for (int i = 3; i < argc; ++i) {
    if (std::strcmp(argv[i], "set") == 0 && i + 2 < argc) {
      set_bytes(number(argv[i + 1], sizeof block), argv[i + 2]);
      i += 2;
    } else if (std::strcmp(argv[i], "add") == 0 && i + 3 < argc) {
      add(number(argv[i + 1], sizeof block), number(argv[i + 2], 9), number(argv[i + 3], SIZE_MAX));
      i += 3;
    } else if (std::strcmp(argv[i], "endian") == 0) {
      endian = true;
    } else if (std::strcmp(argv[i], "nocrc") == 0) {
      crc = false;
    } else {
      die(argv[i]);
    }
  }
  if (endian) {
    reverse(layout::header::kMagic, 8);
    reverse(layout::header::kVersionMajor, 2);
    reverse(layout::header::kVersionMinor, 2);
  }
  if (crc) {
    put_crc(0);
    put_crc(crc32c(std::span<const std::byte>(block)));
  }
  if (endian) reverse(layout::header::kCrc, 4);
  if (std::fseek(file, place, SEEK_SET) != 0 || std::fwrite(block, 1, sizeof block, file) != sizeof block ||
      std::fclose(file) != 0) {
    die("cannot write the copy");
  }
  return 0;
}
