// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/json_writer.h"

#include <cinttypes>

#include "cli/text.h"

namespace bootguard {

void JsonWriter::put_quoted(std::string_view value) {
  out_ += '"';
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t length = printable_length(value, at);
    const auto byte = static_cast<unsigned char>(value[at]);
    if (value[at] == '"' || value[at] == '\\') {
      out_ += '\\';
      out_ += value[at];
    } else if (length > 0) {
      out_ += value.substr(at, length);
    } else if (byte < 0x80) {
      append_format(out_, "\\u%04x", static_cast<unsigned>(byte));
    } else {
      out_ += "\\ufffd";
    }
    at += length > 0 ? length : 1;
  }
  out_ += '"';
}

void JsonWriter::put_key(const char* key) {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
  if (key == nullptr) return;
  put_quoted(key);
  out_ += ':';
}

void JsonWriter::open(const char* key, char bracket) {
  put_key(key);
  out_ += bracket;
  need_comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  need_comma_ = true;
}

void JsonWriter::text(const char* key, std::string_view value) {
  put_key(key);
  put_quoted(value);
}

void JsonWriter::number(const char* key, std::uint64_t value) {
  put_key(key);
  append_format(out_, "%" PRIu64, value);
}

void JsonWriter::boolean(const char* key, bool value) {
  put_key(key);
  out_ += value ? "true" : "false";
}

void JsonWriter::null(const char* key) {
  put_key(key);
  out_ += "null";
}

}  // namespace bootguard
