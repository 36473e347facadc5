#pragma once

#include <coroutine>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <bao/context.hpp>
#include <bao/error.hpp>
#include <bao/task.hpp>

// Saves of one instance follow one another: one that comes while another is under way waits for its end, and
// then takes the changes that are left. Sending what is new at once would be wrong, as the second request may
// be done before the first: the older value of a field would stay, and an item be changed before it is
// created. And if the first fails, its changes are simply still there. A removal takes its turn as a save
// does. Not for users.
namespace bao::detail {

struct RecordBase;
struct WaitingSave;

/// Who saves a record, and who waits for that.
struct SaveQueue {
  bool taken = false;
  std::vector<std::shared_ptr<WaitingSave>> waiting = {};
  /// Records whose turns are waited for by who has this one's, as its hooks may.
  std::vector<RecordBase*> awaited = {};
};
// Every item has one, nearly always empty: it must not allocate, as an empty deque does.
static_assert(std::is_nothrow_default_constructible_v<SaveQueue>);

/// The records whose turns the callers of a coroutine have: it must not wait for those.
struct SavesAround {
  std::vector<std::shared_ptr<RecordBase>> records = {};
  std::shared_ptr<const SavesAround> outer = {};
};

/// The turns of one save, or of those of a transaction; ends them when destroyed.
class SaveTurns {
 public:
  SaveTurns() = default;
  SaveTurns(SaveTurns&&) noexcept = default;
  SaveTurns& operator=(SaveTurns&& other) noexcept {
    end();
    around_ = std::exchange(other.around_, nullptr);
    return *this;
  }
  ~SaveTurns() { end(); }

  void add(std::shared_ptr<RecordBase> record);
  void end();
  /// `context` for what runs while these are held.
  [[nodiscard]] Context inside(Context context) const;

 private:
  std::shared_ptr<SavesAround> around_;
};

/// Waits for the turns of these records; null records and repeated ones count for nothing. ValidationError
/// where a caller has one of them: a before_save hook cannot save the instance that is being saved. And where
/// who has one waits, itself or by others, for one that a caller has: such hooks would wait for ever.
[[nodiscard]] Task<Result<SaveTurns>> take_turns(std::vector<std::shared_ptr<RecordBase>> records);

}  // namespace bao::detail
