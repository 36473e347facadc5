#include "local/operations/table_request.hpp"

#include <algorithm>

namespace bao::local {

using core::JsonType;

namespace {

/// Calls `read_one(name)` for each member of an object; a null object is skipped.
template <class ReadOne>
bool read_object(RequestReader& reader, ReadOne read_one) {
  if (reader.peek() == JsonType::null) return reader.skip();
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    if (!read_one(name)) return false;
  }
  return !reader.failed();
}

template <class T, class ReadOne>
bool read_list(RequestReader& reader, std::optional<std::vector<T>>& out, ReadOne read_one) {
  if (reader.peek() == JsonType::null) return reader.skip();
  if (!reader.enter_array()) return false;
  out.emplace();
  while (reader.next_element()) {
    if (!read_one(out->emplace_back())) return false;
  }
  return !reader.failed();
}

bool read_throughput(RequestReader& reader, std::optional<ThroughputRequest>& out) {
  if (reader.peek() != JsonType::null) out.emplace();
  return read_object(reader, [&](std::string_view name) {
    if (name == "ReadCapacityUnits") return reader.integer(out->read);
    if (name == "WriteCapacityUnits") return reader.integer(out->write);
    return reader.skip();
  });
}

bool read_keys(RequestReader& reader, std::optional<std::vector<KeySchemaElement>>& out) {
  return read_list(reader, out, [&](KeySchemaElement& element) {
    return read_object(reader, [&](std::string_view name) {
      if (name == "AttributeName") return reader.string(element.name);
      if (name == "KeyType") return reader.string(element.type);
      return reader.skip();
    });
  });
}

bool read_index(RequestReader& reader, IndexRequest& index) {
  return read_object(reader, [&](std::string_view name) {
    if (name == "IndexName") return reader.string(index.name);
    if (name == "KeySchema") return read_keys(reader, index.keys);
    if (name == "ProvisionedThroughput") return read_throughput(reader, index.throughput);
    if (name == "Projection") {
      index.has_projection = reader.peek() != JsonType::null;
      return read_object(reader, [&](std::string_view member) {
        if (member == "ProjectionType") return reader.string(index.projection_type);
        if (member == "NonKeyAttributes") return reader.strings(index.non_key_attributes);
        return reader.skip();
      });
    }
    return reader.skip();
  });
}

bool read_indexes(RequestReader& reader, std::optional<std::vector<IndexRequest>>& out, bool global) {
  return read_list(reader, out, [&](IndexRequest& index) {
    index.global = global;
    return read_index(reader, index);
  });
}

bool read_named_update(RequestReader& reader, std::optional<TableRequest::IndexUpdate::Named>& out) {
  if (reader.peek() != JsonType::null) out.emplace();
  return read_object(reader, [&](std::string_view name) {
    if (name == "IndexName") return reader.string(out->name);
    if (name == "ProvisionedThroughput") return read_throughput(reader, out->throughput);
    return reader.skip();
  });
}

bool read_index_update(RequestReader& reader, TableRequest::IndexUpdate& update) {
  return read_object(reader, [&](std::string_view name) {
    if (name == "Create") {
      if (reader.peek() == JsonType::null) return reader.skip();
      return read_index(reader, update.create.emplace());
    }
    if (name == "Delete") return read_named_update(reader, update.remove);
    if (name == "Update") return read_named_update(reader, update.update);
    return reader.skip();
  });
}

bool read_attributes(RequestReader& reader, std::optional<std::vector<AttributeDefinition>>& out) {
  return read_list(reader, out, [&](AttributeDefinition& attribute) {
    return read_object(reader, [&](std::string_view name) {
      if (name == "AttributeName") return reader.string(attribute.name);
      if (name == "AttributeType") return reader.string(attribute.type);
      return reader.skip();
    });
  });
}

std::string member_path(std::string_view list, std::size_t number, std::string_view member) {
  return std::string(list) + "." + std::to_string(number + 1) + ".member." + std::string(member);
}

/// Of a key's attribute, or one that an index projects.
void attribute_name(Constraints& out, const std::optional<std::string_view>& name, const std::string& path) {
  out.length(name, path, 1, 255);
}

void key_constraints(Constraints& out, const std::vector<KeySchemaElement>& keys, const std::string& path) {
  if (keys.empty()) out.fail("'[]'", path, "Member must have length greater than or equal to 1");
  if (keys.size() > 2) out.fail("'[...]'", path, "Member must have length less than or equal to 2");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    out.require(keys[i].name.has_value(), member_path(path, i, "attributeName"));
    attribute_name(out, keys[i].name, member_path(path, i, "attributeName"));
    out.require(keys[i].type.has_value(), member_path(path, i, "keyType"));
    out.one_of(keys[i].type, member_path(path, i, "keyType"), {"HASH", "RANGE"});
  }
}

void throughput_constraints(Constraints& out, const ThroughputRequest& throughput, const std::string& path) {
  out.require(throughput.read.has_value(), path + ".readCapacityUnits");
  out.require(throughput.write.has_value(), path + ".writeCapacityUnits");
  out.at_least(throughput.read, path + ".readCapacityUnits", 1);
  out.at_least(throughput.write, path + ".writeCapacityUnits", 1);
}

void index_constraints(Constraints& out, const IndexRequest& index, const std::string& path) {
  out.require(index.name.has_value(), path + ".indexName");
  out.new_name(index.name, path + ".indexName");
  out.require(index.keys.has_value(), path + ".keySchema");
  if (index.keys) key_constraints(out, *index.keys, path + ".keySchema");
  out.require(index.has_projection, path + ".projection");
  out.one_of(index.projection_type, path + ".projection.projectionType", {"ALL", "INCLUDE", "KEYS_ONLY"});
  if (index.non_key_attributes) {
    for (std::size_t i = 0; i < index.non_key_attributes->size(); ++i) {
      attribute_name(out, (*index.non_key_attributes)[i],
                     path + ".projection.nonKeyAttributes." + std::to_string(i + 1) + ".member");
    }
  }
  if (index.throughput) throughput_constraints(out, *index.throughput, path + ".provisionedThroughput");
}

void named_update_constraints(Constraints& out, const TableRequest::IndexUpdate::Named& update,
                              const std::string& path) {
  out.require(update.name.has_value(), path + ".indexName");
  out.new_name(update.name, path + ".indexName");
}

std::string name_list(const std::vector<KeyAttribute>& attributes) {
  std::string list;
  for (const KeyAttribute& attribute : attributes) {
    if (!list.empty()) list += ", ";
    list += attribute.name;
  }
  return "[" + list + "]";
}

std::unexpected<ApiError> bad_parameter(const std::string& message) {
  return invalid("One or more parameter values were invalid: " + message);
}

std::unexpected<ApiError> named_twice(std::string_view attribute) {
  return bad_parameter("Cannot have two attributes with the same name: " + std::string(attribute));
}

Tag attribute_type(std::string_view type) {
  if (type == "N") return Tag::number;
  return type == "B" ? Tag::binary : Tag::string;
}

}  // namespace

bool read_tags(RequestReader& reader, std::optional<std::vector<TagRequest>>& out) {
  return read_list(reader, out, [&](TagRequest& tag) {
    return read_object(reader, [&](std::string_view name) {
      if (name == "Key") return reader.string(tag.key);
      if (name == "Value") return reader.string(tag.value);
      return reader.skip();
    });
  });
}

Outcome<void> TableRequest::read(std::string& body) {
  RequestReader reader(body);
  const bool done = read_object(reader, [&](std::string_view name) {
    if (name == "TableName") return reader.string(table_name);
    if (name == "AttributeDefinitions") return read_attributes(reader, attributes);
    if (name == "KeySchema") return read_keys(reader, keys);
    if (name == "BillingMode") return reader.string(billing_mode);
    if (name == "ProvisionedThroughput") return read_throughput(reader, throughput);
    if (name == "LocalSecondaryIndexes") return read_indexes(reader, local_indexes, false);
    if (name == "GlobalSecondaryIndexes") return read_indexes(reader, global_indexes, true);
    if (name == "Tags") return read_tags(reader, tags);
    if (name == "TableClass") return reader.string(table_class);
    if (name == "StreamSpecification") {
      has_stream = reader.peek() != JsonType::null;
      return read_object(reader, [&](std::string_view member) {
        if (member == "StreamEnabled") return reader.boolean(stream_enabled);
        if (member == "StreamViewType") return reader.string(stream_view_type);
        return reader.skip();
      });
    }
    if (name == "DeletionProtectionEnabled") return reader.boolean(deletion_protection);
    if (name == "GlobalSecondaryIndexUpdates") {
      return read_list(reader, index_updates,
                       [&](TableRequest::IndexUpdate& update) { return read_index_update(reader, update); });
    }
    return reader.skip();
  });
  if (!done || !reader.finish()) return std::unexpected(reader.take_error());
  return {};
}

void TableRequest::constraints(Constraints& out, bool create) const {
  if (create) {
    out.require(attributes.has_value(), "attributeDefinitions");
    out.require(keys.has_value(), "keySchema");
  }
  out.require(table_name.has_value(), "tableName");
  if (create) {
    out.new_name(table_name, "tableName");
  } else if (table_name) {
    out.name(std::string_view(*table_name), "tableName");
  }
  out.one_of(billing_mode, "billingMode", {"PROVISIONED", "PAY_PER_REQUEST"});
  out.one_of(table_class, "tableClass", {"STANDARD", "STANDARD_INFREQUENT_ACCESS"});
  if (has_stream) out.require(stream_enabled.has_value(), "streamSpecification.streamEnabled");
  if (attributes) {
    for (std::size_t i = 0; i < attributes->size(); ++i) {
      out.require((*attributes)[i].name.has_value(), member_path("attributeDefinitions", i, "attributeName"));
      attribute_name(out, (*attributes)[i].name, member_path("attributeDefinitions", i, "attributeName"));
      out.require((*attributes)[i].type.has_value(), member_path("attributeDefinitions", i, "attributeType"));
      out.one_of((*attributes)[i].type, member_path("attributeDefinitions", i, "attributeType"),
                 {"B", "N", "S"});
    }
  }
  if (keys) key_constraints(out, *keys, "keySchema");
  if (throughput) throughput_constraints(out, *throughput, "provisionedThroughput");
  const auto check_indexes = [&](const std::optional<std::vector<IndexRequest>>& indexes,
                                 std::string_view path) {
    if (!indexes) return;
    for (std::size_t i = 0; i < indexes->size(); ++i) {
      index_constraints(out, (*indexes)[i], std::string(path) + "." + std::to_string(i + 1) + ".member");
    }
  };
  check_indexes(local_indexes, "localSecondaryIndexes");
  check_indexes(global_indexes, "globalSecondaryIndexes");
  if (!index_updates) return;
  for (std::size_t i = 0; i < index_updates->size(); ++i) {
    const IndexUpdate& update = (*index_updates)[i];
    const std::string path = "globalSecondaryIndexUpdates." + std::to_string(i + 1) + ".member.";
    if (update.create) index_constraints(out, *update.create, path + "create");
    if (update.remove) named_update_constraints(out, *update.remove, path + "delete");
    if (!update.update) continue;
    named_update_constraints(out, *update.update, path + "update");
    out.require(update.update->throughput.has_value(), path + "update.provisionedThroughput");
    if (update.update->throughput)
      throughput_constraints(out, *update.update->throughput, path + "update.provisionedThroughput");
  }
}

Outcome<void> TableRequest::check_stream() const {
  if (!stream_enabled.value_or(false)) {
    if (!stream_view_type) return {};
    return invalid(
        "Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present.");
  }
  return invalid("The embedded engine has no streams: StreamSpecification.StreamEnabled must be false");
}

std::optional<TableClass> TableRequest::requested_class() const {
  if (!table_class) return std::nullopt;
  return *table_class == "STANDARD" ? TableClass::standard : TableClass::infrequent_access;
}

Outcome<void> check_named_once(const std::vector<KeyAttribute>& attributes) {
  for (auto attribute = attributes.begin(); attribute != attributes.end(); ++attribute) {
    const bool before = std::any_of(attributes.begin(), attribute,
                                    [&](const KeyAttribute& other) { return other.name == attribute->name; });
    if (before) return named_twice(attribute->name);
  }
  return {};
}

Outcome<void> check_projections(const std::vector<SecondaryIndex>& indexes) {
  std::size_t projected = 0;
  for (const SecondaryIndex& index : indexes) projected += index.projection.include.size();
  if (projected <= projected_attributes_max) return {};
  return bad_parameter("The number of NonKeyAttributes of all indexes together exceeds the limit of " +
                       std::to_string(projected_attributes_max));
}

std::vector<KeyAttribute> attribute_definitions(const TableRequest& request) {
  std::vector<KeyAttribute> attributes;
  if (!request.attributes) return attributes;
  for (const AttributeDefinition& definition : *request.attributes) {
    attributes.push_back({std::string(*definition.name), attribute_type(*definition.type)});
  }
  return attributes;
}

Outcome<KeySchema> key_schema(const std::vector<KeySchemaElement>& elements,
                              const std::vector<KeyAttribute>& attributes) {
  if (elements[0].type != "HASH") {
    return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (elements.size() > 1 && elements[1].type != "RANGE") {
    return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (elements.size() > 1 && elements[0].name == elements[1].name) {
    return invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  std::vector<KeyAttribute> found;
  std::vector<KeyAttribute> missing;
  for (const KeySchemaElement& element : elements) {
    const auto defined =
        std::find_if(attributes.begin(), attributes.end(),
                     [&](const KeyAttribute& attribute) { return attribute.name == *element.name; });
    if (defined == attributes.end()) {
      missing.push_back({std::string(*element.name), Tag::string});
    } else {
      found.push_back(*defined);
    }
  }
  if (!missing.empty()) {
    return bad_parameter("Some index key attributes are not defined in AttributeDefinitions. Keys: " +
                         name_list(missing) + ", AttributeDefinitions: " + name_list(attributes));
  }
  KeySchema keys{.partition = found[0], .sort = std::nullopt};
  if (found.size() > 1) keys.sort = found[1];
  return keys;
}

Outcome<SecondaryIndex> secondary_index(const IndexRequest& request, const KeySchema& table_keys,
                                        const std::vector<KeyAttribute>& attributes, bool pay_per_request) {
  SecondaryIndex index;
  index.name = *request.name;
  index.global = request.global;
  auto keys = key_schema(*request.keys, attributes);
  if (!keys) return std::unexpected(std::move(keys.error()));
  index.keys = std::move(*keys);
  if (!request.global) {
    if (!table_keys.sort) {
      return bad_parameter(
          "Table KeySchema does not have a range key, which is required when specifying a "
          "LocalSecondaryIndex");
    }
    if (index.keys.partition.name != table_keys.partition.name) {
      return bad_parameter(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: " +
          index.name + ". index hash key: " + index.keys.partition.name +
          ", table hash key: " + table_keys.partition.name);
    }
    if (!index.keys.sort)
      return bad_parameter("Index KeySchema does not have a range key for index: " + index.name);
  }
  if (!request.projection_type) return bad_parameter("Unknown ProjectionType: null");
  if (*request.projection_type == "INCLUDE") {
    index.projection.kind = Projection::Kind::include;
    if (!request.non_key_attributes || request.non_key_attributes->empty()) {
      return bad_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    }
    for (const std::string_view name : *request.non_key_attributes) {
      std::vector<std::string>& include = index.projection.include;
      if (std::find(include.begin(), include.end(), name) != include.end()) return named_twice(name);
      include.emplace_back(name);
    }
  } else {
    index.projection.kind =
        *request.projection_type == "ALL" ? Projection::Kind::all : Projection::Kind::keys_only;
    if (request.non_key_attributes) {
      return bad_parameter("ProjectionType is " + std::string(*request.projection_type) +
                           ", but NonKeyAttributes is specified");
    }
  }
  if (!request.global) return index;
  if (pay_per_request && request.throughput) {
    return bad_parameter("ProvisionedThroughput should not be specified for index: " + index.name +
                         " when BillingMode is PAY_PER_REQUEST");
  }
  if (!pay_per_request && !request.throughput) {
    return bad_parameter("ProvisionedThroughput is not specified for index: " + index.name);
  }
  if (request.throughput) index.throughput = {*request.throughput->read, *request.throughput->write};
  return index;
}

}  // namespace bao::local
