#include "core/search/search_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "native/text/folding.hpp"
#include "support/source_dir.hpp"

namespace bao::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string text(const SearchDefinition& search, std::string words) {
  return search_text(native::text_folding(), search, std::move(words));
}

TEST(SearchText, KeepsWordsInLowerCase) {
  EXPECT_EQ(text({}, "  Hello,\tWorld!\r\n(again)  "), "hello world again");
  EXPECT_EQ(text({}, "snake_case-and.dots"), "snake case and dots");
  EXPECT_EQ(text({}, ""), "");
  EXPECT_EQ(text({}, "?! \u2003 \U0001F600"), "");
  EXPECT_EQ(text({.case_sensitive = true}, "Hello, World"), "Hello World");
}

TEST(SearchText, LeavesOutShortWordsByCodePoints) {
  EXPECT_EQ(text({.min_term_length = 3}, "a bc def \u00fc\u00fc \u00fc\u00fc\u00fc"),
            "def \u00fc\u00fc\u00fc");
  EXPECT_EQ(text({.min_term_length = 1}, "a"), "a");
}

TEST(SearchText, TakesEachWordOnceWhereAskedTo) {
  EXPECT_EQ(text({.dedupe = true}, "b a B a c"), "b a c");
  EXPECT_EQ(text({.case_sensitive = true, .dedupe = true}, "b B b"), "b B");
  EXPECT_EQ(search_term(native::text_folding(), {.dedupe = true}, "b a b"), "b a b");
}

TEST(SearchQuery, SplitsWordsAndPhrases) {
  EXPECT_THAT(split_search_query("\"a b\" c"), ElementsAre("a b", "c"));
  EXPECT_THAT(split_search_query("  one\ttwo\nthree "), ElementsAre("one", "two", "three"));
  EXPECT_THAT(split_search_query("say\"hi there\"now"), ElementsAre("say", "hi there", "now"));
  EXPECT_THAT(split_search_query("\"not closed"), ElementsAre("not closed"));
  EXPECT_THAT(split_search_query("\"\" \"\""), IsEmpty());
  EXPECT_THAT(split_search_query(""), IsEmpty());
}

// The same file holds the npm package to the same answers (npm/test/bridge/folding.test.ts).
TEST(SearchText, AgreesWithTheCorpus) {
  std::ifstream file(testing_support::source_dir() + "/tests/data/search_text.tsv");
  ASSERT_TRUE(file);
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream columns(line);
    std::string input;
    std::string lower;
    std::string as_is;
    std::getline(columns, input, '\t');
    std::getline(columns, lower, '\t');
    std::getline(columns, as_is, '\t');
    EXPECT_EQ(native::text_folding().fold(input, true), lower) << line;
    EXPECT_EQ(native::text_folding().fold(input, false), as_is) << line;
    ++cases;
  }
  EXPECT_GT(cases, 300);
}

}  // namespace
}  // namespace bao::core
