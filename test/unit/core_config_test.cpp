// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <string_view>

#include "core/config.h"
#include "core/excerpt.h"

namespace bootguard {
namespace {

const std::string kMain = "[bootguard]\nmetadata = PARTLABEL=bootguard\n";
const std::string kVolume = "[volume userdata]\ndevice = /dev/sda3\n";

Config parsed(const std::string& text) {
  auto config = parse_config(text, "test.conf");
  if (!config) FAIL(config.error().text);
  return std::move(config).value();
}

void refused(const std::string& text, const std::string& message) {
  const auto config = parse_config(text, "test.conf");
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().code == Errc::kConfig);
  CHECK_THAT(config.error().text, Catch::Contains(message));
  CHECK_THAT(config.error().text, Catch::StartsWith("test.conf:"));
  CHECK(config.error().text.find_first_of(std::string("\n\r\x1b\0", 4)) == std::string::npos);
  CHECK(config.error().text.size() < 400);
}
void refused_key(const std::string& line, const std::string& message) {
  refused(kMain + line + "\n" + kVolume, "test.conf:3: ");
  refused(kMain + line + "\n" + kVolume, message);
}
void refused_volume_key(const std::string& line, const std::string& message) {
  refused(kMain + kVolume + line + "\n", "test.conf:5: ");
  refused(kMain + kVolume + line + "\n", message);
}

}  // namespace

TEST_CASE("What only looks like the PARTUUID of an MBR is refused", "[config]") {
  refused("[bootguard]\nmetadata = PARTUUID=1234abcd_02\n" + kVolume, "a device is UUID=");
  CHECK(parsed("[bootguard]\nmetadata = PARTUUID=1234abcd-02\n" + kVolume).metadata.value == "1234abcd-02");
}

TEST_CASE("A configuration with only what is needed has the defaults", "[config]") {
  const Config config = parsed(kMain + kVolume);
  CHECK(config.metadata.kind == DeviceName::Kind::kPartLabel);
  CHECK(config.metadata.value == "bootguard");
  CHECK(config.metadata_offset == Bytes(0));
  CHECK(config.metadata_size == Bytes(0));
  CHECK(config.attempts == 3);
  CHECK(config.on_failure == OnFailure::kContinue);
  CHECK(config.key.empty());
  REQUIRE(config.volumes.size() == 1);
  const VolumeConfig& volume = config.volumes[0];
  CHECK(volume.name.view() == "userdata");
  CHECK(volume.device.kind == DeviceName::Kind::kPath);
  CHECK(volume.device.value == "/dev/sda3");
  CHECK(volume.store == ".bootguard/store");
  CHECK(volume.store_size.bytes == Bytes(0));
  CHECK(volume.store_size.percent == 10);
  CHECK(volume.chunk == Bytes(4096));
  CHECK_FALSE(volume.pass_through);
}

TEST_CASE("Every key is read", "[config]") {
  const Config config = parsed(
      "# comment\n"
      "; another\n"
      "\n"
      "  [ volume  data.1 ]  \n"
      "device=UUID=0b1e8f6c-3d2a-4c55-9f10-6a7b8c9d0e1f\n"
      "\tstore = a b/c=d#e ;f\n"
      "store-size = 512M\n"
      "chunk-size = 64K\n"
      "pass-through = yes\n"
      "   # indented comment\n"
      "[bootguard]\n"
      "metadata = /dev/disk/by-id/x\n"
      "metadata-offset = 1M\n"
      "metadata-size = 768K\n"
      "attempts = 1000\n"
      "key = /etc/bootguard/metadata.key\n"
      "on-failure = stop");  // no newline at the end
  CHECK(config.metadata.value == "/dev/disk/by-id/x");
  CHECK(config.metadata_offset == Bytes(1 << 20));
  CHECK(config.metadata_size == Bytes(768 << 10));
  CHECK(config.attempts == 1000);
  CHECK(config.on_failure == OnFailure::kStop);
  CHECK(config.key == "/etc/bootguard/metadata.key");
  const VolumeConfig& volume = config.volumes.at(0);
  CHECK(volume.name.view() == "data.1");
  CHECK(volume.device.kind == DeviceName::Kind::kUuid);
  CHECK(volume.store == "a b/c=d#e ;f");
  CHECK(volume.store_size.bytes == Bytes(512ULL << 20));
  CHECK(volume.store_size.percent == 0);
  CHECK(volume.chunk == Bytes(65536));
  CHECK(volume.pass_through);
}

TEST_CASE("Line ends of another system are tolerated, quotes mean nothing", "[config]") {
  CHECK(parsed("[bootguard]\r\nmetadata = LABEL=x\r\n\r\n[volume v]\r\ndevice = /dev/a\r\n").metadata.value == "x");
  CHECK(parsed("[bootguard]\nmetadata = LABEL=\"x\"\n" + kVolume).metadata.value == "\"x\"");
}

TEST_CASE("What is missing is named, with what to add", "[config]") {
  refused("", "there is no section [bootguard]; add it, with a line such as metadata = PARTLABEL=bootguard");
  refused(kVolume, "there is no section [bootguard]");
  refused("\n[bootguard]\nattempts = 2\n" + kVolume,
          "test.conf:2: [bootguard] does not say where the metadata block is");
  refused(kMain, "no volume is named; add a section such as [volume userdata] with a line device = UUID=...");
  refused(kMain + "[volume userdata]\nstore = x\n",
          "test.conf:3: the volume userdata has no device; add a line such as");
}

TEST_CASE("Sections that are not understood are refused", "[config]") {
  refused("[bootgard]\n", "test.conf:1: unknown section '[bootgard]'; allowed are [bootguard] and [volume NAME]");
  refused("[volumes x]\n", "unknown section");
  refused("[device x]\n", "unknown section");
  refused("[]\n", "unknown section");
  refused("[bootguard\n", "test.conf:1: the section '[bootguard' does not end in ]");
  refused("[\n", "does not end in ]");
  refused("[bootguard] # the main one\n", "does not end in ]");
  refused(kMain + kMain, "test.conf:3: a second section [bootguard]; the first is in line 1");
  refused(kMain + kVolume + "[volume other]\n",
          "test.conf:5: a second volume section; this version protects exactly one volume, and the first is in line 3");
  refused("[volume]\n", "unknown section");
  refused("[volume ../x]\n", "test.conf:1: the volume name '../x' is not valid; a name is 1 to 31 letters");
  refused("[volume a b]\n", "the volume name 'a b' is not valid");
  refused("[volume " + std::string(32, 'x') + "]\n", "is not valid");
}

TEST_CASE("Keys that are not understood are refused, with those that are", "[config]") {
  refused("metadata = x\n[bootguard]\n",
          "test.conf:1: the key 'metadata' stands before any section; begin with [bootguard] or [volume NAME]");
  refused_key("device = /dev/x",
              "unknown key 'device' in [bootguard]; allowed are metadata, metadata-offset, metadata-size, attempts, "
              "on-failure, key");
  refused_volume_key("attempts = 2",
                     "unknown key 'attempts' in [volume userdata]; allowed are device, store, store-size, chunk-size, "
                     "pass-through");
  refused_key("Attempts = 2", "unknown key 'Attempts'");
  refused_key("= 2", "unknown key ''");
  refused_key("attempts", "'attempts' is neither a section, a comment nor KEY = VALUE");
  refused(kMain + "attempts = 2\nattempts = 2\n" + kVolume,
          "test.conf:4: a second attempts in [bootguard]; give it once");
  refused(kMain + kVolume + "device = /dev/sda4\n", "test.conf:5: a second device in [volume userdata]");
}

TEST_CASE("Values out of range are refused, with what is allowed", "[config]") {
  for (const std::string value : {"0", "1001", "-1", "3x", "", "99999999999999999999", "1K", "0x3", " "}) {
    refused_key("attempts = " + value, "attempts: ");
    refused_key("attempts = " + value, "attempts are a number from 1 to 1000");
  }
  refused_key("attempts = 0", "attempts: '0' is not allowed");
  refused_key("attempts =", "attempts: an empty value is not allowed");
  for (const std::string value : {"", "metadata.key", "./a", "/a\x1b"}) {
    refused_key("key = " + value, "key: ");
    refused_key("key = " + value, "the key is a file's absolute path, such as /etc/bootguard/metadata.key");
  }
  refused_key("key = /" + std::string(5000, 'x'), "longer than 1024 bytes");
  refused_key("on-failure = panic", "on-failure: 'panic' is not allowed; it has to be continue or stop");
  refused_key("metadata-offset = 100",
              "metadata-offset: '100' is not allowed; the offset has to be a multiple of 4096");
  refused_key("metadata-offset = x", "metadata-offset: 'x' is not allowed; a size is");
  refused_key("metadata-size = all", "metadata-size: 'all' is not allowed; a size is");
  for (const std::string value : {"4096", "764K", "65M", "786433", "1T"}) {
    refused_key("metadata-size = " + value, "metadata-size: '" + value + "' is not allowed; the size has to be");
  }
  for (const std::string value : {"0%", "91%", "%", "-5%", "10 %", "0", "0M", "ten", "", "10%%"}) {
    refused_volume_key("store-size = " + value, "store-size: ");
    refused_volume_key("store-size = " + value, "it has to be 1% to 90% of the filesystem, or a size such as 512M");
  }
  for (const std::string value : {"2K", "128K", "5000", "6K", "0", "4k", "4KiB", "", "4%"}) {
    refused_volume_key("chunk-size = " + value, "chunk-size: ");
    refused_volume_key("chunk-size = " + value, "a chunk has to be 4K, 8K, 16K, 32K or 64K");
  }
  refused(kMain + "[volume userdata]\ndevice = sda3\n", "test.conf:4: device: 'sda3' is not allowed; a device is");
  refused_volume_key("pass-through = true", "pass-through: 'true' is not allowed; it has to be yes or no");
}

TEST_CASE("A store may not lead out of the volume", "[config]") {
  for (const std::string value :
       {"/store", "../store", "a/../b", "a/..", "a//b", "a/", "", ".", "./a", "a/./b", "/", "..", "a\x01", "a\x7f"}) {
    refused_volume_key("store = " + value, "store: ");
  }
  refused_volume_key("store = " + std::string(256, 'x'), "store: ");
  refused_volume_key("store = " + std::string(600, '/'), "store: ");
  const std::string three_parts = std::string(200, 'a') + "/" + std::string(200, 'b') + "/" + std::string(110, 'c');
  REQUIRE(three_parts.size() == 512);
  refused_volume_key("store = " + three_parts + "c", "store: ");
  for (const std::string& value : {std::string("store"), std::string(".store"), std::string("a/b/c"),
                                   std::string("..a"), std::string("a.."), std::string("..."), three_parts}) {
    CHECK(parsed(kMain + kVolume + "store = " + value + "\n").volumes[0].store == value);
  }
}

TEST_CASE("Rubbish is refused without being repeated to the terminal", "[config]") {
  refused(std::string("[bootguard]\nmeta\0data = x\n", 26), "test.conf:2: the line has a NUL byte");
  refused(kMain + "#" + std::string(1024, 'x'), "test.conf:3: the line is longer than 1024 bytes");
  CHECK(parsed(kMain + "#" + std::string(1023, 'x') + "\n" + kVolume).attempts == 3);
  refused(std::string(65537, '\n'), "the file is longer than 65536 bytes");
  CHECK(parsed(std::string(65536 - kMain.size() - kVolume.size(), '\n') + kMain + kVolume).attempts == 3);
  refused_key("\x1b[2J = 1", "unknown key '?[2J'");
  refused_key("on-failure = \x1b]0;x\x07", "'?]0;x?' is not allowed");
  refused_key("on-failure = \xc3\xa4", "'\?\?' is not allowed");
  refused_key("on-failure = " + std::string(500, 'x'), "'" + std::string(64, 'x') + "...' is not allowed");
}

TEST_CASE("The blanks of a section's line are not repeated in messages about its keys", "[config]") {
  const std::string blanks(900, '\t');
  for (const std::string& section : {"[" + blanks + "volume" + blanks.substr(0, 60) + "userdata]",
                                     "[volume" + blanks + "userdata" + blanks.substr(0, 60) + "]"}) {
    refused(kMain + section + "\nwrong = 1\n", "unknown key 'wrong' in [volume userdata]; allowed are device");
    refused(kMain + section + "\nstore = a\nstore = b\n", "a second store in [volume userdata]");
    const auto config = parse_config(kMain + section + "\nwrong = 1\n", "test.conf");
    REQUIRE_FALSE(config.ok());
    CHECK(config.error().text.find('\t') == std::string::npos);
  }
}

TEST_CASE("Names of devices", "[config]") {
  using Kind = DeviceName::Kind;
  const auto kind = [](const std::string& text) {
    const auto name = parse_device_name(text);
    return name ? std::optional(name.value().kind) : std::nullopt;
  };
  CHECK(kind("/dev/sda3") == Kind::kPath);
  CHECK(kind("PARTLABEL=user data") == Kind::kPartLabel);
  CHECK(kind("PARTLABEL=\xc3\xa4") == Kind::kPartLabel);
  CHECK(kind("LABEL=data") == Kind::kLabel);
  CHECK(kind("UUID=0B1E8F6C-3d2a-4c55-9f10-6a7b8c9d0e1f") == Kind::kUuid);
  CHECK(kind("PARTUUID=0b1e8f6c-3d2a-4c55-9f10-6a7b8c9d0e1f") == Kind::kPartUuid);
  CHECK(kind("PARTUUID=12AB34cd-02") == Kind::kPartUuid);
  CHECK(parse_device_name("LABEL=a=b").value().value == "a=b");
  for (const std::string text :
       {"", "/", "//", "/dev/", "sda3", "dev/sda3", "UUID=", "UUID=1234-ABCD", "PARTUUID=12ab34cd",
        "PARTUUID=12ab34cd-0x", "PARTUUID=12ab34cx-01", "uuid=0b1e8f6c-3d2a-4c55-9f10-6a7b8c9d0e1f",
        "LABEL=", "PARTLABEL=", "LABEL=a\nb", "/dev/\x1b", "ID=x"}) {
    CAPTURE(text);
    const auto name = parse_device_name(text);
    REQUIRE_FALSE(name.ok());
    CHECK(name.error().code == Errc::kConfig);
    CHECK_THAT(name.error().text, Catch::Contains("a device is UUID=..., PARTUUID=..., LABEL=..., PARTLABEL=... or an "
                                                  "absolute path"));
  }
  CHECK_FALSE(parse_device_name("LABEL=" + std::string(128, 'x')).ok());
  CHECK_FALSE(parse_device_name("/" + std::string(600, 'x')).ok());
  refused("[bootguard]\nmetadata = sda3\n", "test.conf:2: metadata: 'sda3' is not allowed; a device is");
}

TEST_CASE("Sizes", "[config]") {
  CHECK(parse_size("0").value() == Bytes(0));
  CHECK(parse_size("4096").value() == Bytes(4096));
  CHECK(parse_size("4K").value() == Bytes(4096));
  CHECK(parse_size("512M").value() == Bytes(512ULL << 20));
  CHECK(parse_size("2G").value() == Bytes(2ULL << 30));
  CHECK(parse_size("1T").value() == Bytes(1ULL << 40));
  CHECK(parse_size("9223372036854775807").value() == Bytes((1ULL << 63) - 1));
  CHECK(parse_size("8388607T").value() == Bytes(8388607ULL << 40));
  for (const std::string text :
       {"", "K", "1k", "1KB", "1 K", " 1", "1.5G", "-1", "+1", "0x10", "1P", "1KK", "9223372036854775808",
        "18446744073709551616", "8388608T", "99999999999999999999999T"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_size(text).ok());
    CHECK(parse_size(text).error().code == Errc::kConfig);
  }
}

TEST_CASE("Random bytes and random changes never do harm", "[config]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string base =
      kMain + "attempts = 3\nmetadata-offset = 4K\n" + kVolume + "store-size = 5%\nchunk-size = 8K\n";
  for (int round = 0; round < 5000; ++round) {
    std::string text = base;
    if (round % 4 == 0) {
      text.resize(random() % 300);
      for (char& c : text) c = static_cast<char>(random());
    } else {
      for (unsigned change = random() % 4; change < 4; ++change) {
        const std::size_t at = random() % text.size();
        if (random() % 2 == 0) {
          text[at] = static_cast<char>(random());
        } else {
          text.erase(at, 1 + random() % 5);
        }
        if (text.empty()) break;
      }
    }
    const auto config = parse_config(text, "test.conf");
    if (config) {
      REQUIRE(config.value().volumes.size() == 1);
      REQUIRE_FALSE(config.value().metadata.value.empty());
      REQUIRE(config.value().attempts >= 1);
      REQUIRE(config.value().attempts <= 1000);
    } else {
      REQUIRE(config.error().code == Errc::kConfig);
      REQUIRE(config.error().text.size() < 400);
      for (const char c : config.error().text) REQUIRE((c >= ' ' && c <= '~'));
    }
  }
}

TEST_CASE("An excerpt is bounded and printable", "[config]") {
  CHECK(excerpt("") == "''");
  CHECK(excerpt("a b") == "'a b'");
  CHECK(excerpt(std::string_view("\0\n\x7f\xff", 4)) == "'\?\?\?\?'");
  CHECK(excerpt(std::string(64, 'x')) == "'" + std::string(64, 'x') + "'");
  CHECK(excerpt(std::string(65, 'x')) == "'" + std::string(64, 'x') + "...'");
}

}  // namespace bootguard
