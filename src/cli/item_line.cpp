#include "cli/item_line.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"

namespace bao::cli {
namespace {

constexpr std::string_view gzip_start = "\x1f\x8b";
constexpr std::string_view white_space = " \t\r";

}  // namespace

std::expected<std::string, std::string> read_item_line(std::string line) {
  if (line.find_first_not_of(white_space) == std::string::npos) return std::string();
  if (line.starts_with(gzip_start)) {
    return std::unexpected("the file is compressed: pass it through `gunzip -c` and import from -");
  }
  core::Document document;
  document.text = std::move(line);
  core::JsonReader reader(document.text);
  std::optional<std::uint32_t> item;
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) {
    if (name != "Item") {
      reader.skip_value();
    } else if (item) {
      return std::unexpected("\"Item\" is there twice");
    } else {
      std::uint32_t index = 0;
      if (reader.read_item(document, index)) item = index;
    }
  }
  if (!reader.finish()) return std::unexpected(reader.error().to_string());
  if (!item) return std::unexpected("there is no \"Item\"");
  std::string text;
  core::JsonWriter(text).item(core::ValueView(document, *item));
  return text;
}

}  // namespace bao::cli
