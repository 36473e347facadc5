#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/value/document.hpp"

// How far `bao fsck` has come, in a file from which a run that was stopped, or killed, goes on.
namespace bao::cli {

struct FsckCounts {
  std::uint64_t items = 0;
  std::uint64_t unique_rows = 0;
  std::uint64_t repaired = 0;
  double read_units = 0;
  double write_units = 0;
  std::map<std::string, std::uint64_t> findings;  ///< by kind
  std::map<std::string, std::uint64_t> unknown;   ///< rows of no model, by prefix

  void add(const FsckCounts& other);
  [[nodiscard]] std::uint64_t findings_in_all() const;
};

/// One part of the table. Its counts are of the pages before `next`: a page that was not finished is checked
/// again.
struct FsckSegment {
  Value next;  ///< where its next page starts; null: at its start
  bool done = false;
  FsckCounts counts;
};

/// What a run is about. A state is for a run that is about the same.
struct FsckSubject {
  std::string table;
  std::string place;   ///< the endpoint, or AWS and its region
  std::string models;  ///< a digest of the definitions
  bool repair = false;
  bool move_keys = false;
};

struct FsckState {
  FsckSubject subject;
  std::vector<FsckSegment> segments;
};

[[nodiscard]] std::string write_fsck_state(const FsckState& state);
/// The error is what is wrong with the text.
[[nodiscard]] std::expected<FsckState, std::string> read_fsck_state(std::string text);
/// Why a state is not of this run, in words for its user; nothing: it is.
[[nodiscard]] std::optional<std::string> differs(const FsckSubject& state, const FsckSubject& run);

}  // namespace bao::cli
