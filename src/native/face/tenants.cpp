#include <bao/tenant.hpp>

#include <string_view>
#include <utility>

#include <bao/exception.hpp>
#include <bao/operation.hpp>

#include "core/keys/row_keys.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
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

namespace {

// Whose item this is, by its key. Nothing: it does not say.
std::optional<std::string> owner_of(const core::Model& model, const RawItem& item) {
  const core::ValueView pk = to_item(item).attribute(core::pk_attribute);
  if (!pk.present()) return std::nullopt;
  std::string_view text = pk.text();
  // These rows of tables in format 1 are without their tenant.
  if (model.key_format() == 1 && text == model.prefix()) return std::nullopt;
  return std::string(core::take_tenant(text));
}

Error of_another_tenant(const core::Model& model, const std::string& id, const std::string& owner,
                        const std::string& tenant) {
  const auto shown = [](const std::string& one) {
    return one.empty() ? "no tenant" : "tenant '" + one + "'";
  };
  return {ErrorCode::validation,
          ErrorDetails{.message = model.name() + " '" + id + "' was read as " + shown(owner) +
                                  "'s: it cannot be written as " + shown(tenant) + "'s",
                       .model = model.name(),
                       .value = tenant,
                       .primary_id = id}};
}

}  // namespace

std::optional<Error> keep_tenant(const ClientState& client, const std::vector<HeldItem>& items,
                                 std::optional<std::string>& tenant) {
  std::optional<std::string> common = tenant;
  for (const HeldItem& item : items) {
    const core::Model* const model = client.model(item.model->info, item.model->name);
    if (common || model == nullptr || !*item.base) continue;
    const std::optional<std::string> owner = owner_of(*model, *item.base);
    if (owner && !owner->empty()) common = owner;
  }
  for (const HeldItem& item : items) {
    const core::Model* const model = client.model(item.model->info, item.model->name);
    if (model == nullptr) continue;
    std::optional<std::string> owner = *item.base ? owner_of(*model, *item.base) : tenant.value_or("");
    if (owner && *owner != common.value_or("")) {
      return of_another_tenant(*model, *item.id, *owner, common.value_or(""));
    }
  }
  tenant = std::move(common);
  return std::nullopt;
}

}  // namespace detail

}  // namespace bao
