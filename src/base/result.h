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
#include <type_traits>
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
  kCheckFailed,      // `doctor` found something that has to be put right
  kNotInstalled,     // a program of bootguard that is not here: an initramfs has no `doctor`
  kStop,             // the volume must not be mounted (half copied back): only `boot` answers this
};

// Two words, copied like a number: nearly every function of the program returns one, and to move and destroy strings in
// all of them would be a fifth of it. The text is kept until the process ends, equal ones once.
struct Error {
  Errc code = Errc::kInternal;
  int os_error = 0;         // errno, 0 if none
  const std::string& text;  // no trailing newline, no trailing full stop

  Error();
  Error(Errc code_in, int os_error_in, std::string_view text_in);
  Error(const Error& other) = default;
  Error& operator=(const Error& other) { return *::new (static_cast<void*>(this)) Error(other); }  // text binds anew
};

// The texts go by printf, or come ready as a std::string.
// "prefix: text"; keeps code and errno.
[[nodiscard, gnu::format(printf, 2, 3)]] Error with_context(Error error, const char* format, ...);
[[nodiscard]] Error with_context(Error error, const std::string& prefix);
// Error whose text is "what: strerror(os_error)".
[[nodiscard, gnu::format(printf, 3, 4)]] Error system_error(Errc code, int os_error, const char* format, ...);
[[nodiscard]] Error system_error(Errc code, int os_error, const std::string& what);
[[nodiscard, gnu::format(printf, 2, 3)]] Error make_error(Errc code, const char* format, ...);
[[nodiscard]] Error make_error(Errc code, const std::string& text);

// Frees the texts of all errors; for tests that make millions. REQUIRES: no Error is looked at any more.
void forget_error_texts();

// A value or an error; copied like a number if the value is. A union, not std::variant: its visitors would be a tenth
// of the program.
template <class T, bool = std::is_trivially_copyable_v<T>>
struct ValueOrError {
  explicit ValueOrError(T value_in) : value(value_in), ok(true) {}
  explicit ValueOrError(Error error_in) : error(error_in), ok(false) {}
  ValueOrError(const ValueOrError&) = default;
  ValueOrError& operator=(const ValueOrError& other) { return *::new (static_cast<void*>(this)) ValueOrError(other); }

  union {
    T value;
    Error error;
  };
  bool ok;
};

template <class T>
struct ValueOrError<T, false> {
  explicit ValueOrError(T&& value_in) : value(std::move(value_in)), ok(true) {}
  explicit ValueOrError(Error error_in) : error(error_in), ok(false) {}
  ValueOrError(const ValueOrError& other) : ok(other.ok) { construct(other); }
  ValueOrError(ValueOrError&& other) noexcept : ok(other.ok) { construct(std::move(other)); }
  ValueOrError& operator=(ValueOrError other) noexcept {
    destroy();
    ok = other.ok;
    construct(std::move(other));
    return *this;
  }
  ~ValueOrError() { destroy(); }

  union {
    T value;
    Error error;
  };
  bool ok;

 private:
  template <class Other>
  void construct(Other&& other) {
    if (ok) {
      ::new (static_cast<void*>(&value)) T(std::forward<Other>(other).value);
    } else {
      ::new (static_cast<void*>(&error)) Error(other.error);
    }
  }
  void destroy() {
    if (ok) value.~T();
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error) : data_(error) {}         // NOLINT

  [[nodiscard]] bool ok() const { return data_.ok; }
  explicit operator bool() const { return ok(); }
  // REQUIRES: ok()
  [[nodiscard]] T& value() & { return data_.value; }
  [[nodiscard]] const T& value() const& { return data_.value; }
  [[nodiscard]] T&& value() && { return std::move(data_.value); }
  // REQUIRES: !ok()
  [[nodiscard]] const Error& error() const { return data_.error; }

 private:
  ValueOrError<T> data_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() : error_(nothing()) {}
  Result(Error error) : error_(error) {}  // NOLINT: implicit on purpose
  [[nodiscard]] bool ok() const { return error_.code == kNothing; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  static constexpr Errc kNothing = static_cast<Errc>(-1);
  static Error nothing();

  Error error_;  // kNothing: success; so that the whole fits into two registers
};

}  // namespace bootguard

#define BG_CONCAT_INNER(a, b) a##b
#define BG_CONCAT(a, b) BG_CONCAT_INNER(a, b)

// CHECK_OK(expr): return the error of a Result<...> expression from the enclosing function.
#define CHECK_OK(expr)                                                 \
  do {                                                                 \
    if (auto bg_result = (expr); !bg_result) return bg_result.error(); \
  } while (false)

// ASSIGN_OR_RETURN(auto x, expr): the value of a Result<T>, or return its error.
#define ASSIGN_OR_RETURN(declaration, expr)                                             \
  auto BG_CONCAT(bg_result_, __LINE__) = (expr);                                        \
  if (!BG_CONCAT(bg_result_, __LINE__)) return BG_CONCAT(bg_result_, __LINE__).error(); \
  declaration = std::move(BG_CONCAT(bg_result_, __LINE__)).value()
