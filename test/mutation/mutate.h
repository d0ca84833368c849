// SPDX-License-Identifier: LGPL-2.1-or-later
// What a condition of the mutated copy calls (mutate.py puts it there): it sees that the condition was evaluated, and
// answers for it if it is the one chosen. One program holds all mutants; BOOTGUARD_MUTANT=12=true chooses one.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "base/result.h"

namespace bootguard {

inline constexpr unsigned kMaxConditions = 4096;
// The program ends with this if a mutant cannot be made: no value to go on with.
inline constexpr int kNoSuchMutant = 99;

struct Mutation {
  unsigned condition = 0;  // 0: none
  bool forced = false;
  std::uint8_t seen[kMaxConditions] = {};  // bit 0: was false, bit 1: was true
};
extern Mutation mutation;

constexpr bool mutate(unsigned condition, bool value) {
  if (std::is_constant_evaluated()) return value;
  mutation.seen[condition] |= value ? 2 : 1;
  return condition == mutation.condition ? mutation.forced : value;
}

// An error where there may be none.
template <class T>
Error mutated_error(const Result<T>& result) {
  return result.ok() ? make_error(Errc::kIo, "a mutant") : result.error();
}
// The value, or one for a lost error.
template <class T>
T mutated_value(Result<T>& result) {
  if (result.ok()) return std::move(result).value();
  if constexpr (std::is_default_constructible_v<T>) {
    return T{};
  } else {
    std::_Exit(kNoSuchMutant);
  }
}

}  // namespace bootguard

#define MUTATED_CHECK_OK(condition, ...)                                                                             \
  do {                                                                                                               \
    if (auto bg_result = (__VA_ARGS__); ::bootguard::mutate(condition, !bg_result)) return mutated_error(bg_result); \
  } while (false)

#define MUTATED_ASSIGN_OR_RETURN(condition, declaration, ...)           \
  auto BG_CONCAT(bg_result_, __LINE__) = (__VA_ARGS__);                 \
  if (::bootguard::mutate(condition, !BG_CONCAT(bg_result_, __LINE__))) \
    return ::bootguard::mutated_error(BG_CONCAT(bg_result_, __LINE__)); \
  declaration = ::bootguard::mutated_value(BG_CONCAT(bg_result_, __LINE__))
