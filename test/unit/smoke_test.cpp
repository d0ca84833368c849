#include <catch2/catch.hpp>

#include <string>

TEST_CASE("the test build links and runs") { REQUIRE(std::string("a") + "b" == "ab"); }
