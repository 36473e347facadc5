#include "native/face/item_owner.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include <bao/tenant.hpp>

#include "core/keys/row_keys.hpp"
#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"

namespace bao::detail {

namespace {

const std::string& name_of(const ModelName& model) {
  return model.info != nullptr ? model.info->definition.name : model.name;
}

// The tenant whose item this is, by its key. Nothing: it does not say.
std::optional<std::string> tenant_of_item(const core::Model& model, const RawItem& item) {
  const core::ValueView pk = to_item(item).attribute(core::pk_attribute);
  if (!pk.present()) return std::nullopt;
  std::string_view text = pk.text();
  // These rows of tables in format 1 are without their tenant.
  if (model.key_format() == 1 && text == model.prefix()) return std::nullopt;
  return std::string(core::take_tenant(text));
}

Error of_another_client(const HeldItem& item) {
  return {
      ErrorCode::validation,
      ErrorDetails{.message = name_of(*item.model) + " '" + *item.id +
                              "' was read by another client, whose table may be another: only that client "
                              "writes it and finds what it is related to",
                   .model = name_of(*item.model),
                   .primary_id = *item.id}};
}

Error of_another_tenant(const HeldItem& item, Doing doing, const std::string& owner,
                        const std::string& tenant) {
  const auto shown = [](const std::string& one) {
    return one.empty() ? "no tenant" : "tenant '" + one + "'";
  };
  const char* const refused = doing == Doing::write ? "'s: it cannot be written as "
                                                    : "'s: what it is related to cannot be found as ";
  return {ErrorCode::validation,
          ErrorDetails{.message = name_of(*item.model) + " '" + *item.id + "' was read as " + shown(owner) +
                                  refused + shown(tenant) + "'s",
                       .model = name_of(*item.model),
                       .value = tenant,
                       .primary_id = *item.id}};
}

// Whether the row that was read is one of the model's.
bool is_row_of(const core::Model& model, const RawItem& item) {
  const core::ValueView pk = to_item(item).attribute(core::pk_attribute);
  if (!pk.present()) return true;
  std::string_view text = pk.text();
  core::take_tenant(text);
  return text == model.prefix() || (text.starts_with(model.prefix()) && text[model.prefix().size()] == '#');
}

Error of_another_model(const HeldItem& item) {
  return {
      ErrorCode::validation,
      ErrorDetails{.message = name_of(*item.model) + " '" + *item.id +
                              "': what was read is an item of another model, whose state is not this one's",
                   .model = name_of(*item.model),
                   .primary_id = *item.id}};
}

Error of_another_item(const HeldItem& item, const std::string& id) {
  return {ErrorCode::validation,
          ErrorDetails{.message = name_of(*item.model) + " '" + *item.id + "': what was read is the item '" +
                                  id + "', whose state is not this one's",
                       .model = name_of(*item.model),
                       .primary_id = *item.id}};
}

// The id of the row that was read, by its key; empty where it does not say.
std::string id_of_row(const core::Model& model, const RawItem& item) {
  const core::ItemRef stored = to_item(item);
  const core::ValueView pk = stored.attribute(core::pk_attribute);
  const core::ValueView sk = stored.attribute(core::sk_attribute);
  if (!pk.present() || !sk.present()) return {};
  return core::row_primary_id(model.definition(), pk.text(), sk.text());
}

// Why what was read is not the state of the item that the call is about.
std::optional<Error> refuse_another(const core::Model& model, const HeldItem& item, Doing doing) {
  if (!is_row_of(model, *item.base)) return of_another_model(item);
  if (doing != Doing::write) return std::nullopt;
  const std::string id = id_of_row(model, *item.base);
  if (id.empty() || id == *item.id) return std::nullopt;
  return of_another_item(item, id);
}

}  // namespace

std::optional<Error> keep_owner(const ClientState& client, const std::vector<HeldItem>& items, Doing doing,
                                std::optional<std::string>& tenant) {
  std::optional<std::string> common = tenant;
  for (const HeldItem& item : items) {
    if (!*item.base) continue;
    if (item.base->client != 0 && item.base->client != client.number()) return of_another_client(item);
    const core::Model* const model = client.model(item.model->info, item.model->name);
    if (model != nullptr) {
      if (std::optional<Error> error = refuse_another(*model, item, doing)) return error;
    }
    if (common || model == nullptr) continue;
    const std::optional<std::string> owner = tenant_of_item(*model, *item.base);
    if (owner && !owner->empty()) common = owner;
  }
  for (const HeldItem& item : items) {
    const core::Model* const model = client.model(item.model->info, item.model->name);
    if (model == nullptr) continue;
    std::optional<std::string> owner = *item.base ? tenant_of_item(*model, *item.base) : tenant.value_or("");
    if (owner && *owner != common.value_or("")) {
      return of_another_tenant(item, doing, *owner, common.value_or(""));
    }
  }
  tenant = std::move(common);
  return std::nullopt;
}

Result<Context> context_for(Context context, const HeldItem& item) {
  if (!*item.base || context.client == nullptr) return context;
  std::optional<std::string> tenant = tenant_of(context);
  if (std::optional<Error> error = keep_owner(*context.client, {item}, Doing::load_related, tenant)) {
    return std::unexpected(std::move(*error));
  }
  if (tenant && !context.tenant) context.tenant = std::make_shared<const std::string>(std::move(*tenant));
  return context;
}

}  // namespace bao::detail
