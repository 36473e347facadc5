// The turns of saves of one instance.

#include <bao/detail/save_turn.hpp>

#include <algorithm>
#include <boost/asio/post.hpp>

#include <bao/detail/record.hpp>
#include <bao/operation.hpp>

#include "native/face/client_state.hpp"

namespace bao::detail {

struct WaitingSave {
  ClientState* client = nullptr;
  std::coroutine_handle<> caller = {};
  bool given = false;  ///< the turn is its, which it may not know yet
  bool gone = false;   ///< nobody waits any more
};

namespace {

void end_turn(const std::shared_ptr<RecordBase>& record) {
  SaveQueue& saves = record->saves;
  while (!saves.waiting.empty()) {
    const std::shared_ptr<WaitingSave> next = std::move(saves.waiting.front());
    saves.waiting.erase(saves.waiting.begin());
    if (next->gone) continue;
    next->given = true;
    // Not from here: the one that ends may be within a destructor.
    boost::asio::post(next->client->io(), [next] {
      if (!next->gone) next->caller.resume();
    });
    return;
  }
  saves.taken = false;
}

/// Waits for the turn of one record.
class Turn {
 public:
  explicit Turn(std::shared_ptr<RecordBase> record) : record_(std::move(record)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!waiting_) return;
    waiting_->gone = true;
    if (waiting_->given) end_turn(record_);
  }

  [[nodiscard]] bool await_ready() const { return !std::exchange(record_->saves.taken, true); }
  template <HasContext Promise>
  void await_suspend(std::coroutine_handle<Promise> caller) {
    waiting_ = std::make_shared<WaitingSave>();
    waiting_->client = caller.promise().context().client;
    waiting_->caller = caller;
    record_->saves.waiting.push_back(waiting_);
  }
  void await_resume() { waiting_.reset(); }

 private:
  std::shared_ptr<RecordBase> record_;
  std::shared_ptr<WaitingSave> waiting_;
};

bool is_around(const Context& context, const std::shared_ptr<RecordBase>& record) {
  for (const SavesAround* around = context.saves.get(); around != nullptr; around = around->outer.get()) {
    if (std::ranges::find(around->records, record) != around->records.end()) return true;
  }
  return false;
}

Error saves_itself(RecordBase& record) {
  const std::string& model = record.model->definition.name;
  return {ErrorCode::validation,
          ErrorDetails{.message = model + " '" + id_of(record) +
                                  "' is being saved: a before_save hook changes the data that it is given, "
                                  "and cannot save the instance",
                       .model = model,
                       .primary_id = id_of(record)}};
}

}  // namespace

void SaveTurns::add(std::shared_ptr<RecordBase> record) {
  if (!around_) around_ = std::make_shared<SavesAround>();
  around_->records.push_back(std::move(record));
}

void SaveTurns::end() {
  if (!around_) return;
  for (const std::shared_ptr<RecordBase>& record : around_->records) end_turn(record);
  around_.reset();
}

Context SaveTurns::inside(Context context) const {
  if (around_) {
    auto saves = std::make_shared<SavesAround>(*around_);
    saves->outer = std::move(context.saves);
    context.saves = std::move(saves);
  }
  return context;
}

Task<Result<SaveTurns>> take_turns(std::vector<std::shared_ptr<RecordBase>> records) {
  const Context context = co_await this_context();
  if (std::optional<Error> error = refuse_context(context)) co_return std::unexpected(std::move(*error));
  // In one order for all, so that no two transactions wait for one another.
  std::ranges::sort(records);
  records.erase(std::ranges::unique(records).begin(), records.end());
  std::erase(records, nullptr);
  for (const std::shared_ptr<RecordBase>& record : records) {
    if (is_around(context, record)) co_return std::unexpected(saves_itself(*record));
  }
  SaveTurns turns;
  for (const std::shared_ptr<RecordBase>& record : records) {
    Turn turn(record);
    co_await turn;
    turns.add(record);
  }
  co_return std::move(turns);
}

}  // namespace bao::detail
