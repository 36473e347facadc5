#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/context.hpp>
#include <bao/task.hpp>
#include <bao/with_context.hpp>

namespace bao {

/// On whose behalf a client's calls are made where their coroutine does not say it (run_with_tenant, which
/// comes first): the tenant set here, else the first that a resolver names. Change it before calls are under
/// way, or on the client's executor. `client.tenants()`.
class TenantContext {
 public:
  /// Names the tenant of a call, or nobody (nothing, or an empty text). Called at the start of each call that
  /// has no other tenant; what it throws reaches the caller.
  using Resolver = std::function<std::optional<std::string>()>;

  /// ValidationError for an empty id and one with "]#" in it.
  void set_current_tenant(std::string tenant);
  /// Takes back what set_current_tenant set.
  void clear_tenant() { current_.reset(); }
  /// Asked in order. ConfigurationError for an empty function.
  void add_resolver(Resolver resolver);
  void clear_resolvers() { resolvers_.clear(); }
  /// Forgets the tenant set and the resolvers.
  void reset();
  /// The tenant of calls whose coroutine has none.
  [[nodiscard]] std::optional<std::string> get_current_tenant() const;

 private:
  std::optional<std::string> current_;
  std::vector<Resolver> resolvers_;
};

namespace detail {

/// The tenant of a call in this context: the coroutine's, the client's, or nobody.
[[nodiscard]] std::optional<std::string> tenant_of(const Context& context);
/// Throws the ConfigurationError of a missing tenant where the client requires one.
void validate_tenant(const Context& context);

}  // namespace detail

/// Runs `function`, which makes a Task, on behalf of a tenant: its keys, caches and batches are apart from
/// every other's. An id that cannot be one (empty, or with "]#" in it) is a ValidationError of each call.
template <class Function>
[[nodiscard]] auto run_with_tenant(std::string tenant, Function function) -> std::invoke_result_t<Function&> {
  Context context = co_await this_context();
  context.tenant = std::make_shared<const std::string>(std::move(tenant));
  auto running = with_context(std::move(context), std::move(function));
  co_return co_await std::move(running);
}
/// The same.
template <class Function>
[[nodiscard]] auto with_tenant(std::string tenant, Function function) -> std::invoke_result_t<Function&> {
  return run_with_tenant(std::move(tenant), std::move(function));
}

/// The tenant on whose behalf the coroutine that asks makes calls; nothing where there is none.
[[nodiscard]] inline Task<std::optional<std::string>> get_current_tenant() {
  const Context context = co_await this_context();
  co_return detail::tenant_of(context);
}

/// Throws a ConfigurationError where tenancy is enabled and there is no tenant.
[[nodiscard]] inline Task<void> validate_tenant_required() {
  const Context context = co_await this_context();
  detail::validate_tenant(context);
}

}  // namespace bao
