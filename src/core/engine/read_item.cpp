#include "core/engine/read_item.hpp"

#include "core/engine/exchange.hpp"
#include "core/request/body.hpp"

namespace bao::core {

Task<Result<ItemRef>> read_item(Call& call, RowKey key) {
  std::string body = get_item_body(call.engine().options().table_name, key, true);
  const Exchange ended = co_await exchange(call, ApiOperation::get_item, std::move(body), Replay::read);
  if (!ended.answer) co_return std::unexpected(exchange_error(ended, ApiOperation::get_item, Replay::read));
  co_return ended.answer->item_ref();
}

}  // namespace bao::core
