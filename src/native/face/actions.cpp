// Writes, alone and together in a transaction, and the plugins whose hooks run around them.

#include <utility>

#include <bao/client.hpp>
#include <bao/detail/write.hpp>
#include <bao/exception.hpp>
#include <bao/transaction.hpp>

#include "native/face/client_state.hpp"
#include "native/face/convert.hpp"
#include "native/face/rows.hpp"

namespace bao::detail {

Task<Result<RawFound>> write_alone(TransactPart part) {
  using Kind = TransactPart::Kind;
  if (part.kind == Kind::create) {
    Operation creating(CreateArgs{.model = std::move(part.model),
                                  .key = std::move(part.key),
                                  .base = std::move(part.base),
                                  .changes = std::move(part.changes),
                                  .named = std::move(part.named),
                                  .options = std::move(part.options)},
                       AsItIs{});
    auto waiting = std::move(creating).as_result();
    co_return co_await std::move(waiting);
  }
  if (part.kind == Kind::update) {
    Operation updating(UpdateArgs{.model = std::move(part.model),
                                  .key = std::move(part.key),
                                  .changes = std::move(part.changes),
                                  .named = std::move(part.named),
                                  .base = std::move(part.base),
                                  .options = std::move(part.options)},
                       AsItIs{});
    auto waiting = std::move(updating).as_result();
    co_return co_await std::move(waiting);
  }
  Operation removing(RemoveArgs{.model = std::move(part.model),
                                .key = std::move(part.key),
                                .base = std::move(part.base),
                                .options = std::move(part.options)},
                     AsItIs{});
  auto waiting = std::move(removing).as_result();
  co_return co_await std::move(waiting);
}

Task<Result<Capacity>> act_together(const std::vector<std::unique_ptr<Action>>& actions) {
  const Context context = co_await this_context();
  if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
  std::vector<std::shared_ptr<RecordBase>> records;
  records.reserve(actions.size());
  for (const std::unique_ptr<Action>& action : actions) records.push_back(action->instance());
  auto taking = take_turns(std::move(records));
  Result<SaveTurns> turns = co_await std::move(taking);
  if (!turns) co_return std::unexpected(std::move(turns).error());
  const Context inside = turns->inside(context);
  TransactArgs args;
  std::vector<Action*> sent;
  for (const std::unique_ptr<Action>& action : actions) {
    auto preparing = with_context(inside, action->prepare());
    Result<std::optional<TransactPart>> part = co_await std::move(preparing);
    if (!part) co_return std::unexpected(std::move(part).error());
    if (!*part) continue;
    args.parts.push_back(std::move(**part));
    sent.push_back(action.get());
  }
  Operation writing(std::move(args), AsItIs{});
  auto waiting = std::move(writing).as_result();
  Result<RawTransacted> written = co_await std::move(waiting);
  if (!written) co_return std::unexpected(std::move(written).error());
  for (std::size_t position = 0; position < sent.size(); ++position) {
    Result<void> taken = sent[position]->take(context, std::move(written->items[position]));
    if (!taken) co_return std::unexpected(std::move(taken).error());
  }
  turns->end();
  for (Action* action : sent) {
    auto finishing = action->finish();
    co_await std::move(finishing);
  }
  co_return written->capacity;
}

Task<Result<Capacity>> act_and_end(std::vector<std::unique_ptr<Action>> actions) {
  auto acting = act_together(actions);
  co_return co_await std::move(acting);
}

void add_plugin(Client& client, const ModelName& model, std::shared_ptr<const void> plugin) {
  ClientState& state = *client.context().client;
  if (state.model(model.info, model.name) == nullptr) throw_error(unknown_model(model));
  state.add_plugin(model, std::move(plugin));
}

std::vector<std::shared_ptr<const void>> plugins_of(const Context& context, const ModelName& model) {
  return context.client->plugins(model);
}

}  // namespace bao::detail
