#include "local/local_engine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "local/database.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/typed_operations.hpp"
#include "local/time_to_live.hpp"

namespace bao::local {

namespace {

// What a request without an answer of its own gets, by the form of its answer.

void refuse(Answer& answer, const ApiError& error) {
  answer.status = error.status;
  answer.body = error.to_json();
}
void drop(Answer& answer) {
  answer.dropped = true;
}

template <class T>
void refuse(embedded::Reply<T>& reply, const ApiError& error) {
  reply.result = std::unexpected(typed_error(error));
}
template <class T>
void drop(embedded::Reply<T>& reply) {
  reply.result = std::unexpected(embedded::Error{
      .status = 0, .type = {}, .message = "The connection ended without an answer (a fault)"});
}

}  // namespace

class LocalEngine::Impl {
 public:
  Impl(std::unique_ptr<Store> store, LocalEngineOptions options)
      : database_(std::move(store), std::move(options.now_ms),
                  {options.table_change_ms, options.gsi_delay_ms, std::move(options.endpoint_address)}),
        faults_(FaultPlan()) {
    set_faults(std::move(options.faults));
    if (auto opened = database_.open(); !opened) open_error_ = opened.error().message;
  }
  ~Impl() {
    // Figures are worth a try, not an error: the next start counts on with the older ones.
    if (open_error_.empty()) (void)database_.save_figures();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void set_faults(FaultPlan plan) {
    faults_ = Faults(std::move(plan));
    database_.recent_writes().keep_for(
        std::max(database_.behaviour().gsi_delay_ms, faults_.stale_index_ms_max()));
  }

  Answer dispatch(std::string_view name, std::string& body) {
    const auto* operation = std::find_if(operations.data(), operations.data() + operations.size(),
                                         [name](const Operation& o) { return o.name == name; });
    Answer answer;
    if (operation == operations.data() + operations.size()) {
      refuse(answer, {400, "com.amazon.coral.service#UnknownOperationException", {}, {}});
      return answer;
    }
    handle(operation->name, answer, [&] {
      Outcome<std::string> result = operation->run(database_, body);
      if (result) {
        answer.body = std::move(*result);
      } else {
        refuse(answer, result.error());
      }
    });
    return answer;
  }

  template <class T, class Request>
  embedded::Reply<T> dispatch_typed(std::string_view name,
                                    TypedOutcome<T> (*operation)(Database&, const Request&),
                                    const Request& request) {
    embedded::Reply<T> reply;
    handle(name, reply, [&] { reply.result = operation(database_, request); });
    return reply;
  }

  Sweep sweep(std::size_t items_max) {
    if (!open_error_.empty()) return {};
    return sweeper_.sweep(database_, items_max);
  }

  std::string open_error_;

 private:
  /// Every request passes here, and nothing else reaches the operations. `run` puts the answer where
  /// `answer` is, unless faults have it otherwise.
  template <class AnswerForm, class Run>
  void handle(std::string_view name, AnswerForm& answer, Run run) {
    if (!open_error_.empty()) return refuse(answer, internal_error(open_error_));
    if (!faults_.any()) return run();
    const FaultDecision fault = faults_.decide(name);
    answer.delay_ms = fault.latency_ms;
    if (fault.drop_before) return drop(answer);
    if (fault.error_before) return refuse(answer, internal_error("Internal server error"));
    if (fault.throttle) {
      return refuse(answer, service_error("ProvisionedThroughputExceededException",
                                          "The level of configured provisioned throughput for the table was "
                                          "exceeded. Consider increasing your provisioning level with the "
                                          "UpdateTable API."));
    }
    database_.request_faults() = {fault.unprocessed, fault.stale_index_ms};
    run();
    database_.request_faults() = {};
    if (fault.error_after) refuse(answer, internal_error("Internal server error"));
    if (fault.drop_after) drop(answer);
  }

  Database database_;
  Faults faults_;
  TimeToLiveSweeper sweeper_;
};

LocalEngine::LocalEngine(std::unique_ptr<Store> store, LocalEngineOptions options)
    : impl_(std::make_unique<Impl>(std::move(store), std::move(options))) {}
LocalEngine::~LocalEngine() = default;
LocalEngine::LocalEngine(LocalEngine&&) noexcept = default;
LocalEngine& LocalEngine::operator=(LocalEngine&&) noexcept = default;

const std::string& LocalEngine::open_error() const {
  return impl_->open_error_;
}

Answer LocalEngine::handle(std::string_view operation, std::string body) {
  return impl_->dispatch(operation, body);
}

embedded::Reply<embedded::GetItemAnswer> LocalEngine::get_item(const embedded::GetItemRequest& request) {
  return impl_->dispatch_typed("GetItem", local::get_item, request);
}
embedded::Reply<embedded::WriteAnswer> LocalEngine::put_item(const embedded::PutItemRequest& request) {
  return impl_->dispatch_typed("PutItem", local::put_item, request);
}
embedded::Reply<embedded::WriteAnswer> LocalEngine::update_item(const embedded::UpdateItemRequest& request) {
  return impl_->dispatch_typed("UpdateItem", local::update_item, request);
}
embedded::Reply<embedded::WriteAnswer> LocalEngine::delete_item(const embedded::DeleteItemRequest& request) {
  return impl_->dispatch_typed("DeleteItem", local::delete_item, request);
}

LocalEngine::Sweep LocalEngine::sweep(std::size_t items_max) {
  return impl_->sweep(items_max);
}

void LocalEngine::set_faults(FaultPlan plan) {
  impl_->set_faults(std::move(plan));
}

}  // namespace bao::local
