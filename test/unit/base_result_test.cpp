// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "base/result.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace bootguard {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return make_error(Errc::kUsage, "odd");
  return number / 2;
}
Result<void> check_even(int number) {
  CHECK_OK(half(number));
  return {};
}
Result<int> quarter(int number) {
  ASSIGN_OR_RETURN(const int once, half(number));
  ASSIGN_OR_RETURN(const int twice, half(once));
  return twice;
}

TEST_CASE("result: holds a value or an error") {
  CHECK(half(4).ok());
  CHECK(half(4).value() == 2);
  CHECK_FALSE(half(3));
  CHECK(half(3).error().code == Errc::kUsage);
  CHECK(check_even(4).ok());
  CHECK(check_even(3).error().text == "odd");
}

TEST_CASE("result: ASSIGN_OR_RETURN passes on the first error, whichever step gives it") {
  CHECK(quarter(8).value() == 2);
  CHECK(quarter(6).error().text == "odd");
  CHECK(quarter(7).error().text == "odd");
}

TEST_CASE("result: a value that can only be moved is moved out") {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 7);
}

TEST_CASE("result: copied and assigned between value and error, each way and to itself") {
  const Result<std::string> value(std::string(100, 'v'));
  const Result<std::string> error(make_error(Errc::kIo, std::string(100, 'e')));
  for (const auto& from : {value, error}) {
    for (const auto& to : {value, error}) {
      Result<std::string> changed(to);
      changed = from;
      CHECK(changed.ok() == from.ok());
      CHECK((changed ? changed.value() : changed.error().text) == (from ? from.value() : from.error().text));
      const Result<std::string>& itself = changed;
      changed = itself;
      CHECK(changed.ok() == from.ok());
    }
  }
  Result<std::string> moved(Result<std::string>{value});
  moved = Result<std::string>{error};
  CHECK(moved.error().code == Errc::kIo);
  CHECK(std::move(moved).error().text == std::string(100, 'e'));
}

TEST_CASE("result: an error of the kind void is copied with its code") {
  Result<void> result;
  CHECK(result.ok());
  result = make_error(Errc::kBusy, "busy");
  const Result<void> copy(result);
  CHECK(copy.error().code == Errc::kBusy);
}

TEST_CASE("error: with_context puts a prefix in front and keeps code and errno") {
  const Error inner = system_error(Errc::kUnsupported, EOPNOTSUPP, "FIEMAP");
  const Error outer = with_context(with_context(inner, "mapping the store"), "arming userdata");
  CHECK(outer.text == "arming userdata: mapping the store: FIEMAP: " + std::string(std::strerror(EOPNOTSUPP)));
  CHECK(outer.code == Errc::kUnsupported);
  CHECK(outer.os_error == EOPNOTSUPP);
}

TEST_CASE("error: without an errno nobody says \"Success\"") {
  CHECK(system_error(Errc::kIo, 0, "short read").text == "short read");
  CHECK(system_error(Errc::kIo, 0, "short read").os_error == 0);
}

TEST_CASE("error: empty parts leave no stray colon") {
  CHECK(with_context(make_error(Errc::kIo, std::string()), "reading").text == "reading");
  CHECK(with_context(make_error(Errc::kIo, "reading"), std::string()).text == "reading");
}

TEST_CASE("error: texts are kept once, and after they were all forgotten they are made anew") {
  const auto text_of = [](int number) -> const std::string& { return make_error(Errc::kIo, "error %d", number).text; };
  constexpr int kMany = 1000;
  for (int number = 0; number < kMany; ++number) REQUIRE(&text_of(number) == &text_of(number));
  CHECK(&text_of(1) != &text_of(2));
#if defined(__SANITIZE_ADDRESS__)
  const std::string* const first = &text_of(0);
  CHECK_FALSE(__asan_address_is_poisoned(first));
#endif
  forget_error_texts();
#if defined(__SANITIZE_ADDRESS__)
  CHECK(__asan_address_is_poisoned(first));
#endif
  for (int number = 0; number < kMany; ++number) {
    REQUIRE(text_of(number) == "error " + std::to_string(number));
    REQUIRE(&text_of(number) == &text_of(number));
  }
  CHECK(Error().text.empty());
  forget_error_texts();
  forget_error_texts();  // nothing is left to be forgotten
}

TEST_CASE("error: an errno nobody knows still gives a text") {
  CHECK(system_error(Errc::kIo, 123456, "reading").text.rfind("reading: ", 0) == 0);
}

}  // namespace
}  // namespace bootguard
