#include <bao/value.hpp>

#include "core/value/integer_text.hpp"
#include "core/value/number.hpp"

namespace bao {

Value::Value(std::int64_t value) : storage_(Number{core::integer_text(value)}) {}
Value::Value(double value) : storage_(Number{core::double_to_text(value)}) {}

}  // namespace bao
