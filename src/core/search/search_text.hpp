#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

namespace bao::core {

/// Unicode's tables, which the core does without: the host has them. ICU's and V8's answers are the
/// standard's (UnicodeData.txt, SpecialCasing.txt); tests/data/search_text.tsv holds every host to them.
class TextFolding {
 public:
  virtual ~TextFolding() = default;
  /// `text` (valid UTF-8) with a space for each run of code points that are neither letters (L*) nor numbers
  /// (N*), none at its ends, then in lower case, where asked for, as String.prototype.toLowerCase has it.
  [[nodiscard]] virtual std::string fold(std::string text, bool lower) = 0;
};

/// What `_searchText` holds for these words, and what terms are compared with it as: folded, and without
/// words that are too short. Empty: nothing is left. SPEC 5.
[[nodiscard]] std::string search_text(TextFolding& folding, const SearchDefinition& search, std::string text);

/// A term as it is searched for. Words are kept as often as they stand, so that a phrase stays one.
[[nodiscard]] std::string search_term(TextFolding& folding, const SearchDefinition& search, std::string term);

/// The terms of what somebody typed: words, and phrases in double quotes. A quote that is not closed reaches
/// to the end; empty phrases are left out.
[[nodiscard]] std::vector<std::string> split_search_query(std::string_view query);

}  // namespace bao::core
