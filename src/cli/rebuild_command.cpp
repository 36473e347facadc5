#include <bao/bao.hpp>
#include <cstdio>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/item_client.hpp"
#include "cli/long_work.hpp"
#include "cli/terminal.hpp"
#include "codegen/js_custom_fields.hpp"
#include "core/engine/draft.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/text/folding.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

// What the segments' readers share; all of them run on one thread.
struct Rebuild {
  const RebuildCommand& command;
  const core::Model& model;
  LongWork& long_work;
  std::uint64_t seen = 0;
  std::uint64_t rebuilt = 0;
  std::uint64_t failed = 0;
};

// Items as they are stored: fields that no search looks into may hold what nobody can read.
struct AsStored {
  template <class Raw>
  Result<Raw> operator()(const Context& /*context*/, Raw raw) const {
    return raw;
  }
};

auto scan(const Rebuild& work, Value start_key, int segment) {
  return Operation(detail::ScanArgs{.model = {.info = nullptr, .name = work.command.model},
                                    .start_key = std::move(start_key),
                                    .segment = segment,
                                    .total_segments = work.command.segments},
                   AsStored());
}

auto reindex(const Rebuild& work, std::string id) {
  return Operation(detail::UpdateArgs{.model = {.info = nullptr, .name = work.command.model},
                                      .key = {.id = std::move(id)},
                                      .options = {.force_reindex = true}},
                   AsStored());
}

bool is_as_it_should_be(const core::Model& model, const core::ItemRef& item) {
  const core::ValueView stored = item.attribute(core::search_text_attribute);
  const std::optional<std::string> wanted =
      core::search_text_of(native::text_folding(), core::Draft(model, item));
  if (!wanted) return !stored.present();
  return stored.present() && stored.kind() == ValueKind::string && stored.text() == *wanted;
}

// Of this item alone: the others may still be rebuilt.
bool is_of_the_item(const Error& error) {
  switch (error.code()) {
    case ErrorCode::data_format:
    case ErrorCode::validation:
    case ErrorCode::conditional:
      return true;
    default:
      return error.details().service_name == "ValidationException";  // too large with its text
  }
}

void report(Rebuild& work, const std::string& id, const Error& error) {
  ++work.failed;
  work.long_work.progress.clear();
  std::fprintf(stderr, "%s: %s\n", id.c_str(), one_line(error).c_str());
}

// The item's row where its fields give no id.
std::string row_of(const core::ItemRef& item) {
  const core::ValueView pk = item.attribute(core::pk_attribute);
  const core::ValueView sk = item.attribute(core::sk_attribute);
  return "the row with _pk '" + std::string(pk.present() ? pk.text() : "") + "' and _sk '" +
         std::string(sk.present() ? sk.text() : "") + "'";
}

Task<void> rebuild_item(Rebuild& work, core::ItemRef item) {
  ++work.seen;
  if (!is_as_it_should_be(work.model, item)) {
    const Result<core::KeyTexts> texts = core::Draft(work.model, item).key_texts();
    if (!texts) {
      report(work, row_of(item), texts.error());
      co_return;
    }
    const std::string id = core::primary_id(work.model, *texts);
    auto writing = reindex(work, id).as_result();
    const auto written = co_await std::move(writing);
    if (written) {
      ++work.rebuilt;
    } else if (is_of_the_item(written.error())) {
      report(work, id, written.error());
    } else if (written.error().code() != ErrorCode::item_not_found) {  // deleted meanwhile
      work.long_work.stop_with(id + ": " + one_line(written.error()));
    }
  }
  work.long_work.progress.show(grouped(work.seen) + " items read, " + grouped(work.rebuilt) + " rebuilt");
}

Task<void> rebuild_segment(Rebuild& work, int segment) {
  Value start_key;
  while (work.long_work.goes_on()) {
    auto reading = scan(work, std::move(start_key), segment).as_result();
    auto page = co_await std::move(reading);
    if (!page) {
      work.long_work.stop_with(page.error());
      co_return;
    }
    for (const detail::RawItem& item : page->items) {
      if (!work.long_work.goes_on()) co_return;
      auto rebuilding = rebuild_item(work, detail::to_item(item));
      co_await std::move(rebuilding);
    }
    if (page->last_key.is_null()) co_return;
    start_key = std::move(page->last_key);
  }
}

Task<void> rebuild_part(Rebuild& work, int segment) {
  if (work.command.tenant.empty()) return rebuild_segment(work, segment);
  return run_with_tenant(work.command.tenant, [&work, segment] { return rebuild_segment(work, segment); });
}

}  // namespace

int run(const RebuildCommand& command) {
  const auto files = field_files(command.fields);
  if (!files) return fail(files.error());
  const native::SchemaResult schema =
      native::load_definitions(command.definitions, codegen::custom_type_files(*files));
  if (!schema) {
    for (const Diagnostic& mistake : schema.error())
      std::fprintf(stderr, "%s\n", mistake.to_string().c_str());
    return fail("nothing was changed");
  }
  const core::Model* const model = (*schema)->model(command.model);
  if (model == nullptr) {
    return fail(command.definitions.string() + ": there is no model '" + command.model + "'");
  }
  if (!model->definition().search) return fail("the model '" + command.model + "' is not searchable");
  std::vector<ModelDefinition> definitions;
  for (const auto& each : (*schema)->models()) definitions.push_back(each->definition());
  auto client = connect(command.table, true, std::move(definitions));
  if (!client) return fail(client.error());
  LongWork long_work(*client);
  Rebuild work{.command = command, .model = *model, .long_work = long_work};
  long_work.run(command.segments, [&work](int segment) { return rebuild_part(work, segment); });
  if (!long_work.goes_on()) {
    return fail(long_work.problem() + " (" + grouped(work.rebuilt) +
                " items were rebuilt; run it again to go on)");
  }
  std::printf("%s of %s items of '%s' rebuilt\n", grouped(work.rebuilt).c_str(), grouped(work.seen).c_str(),
              command.model.c_str());
  if (work.failed == 0) return 0;
  return fail(grouped(work.failed) + " of " + grouped(work.seen) + " items could not be rebuilt: see above");
}

}  // namespace bao::cli
