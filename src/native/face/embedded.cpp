#include <bao/embedded.hpp>

#include <chrono>

#include "local/api_error.hpp"
#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::embedded {

namespace {

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

local::LmdbSync lmdb_sync(Sync sync) {
  switch (sync) {
    case Sync::full:
      return local::LmdbSync::full;
    case Sync::normal:
      return local::LmdbSync::normal;
    case Sync::off:
      return local::LmdbSync::off;
  }
  return local::LmdbSync::normal;
}

constexpr const char* store_failed = "InternalServerError";

template <class T>
void fail(Reply<T>& reply, const std::string& message) {
  reply.result = std::unexpected(Error{.status = 500, .type = store_failed, .message = message});
}
void fail(JsonAnswer& answer, const std::string& message) {
  answer.status = 500;
  answer.body = local::internal_error(message).to_json();
}

}  // namespace

struct Engine::Impl {
  Impl(std::unique_ptr<local::Store> store, bool in_file, local::LocalEngineOptions options)
      : file_store(in_file ? store.get() : nullptr), engine(std::move(store), std::move(options)) {}

  /// An answer that acknowledges a write leaves only when the write is as safe as Sync promises.
  template <class AnswerForm>
  AnswerForm settled(AnswerForm answer) {
    if (!file_store || !file_store->is_unsettled()) return answer;
    if (auto done = file_store->settle(false); !done) fail(answer, done.error().message);
    return answer;
  }

  local::Store* file_store;  ///< the engine's, where it has to be settled
  local::LocalEngine engine;
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

std::expected<Engine, std::string> Engine::open(Options options) {
  std::unique_ptr<local::Store> store;
  const bool in_file = !options.file.empty();
  if (in_file) {
    auto opened = local::open_lmdb_store(options.file, {.sync = lmdb_sync(options.sync)});
    if (!opened) return std::unexpected(opened.error().message);
    store = std::move(*opened);
  } else {
    store = local::make_memory_store();
  }
  local::LocalEngineOptions engine_options{.now_ms = wall_clock_ms};
  if (options.now_ms) engine_options.now_ms = std::move(options.now_ms);
  engine_options.table_change_ms = options.table_change_ms;
  engine_options.gsi_delay_ms = options.gsi_delay_ms;
  auto impl = std::make_unique<Impl>(std::move(store), in_file, std::move(engine_options));
  if (const std::string& error = impl->engine.open_error(); !error.empty()) {
    return std::unexpected(options.file + ": " + error);
  }
  return Engine(std::move(impl));
}

JsonAnswer Engine::handle(std::string_view operation, std::string body) {
  local::Answer answer = impl_->engine.handle(operation, std::move(body));
  return impl_->settled(JsonAnswer{.status = answer.status,
                                   .body = std::move(answer.body),
                                   .delay_ms = answer.delay_ms,
                                   .dropped = answer.dropped});
}

Reply<GetItemAnswer> Engine::get_item(const GetItemRequest& request) {
  return impl_->settled(impl_->engine.get_item(request));
}
Reply<WriteAnswer> Engine::put_item(const PutItemRequest& request) {
  return impl_->settled(impl_->engine.put_item(request));
}
Reply<WriteAnswer> Engine::update_item(const UpdateItemRequest& request) {
  return impl_->settled(impl_->engine.update_item(request));
}
Reply<WriteAnswer> Engine::delete_item(const DeleteItemRequest& request) {
  return impl_->settled(impl_->engine.delete_item(request));
}

std::expected<void, std::string> Engine::set_faults(std::string plan) {
  auto parsed = local::parse_fault_plan(std::move(plan));
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  impl_->engine.set_faults(std::move(*parsed));
  return {};
}

std::size_t Engine::sweep(std::size_t items_max) {
  return impl_->engine.sweep(items_max).deleted;
}

std::expected<void, std::string> Engine::settle() {
  if (!impl_->file_store) return {};
  if (auto done = impl_->file_store->settle(true); !done) {
    return std::unexpected(std::move(done.error().message));
  }
  return {};
}

}  // namespace bao::embedded
