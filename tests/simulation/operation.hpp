#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/write.hpp"
#include "core/schema/schema.hpp"
#include "simulation/history.hpp"

namespace bao::simulation {

/// The condition of a write: a field has a (stored) value; null: it is not there.
struct Expected {
  std::uint32_t field = 0;
  Value stored;
};

/// What a write is to do to one item.
struct Target {
  enum class Kind : std::uint8_t { create, put, update, remove, check };

  Kind kind = Kind::update;
  const core::Model* model = nullptr;
  core::KeyTexts texts;
  RowName row;
  std::vector<core::Change> changes;
  core::ItemRef base;
  std::optional<Expected> condition;
  bool force_reindex = false;
};

/// One execution of one of an operation's requests that changed something.
struct Commit {
  std::uint64_t number = 0;
  std::vector<RowName> rows;
  bool given_up = false;  ///< the client no longer waited for the answer when the table got the request
};

/// A call that a client makes, and what became of it.
struct Operation {
  int number = 0;
  int client = 0;
  std::string tenant;
  std::string what;
  std::vector<Target> targets;  ///< of writes
  bool marked = false;          ///< its requests tell whose they are: mark_of
  bool is_batch = false;        ///< an error may leave some of its targets done
  bool is_transaction = false;  ///< all or none of its targets

  std::int64_t started_ms = 0;
  std::int64_t deadline_ms = 0;
  std::int64_t ended_ms = 0;
  bool undisturbed = false;        ///< nothing happens to requests from its start on
  bool crowded = false;            ///< it may lose again and again to others, who write the same item
  bool joins = false;              ///< it may wait for what an earlier call of its cache reads
  std::uint64_t first_commit = 0;  ///< what was the last one when it started
  std::uint64_t seen_from = 0;     ///< reads: what a cache may have from before; first_commit without one
  bool ended = false;
  bool stopped = false;    ///< cancelled, or abandoned
  bool abandoned = false;  ///< nobody is told how it ended
  std::uint64_t last_commit = 0;
  int last_started = 0;  ///< the number of the operation that started last before it ended
  std::optional<Error> error;

  std::vector<Commit> commits;
  int answers_lost = 0;
};

/// Texts that tell in the requests of an operation whose they are: the value of a field that each write sets.
[[nodiscard]] inline std::string mark_of(int operation) {
  return "mark-" + std::to_string(operation) + "-";
}

}  // namespace bao::simulation
