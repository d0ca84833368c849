// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/result.h"

#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/format_text.h"

template class std::basic_string<char>;

namespace bootguard {
namespace {

// Texts of all errors so far, each once.
struct Text {
  std::string text;
  Text* next;
};
constexpr std::size_t kBuckets = 64;
Text* g_texts[kBuckets];

const std::string& keep(std::string_view text) {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  Text*& bucket = g_texts[hash % kBuckets];
  for (const Text* known = bucket; known != nullptr; known = known->next) {
    if (known->text == text) return known->text;
  }
  bucket = new Text{std::string(text), bucket};
  return bucket->text;
}

}  // namespace

static_assert(std::is_trivially_copy_constructible_v<Error> && std::is_trivially_destructible_v<Error>);
static_assert(sizeof(Result<void>) == 2 * sizeof(void*));

Error::Error() : text(keep({})) {}
Error::Error(Errc code_in, int os_error_in, std::string_view text_in)
    : code(code_in), os_error(os_error_in), text(keep(text_in)) {}

void forget_error_texts() {
  for (Text*& bucket : g_texts) {
    while (bucket != nullptr) {
      Text* const first = bucket;
      bucket = first->next;
      delete first;
    }
  }
}

Error Result<void>::nothing() { return Error(kNothing, 0, {}); }

Error with_context(Error error, const std::string& prefix) {
  if (prefix.empty() || error.text.empty()) return Error(error.code, error.os_error, prefix + error.text);
  return Error(error.code, error.os_error, prefix + ": " + error.text);
}

Error with_context(Error error, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string prefix = format_text_v(format, arguments);
  va_end(arguments);
  return with_context(error, prefix);
}

Error system_error(Errc code, int os_error, const std::string& what) {
  // Without an errno strerror would say "Success" of a failure.
  return with_context(Error(code, os_error, os_error != 0 ? std::strerror(os_error) : ""), what);
}

Error system_error(Errc code, int os_error, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string what = format_text_v(format, arguments);
  va_end(arguments);
  return system_error(code, os_error, what);
}

Error make_error(Errc code, const std::string& text) { return Error(code, 0, text); }

Error make_error(Errc code, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string text = format_text_v(format, arguments);
  va_end(arguments);
  return make_error(code, text);
}

}  // namespace bootguard
