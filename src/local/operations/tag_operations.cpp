#include <algorithm>
#include <utility>

#include "local/operations/item_request.hpp"
#include "local/operations/named_request.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

namespace {

constexpr std::size_t tags_max = 50;

/// The table that ResourceArn names.
Outcome<Table*> tagged_table(Database& database, std::string& body, NamedRequest& request) {
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  if (!request.resource_arn || request.resource_arn->empty()) return invalid("Invalid TableArn");
  const std::string_view arn = *request.resource_arn;
  const std::string_view name = table_of_arn(arn);
  if (name == arn || !arn.starts_with("arn:aws")) {
    return invalid("Invalid TableArn: Invalid ResourceArn provided as input " + std::string(arn));
  }
  if (Table* table = database.find(name)) return table;
  return std::unexpected(
      resource_not_found("Requested resource not found: ResourcArn: " + std::string(arn) + " not found"));
}

Outcome<void> commit_tags(Database& database, Table& table, std::vector<ResourceTag> tags) {
  Table changed = table;
  changed.tags = std::move(tags);
  WriteBatch batch;
  if (auto done = database.commit_definition(batch, changed); !done) return done;
  table.tags = std::move(changed.tags);
  return {};
}

}  // namespace

Outcome<void> check_tags(const std::vector<TagRequest>& tags) {
  Constraints constraints;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string path = "tags." + std::to_string(i + 1) + ".member.";
    const TagRequest& tag = tags[i];
    constraints.require(tag.key.has_value(), path + "key");
    constraints.require(tag.value.has_value(), path + "value");
    constraints.length(tag.key, path + "key", 1, 128);
    constraints.length(tag.value, path + "value", 0, 256);
  }
  if (auto done = constraints.result(); !done) return done;
  if (tags.size() > tags_max)
    return invalid("One or more parameter values were invalid: Too many tags: more than 50");
  for (const TagRequest& tag : tags) {
    if (tag.key->starts_with("aws:")) {
      return invalid(
          "One or more parameter values were invalid: Tag keys that start with aws: are reserved: " +
          std::string(*tag.key));
    }
    const auto twice = std::count_if(tags.begin(), tags.end(),
                                     [&tag](const TagRequest& other) { return other.key == tag.key; });
    if (twice > 1) {
      return invalid("One or more parameter values were invalid: Duplicate tag key: " +
                     std::string(*tag.key));
    }
  }
  return {};
}

Outcome<std::string> tag_resource(Database& database, std::string& body) {
  NamedRequest request;
  auto table = tagged_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  if (!request.tags || request.tags->empty())
    return invalid("Atleast one Tag needs to be provided as Input.");
  if (auto done = check_tags(*request.tags); !done) return std::unexpected(std::move(done.error()));
  std::vector<ResourceTag> tags = (*table)->tags;
  for (const TagRequest& tag : *request.tags) {
    const auto known = std::find_if(tags.begin(), tags.end(),
                                    [&tag](const ResourceTag& old) { return old.key == *tag.key; });
    if (known != tags.end()) {
      known->value = *tag.value;
    } else {
      tags.push_back({std::string(*tag.key), std::string(*tag.value)});
    }
  }
  if (tags.size() > tags_max) {
    return std::unexpected(
        service_error("LimitExceededException", "A table has at most 50 tags: " + (*table)->name));
  }
  if (auto done = commit_tags(database, **table, std::move(tags)); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return std::string();
}

Outcome<std::string> untag_resource(Database& database, std::string& body) {
  NamedRequest request;
  auto table = tagged_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  if (!request.tag_keys || request.tag_keys->empty()) {
    return invalid("Atleast one Tag Key needs to be provided as Input.");
  }
  std::vector<ResourceTag> tags = (*table)->tags;
  std::erase_if(tags, [&request](const ResourceTag& tag) {
    return std::find(request.tag_keys->begin(), request.tag_keys->end(), tag.key) != request.tag_keys->end();
  });
  if (auto done = commit_tags(database, **table, std::move(tags)); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return std::string();
}

Outcome<std::string> list_tags_of_resource(Database& database, std::string& body) {
  NamedRequest request;
  auto table = tagged_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("Tags");
  writer.begin_array();
  for (const ResourceTag& tag : (*table)->tags) {
    writer.begin_object();
    writer.key("Key");
    writer.string(tag.key);
    writer.key("Value");
    writer.string(tag.value);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace bao::local
