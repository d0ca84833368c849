// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes JSON (RFC 8259) into a string: commas, quotes and escapes in one place. Nesting is the caller's to get right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bootguard {

class JsonWriter {
 public:
  void begin_object(const char* key = nullptr) { open(key, '{'); }
  void end_object() { close('}'); }
  void begin_array(const char* key = nullptr) { open(key, '['); }
  void end_array() { close(']'); }

  // key null: an element of an array. Bytes that are no UTF-8 become U+FFFD.
  void text(const char* key, std::string_view value);
  void number(const char* key, std::uint64_t value);
  void boolean(const char* key, bool value);
  void null(const char* key);

  // One line. REQUIRES: everything opened is closed
  [[nodiscard]] std::string finish() { return std::move(out_) + '\n'; }

 private:
  void open(const char* key, char bracket);
  void close(char bracket);
  void put_key(const char* key);
  void put_quoted(std::string_view value);

  std::string out_;
  bool need_comma_ = false;
};

}  // namespace bootguard
