#pragma once

#include <string_view>

#include "core/value/json_writer.hpp"
#include "local/table.hpp"

namespace bao::local {

/// A TableDescription object with the given status ("ACTIVE", "DELETING").
void write_table_description(core::JsonWriter& writer, const Table& table, std::string_view status);

}  // namespace bao::local
