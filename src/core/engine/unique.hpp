#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/transaction.hpp"

namespace bao::core {

/// A unique value that a write takes for its item.
struct Claim {
  const UniqueConstraint* constraint = nullptr;
  std::string text;
  RowKey row;
  /// Set once the row was found to be held by an item that no longer holds the value: who held it, and the
  /// state of that item on which taking the row over depends.
  struct Takeover {
    std::string holder_id;
    RowKey holder_key;
    std::string attribute;        ///< the holder's attribute that proves it; `_pk`: the holder is not there
    std::optional<Value> stored;  ///< that attribute's value; nothing: it is not there
  };
  std::optional<Takeover> takeover;
  /// The id of another item that gives the value up in the same transaction: the row passes from it to ours.
  std::string handed_over_by;
};

/// A unique value that a write gives back.
struct Release {
  const UniqueConstraint* constraint = nullptr;
  RowKey row;
  /// The row was found to be somebody else's, so it stays; but it may come back to the item, and would then
  /// be reserved for ever: the write depends on that it has not.
  bool not_mine = false;
};

/// The owner that unique rows of a write name.
struct Owner {
  const Model& model;
  std::string id;
  std::optional<Value> ttl;  ///< stored (seconds), where the item has one: its rows expire with it
};

/// The claim of a field's value, as unique_text gives it. ErrorCode::validation where the row would be too
/// large.
[[nodiscard]] Result<Claim> claim_of(const Model& model, std::string_view tenant,
                                     const UniqueConstraint& constraint, std::string text);

/// Where the actions of claims stand in their transaction.
struct ClaimActions {
  std::vector<std::size_t> puts;                   ///< of the rows, one for each claim
  std::vector<std::optional<std::size_t>> checks;  ///< of the former holders, where a row is taken over
};

/// Adds the puts of the claimed rows, and the checks of former holders.
[[nodiscard]] ClaimActions add_claims(Transaction& transaction, const std::vector<Claim>& claims,
                                      const Owner& owner);

// The same in two steps, where several items of one transaction have claims.

/// Adds the puts of the claimed rows. `checks` has room for all, and is empty yet.
[[nodiscard]] ClaimActions add_claimed_rows(Transaction& transaction, const std::vector<Claim>& claims,
                                            const Owner& owner);
/// A claim, and where the position of its check is to be noted.
struct ClaimCheck {
  const Claim* claim = nullptr;
  std::optional<std::size_t>* position = nullptr;
};
/// Adds the checks of former holders: one for each holder, because a transaction may name an item once only.
/// `acted_on`: former holders whose item the transaction names already; its action has to carry
/// still_lost() instead of a check.
void add_holder_checks(Transaction& transaction, std::span<const ClaimCheck> claims,
                       std::span<const RowKey> acted_on = {});
/// The condition, on the former holder, on which taking a value over depends.
[[nodiscard]] std::string still_lost(const Claim::Takeover& takeover, Placeholders& placeholders);
/// Adds the delete of a row, where it is still this owner's; or the check that it is not.
std::size_t add_release(Transaction& transaction, const Release& release, const Owner& owner);
/// Adds a change of the row's `ttl` to the owner's.
std::size_t add_ttl(Transaction& transaction, const Release& held, const Owner& owner);

/// Whether a stored `ttl` (seconds) has passed. DynamoDB deletes such items some time later.
[[nodiscard]] bool has_passed(const Value& ttl, std::int64_t service_ms);

/// The row of a claim is held: finds out by whom. Sets claim.takeover where the holder lost its right to
/// the value; gives the ConditionalError where it has it; neither where the row is free again by now.
[[nodiscard]] Task<std::optional<Error>> judge_clash(Call& call, Claim& claim, const Owner& owner);

/// What a failed action of a transaction means for its claims.
struct Clashes {
  bool any = false;            ///< the action was one of theirs
  std::optional<Error> error;  ///< a value is taken, or its row could not be read
};
/// Judges every claim that the failed action belongs to.
[[nodiscard]] Task<Clashes> judge_clashes(Call& call, std::vector<Claim>& claims, const ClaimActions& actions,
                                          std::size_t failed, const Owner& owner);

/// `constraint`'s field must be unique: the ConditionalError of a lost race.
[[nodiscard]] Error not_unique_error(const Model& model, const UniqueConstraint& constraint,
                                     const std::string& text, std::string operation);

}  // namespace bao::core
