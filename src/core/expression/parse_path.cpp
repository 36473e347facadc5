#include <algorithm>
#include <utility>

#include "core/expression/path.hpp"
#include "core/value/integer_text.hpp"
#include "core/value/json_reader.hpp"

namespace bao::core {
namespace {

class PathParser {
 public:
  explicit PathParser(std::string_view text) : rest_(text) {}

  std::expected<FieldPath, const char*> parse() {
    FieldPath path{.field = std::string(name()), .steps = {}};
    if (path.field.empty()) return std::unexpected("a path begins with the name of a field");
    while (!rest_.empty()) {
      const char mark = rest_.front();
      rest_.remove_prefix(1);
      const char* fault = nullptr;
      if (mark == '.') {
        const std::string_view key = name();
        if (key.empty()) return std::unexpected("a name is missing behind a dot");
        path.steps.emplace_back(std::string(key));
      } else if (mark == '[') {
        fault = bracketed(path.steps);
      } else {
        fault = "behind ] there is a dot, or another [";
      }
      if (fault != nullptr) return std::unexpected(fault);
    }
    return path;
  }

 private:
  std::string_view name() {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(".[]"));
    rest_.remove_prefix(found.size());
    return found;
  }

  // [3] or ["a key"], the latter as JSON has texts.
  const char* bracketed(std::vector<PathStep>& steps) {
    if (rest_.starts_with('"')) {
      std::size_t end = 1;
      while (end < rest_.size() && rest_[end] != '"')
        end += rest_[end] == '\\' ? std::size_t{2} : std::size_t{1};
      if (end >= rest_.size()) return "a quote is not closed";
      std::string json(rest_.substr(0, end + 1));
      JsonReader reader(json);
      std::string_view key;
      if (!reader.read_string(key) || !reader.finish()) return "what is in quotes is no JSON text";
      steps.emplace_back(std::string(key));
      rest_.remove_prefix(end + 1);
    } else {
      const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
      const std::optional<std::int64_t> position = integer_from_text(rest_.substr(0, digits));
      if (!position || !std::in_range<std::uint32_t>(*position)) {
        return "in brackets there is a position, or a key in double quotes";
      }
      steps.emplace_back(static_cast<std::size_t>(*position));
      rest_.remove_prefix(digits);
    }
    if (!rest_.starts_with(']')) return "a ] is missing";
    rest_.remove_prefix(1);
    return nullptr;
  }

  std::string_view rest_;
};

}  // namespace

bool is_path(std::string_view text) {
  return text.find_first_of(".[") != std::string_view::npos;
}

std::expected<FieldPath, const char*> parse_path(std::string_view text) {
  return PathParser(text).parse();
}

}  // namespace bao::core
