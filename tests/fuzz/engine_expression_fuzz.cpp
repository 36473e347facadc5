// Arbitrary texts as expressions never crash the embedded engine's parsers, and what they accept can be
// evaluated against an item. (expression_fuzz is about the expressions that the library builds.)

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "local/expressions/evaluate.hpp"
#include "local/expressions/parser.hpp"
#include "local/expressions/update.hpp"
#include "local/item/json_codec.hpp"

namespace {

using namespace bao::local;

/// Values of every kind behind :0 to :9, and names behind #0 to #3.
struct Scene {
  std::string json =
      R"({":0":{"S":"a"},":1":{"N":"1"},":2":{"B":"AA=="},":3":{"BOOL":true},":4":{"NULL":true},":5":{"SS":["a"]},)"
      R"(":6":{"NS":["1","2"]},":7":{"L":[{"N":"1"}]},":8":{"M":{"a":{"S":"x"}}},":9":{"N":"9.9e125"}})";
  std::string values;
  std::string item_json =
      R"({"a":{"N":"1"},"b":{"L":[{"N":"2"},{"M":{"c":{"S":"x"}}}]},"c":{"SS":["a","b"]},"d":{"S":"text"}})";
  std::string item;

  Scene() {
    bao::core::JsonReader item_reader(item_json);
    ValueDecoder item_decoder(item_reader);
    (void)item_decoder.record(item);
    bao::core::JsonReader reader(json);
    ValueDecoder decoder(reader);
    (void)decoder.record(values);
  }

  [[nodiscard]] Bindings bindings() const {
    Bindings out;
    for_each_member(Encoded::of_record(values),
                    [&out](std::string_view name, Encoded value) { out.values.push_back({name, value}); });
    out.names = {{"#0", "a"}, {"#1", "b"}, {"#2", "c"}, {"#3", "select"}};
    return out;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scene scene;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const Encoded item = Encoded::of_record(scene.item);
  for (const ExpressionKind kind :
       {ExpressionKind::condition, ExpressionKind::filter, ExpressionKind::key_condition}) {
    Bindings bindings = scene.bindings();
    if (const auto parsed = parse_condition(kind, source, bindings)) (void)evaluate(*parsed, bindings, item);
  }
  Bindings bindings = scene.bindings();
  if (const auto parsed = parse_update(source, bindings)) {
    const auto updated = apply_update(*parsed, bindings, item);
    if (updated) (void)apply_update(*parsed, bindings, Encoded::of_record(*updated));
  }
  bindings = scene.bindings();
  if (const auto parsed = parse_projection(source, bindings)) {
    std::string part;
    append_projected(part, item, parsed->ast, parsed->paths);
  }
  return 0;
}
