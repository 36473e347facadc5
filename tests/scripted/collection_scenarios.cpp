#include <utility>

#include "core/engine/batch_write.hpp"
#include "core/engine/iterate.hpp"
#include "core/engine/scan.hpp"
#include "core/engine/search.hpp"
#include "scripted/trouble_scenarios.hpp"

// Operations on many items at once.
namespace bao::scripted {

namespace {

void seed_docs(TableDouble& table) {
  for (const char* id : {"d1", "d2", "d3", "d4", "d5"}) {
    const auto written = table.create("Doc", {table.set("Doc", "docId", id)});
    ASSERT_TRUE(written) << written.error().message();
  }
}

Outcome outcome_of(const Result<core::Page>& page) {
  if (!page) return {.error = page.error(), .value = {}};
  std::string value = std::to_string(page->count) + ":";
  for (const core::ItemRef& item : page->items) value += text_of(item, "_pk") + ",";
  return {.error = std::nullopt, .value = value + (page->last_evaluated_key.is_null() ? "end" : "more")};
}

Outcome scan_docs(TableDouble& table) {
  core::ScanOptions options;
  options.limit = 3;
  return outcome_of(
      table.run<core::Page>([&](core::Call& call) { return core::scan(call, table.model("Doc"), options); }));
}

Outcome count_docs(TableDouble& table) {
  return outcome_of(
      table.run<core::Page>([&](core::Call& call) { return core::count(call, table.model("Doc"), {}); }));
}

// All steps of an iteration, as a caller takes them.
Outcome iterate_docs(TableDouble& table) {
  std::string value;
  core::IterationPosition position;
  for (int step = 0; step < 100 && !position.ended; ++step) {
    core::IterateOptions options;
    options.batch_size = 2;
    auto batch = table.run<core::IterationBatch>(
        [&](core::Call& call) { return core::iterate(call, table.model("Doc"), options, position); });
    if (!batch) return {.error = batch.error(), .value = {}};
    for (const auto& [id, found] : batch->items) value += id + ",";
    position = std::move(batch->next);
  }
  return {.error = std::nullopt, .value = value + (position.ended ? "end" : "more")};
}

// One chunk: a service that refuses it has written none of it.
Outcome write_docs(TableDouble& table) {
  core::BatchWrite writes;
  writes.puts = {{table.set("Doc", "docId", "d1"), table.set("Doc", "status", "new")},
                 {table.set("Doc", "docId", "d9")}};
  writes.removes = {{.partition = "d2", .sort = {}}, {.partition = "gone", .sort = {}}};
  const auto written = table.run<core::BatchWritten>(
      [&](core::Call& call) { return core::batch_write(call, table.model("Doc"), writes); });
  if (!written) return {.error = written.error(), .value = {}};
  std::string value;
  for (const core::Written& put : written->puts) value += text_of(put.item, "_pk") + ",";
  return {.error = std::nullopt, .value = value};
}

void seed_articles(TableDouble& table) {
  for (const char* id : {"a1", "a2", "a3", "a4"}) {
    const auto written = table.create(
        "Article", {table.set("Article", "articleId", id), table.set("Article", "title", "Some words")});
    ASSERT_TRUE(written) << written.error().message();
  }
}

Outcome search_articles(TableDouble& table) {
  core::SearchOptions options;
  options.parallel = 2;
  options.limit = 3;
  const auto found = table.run<core::SearchResult>(
      [&](core::Call& call) { return core::search(call, table.model("Article"), {"words"}, options); });
  if (!found) return {.error = found.error(), .value = {}};
  std::string value;
  for (const auto& [id, one] : found->items) value += id + ",";
  return {.error = std::nullopt, .value = value + (found->cursor.empty() ? "end" : "more")};
}

}  // namespace

std::vector<Scenario> collections() {
  return {
      {"scan a page", seed_docs, scan_docs},      {"count by scans", seed_docs, count_docs},
      {"iterate all", seed_docs, iterate_docs},   {"batch write", seed_docs, write_docs},
      {"search", seed_articles, search_articles},
  };
}

}  // namespace bao::scripted
