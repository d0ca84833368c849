// SPDX-License-Identifier: LGPL-2.1-or-later
// Result<T>: a value or an Error. The product is built without exceptions, so every failure travels through here.
//
// An Error is a code (which decides the exit code), the errno that caused it (0 if none) and one line of text that
// grows a prefix at each level: "arming userdata: mapping the store: FIEMAP: Operation not supported".
// House rule: the text says what failed, where, and what the person can do about it.
#pragma once

#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// In C++20 mode libstdc++ no longer says so itself, and every file would carry string code of its own.
extern template class std::basic_string<char>;

namespace bootguard {

// Why something failed, as far as a caller may act on it. cli/exit_code.h gives each its exit code.
enum class Errc {
  kIo,               // a device or file could not be read, written or flushed
  kInternal,         // a limit or state that correct code and a sane kernel never reach
  kUsage,            // the command line
  kConfig,           // the configuration file
  kNotArmed,         // nothing is armed or on trial
  kWrongPhase,       // the verb does not fit the phase (already armed otherwise, already in trial, ...)
  kMetadataMissing,  // no metadata block here: every copy is zero
  kMetadataCorrupt,  // no copy can be trusted
  kMetadataVersion,  // newer version, unknown incompatible feature, or other endianness
  kMetadataLive,     // `format` would overwrite a live metadata block
  kStoreChanged,     // the COW store is not (all) where it was: moved, freed, truncated, or of another arm
  kStoreLost,        // the COW store overflowed or was given up: there is no way back
  kStoreInvalid,     // exceptions that must not be merged (into the store itself, double, out of bounds)
  kDeviceMissing,    // a named device does not exist (yet)
  kDeviceAmbiguous,  // more than one device answers to the name
  kWrongDevice,      // the device is not the one that was armed (size, filesystem)
  kUnsupported,      // a filesystem or arrangement that cannot be protected
  kNoSpace,          // the filesystem is too full for the store
  kTooFragmented,    // the store would need more extents than the table holds
  kReadOnly,         // a read-only mount or device
  kNotMounted,       // the verb needs the volume mounted
  kDmMissing,        // the kernel lacks device-mapper or a target
  kDmFailed,         // a device-mapper operation failed
  kForeignMapping,   // a device with a bootguard-* name that bootguard did not make, or that is in use
  kBusy,             // another instance holds the metadata block
  kNotRoot,          // needs root
  kStop,             // the volume must not be mounted (half copied back): only `boot` answers this
};

// Made, moved and destroyed out of line: nearly every function of the program returns one.
struct Error {
  Errc code = Errc::kInternal;
  int os_error = 0;  // errno, 0 if none
  std::string text;  // no trailing newline, no trailing full stop

  Error();
  Error(Errc code_in, int os_error_in, std::string text_in);
  Error(const Error& other);
  Error(Error&& other) noexcept;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept;
  ~Error();
};

// "prefix: text"; keeps code and errno.
[[nodiscard]] Error with_context(Error error, std::string_view prefix);
// Error whose text is "what: strerror(os_error)".
[[nodiscard]] Error system_error(Errc code, int os_error, std::string_view what);
[[nodiscard]] Error make_error(Errc code, std::string text);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)), ok_(true) {}         // NOLINT: implicit on purpose
  Result(Error error) : error_(std::move(error)), ok_(false) {}    // NOLINT
  Result(const Result& other) : ok_(other.ok_) { construct(other); }
  Result(Result&& other) noexcept : ok_(other.ok_) { construct(std::move(other)); }
  Result& operator=(Result other) noexcept {
    destroy();
    ok_ = other.ok_;
    construct(std::move(other));
    return *this;
  }
  ~Result() { destroy(); }

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  // REQUIRES: ok()
  [[nodiscard]] T& value() & { return value_; }
  [[nodiscard]] const T& value() const& { return value_; }
  [[nodiscard]] T&& value() && { return std::move(value_); }
  // REQUIRES: !ok()
  [[nodiscard]] const Error& error() const& { return error_; }
  [[nodiscard]] Error&& error() && { return std::move(error_); }

 private:
  // A union, not std::variant: its visitors would be a tenth of the program.
  template <class Other>
  void construct(Other&& other) {
    if (ok_) {
      ::new (static_cast<void*>(&value_)) T(std::forward<Other>(other).value_);
    } else {
      ::new (static_cast<void*>(&error_)) Error(std::forward<Other>(other).error_);
    }
  }
  void destroy() {
    if (ok_) {
      value_.~T();
    } else {
      error_.~Error();
    }
  }

  union {
    T value_;
    Error error_;
  };
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& { return *error_; }
  [[nodiscard]] Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace bootguard

#define BG_CONCAT_INNER(a, b) a##b
#define BG_CONCAT(a, b) BG_CONCAT_INNER(a, b)

// CHECK_OK(expr): return the error of a Result<...> expression from the enclosing function.
#define CHECK_OK(expr)                                                            \
  do {                                                                            \
    if (auto bg_result = (expr); !bg_result) return std::move(bg_result).error(); \
  } while (false)

// ASSIGN_OR_RETURN(auto x, expr): the value of a Result<T>, or return its error.
#define ASSIGN_OR_RETURN(declaration, expr)                                                        \
  auto BG_CONCAT(bg_result_, __LINE__) = (expr);                                                   \
  if (!BG_CONCAT(bg_result_, __LINE__)) return std::move(BG_CONCAT(bg_result_, __LINE__)).error(); \
  declaration = std::move(BG_CONCAT(bg_result_, __LINE__)).value()
