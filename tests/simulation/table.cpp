#include "simulation/table.hpp"

#include <cstdlib>
#include <utility>

#include "core/request/answer.hpp"
#include "core/request/body.hpp"
#include "core/request/table_body.hpp"
#include "local/store/memory_store.hpp"

namespace bao::simulation {

namespace {

constexpr std::int64_t start_wall_ms = 1'800'000'000'000;

std::string body_of(local::Answer answer) {
  if (answer.status != 200) std::abort();
  return std::move(answer.body);
}

// The text behind `member`, from `from` on, which is moved behind it. No text of the simulation is escaped.
bool next_text(std::string_view body, std::string_view member, std::size_t& from, std::string& text) {
  const std::size_t at = body.find(member, from);
  if (at == std::string_view::npos) return false;
  const std::size_t begin = at + member.size();
  const std::size_t end = body.find('"', begin);
  text = body.substr(begin, end - begin);
  from = end;
  return true;
}

}  // namespace

bool is_write(core::ApiOperation operation) {
  switch (operation) {
    case core::ApiOperation::put_item:
    case core::ApiOperation::update_item:
    case core::ApiOperation::delete_item:
    case core::ApiOperation::batch_write_item:
    case core::ApiOperation::transact_write_items:
      return true;
    default:
      return false;
  }
}

std::vector<RowName> rows_written(std::string_view body) {
  std::vector<RowName> rows;
  std::size_t from = 0;
  RowName row;
  while (next_text(body, R"("_pk":{"S":")", from, row.first) &&
         next_text(body, R"("_sk":{"S":")", from, row.second)) {
    rows.push_back(row);
  }
  return rows;
}

Table::Table(Agenda& agenda, History& history)
    : agenda_(agenda),
      history_(history),
      engine_(local::make_memory_store(), {.now_ms = [this] { return wall_ms(); }}) {
  body_of(engine_.handle("CreateTable", core::create_table_body(table_name, {.search_index = true})));
  body_of(engine_.handle(
      "UpdateTimeToLive",
      R"({"TableName":"tab","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})"));
}

std::int64_t Table::wall_ms() const {
  return start_wall_ms + agenda_.now_ms();
}

core::ItemRef Table::read(const RowName& row) {
  auto answer = core::parse_answer(
      body_of(engine_.handle("GetItem", core::get_item_body(table_name, {row.first, row.second}, true))));
  if (!answer) std::abort();
  return answer->item_ref();
}

void Table::note(const std::vector<RowName>& rows, const Flight& flight) {
  history_.begin_commit();
  std::vector<RowName> changed;
  for (const RowName& row : rows) {
    if (history_.note(row, read(row))) changed.push_back(row);
  }
  if (!changed.empty()) on_commit(flight, changed);
}

local::Answer Table::execute(core::ApiOperation operation, std::string body, const Flight& flight) {
  const std::vector<RowName> rows = is_write(operation) ? rows_written(body) : std::vector<RowName>();
  local::Answer answer = engine_.handle(core::api_operation_name(operation), std::move(body));
  // Refused ones, too: nothing of them may have been done.
  if (!rows.empty()) note(rows, flight);
  return answer;
}

local::Answer Table::execute_half(core::ApiOperation operation, std::string body, const Flight& flight) {
  local::FaultPlan plan;
  plan.rules.push_back({.kind = local::FaultKind::unprocessed, .operation = {}, .times = {}});
  engine_.set_faults(std::move(plan));
  local::Answer answer = execute(operation, std::move(body), flight);
  engine_.set_faults({});
  return answer;
}

void Table::sweep() {
  engine_.sweep(10'000);
  std::vector<RowName> rows;
  for (const auto& [row, states] : history_.rows()) rows.push_back(row);
  note(rows, {});
}

}  // namespace bao::simulation
