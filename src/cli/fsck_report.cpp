#include "cli/fsck_report.hpp"

#include <string_view>
#include <utility>

#include "core/value/json_writer.hpp"

namespace bao::cli {
namespace {

using core::Finding;

std::string quoted(const std::string& text) {
  return text.empty() ? "nothing" : "'" + text + "'";
}

std::string sentence(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::no_key_fields:
      return "a row without the fields of its key (" + finding.found + ")";
    case Finding::Kind::prefix_clash:
      if (finding.attribute == "relatedModel") {
        return "a reservation by the key of " + finding.expected + ", and for an item of " + finding.found;
      }
      return "two models claim the row: its " + finding.attribute + " " + quoted(finding.found) +
             " does not have the prefix '" + finding.expected + "'";
    case Finding::Kind::key_format: {
      std::string text = finding.attribute + " is " + quoted(finding.found) + " in key format " +
                         std::to_string(finding.found_format) + ", should be " + quoted(finding.expected) +
                         " in format " + std::to_string(finding.model->key_format());
      if (!finding.obstacle.empty()) text += " (" + finding.obstacle + ")";
      return text;
    }
    case Finding::Kind::key_mismatch:
    case Finding::Kind::attribute_differs:
      return finding.attribute + " is " + quoted(finding.found) + ", should be " + quoted(finding.expected);
    case Finding::Kind::unique_missing:
      return "its " + finding.attribute + " is not reserved: there is no " + quoted(finding.expected);
    case Finding::Kind::unique_elsewhere:
      return "its " + finding.attribute + " is reserved for " + finding.found + ", which does not have it";
    case Finding::Kind::unique_conflict:
      return finding.found + " has the same " + finding.attribute + ": decide which of them keeps it";
    case Finding::Kind::unique_ghost:
      return quoted(finding.found) + " is reserved for it, and it has another " + finding.attribute +
             " or none";
    case Finding::Kind::unique_ttl:
      return "the row that reserves its " + finding.attribute + " does not expire with it";
    case Finding::Kind::unique_malformed:
      return "a reservation of no unique constraint of these models (" + finding.found + ")";
  }
  return {};
}

}  // namespace

std::string finding_json(const Finding& finding, const std::string& tenant) {
  std::string line;
  core::JsonWriter writer(line);
  const auto member = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    writer.key(name);
    writer.string(text);
  };
  writer.begin_object();
  member("kind", core::name_of(finding.kind));
  member("model", finding.model == nullptr ? std::string_view() : std::string_view(finding.model->name()));
  member("tenant", tenant);
  member("id", finding.id);
  member("pk", finding.row.pk);
  member("sk", finding.row.sk);
  member("attribute", finding.attribute);
  member("expected", finding.expected);
  member("found", finding.found);
  if (finding.found_format != 0) {
    writer.key("foundFormat");
    writer.number(finding.found_format);
    writer.key("modelFormat");
    writer.number(finding.model->key_format());
  }
  member("obstacle", finding.obstacle);
  for (const auto& [name, value] :
       {std::pair("repairable", finding.repairable), std::pair("repaired", finding.repaired)}) {
    writer.key(name);
    writer.boolean(value);
  }
  writer.end_object();
  return line;
}

std::string finding_line(const Finding& finding, const std::string& tenant) {
  std::string line = tenant.empty() ? std::string() : "[" + tenant + "] ";
  line += finding.model == nullptr ? "?" : finding.model->name();
  line += " " + (finding.id.empty() ? finding.row.pk + " " + finding.row.sk : finding.id) + ": ";
  line += sentence(finding);
  if (finding.repaired) line += " (repaired)";
  return line;
}

}  // namespace bao::cli
