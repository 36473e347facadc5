// Stands in for core/request/table_answer.cpp where no operation on tables is sent.
#include "core/request/table_answer.hpp"

namespace bao::core {

bool read_table(JsonReader& reader, TableState& /*table*/) {
  return reader.skip_value();
}

bool read_ttl_status(JsonReader& reader, std::string& /*status*/) {
  return reader.skip_value();
}

}  // namespace bao::core
