// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/result.h"

#include <cstring>

template class std::basic_string<char>;

namespace bootguard {

Error::Error() = default;
Error::Error(Errc code_in, int os_error_in, std::string text_in)
    : code(code_in), os_error(os_error_in), text(std::move(text_in)) {}
Error::Error(const Error& other) = default;
Error::Error(Error&& other) noexcept = default;
Error& Error::operator=(const Error& other) = default;
Error& Error::operator=(Error&& other) noexcept = default;
Error::~Error() = default;

Error make_error(Errc code, std::string text) { return Error{code, 0, std::move(text)}; }


Error with_context(Error error, std::string_view prefix) {
  std::string text(prefix);
  if (!error.text.empty()) {
    if (!text.empty()) text += ": ";
    text += error.text;
  }
  error.text = std::move(text);
  return error;
}

Error system_error(Errc code, int os_error, std::string_view what) {
  Error error{code, os_error, {}};
  // Without an errno strerror would say "Success" of a failure.
  if (os_error != 0) error.text = std::strerror(os_error);
  return with_context(std::move(error), what);
}

}  // namespace bootguard
