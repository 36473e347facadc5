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
  switch (change.kind) {
    case FieldChange::Kind::set:
      converted.kind = Kind::set;
      break;
    case FieldChange::Kind::increment:
      converted.kind = Kind::increment;
      break;
    case FieldChange::Kind::edit_members:
      converted.kind = Kind::edit_members;
      break;
    case FieldChange::Kind::set_part:
      converted.kind = Kind::set_path;
      break;
    case FieldChange::Kind::remove_part:
      converted.kind = Kind::remove_path;
      break;
    case FieldChange::Kind::append_part:
      converted.kind = Kind::append_path;
      break;
  }
  converted.value = std::move(change.value);
  converted.added = std::move(change.added);
  converted.deleted = std::move(change.deleted);
  converted.path = std::move(change.path);
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
