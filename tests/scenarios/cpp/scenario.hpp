#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <bao/bao.hpp>

#include "scenarios/cpp/engine.hpp"
#include "scenarios/cpp/values.hpp"

namespace bao::scenarios {

/// How the runner's steps came out. One part applies, by the operation.
struct Outcome {
  std::optional<Error> error = {};
  std::optional<DynamicItem> item = {};
  std::optional<DynamicPage> page = {};
  std::optional<std::vector<DynamicItem>> many = {};
  std::optional<bool> inside = {};
  Capacity capacity = {};
};

/// One scenario of the corpus on one engine, in a table of its own.
class Scenario {
 public:
  struct Parts {
    Engine& engine;
    std::string engine_name;
    std::string table;
    YAML::Node models;
    YAML::Node node;
    bool print_requests = false;
  };
  explicit Scenario(Parts parts);

  /// Throws Failure at the first step that does not go as expected.
  void run();
  [[nodiscard]] std::size_t steps() const { return steps_; }
  [[nodiscard]] std::size_t expectations() const { return expectations_; }

 private:
  Task<void> run_all(YAML::Node steps, bool alone);
  Task<void> run_one(YAML::Node step, int number, bool alone);
  Task<void> run_together(YAML::Node steps);
  Task<bool> run_group(const std::string& what, YAML::Node step, bool alone);
  Task<Outcome> perform(YAML::Node step, const Names& names);
  void check(const YAML::Node& step, const Outcome& outcome, const Names& names);
  void capture(const YAML::Node& step, const Outcome& outcome);
  /// The engine's own form of a member of a step, where it has one.
  [[nodiscard]] YAML::Node member(const YAML::Node& step, const char* name) const;

  /// Reads, puts or deletes one row past the library.
  Outcome read_row(const YAML::Node& step, const Names& names);
  Outcome put_row(const YAML::Node& step, const Names& names);
  Outcome delete_row(const YAML::Node& step, const Names& names);

  Parts parts_;
  std::shared_ptr<WireLog> log_ = std::make_shared<WireLog>();
  std::unique_ptr<Client> client_;
  Names names_;
  std::size_t steps_ = 0;
  std::size_t expectations_ = 0;
};

/// Throws Failure where the outcome is not what `expect` says.
void check_outcome(const YAML::Node& expect, const Outcome& outcome, const Names& names);

}  // namespace bao::scenarios
