#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/value.hpp>

namespace bao::core {

/// One parsed attribute value (or member name) of a Document. Text is a range of the document's bytes.
struct Node {
  std::uint32_t name_offset = 0;  ///< attribute or map member name; unused for list and set members
  std::uint32_t name_size = 0;
  std::uint32_t text_offset = 0;  ///< S: decoded text; N: decimal text as sent; B: base64 text as sent
  std::uint32_t text_size = 0;
  std::uint32_t child_count = 0;  ///< M, L and sets: direct children, which follow this node
  std::uint32_t end = 0;          ///< index one past the last descendant: the next sibling
  ValueKind kind = ValueKind::null;
  bool boolean = false;
};

/// A received answer, owned: the body's bytes and a flat array of nodes over them. Parsing allocates
/// nothing for an attribute: strings are unescaped in place. At most 4 GiB.
/// Shared (`std::shared_ptr<const Document>`) by everything that reads from it.
struct Document {
  std::string text;
  std::vector<Node> nodes;

  [[nodiscard]] std::string_view name(const Node& node) const {
    return {text.data() + node.name_offset, node.name_size};
  }
  [[nodiscard]] std::string_view text_of(const Node& node) const {
    return {text.data() + node.text_offset, node.text_size};
  }
};

/// A value inside a Document. Valid while the document lives.
class ValueView {
 public:
  ValueView() = default;
  ValueView(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}

  [[nodiscard]] bool present() const { return document_ != nullptr; }
  [[nodiscard]] const Node& node() const { return document_->nodes[index_]; }
  [[nodiscard]] ValueKind kind() const { return node().kind; }
  [[nodiscard]] std::string_view name() const { return document_->name(node()); }
  /// S: the text; N: its decimal text; B: its base64 text.
  [[nodiscard]] std::string_view text() const { return document_->text_of(node()); }
  [[nodiscard]] bool boolean() const { return node().boolean; }
  [[nodiscard]] std::uint32_t size() const { return node().child_count; }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] const Document& document() const { return *document_; }

  /// Iterates over the direct children in the order received.
  class Iterator {
   public:
    Iterator(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}
    ValueView operator*() const { return {*document_, index_}; }
    Iterator& operator++() {
      index_ = document_->nodes[index_].end;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const Document* document_;
    std::uint32_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {*document_, index_ + 1}; }
  [[nodiscard]] Iterator end() const { return {*document_, node().end}; }

  /// The member of a map with this name; not present() where there is none.
  [[nodiscard]] ValueView find(std::string_view name) const;

  /// An owned copy.
  [[nodiscard]] Value to_value() const;

 private:
  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// One item of an answer, keeping the answer alive. Default constructed: no item.
class ItemRef {
 public:
  ItemRef() = default;
  ItemRef(std::shared_ptr<const Document> document, std::uint32_t index)
      : document_(std::move(document)), index_(index) {}

  [[nodiscard]] explicit operator bool() const { return document_ != nullptr; }
  [[nodiscard]] const std::shared_ptr<const Document>& document() const { return document_; }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] ValueView view() const { return document_ ? ValueView(*document_, index_) : ValueView(); }
  /// The attribute as stored; not present() where the item (or the attribute) is not there.
  [[nodiscard]] ValueView attribute(std::string_view name) const {
    return document_ ? view().find(name) : ValueView();
  }

 private:
  std::shared_ptr<const Document> document_;
  std::uint32_t index_ = 0;
};

}  // namespace bao::core
