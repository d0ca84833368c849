// SPDX-License-Identifier: LGPL-2.1-or-later
// One suite a port, run on everything that claims to implement it. A contract is a list of CONTRACT_TESTs against an
// abstract fixture; a subject is a named way to make such a fixture. Every test of a contract becomes a test case for
// every subject of it, in whatever order they register. Subjects over fakes always run, those over the real kernel
// where the environment says that they may (README.md); elsewhere each of their test cases says SKIPPED.
#pragma once

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace bootguard::contract {

template <class Fixture>
struct Subject {
  std::string name;
  std::string why_skipped;  // empty: it runs
  std::function<std::unique_ptr<Fixture>()> make;
};

template <class Fixture>
struct Test {
  std::string title;
  void (*body)(Fixture&);
  Catch::SourceLineInfo line;
};

template <class Fixture>
class Case final : public Catch::ITestInvoker {
 public:
  Case(Test<Fixture> test, Subject<Fixture> subject) : test_(std::move(test)), subject_(std::move(subject)) {}

  static void add(const Test<Fixture>& test, const Subject<Fixture>& subject) {
    Catch::getMutableRegistryHub().registerTest(
        Catch::makeTestCase(new Case(test, subject), "", Catch::NameAndTags(name(test, subject)), test.line));
  }
  void invoke() const override {
    if (!subject_.why_skipped.empty()) {
      std::printf("SKIPPED: %s: %s\n", name(test_, subject_).c_str(), subject_.why_skipped.c_str());
      std::fflush(stdout);
      return;
    }
    const std::unique_ptr<Fixture> fixture = subject_.make();
    test_.body(*fixture);
  }

 private:
  static std::string name(const Test<Fixture>& test, const Subject<Fixture>& subject) {
    return test.title + " (" + subject.name + ")";
  }
  Test<Fixture> test_;
  Subject<Fixture> subject_;
};

template <class Fixture>
struct Suite {
  std::vector<Test<Fixture>> tests;
  std::vector<Subject<Fixture>> subjects;
  static Suite& get() {
    static Suite suite;
    return suite;
  }
};

template <class Fixture>
struct TestRegistration {
  TestRegistration(const char* title, void (*body)(Fixture&), Catch::SourceLineInfo line) {
    Suite<Fixture>& suite = Suite<Fixture>::get();
    suite.tests.push_back({title, body, line});
    for (const Subject<Fixture>& subject : suite.subjects) Case<Fixture>::add(suite.tests.back(), subject);
  }
};

template <class Fixture>
struct SubjectRegistration {
  explicit SubjectRegistration(Subject<Fixture> subject) {
    Suite<Fixture>& suite = Suite<Fixture>::get();
    suite.subjects.push_back(std::move(subject));
    for (const Test<Fixture>& test : suite.tests) Case<Fixture>::add(test, suite.subjects.back());
  }
};

// CONTRACT_TEST(FileMapFixture, "a sentence") { ... fixture ... }
#define CONTRACT_TEST_NAMED(function, Fixture, title)                                                      \
  static void function(Fixture& fixture);                                                                  \
  static const ::bootguard::contract::TestRegistration<Fixture> INTERNAL_CATCH_UNIQUE_NAME(registration_)( \
      title, &function, CATCH_INTERNAL_LINEINFO);                                                          \
  static void function([[maybe_unused]] Fixture& fixture)
#define CONTRACT_TEST(Fixture, title) CONTRACT_TEST_NAMED(INTERNAL_CATCH_UNIQUE_NAME(contract_), Fixture, title)

// The value of an environment variable, empty if it is not set.
inline std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}
inline std::string why_without(const char* name) {
  return environment(name).empty() ? std::string(name) + " is not set" : "";
}

// Fail the test with the error's text.
template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(result.error().text);
  return std::move(result).value();
}
inline void succeeds(const Result<void>& result) {
  if (!result) FAIL(result.error().text);
  SUCCEED();
}
// The error of what must fail.
template <class T>
Error error_of(const Result<T>& result) {
  if (result.ok()) FAIL("it succeeded");
  return result.error();
}

}  // namespace bootguard::contract
