#pragma once

#include <bao/detail/call.hpp>

#include "core/engine/write.hpp"
#include "core/value/document.hpp"

namespace bao::detail {

[[nodiscard]] inline RawItem to_raw(const core::ItemRef& item) {
  return {.document = item.document(), .index = item.index()};
}

[[nodiscard]] inline core::ItemRef to_item(const RawItem& item) {
  return {std::static_pointer_cast<const core::Document>(item.document), item.index};
}

[[nodiscard]] inline core::Change to_change(FieldChange change) {
  using Kind = core::Change::Kind;
  core::Change converted;
  converted.field = change.field;
  converted.kind = change.kind == FieldChange::Kind::set         ? Kind::set
                   : change.kind == FieldChange::Kind::increment ? Kind::increment
                                                                 : Kind::edit_members;
  converted.value = std::move(change.value);
  converted.added = std::move(change.added);
  converted.deleted = std::move(change.deleted);
  return converted;
}

[[nodiscard]] inline AttributeView to_attribute(core::ValueView value) {
  return {.kind = value.kind(),
          .text = value.text(),
          .boolean = value.boolean(),
          .document = &value.document(),
          .index = value.index()};
}

[[nodiscard]] inline core::ValueView to_value_view(const AttributeView& attribute) {
  return {*static_cast<const core::Document*>(attribute.document), attribute.index};
}

}  // namespace bao::detail
