#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <bao/client.hpp>

#include "scenarios/cpp/wire_tap.hpp"

namespace bao::scenarios {

/// The DynamoDB that scenarios run against. Each scenario gets a table of its own.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Makes a table. Throws Failure.
  virtual void create_table(const std::string& table, bool search_index) = 0;
  /// A client whose requests go to this engine and are noted in `log`.
  [[nodiscard]] virtual Client connect(Config config, const std::shared_ptr<WireLog>& log) = 0;

  struct Answer {
    int status = 0;
    std::string body;
  };
  /// One request past the library. Throws Failure where no answer comes.
  [[nodiscard]] virtual Answer request(std::string_view operation, const std::string& body) = 0;
};

/// The embedded engine, through endpoint `memory:`.
[[nodiscard]] std::unique_ptr<Engine> make_memory_engine();
/// A process started by tests/peers/start; it ends with the object. Nothing where it is not installed.
[[nodiscard]] std::unique_ptr<Engine> start_peer(const std::string& name);

}  // namespace bao::scenarios
