// interop table-body TABLE                        prints the CreateTable request
// interop write|read|change|read-changed|delete ENDPOINT TABLE [TENANT]
//
// This library's side of the interop test: works through cases.yaml on a table. Exit: 0, 1 something is not
// as it should be (said on standard error), 2 usage.

#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <string>

#include <bao/bao.hpp>

#include "core/request/table_body.hpp"
#include "native/yaml/load.hpp"
#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/values.hpp"
#include "support/source_dir.hpp"

namespace {

using bao::scenarios::Failure;
using bao::scenarios::Names;

const std::string cases_path = bao::testing_support::source_dir() + "/tests/interop/cases.yaml";

std::vector<bao::ModelDefinition> definitions(const YAML::Node& cases) {
  YAML::Node file;
  file["models"] = cases["models"];
  const auto schema = bao::native::load_definitions_text(YAML::Dump(file), cases_path);
  if (!schema) throw Failure("models: " + schema.error().front().to_string());
  std::vector<bao::ModelDefinition> all;
  for (const auto& model : (*schema)->models()) all.push_back(model->definition());
  return all;
}

std::vector<bao::DynamicChange> changes_of(const YAML::Node& node) {
  std::vector<bao::DynamicChange> changes;
  for (const auto& part : node) {
    changes.push_back(bao::scenarios::to_change(part.first.Scalar(), part.second, Names{}));
  }
  return changes;
}

// What the item's fields are to be: the data, with the changes over it where they were made.
YAML::Node expected_fields(const YAML::Node& item, bool changed) {
  YAML::Node fields = YAML::Clone(item["data"]);
  if (changed) {
    for (const auto& part : item["changes"]) fields[part.first.Scalar()] = part.second;
  }
  return fields;
}

void check(const YAML::Node& fields, const bao::DynamicItem& found, const std::string& where) {
  if (!found.exists) throw Failure(where + " is not found");
  for (const auto& field : fields) {
    const std::string name = field.first.Scalar();
    const auto actual = found.fields.find(name);
    if (field.second.IsNull()) {
      if (actual != found.fields.end()) throw Failure(where + "." + name + " has a value");
      continue;
    }
    if (actual == found.fields.end()) throw Failure(where + "." + name + " has no value");
    const auto different = bao::scenarios::mismatch(field.second, actual->second, Names{});
    if (different) throw Failure(where + "." + name + ": " + *different);
  }
}

bao::Task<void> read(YAML::Node item, bool changed) {
  const std::string id = item["id"].Scalar();
  const std::string where = item["model"].Scalar() + " '" + id + "'";
  const bao::DynamicModel model(item["model"].Scalar());
  const YAML::Node fields = expected_fields(item, changed);
  check(fields, co_await model.find(id), where);
  for (std::size_t position = 0; position < item["queries"].size(); ++position) {
    const YAML::Node query = item["queries"][position];
    const std::string index = query["index"].Scalar();
    const YAML::Node partition = query["partition"];
    const bao::Value value =
        partition ? bao::scenarios::to_value(fields[partition.Scalar()], Names{}) : bao::Value();
    const bao::DynamicPage page = co_await model.query(index, value);
    int times = 0;
    for (const bao::DynamicItem& found : page.items) {
      if (found.id != id) continue;
      ++times;
      check(fields, found, where + " in " + index);
    }
    if (times != 1) throw Failure(where + " is " + std::to_string(times) + " times in " + index);
  }
  for (const auto& unique : item["unique"]) {
    const bao::Value value = bao::scenarios::to_value(fields[unique.second.Scalar()], Names{});
    const bao::DynamicItem found = co_await model.find_by_unique_constraint(unique.first.Scalar(), value);
    check(fields, found, where + " by " + unique.first.Scalar());
  }
}

bao::Task<void> work(YAML::Node cases, std::string phase) {
  for (std::size_t position = 0; position < cases["items"].size(); ++position) {
    const YAML::Node item = cases["items"][position];
    const bao::DynamicModel model(item["model"].Scalar());
    const std::string id = item["id"].Scalar();
    if (phase == "write") {
      const bao::DynamicItem made = co_await model.create(changes_of(item["data"]));
      if (made.id != id) throw Failure("the id is '" + made.id + "', not '" + id + "'");
    } else if (phase == "change") {
      co_await model.update(id, changes_of(item["changes"]));
    } else if (phase == "delete") {
      co_await model.remove(id);
    } else {
      co_await read(item, phase == "read-changed");
    }
  }
}

int run(int argc, char** argv) {
  const std::string phase = argc > 1 ? argv[1] : "";
  if (phase == "table-body" && argc == 3) {
    std::printf("%s\n", bao::core::create_table_body(argv[2], {}).c_str());
    return 0;
  }
  if (argc < 4 || argc > 5 ||
      (phase != "write" && phase != "read" && phase != "change" && phase != "read-changed" &&
       phase != "delete")) {
    std::fprintf(
        stderr, "interop table-body TABLE | write|read|change|read-changed|delete ENDPOINT TABLE [TENANT]\n");
    return 2;
  }
  const YAML::Node cases = YAML::LoadFile(cases_path);
  bao::Config config;
  config.definitions = definitions(cases);
  // The older package left the tenant out of keys that are partitioned by the model's prefix: format 1.
  if (argc == 5) {
    for (bao::ModelDefinition& model : config.definitions) model.key_format = 1;
  }
  config.aws.endpoint = argv[2];
  config.aws.region = "us-west-2";
  config.aws.credentials = bao::Credentials{.access_key_id = "local", .secret_access_key = "local"};
  config.db.table_name = argv[3];
  bao::Client client = bao::init_models(std::move(config));
  if (argc == 5) {
    bao::sync_wait(client, bao::run_with_tenant(argv[4], [&] { return work(cases, phase); }));
  } else {
    bao::sync_wait(client, work(cases, phase));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const bao::BaoError& error) {
    std::fprintf(stderr, "%s: %s %s\n", bao::error_class_name(error.code()), error.what(),
                 error.details().service_text.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 1;
}
