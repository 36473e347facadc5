#include "local/local_engine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "local/database.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

namespace {

struct Operation {
  std::string_view name;
  Outcome<std::string> (*run)(Database&, std::string&);
};

// The busiest first: they are found by a linear search.
constexpr std::array operations = {
    Operation{"GetItem", get_item},
    Operation{"PutItem", put_item},
    Operation{"UpdateItem", update_item},
    Operation{"Query", query},
    Operation{"BatchGetItem", batch_get_item},
    Operation{"TransactWriteItems", transact_write_items},
    Operation{"DeleteItem", delete_item},
    Operation{"BatchWriteItem", batch_write_item},
    Operation{"TransactGetItems", transact_get_items},
    Operation{"Scan", scan},
    Operation{"DescribeTable", describe_table},
    Operation{"CreateTable", create_table},
    Operation{"UpdateTable", update_table},
    Operation{"DeleteTable", delete_table},
    Operation{"ListTables", list_tables},
    Operation{"UpdateTimeToLive", update_time_to_live},
    Operation{"DescribeTimeToLive", describe_time_to_live},
};

}  // namespace

class LocalEngine::Impl {
 public:
  Impl(std::unique_ptr<Store> store, LocalEngineOptions options)
      : database_(std::move(store), std::move(options.now_ms)) {}

  /// Every request passes here, and nothing else reaches the operations.
  Answer dispatch(std::string_view name, std::string& body) {
    const auto* operation = std::find_if(operations.data(), operations.data() + operations.size(),
                                         [name](const Operation& o) { return o.name == name; });
    if (operation == operations.data() + operations.size()) {
      ApiError error{400, "com.amazon.coral.service#UnknownOperationException", {}, {}};
      return {error.status, error.to_json()};
    }
    Outcome<std::string> result = operation->run(database_, body);
    if (result) return {200, std::move(*result)};
    return {result.error().status, result.error().to_json()};
  }

 private:
  Database database_;
};

LocalEngine::LocalEngine(std::unique_ptr<Store> store, LocalEngineOptions options)
    : impl_(std::make_unique<Impl>(std::move(store), std::move(options))) {}
LocalEngine::~LocalEngine() = default;
LocalEngine::LocalEngine(LocalEngine&&) noexcept = default;
LocalEngine& LocalEngine::operator=(LocalEngine&&) noexcept = default;

Answer LocalEngine::handle(std::string_view operation, std::string body) {
  return impl_->dispatch(operation, body);
}

}  // namespace bao::local
