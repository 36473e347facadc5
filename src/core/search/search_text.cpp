#include "core/search/search_text.hpp"

#include <algorithm>
#include <utility>

namespace bao::core {

namespace {

// Of valid UTF-8: each code point has one byte that is no continuation.
std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

std::string words_of(TextFolding& folding, const SearchDefinition& search, std::string text, bool dedupe) {
  std::string folded = folding.fold(std::move(text), !search.case_sensitive);
  if (search.min_term_length <= 1 && !dedupe) return folded;
  std::vector<std::string_view> words;
  std::vector<std::string_view> seen;  // sorted
  std::string_view rest = folded;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (code_points(word) < static_cast<std::size_t>(std::max(1, search.min_term_length))) continue;
    if (dedupe) {
      const auto place = std::ranges::lower_bound(seen, word);
      if (place != seen.end() && *place == word) continue;
      seen.insert(place, word);
    }
    words.push_back(word);
  }
  std::string kept;
  for (const std::string_view word : words) {
    if (!kept.empty()) kept += ' ';
    kept += word;
  }
  return kept;
}

bool is_space(char character) {
  return character == ' ' || (character >= '\t' && character <= '\r');
}

}  // namespace

std::string search_text(TextFolding& folding, const SearchDefinition& search, std::string text) {
  return words_of(folding, search, std::move(text), search.dedupe);
}

std::string search_term(TextFolding& folding, const SearchDefinition& search, std::string term) {
  return words_of(folding, search, std::move(term), false);
}

std::vector<std::string> split_search_query(std::string_view query) {
  std::vector<std::string> terms;
  std::string term;
  bool quoted = false;
  const auto end_term = [&] {
    if (!term.empty()) terms.push_back(std::exchange(term, {}));
  };
  for (const char character : query) {
    if (character == '"') {
      end_term();
      quoted = !quoted;
    } else if (!quoted && is_space(character)) {
      end_term();
    } else {
      term += character;
    }
  }
  end_term();
  return terms;
}

}  // namespace bao::core
