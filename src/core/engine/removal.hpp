#pragma once

#include <string>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/draft.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/unique.hpp"

// What a delete takes with it: shared by remove and transact.
namespace bao::core {

/// The rows of the unique values that the item holds.
[[nodiscard]] std::vector<Release> held_rows(const Call& call, const Draft& item);

[[nodiscard]] std::string exists_condition(Placeholders& placeholders);

/// The item is there, holds the unique values that it was loaded with, and meets the caller's condition and
/// `conditions`.
[[nodiscard]] Result<std::string> removal_condition(const Draft& item, const Condition& asked,
                                                    Placeholders& placeholders,
                                                    std::vector<std::string> conditions = {});

}  // namespace bao::core
