#include <bao/value.hpp>

#include "core/value/number.hpp"

namespace bao {

Value::Value(double value) : storage_(Number{core::double_to_text(value)}) {}

}  // namespace bao
