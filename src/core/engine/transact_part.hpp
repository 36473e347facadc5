#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/creation.hpp"
#include "core/engine/transact.hpp"
#include "core/engine/unique.hpp"
#include "core/engine/update_plan.hpp"
#include "core/engine/write_support.hpp"

// The actions of one transact, and how they get along: each row may be named once.
namespace bao::core {

/// One action, over all tries.
struct TransactPart {
  explicit TransactPart(TransactAction what) : action(std::move(what)) {}

  [[nodiscard]] const Model& model() const { return *action.model; }
  [[nodiscard]] bool writes() const { return action.kind != TransactAction::Kind::check; }

  TransactAction action;
  RowKey key;
  std::string id;
  std::optional<Creation> creation;
  std::optional<EncodedChanges> changes;  // of an update that changes anything
  ItemRef base;
  bool loads = false;              // the base has to be read before the next try
  bool was_read = false;           // the base was read by this transaction
  std::optional<UpdatePlan> plan;  // made from `base`
  std::vector<Claim> claims;
  std::vector<Release> releases;
  std::vector<Release> ttl_rows;
  std::optional<Value> ttl;
  std::vector<RowKey> not_ours;  // rows that should be this item's and are somebody else's: left alone
  ClaimActions claim_actions;
  std::unique_ptr<WriteMark> mark;
  ItemRef after;  // as read when it was done

  [[nodiscard]] Owner owner() const { return {.model = model(), .id = id, .ttl = ttl}; }
  [[nodiscard]] const char* operation() const { return operation_of(action.kind); }
};

using TransactParts = std::list<TransactPart>;

/// A row that several actions write is written once: a value that one gives up and another takes passes over;
/// of two that have it as far as was read, one has lost it. The error tells of actions that cannot both be.
[[nodiscard]] std::optional<Error> merge_rows(Call& call, TransactParts& parts);
/// What other actions' claims ask of this part's item, which only this part's action can check.
[[nodiscard]] std::vector<std::string> guards(const TransactPart& part, const TransactParts& parts,
                                              Placeholders& placeholders);
/// A condition on an item failed, and it may be one that claims asked for because the item no longer had
/// their values: whether it has them is found out anew.
void forget_takeovers(TransactParts& parts, const RowKey& holder);
/// A claim's row is held by neither the item nor the one that hands it over.
void take_back(TransactParts& parts, Claim& claim);

}  // namespace bao::core
