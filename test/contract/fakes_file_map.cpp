// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/file_map_contract.h"
#include "fakes/fake_file_map.h"

namespace bootguard::contract {
namespace {

class FakeFileMapFixture final : public FileMapFixture {
 public:
  FakeFileMapFixture() {
    FilesystemIdentity identity;
    identity.type = FilesystemType::kExt4;
    identity.type_name = "ext4";
    identity.block_bytes = 4096;
    make_toy_filesystem(disk_, identity);
    table_.add(kNumber, &disk_);
    mounts_.options.free_runs = {{Bytes(8 << 20), Bytes(1 << 20)}, {Bytes(16 << 20), Bytes(12 << 20)}};
    REQUIRE(mounts_.mount(kNumber, "/mnt") == 0);
  }
  Mounts& mounts() override { return mounts_; }
  DeviceNumber device() override { return kNumber; }
  BlockDevice& raw() override { return raw_; }
  void set_read_only(bool read_only) override { mounts_.set_read_only("/mnt", read_only); }
  std::optional<int> unlink_behind(const std::string&) override { return std::nullopt; }
  std::optional<int> open_for_writing_behind(const std::string&) override { return std::nullopt; }
  std::optional<bool> folder_exists() override { return std::nullopt; }

 private:
  static constexpr DeviceNumber kNumber{8, 16};
  SimDisk disk_{"sdb", Bytes(32 << 20)};
  FakeBlockDevice raw_{disk_};
  DeviceTable table_;
  FakeMounts mounts_{table_};
};

const SubjectRegistration<FileMapFixture> kFake({"fake file map", "",
                                                 [] { return std::make_unique<FakeFileMapFixture>(); }});

}  // namespace
}  // namespace bootguard::contract
