import type { Index, PrimaryKey, UniqueConstraint } from "../types.js";

const prefix = "modelPrefix";

/** A primary key: the names of the fields of its halves. Without a sort key the model's prefix stands for it. */
export function PrimaryKeyConfig<const Partition extends string, const Sort extends string = typeof prefix>(
  pk: Partition,
  sk?: Sort,
): PrimaryKey<Partition, Sort> {
  return { pk, sk: sk ?? (prefix as Sort) };
}

/** An index: the names of the fields of its halves, and which of gsi1 to gsi5 it is (`1` and `"gsi1"` mean the same). */
export function IndexConfig<const Partition extends string, const Sort extends string = typeof prefix>(
  pk: Partition,
  sk?: Sort,
  indexId?: string | number,
): Index<Partition, Sort> {
  return { pk, sk: sk ?? (prefix as Sort), indexId };
}

/** A field whose values are unique among the items of the model, and which of uc1 to uc3 keeps them. */
export function UniqueConstraintConfig<const Name extends string>(
  field: Name,
  constraintId?: string | number,
): UniqueConstraint<Name> {
  return { field, constraintId };
}
