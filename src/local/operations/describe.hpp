#pragma once

#include <string>
#include <string_view>

#include "core/value/json_writer.hpp"
#include "local/table.hpp"

namespace bao::local {

/// A TableDescription object, in the given phase.
void write_table_description(core::JsonWriter& writer, const Table& table, Phase phase);

/// The same as the one member of a whole answer.
[[nodiscard]] std::string table_description(std::string_view member, const Table& table);
[[nodiscard]] std::string table_description(std::string_view member, const Table& table, Phase phase);

}  // namespace bao::local
