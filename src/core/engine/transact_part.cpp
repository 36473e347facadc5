#include "core/engine/transact_part.hpp"

#include <algorithm>
#include <map>

#include "core/engine/update_outcome.hpp"

namespace bao::core {

namespace {

using Rows = std::map<std::pair<std::string, std::string>, TransactPart*>;

std::pair<std::string, std::string> name_of(const RowKey& key) {
  return {key.pk, key.sk};
}

// Of two items that each have the value of one row, as far as was read, one has lost it: the second one
// claims it instead of changing its ttl, and so has to win it back.
void claim_where_two_change_the_ttl(Call& call, TransactParts& parts) {
  Rows changed;
  for (TransactPart& part : parts) {
    for (std::size_t position = 0; part.plan && position < part.plan->ttl_rows.size();) {
      if (changed.try_emplace(name_of(part.plan->ttl_rows[position].row), &part).second) {
        ++position;
        continue;
      }
      claim_instead(call, *part.plan, position);
      part.claims = part.plan->claims;
      part.ttl_rows = part.plan->ttl_rows;
    }
  }
}

}  // namespace

std::optional<Error> merge_rows(Call& call, TransactParts& parts) {
  claim_where_two_change_the_ttl(call, parts);
  Rows claimed;
  for (TransactPart& part : parts) {
    for (const Claim& claim : part.claims) {
      if (claimed.try_emplace(name_of(claim.row), &part).second) continue;
      return not_unique_error(part.model(), *claim.constraint, claim.text, part.operation());
    }
  }
  // An item that is not to expire after all keeps its values: nobody takes one over in the same moment.
  for (const TransactPart& part : parts) {
    const bool expired = part.ttl && has_passed(*part.ttl, call.engine().service_time_ms());
    for (const Release& row : part.ttl_rows) {
      const auto by = claimed.find(name_of(row.row));
      if (expired || by == claimed.end() || by->second == &part) continue;
      const Claim& claim = *std::ranges::find(by->second->claims, row.row, &Claim::row);
      return not_unique_error(by->second->model(), *claim.constraint, claim.text, by->second->operation());
    }
  }
  Rows released;
  // Where its ttl changes, the row is not released: only one of the two items can have it, and the condition
  // of the other one's action fails.
  for (TransactPart& part : parts) {
    for (const Release& row : part.ttl_rows) released.try_emplace(name_of(row.row), &part);
  }
  for (TransactPart& part : parts) {
    std::erase_if(part.ttl_rows, [&](const Release& row) { return claimed.contains(name_of(row.row)); });
    // What one action releases and another claims is written once, by the claim.
    std::erase_if(part.releases, [&](const Release& row) {
      if (row.not_mine) return claimed.contains(name_of(row.row));
      const auto claim = claimed.find(name_of(row.row));
      if (claim == claimed.end()) return !released.try_emplace(name_of(row.row), &part).second;
      std::ranges::find(claim->second->claims, row.row, &Claim::row)->handed_over_by = part.id;
      return true;
    });
  }
  // What another action deletes or has as its own does not come back.
  for (TransactPart& part : parts) {
    std::erase_if(part.releases, [&](const Release& row) {
      return row.not_mine && !released.try_emplace(name_of(row.row), &part).second;
    });
  }
  return std::nullopt;
}

std::vector<std::string> guards(const TransactPart& part, const TransactParts& parts,
                                Placeholders& placeholders) {
  std::vector<std::string> conditions;
  for (const TransactPart& other : parts) {
    for (const Claim& claim : other.claims) {
      if (claim.takeover && claim.takeover->holder_key == part.key) {
        conditions.push_back(still_lost(*claim.takeover, placeholders));
      }
    }
  }
  return conditions;
}

void forget_takeovers(TransactParts& parts, const RowKey& holder) {
  for (TransactPart& part : parts) {
    for (Claim& claim : part.claims) {
      if (claim.takeover && claim.takeover->holder_key == holder) claim.takeover.reset();
    }
  }
}

void take_back(TransactParts& parts, Claim& claim) {
  for (TransactPart& part : parts) {
    if (part.id == claim.handed_over_by) part.not_ours.push_back(claim.row);
  }
  claim.handed_over_by.clear();
}

}  // namespace bao::core
