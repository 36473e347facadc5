#include <string_view>
#include <utility>

#include "core/engine/table_operations.hpp"
#include "core/value/integer_text.hpp"
#include "wasm/running_call.hpp"

namespace bao::wasm {

void Client::start_table(std::uint32_t call, Place place, const JsonNode& args) {
  using Kind = core::TableWork::Kind;
  const std::string_view kind = args.string("kind");
  core::TableWork work;
  work.kind = kind == "create" ? Kind::create : kind == "update" ? Kind::update : Kind::remove;
  work.search_index = args.flag("searchIndex");
  work.poll_ms = args.integer("pollMs", work.poll_ms);
  work.progress = [this, call](std::string_view state) {
    begin_entry('p');
    text_ += ',';
    core::append_integer(text_, call);
    text_ += ',';
    core::JsonWriter(text_).string(state);
    text_ += ']';
  };
  core::Call* const running = open(call, std::move(place));
  if (running == nullptr) return;
  launch<core::TableReport>(call, *running, nullptr, core::work_on_table(*running, std::move(work)));
}

}  // namespace bao::wasm
