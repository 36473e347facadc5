// What steps expect of results and errors.

#include <algorithm>

#include "core/value/number.hpp"
#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/scenario.hpp"

namespace bao::scenarios {

namespace {

void require(const YAML::Node& where, bool met, const std::string& what) {
  if (!met) throw Failure(where, what);
}

void check_error(const YAML::Node& expect, const Error& error, const Names& names) {
  const std::string name = error_class_name(error.code());
  const std::string got = name + ": " + error.message();
  if (expect.IsScalar()) {
    require(expect, name == expect.Scalar(), "expected " + expect.Scalar() + ", got " + got);
    return;
  }
  for (const auto& part : expect) {
    const std::string what = part.first.Scalar();
    const std::string wanted = to_text(part.second, names);
    const ErrorDetails& details = error.details();
    if (what == "class") {
      require(expect, name == wanted, "expected " + wanted + ", got " + got);
    } else if (what == "message") {
      require(expect, error.message().find(wanted) != std::string::npos,
              "expected a message with '" + wanted + "', got " + got);
    } else {
      const std::string* const actual = what == "field"       ? &details.field
                                        : what == "model"     ? &details.model
                                        : what == "index"     ? &details.index
                                        : what == "primaryId" ? &details.primary_id
                                        : what == "operation" ? &details.operation
                                        : what == "service"   ? &details.service_name
                                                              : nullptr;
      require(expect, actual != nullptr, "unknown part '" + what + "' of an error");
      require(expect, *actual == wanted,
              "expected " + what + " '" + wanted + "' but '" + *actual + "' in " + got);
    }
  }
}

void check_fields(const YAML::Node& expect, const DynamicItem& item, const Names& names) {
  require(expect, item.exists, "the item does not exist");
  for (const auto& field : expect) {
    const std::string name = field.first.Scalar();
    const auto found = item.fields.find(name);
    if (field.second.IsNull()) {
      require(expect, found == item.fields.end(), name + ": expected no value");
      continue;
    }
    require(expect, found != item.fields.end(), name + ": has no value");
    const auto different = mismatch(field.second, found->second, names);
    if (different) throw Failure(field.second, name + ": " + *different);
  }
}

void check_items(const YAML::Node& expect, const std::vector<DynamicItem>& items, const Names& names) {
  require(expect, expect.size() == items.size(),
          "expected " + std::to_string(expect.size()) + " items, got " + std::to_string(items.size()));
  for (std::size_t position = 0; position < items.size(); ++position) {
    check_fields(expect[position], items[position], names);
  }
}

void check_related(const YAML::Node& expect, const DynamicItem& item, const Names& names) {
  for (const auto& part : expect) {
    const auto found = item.related.find(part.first.Scalar());
    if (part.second.IsNull()) {
      require(part.first, found == item.related.end(), part.first.Scalar() + ": an item is loaded");
      continue;
    }
    require(part.first, found != item.related.end(), part.first.Scalar() + ": no item is loaded");
    const YAML::Node exists = part.second["exists"];
    if (exists && !exists.as<bool>()) {
      require(part.first, !found->second->exists, part.first.Scalar() + ": the item exists");
    } else {
      check_fields(part.second, *found->second, names);
    }
  }
}

// Each expected item is one of those given, and none is left over.
void check_set(const YAML::Node& expect, const std::vector<DynamicItem>& items, const Names& names) {
  require(expect, expect.size() == items.size(),
          "expected " + std::to_string(expect.size()) + " items, got " + std::to_string(items.size()));
  std::vector<const DynamicItem*> left;
  for (const DynamicItem& item : items) left.push_back(&item);
  for (const YAML::Node& fields : expect) {
    const auto fits = [&](const DynamicItem* item) {
      try {
        check_fields(fields, *item, names);
        return true;
      } catch (const Failure&) {
        return false;
      }
    };
    const auto found = std::ranges::find_if(left, fits);
    require(fields, found != left.end(), "no item has these fields");
    left.erase(found);
  }
}

void check_capacity(const YAML::Node& expect, const Capacity& capacity) {
  for (const auto& part : expect) {
    const double actual = part.first.Scalar() == "read" ? capacity.read : capacity.write;
    require(expect, actual == part.second.as<double>(),
            "expected " + part.second.Scalar() + " units to " + part.first.Scalar() + ", consumed " +
                core::double_to_text(actual));
  }
}

const std::vector<DynamicItem>& items_of(const YAML::Node& where, const Outcome& outcome) {
  if (outcome.many) return *outcome.many;
  require(where, outcome.page.has_value(), "the step has no items as its result");
  return outcome.page->items;
}

const DynamicItem& item_of(const YAML::Node& where, const Outcome& outcome) {
  require(where, outcome.item.has_value(), "the step has no item as its result");
  return *outcome.item;
}

const DynamicPage& page_of(const YAML::Node& where, const Outcome& outcome) {
  require(where, outcome.page.has_value(), "the step has no page as its result");
  return *outcome.page;
}

void check_part(const std::string& what, const YAML::Node& expect, const Outcome& outcome,
                const Names& names) {
  if (what == "item") {
    check_fields(expect, item_of(expect, outcome), names);
  } else if (what == "exists") {
    require(expect, item_of(expect, outcome).exists == expect.as<bool>(),
            expect.as<bool>() ? "the item does not exist" : "the item exists");
  } else if (what == "id") {
    const std::string& id = item_of(expect, outcome).id;
    require(expect, id == to_text(expect, names), "the id is " + id);
  } else if (what == "items") {
    check_items(expect, items_of(expect, outcome), names);
  } else if (what == "related" && !expect.IsSequence()) {
    check_related(expect, item_of(expect, outcome), names);
  } else if (what == "related") {
    const std::vector<DynamicItem>& items = items_of(expect, outcome);
    require(expect, expect.size() == items.size(), "there are " + std::to_string(items.size()) + " items");
    for (std::size_t position = 0; position < items.size(); ++position) {
      check_related(expect[position], items[position], names);
    }
  } else if (what == "itemsInAnyOrder") {
    check_set(expect, items_of(expect, outcome), names);
  } else if (what == "count") {
    const auto count =
        outcome.page ? outcome.page->count : static_cast<std::int64_t>(items_of(expect, outcome).size());
    require(expect, count == expect.as<std::int64_t>(), "the count is " + std::to_string(count));
  } else if (what == "existing") {
    std::int64_t existing = 0;
    for (const DynamicItem& item : items_of(expect, outcome)) existing += item.exists ? 1 : 0;
    require(expect, existing == expect.as<std::int64_t>(), std::to_string(existing) + " items exist");
  } else if (what == "more") {
    require(expect, static_cast<bool>(page_of(expect, outcome).last_key) == expect.as<bool>(),
            expect.as<bool>() ? "there is no further page" : "there is a further page");
  } else if (what == "capacity") {
    check_capacity(expect, outcome.capacity);
  } else if (what == "inside") {
    require(expect, outcome.inside.has_value() && *outcome.inside == expect.as<bool>(),
            "the opposite is the case");
  } else {
    throw Failure(expect, "unknown expectation '" + what + "'");
  }
}

}  // namespace

void check_outcome(const YAML::Node& expect, const Outcome& outcome, const Names& names) {
  const YAML::Node error = expect["error"];
  if (outcome.error) {
    if (!error) {
      throw Failure(expect, std::string("unexpected ") + error_class_name(outcome.error->code()) + ": " +
                                outcome.error->message() + " " + outcome.error->details().service_text);
    }
    check_error(error, *outcome.error, names);
    return;
  }
  if (error) throw Failure(error, "expected an error, and there was none");
  for (const auto& part : expect) check_part(part.first.Scalar(), part.second, outcome, names);
}

}  // namespace bao::scenarios
