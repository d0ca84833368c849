// SPDX-License-Identifier: LGPL-2.1-or-later
// The golden images (test/images) as seeds: golden-seeds IMAGES-FOLDER OUT-FOLDER writes OUT-FOLDER/TARGET/golden-NAME,
// each with the bytes in front that the target takes for itself. Zeros at the end need not be spelled out.
#include <algorithm>
#include <cstdio>

#include "unit/format_test_hex.h"

namespace {

struct Seed {
  const char* target;
  const char* image;
  std::vector<unsigned char> front;
};

const Seed kSeeds[] = {
    {"metadata", "idle-fresh", std::vector<unsigned char>(16)},
    {"metadata", "armed", {0, 0, 2, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}},
    {"metadata", "trial-wrapped", std::vector<unsigned char>(16)},
    {"metadata", "idle-rolled-back", std::vector<unsigned char>(16)},
    {"metadata", "idle-newer-minor", std::vector<unsigned char>(16)},
    {"metadata-raw", "armed", std::vector<unsigned char>(16)},
    {"metadata-raw", "trial-wrapped", std::vector<unsigned char>(16)},
    // A device of 2^21 sectors, chunks of 8, a descriptor made for the table.
    {"extent-table", "extent-table", {0, 0, 32, 0, 0, 0, 0, 0, 0, 0}},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  for (const Seed& seed : kSeeds) {
    std::ifstream file(std::string(argv[1]) + "/" + seed.image + ".hex", std::ios::binary);
    std::vector<std::byte> bytes =
        bootguard::test::parse_hex(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
    if (bytes.empty()) return 1;
    while (!bytes.empty() && bytes.back() == std::byte{0}) bytes.pop_back();
    std::ofstream out(std::string(argv[2]) + "/" + seed.target + "/golden-" + seed.image, std::ios::binary);
    for (const unsigned char c : seed.front) out.put(static_cast<char>(c));
    for (const std::byte b : bytes) out.put(static_cast<char>(b));
    if (!out.flush()) return 1;
  }
  return 0;
}
