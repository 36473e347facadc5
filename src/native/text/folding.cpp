#include "native/text/folding.hpp"

#include <utf8proc.h>

#include <cstddef>
#include <string>
#include <vector>

namespace bao::native {

namespace {

using CodePoint = utf8proc_int32_t;

constexpr CodePoint capital_i_with_dot = 0x130;
constexpr CodePoint combining_dot_above = 0x307;
constexpr CodePoint capital_sigma = 0x3A3;
constexpr CodePoint final_sigma = 0x3C2;

bool is_word(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

// Case_Ignorable, as far as letters and numbers have it (DerivedCoreProperties.txt).
bool is_case_ignorable(CodePoint point) {
  return utf8proc_category(point) == UTF8PROC_CATEGORY_LM;
}

// Cased: letters with a case, and what PropList.txt calls Other_Lowercase and Other_Uppercase among numbers
// and other letters.
bool is_cased(CodePoint point) {
  const utf8proc_category_t category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT || point == 0xAA || point == 0xBA ||
         (point >= 0x2160 && point <= 0x217F);
}

// SpecialCasing.txt, Final_Sigma: behind a cased letter and before none, case-ignorable ones between not
// counted.
bool is_final(const std::vector<CodePoint>& points, std::size_t position) {
  std::size_t before = position;
  while (before > 0 && is_case_ignorable(points[before - 1])) --before;
  if (before == 0 || !is_cased(points[before - 1])) return false;
  std::size_t after = position + 1;
  while (after < points.size() && is_case_ignorable(points[after])) ++after;
  return after == points.size() || !is_cased(points[after]);
}

void append(std::string& text, CodePoint point) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(point, bytes);
  for (utf8proc_ssize_t index = 0; index < size; ++index) text += static_cast<char>(bytes[index]);
}

// Letters and numbers, with one space (and none at the ends) for all that is between them.
std::vector<CodePoint> words_of(std::string_view text) {
  std::vector<CodePoint> points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  bool space = false;
  while (left > 0) {
    CodePoint point = -1;
    const utf8proc_ssize_t size = utf8proc_iterate(bytes, left, &point);
    if (size <= 0) break;  // values are valid UTF-8
    bytes += size;
    left -= size;
    if (!is_word(point)) {
      space = true;
      continue;
    }
    if (space && !points.empty()) points.push_back(' ');
    space = false;
    points.push_back(point);
  }
  return points;
}

class Folding final : public core::TextFolding {
 public:
  std::string fold(std::string text, bool lower) override {
    const std::vector<CodePoint> points = words_of(text);
    std::string folded;
    folded.reserve(text.size());
    for (std::size_t position = 0; position < points.size(); ++position) {
      const CodePoint point = points[position];
      if (!lower) {
        append(folded, point);
      } else if (point == capital_i_with_dot) {
        append(folded, 'i');
        append(folded, combining_dot_above);
      } else if (point == capital_sigma && is_final(points, position)) {
        append(folded, final_sigma);
      } else {
        append(folded, utf8proc_tolower(point));
      }
    }
    return folded;
  }
};

}  // namespace

core::TextFolding& text_folding() {
  static Folding folding;
  return folding;
}

}  // namespace bao::native
