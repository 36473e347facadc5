// Fields copied from other fields, and fields set to null: what a write then sends.

#include <gtest/gtest.h>

#include <bao/field.hpp>

namespace {

using bao::Field;
using bao::FieldChange;

template <class T>
bool sends(const Field<T>& field, FieldChange& change) {
  change = {};
  return field.collect(change);
}

TEST(FieldNull, AssignedToWhatWasNeverLoadedIsSent) {
  Field<std::string> field;  // of changes for a partial update: what the item has is not known
  field = nullptr;
  FieldChange change;
  ASSERT_TRUE(sends(field, change));
  EXPECT_TRUE(change.value.is_null());
}

TEST(FieldNull, AssignedToALoadedValueIsSentOnce) {
  Field<std::string> field;
  field.load("text");
  field = nullptr;
  FieldChange change;
  ASSERT_TRUE(sends(field, change));
  field.settle();
  field = nullptr;
  EXPECT_FALSE(sends(field, change));
}

TEST(FieldNull, AssignedToWhatAnItemDoesNotHaveIsNoChange) {
  Field<std::string> field;
  field.load_nothing();
  field = nullptr;
  FieldChange change;
  EXPECT_FALSE(sends(field, change));
}

TEST(FieldCopy, ALoadedCounterIsSentAsItsCount) {
  Field<bao::Counter> loaded;
  loaded.load(bao::Counter(7));
  const Field<bao::Counter> copy = loaded;
  FieldChange change;
  ASSERT_TRUE(sends(copy, change));
  EXPECT_EQ(change.kind, FieldChange::Kind::set);
  EXPECT_EQ(change.value, bao::Value(7));
}

TEST(FieldCopy, AnUnsetCounterStaysUnset) {
  const Field<bao::Counter> unset;
  const Field<bao::Counter> copy = unset;
  FieldChange change;
  EXPECT_FALSE(sends(copy, change));
}

TEST(FieldCopy, APendingIncrementStaysAnIncrement) {
  Field<bao::Counter> counter;
  counter.load(bao::Counter(7));
  counter.increment(2);
  const Field<bao::Counter> copy = counter;
  FieldChange change;
  ASSERT_TRUE(sends(copy, change));
  EXPECT_EQ(change.kind, FieldChange::Kind::increment);
  EXPECT_EQ(change.value, bao::Value(2));
}

// A batch_write puts such copies: the item would have the 2 only.
TEST(FieldCopy, IntoAWholeItemAPendingIncrementIsTheCount) {
  Field<bao::Counter> counter;
  counter.load(bao::Counter(7));
  counter.increment(2);
  const Field<bao::Counter> copy = counter;
  FieldChange change;
  ASSERT_TRUE(copy.collect(change, true));
  EXPECT_EQ(change.kind, FieldChange::Kind::set);
  EXPECT_EQ(change.value, bao::Value(9));
}

TEST(FieldCopy, IntoAWholeItemPendingMembersAreAll) {
  Field<bao::StringSet> set;
  set.load({"x", "z"});
  set.insert("y");
  set.erase("z");
  const Field<bao::StringSet> copy = set;
  FieldChange change;
  ASSERT_TRUE(copy.collect(change, true));
  EXPECT_EQ(change.kind, FieldChange::Kind::set);
  EXPECT_EQ(change.value, bao::Value(bao::StringSet{"x", "y"}));
}

TEST(FieldCopy, AnEqualCountAssignedIsNoChange) {
  Field<bao::Counter> a;
  Field<bao::Counter> b;
  a.load(bao::Counter(7));
  b.load(bao::Counter(7));
  a = b;
  FieldChange change;
  EXPECT_FALSE(sends(a, change));
}

TEST(FieldCopy, ALoadedSetIsSentWhole) {
  Field<bao::StringSet> loaded;
  loaded.load({"x", "y"});
  const Field<bao::StringSet> copy = loaded;
  FieldChange change;
  ASSERT_TRUE(sends(copy, change));
  EXPECT_EQ(change.kind, FieldChange::Kind::set);
  EXPECT_EQ(change.value, bao::Value(bao::StringSet{"x", "y"}));
}

TEST(FieldCopy, AnUnsetSetStaysUnset) {
  const Field<bao::StringSet> unset;
  const Field<bao::StringSet> copy = unset;
  FieldChange change;
  EXPECT_FALSE(sends(copy, change));
}

TEST(FieldCopy, PendingMembersStayPending) {
  Field<bao::StringSet> set;
  set.load({"x"});
  set.insert("y");
  const Field<bao::StringSet> copy = set;
  FieldChange change;
  ASSERT_TRUE(sends(copy, change));
  EXPECT_EQ(change.kind, FieldChange::Kind::edit_members);
  EXPECT_EQ(change.added, bao::StringSet{"y"});
}

TEST(FieldCopy, WhatNobodyReadMayBeRemovedOrSetToItsDefault) {
  Field<std::string> title;
  Field<bao::Counter> likes;
  Field<bao::StringSet> tags;
  title = nullptr;
  likes = 0;
  tags.erase("x");
  EXPECT_TRUE(title.changed());
  EXPECT_TRUE(likes.changed());
  FieldChange change;
  ASSERT_TRUE(sends(tags, change));
  EXPECT_EQ(change.deleted, bao::StringSet{"x"});
  // What was read without a value has none already.
  title.load_nothing();
  likes.load_nothing();
  title = nullptr;
  likes = 0;
  EXPECT_FALSE(title.changed());
  EXPECT_FALSE(likes.changed());
}

TEST(FieldCopy, AssigningWhatNobodyTouchedTouchesNothing) {
  Field<std::string> title;
  Field<bao::Counter> likes;
  Field<bao::StringSet> tags;
  title = Field<std::string>();
  likes = Field<bao::Counter>();
  tags = Field<bao::StringSet>();
  EXPECT_FALSE(title.changed());
  EXPECT_FALSE(likes.changed());
  EXPECT_FALSE(tags.changed());
}

}  // namespace
