#include <bao/tenant.hpp>

#include <utility>

#include <bao/exception.hpp>
#include <bao/operation.hpp>

#include "core/keys/row_keys.hpp"
#include "native/face/client_state.hpp"
#include "native/face/tenants.hpp"

namespace bao {

void TenantContext::set_current_tenant(std::string tenant) {
  if (std::optional<Error> error = core::refuse_tenant(tenant)) throw_error(std::move(*error));
  current_ = std::move(tenant);
}

void TenantContext::add_resolver(Resolver resolver) {
  if (!resolver) throw_error(Error(ErrorCode::configuration, "Resolver must be a function"));
  resolvers_.push_back(std::move(resolver));
}

void TenantContext::reset() {
  clear_tenant();
  clear_resolvers();
}

std::optional<std::string> TenantContext::get_current_tenant() const {
  if (current_) return current_;
  for (const Resolver& resolver : resolvers_) {
    std::optional<std::string> tenant = resolver();
    if (tenant && !tenant->empty()) return tenant;
  }
  return std::nullopt;
}

namespace detail {

Error tenant_required() {
  return {
      ErrorCode::configuration,
      "Tenant context is required when tenancy is enabled. Use bao::run_with_tenant(tenant, function) or add "
      "tenant resolvers."};
}

std::optional<std::string> tenant_of(const Context& context) {
  if (context.tenant) return *context.tenant;
  return context.client == nullptr ? std::nullopt : context.client->tenants().get_current_tenant();
}

void validate_tenant(const Context& context) {
  if (std::optional<Error> error = refuse_context(context)) throw_error(std::move(*error));
  if (context.client->requires_tenant() && !tenant_of(context)) throw_error(tenant_required());
}

}  // namespace detail

}  // namespace bao
