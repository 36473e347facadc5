#include <bao/bao.hpp>
#include <cstdio>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/fields_folder.hpp"
#include "cli/item_client.hpp"
#include "cli/terminal.hpp"
#include "codegen/js_custom_fields.hpp"
#include "core/engine/draft.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/text/folding.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

// What the segments' readers share; all of them run on one thread.
struct Rebuild {
  const RebuildCommand& command;
  const core::Model& model;
  DynamicModel items;
  Progress progress;
  std::uint64_t seen = 0;
  std::uint64_t rebuilt = 0;
  std::string problem;  ///< the first one; the other readers stop at their next item
};

bool is_as_it_should_be(const core::Model& model, const core::ItemRef& item) {
  const core::ValueView stored = item.attribute(core::search_text_attribute);
  const std::optional<std::string> wanted =
      core::search_text_of(native::text_folding(), core::Draft(model, item));
  if (!wanted) return !stored.present();
  return stored.present() && stored.kind() == ValueKind::string && stored.text() == *wanted;
}

Task<void> rebuild_item(Rebuild& work, DynamicItem item) {
  ++work.seen;
  if (!is_as_it_should_be(work.model, detail::to_item(item.loaded))) {
    auto writing = work.items.update(item.id, {}, {.force_reindex = true}).as_result();
    const Result<DynamicItem> written = co_await std::move(writing);
    if (written) {
      ++work.rebuilt;
    } else if (written.error().code() != ErrorCode::item_not_found) {  // deleted meanwhile
      if (work.problem.empty()) work.problem = item.id + ": " + one_line(written.error());
    }
  }
  work.progress.show(grouped(work.seen) + " items read, " + grouped(work.rebuilt) + " rebuilt");
}

Task<void> rebuild_segment(Rebuild& work, int segment) {
  DynamicScan scan{.segment = segment, .total_segments = work.command.segments};
  while (work.problem.empty()) {
    auto reading = work.items.scan(scan).as_result();
    Result<DynamicPage> page = co_await std::move(reading);
    if (!page) {
      if (work.problem.empty()) work.problem = one_line(page.error());
      co_return;
    }
    for (DynamicItem& item : page->items) {
      if (!work.problem.empty()) co_return;
      auto rebuilding = rebuild_item(work, std::move(item));
      co_await std::move(rebuilding);
    }
    if (!page->last_key) co_return;
    scan.start_key = std::move(page->last_key);
  }
}

Task<void> rebuild_all(Rebuild& work) {
  std::vector<Task<void>> readers;
  readers.reserve(static_cast<std::size_t>(work.command.segments));
  for (int segment = 0; segment < work.command.segments; ++segment) {
    readers.push_back(rebuild_segment(work, segment));
  }
  auto rebuilding = all(std::move(readers));
  co_await std::move(rebuilding);
}

Task<void> rebuild_tenant(Rebuild& work) {
  if (work.command.tenant.empty()) return rebuild_all(work);
  return run_with_tenant(work.command.tenant, [&work] { return rebuild_all(work); });
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
  Rebuild work{.command = command,
               .model = *model,
               .items = DynamicModel(command.model),
               .progress = {},
               .problem = {}};
  sync_wait(*client, rebuild_tenant(work));
  work.progress.clear();
  if (!work.problem.empty()) {
    return fail(work.problem + " (" + grouped(work.rebuilt) + " items were rebuilt; run it again to go on)");
  }
  std::printf("%s of %s items of '%s' rebuilt\n", grouped(work.rebuilt).c_str(), grouped(work.seen).c_str(),
              command.model.c_str());
  return 0;
}

}  // namespace bao::cli
