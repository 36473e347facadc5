#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "core/engine/table_operations.hpp"
#include "wasm/client.hpp"

namespace bao::wasm {

/// A call that has not been answered yet.
class Client::Running {
 public:
  explicit Running(std::uint32_t call) : call_(call) {}
  virtual ~Running() = default;
  [[nodiscard]] std::uint32_t call() const { return call_; }
  [[nodiscard]] core::OperationId operation() const { return operation_; }
  void set_operation(core::OperationId operation) { operation_ = operation; }
  /// Appends the result; false: an error.
  virtual bool write(std::string& out, ResultWriter& results) = 0;

 private:
  std::uint32_t call_;
  core::OperationId operation_{};
};

template <class T>
class Client::RunningCall final : public Running {
 public:
  RunningCall(std::uint32_t call, std::shared_ptr<const core::Schema> schema, const core::Model* model)
      : Running(call), schema_(std::move(schema)), model_(model) {}
  bool write(std::string& out, ResultWriter& results) override {
    if (!*slot) {
      ResultWriter::write(out, slot->error());
      return false;
    }
    if constexpr (std::is_same_v<T, core::TableReport>) {
      return results.write(out, **slot);
    } else {
      return results.write(out, *model_, **slot);
    }
  }
  std::optional<Result<T>> slot;

 private:
  std::shared_ptr<const core::Schema> schema_;  // keeps the model
  const core::Model* model_;
};

template <class T>
[[gnu::noinline]] void Client::launch(std::uint32_t call, core::Call& running, const core::Model* model,
                                      core::Task<Result<T>> task) {
  auto started = std::make_unique<RunningCall<T>>(call, definitions_.schema(), model);
  Running* const token = started.get();
  token->set_operation(engine_.launch<Result<T>>(running, std::move(task), started->slot, token));
  calls_.insert_or_assign(call, std::move(started));
}

}  // namespace bao::wasm
