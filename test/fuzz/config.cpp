// SPDX-License-Identifier: LGPL-2.1-or-later
// Fuzz target: the configuration file. Input: its text.
#include "core/config.h"

#include <algorithm>
#include <bit>
#include <string>

#include "fuzz/fuzz.h"

namespace bootguard::fuzz {
namespace {

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// doc/bootguard.conf.5, and that a device can be named in one line of a message.
void check_device(const DeviceName& device) {
  must(!device.value.empty() && device.value.size() <= 512, "a device has a name, of bounded length");
  must(std::none_of(device.value.begin(), device.value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }),
       "no device's name has a control character");
  must(device.kind != DeviceName::Kind::kPath || device.value.front() == '/', "a path is absolute");
  const auto again = parse_device_name(device.to_string());
  must(again.ok() && again.value().kind == device.kind && again.value().value == device.value,
       "a device's name reads back as it was");
}

void check_store_path(const std::string& path) {
  const std::string framed = "/" + path + "/";
  for (const char* part : {"//", "/./", "/../"}) {
    must(framed.find(part) == std::string::npos, "the store's path stays below the mount point");
  }
}

void check_bounds(const Config& config) {
  check_device(config.metadata);
  must(config.metadata_offset.n % 4096 == 0, "the metadata begins at a multiple of 4096");
  const std::uint64_t size = config.metadata_size.n;
  must(size == 0 || (size % 4096 == 0 && size >= 768 * 1024 && size <= 64 << 20), "the metadata has 768K to 64M");
  must(config.metadata_offset.n <= INT64_MAX, "offset and size can be added");
  must(config.attempts >= 1 && config.attempts <= 1000, "there are 1 to 1000 attempts");
  must(config.volumes.size() == 1, "there is exactly one volume");
  const VolumeConfig& volume = config.volumes.front();
  must(!volume.name.empty() && Label::parse(volume.name.view()).has_value(), "the volume has a valid name");
  check_device(volume.device);
  check_store_path(volume.store);
  must((volume.store_size.bytes.n == 0) == (volume.store_size.percent != 0), "a size or a percentage, not both");
  must(volume.store_size.percent <= 90 && volume.store_size.bytes.n <= INT64_MAX, "the store's size is bounded");
  const std::uint64_t chunk = volume.chunk.n;
  must(std::has_single_bit(chunk) && chunk >= 4096 && chunk <= 65536, "a chunk has 4K to 64K");
}

std::string to_text(const Config& config) {
  const VolumeConfig& volume = config.volumes.front();
  std::string text = "[bootguard]\nmetadata=" + config.metadata.to_string();
  text += "\nmetadata-offset=" + std::to_string(config.metadata_offset.n);
  text += "\nmetadata-size=" + std::to_string(config.metadata_size.n);
  text += "\nattempts=" + std::to_string(config.attempts);
  text += config.on_failure == OnFailure::kStop ? "\non-failure=stop" : "\non-failure=continue";
  if (!config.key.empty()) text += "\nkey=" + config.key;
  text += "\n[volume " + std::string(volume.name.view()) + "]\ndevice=" + volume.device.to_string();
  text += "\nstore=" + volume.store + "\nstore-size=";
  text += volume.store_size.percent != 0 ? std::to_string(volume.store_size.percent) + "%"
                                         : std::to_string(volume.store_size.bytes.n);
  text += "\nchunk-size=" + std::to_string(volume.chunk.n);
  return text + (volume.pass_through ? "\npass-through=yes\n" : "\npass-through=no\n");
}

}  // namespace
}  // namespace bootguard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bootguard;
  const fuzz::ForgetErrors forget;
  const std::string_view text = fuzz::Input(data, size).text();
  const auto config = parse_config(text, "bootguard.conf");
  if (!config) {
    const Error& error = config.error();
    fuzz::must(error.code == Errc::kConfig && error.text.starts_with("bootguard.conf"), "a refusal names the file");
    fuzz::must(fuzz::printable(error.text) && error.text.size() < 1024, "nothing of the file can steer a terminal");
    return 0;
  }
  fuzz::check_bounds(config.value());
  const std::string written = fuzz::to_text(config.value());
  const auto again = parse_config(written, "again");
  fuzz::must(again.ok() && fuzz::to_text(again.value()) == written, "what was read can be written and read again");
  return 0;
}
