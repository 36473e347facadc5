// The turns of saves of one instance.

#include <bao/detail/save_turn.hpp>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <unordered_set>

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

using Records = std::vector<std::shared_ptr<RecordBase>>;

/// Waits for the turn of one record; `held` are those that the waiting one has meanwhile.
class Turn {
 public:
  Turn(std::shared_ptr<RecordBase> record, const Records& held) : record_(std::move(record)), held_(held) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!waiting_) return;
    ended();
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
    for (const std::shared_ptr<RecordBase>& held : held_) held->saves.awaited.push_back(record_.get());
  }
  void await_resume() {
    if (waiting_) ended();
    waiting_.reset();
  }

 private:
  void ended() {
    for (const std::shared_ptr<RecordBase>& held : held_) {
      std::vector<RecordBase*>& awaited = held->saves.awaited;
      awaited.erase(std::ranges::find(awaited, record_.get()));
    }
  }

  std::shared_ptr<RecordBase> record_;
  const Records& held_;
  std::shared_ptr<WaitingSave> waiting_;
};

// The records whose turns the callers of a coroutine have.
Records held_around(const Context& context) {
  Records held;
  for (const SavesAround* around = context.saves.get(); around != nullptr; around = around->outer.get()) {
    held.insert(held.end(), around->records.begin(), around->records.end());
  }
  return held;
}

// Whether the one that has this record's turn waits, itself or by others, for one of those held: then to wait
// for it would be without end. Whoever closes a circle is the last to wait, so no circle is missed.
bool waits_for(RecordBase& record, const Records& held) {
  std::unordered_set<RecordBase*> seen{&record};
  std::vector<RecordBase*> open{&record};
  while (!open.empty()) {
    RecordBase* const one = open.back();
    open.pop_back();
    for (RecordBase* const awaited : one->saves.awaited) {
      const auto is_it = [&](const std::shared_ptr<RecordBase>& mine) { return mine.get() == awaited; };
      if (std::ranges::any_of(held, is_it)) return true;
      if (seen.insert(awaited).second) open.push_back(awaited);
    }
  }
  return false;
}

Error is_being_saved(RecordBase& record, const char* why) {
  const std::string& model = record.model->definition.name;
  return {ErrorCode::validation,
          ErrorDetails{.message = model + " '" + id_of(record) + "' is being saved or removed" + why,
                       .model = model,
                       .primary_id = id_of(record)}};
}
Error saves_itself(RecordBase& record) {
  return is_being_saved(record,
                        ": a before_save hook changes the data that it is given, and no hook before a write "
                        "can save the instance");
}
Error waits_in_circle(RecordBase& record) {
  return is_being_saved(record,
                        ", and that waits for an instance whose hook this is: hooks that save one another's "
                        "instances would wait for ever");
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
  Records held = held_around(context);
  for (const std::shared_ptr<RecordBase>& record : records) {
    if (std::ranges::find(held, record) != held.end()) co_return std::unexpected(saves_itself(*record));
  }
  SaveTurns turns;
  for (const std::shared_ptr<RecordBase>& record : records) {
    if (record->saves.taken && waits_for(*record, held)) co_return std::unexpected(waits_in_circle(*record));
    {
      Turn turn(record, held);
      co_await turn;
    }
    turns.add(record);
    held.push_back(record);
  }
  co_return std::move(turns);
}

}  // namespace bao::detail
