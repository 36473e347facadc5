/** What a step came to, and whether that is what it expects. */
import { mismatch, type Names, toText } from "./values.js";

export interface Item {
  id: string;
  exists: boolean;
  fields: Record<string, unknown>;
  /** Fields that read as 0 without a value. */
  zeros: ReadonlySet<string>;
  /** Related items that were loaded, by field. */
  related: Record<string, Item | undefined>;
}

export interface Outcome {
  error?: Error;
  item?: Item;
  instance?: object;
  many?: Item[];
  /** The first instance of a page. */
  first?: object;
  page?: { items: Item[]; count: number; lastKey: Record<string, unknown> | undefined };
  capacity?: { read: number; write: number };
  inside?: boolean;
}

function require(met: boolean, what: string): void {
  if (!met) throw new Error(what);
}

const partsOfErrors: Record<string, string> = {
  class: "name",
  field: "fieldName",
  model: "modelName",
  index: "indexName",
  primaryId: "primaryId",
  operation: "operation",
  service: "serviceName",
};

function checkError(expect: string | Record<string, unknown>, error: Error, names: Names): void {
  const got = `${error.name}: ${error.message}`;
  const parts = typeof expect === "string" ? { class: expect } : expect;
  for (const [part, node] of Object.entries(parts)) {
    const wanted = toText(node, names);
    if (part === "message") {
      require(error.message.includes(wanted), `expected a message with '${wanted}', got ${got}`);
      continue;
    }
    const member = partsOfErrors[part];
    if (member === undefined) throw new Error(`unknown part '${part}' of an error`);
    const actual = String((error as unknown as Record<string, unknown>)[member] ?? "");
    require(actual === wanted, `expected ${part} '${wanted}' but '${actual}' in ${got}`);
  }
}

function checkFields(expect: Record<string, unknown>, item: Item, names: Names): void {
  require(item.exists, "the item does not exist");
  for (const [name, wanted] of Object.entries(expect)) {
    const different = mismatch(wanted, item.fields[name], names, item.zeros.has(name) ? [0] : []);
    require(different === undefined, `${name}: ${different}`);
  }
}

function hasFields(expect: Record<string, unknown>, item: Item, names: Names): boolean {
  try {
    checkFields(expect, item, names);
    return true;
  } catch {
    return false;
  }
}

function checkRelated(expect: Record<string, Record<string, unknown> | null>, item: Item, names: Names): void {
  for (const [field, wanted] of Object.entries(expect)) {
    const related = item.related[field];
    if (wanted === null) require(related === undefined, `${field}: an item is loaded`);
    else if (related === undefined) throw new Error(`${field}: no item is loaded`);
    else if (wanted["exists"] === false) require(!related.exists, `${field}: the item exists`);
    else checkFields(wanted, related, names);
  }
}

function itemOf(outcome: Outcome): Item {
  if (outcome.item === undefined) throw new Error("the step has no item as its result");
  return outcome.item;
}

function itemsOf(outcome: Outcome): Item[] {
  const items = outcome.many ?? outcome.page?.items;
  if (items === undefined) throw new Error("the step has no items as its result");
  return items;
}

function checkPart(part: string, expect: any, outcome: Outcome, names: Names): void {
  switch (part) {
    case "item":
      return checkFields(expect, itemOf(outcome), names);
    case "exists":
      return require(itemOf(outcome).exists === expect, expect ? "the item does not exist" : "the item exists");
    case "id":
      return require(itemOf(outcome).id === toText(expect, names), `the id is ${itemOf(outcome).id}`);
    case "items": {
      const items = itemsOf(outcome);
      require(items.length === expect.length, `expected ${expect.length} items, got ${items.length}`);
      return items.forEach((item, position) => checkFields(expect[position], item, names));
    }
    case "related": {
      if (!Array.isArray(expect)) return checkRelated(expect, itemOf(outcome), names);
      const items = itemsOf(outcome);
      require(items.length === expect.length, `expected ${expect.length} items, got ${items.length}`);
      return items.forEach((item, position) => checkRelated(expect[position], item, names));
    }
    case "itemsInAnyOrder": {
      const left = [...itemsOf(outcome)];
      require(left.length === expect.length, `expected ${expect.length} items, got ${left.length}`);
      for (const fields of expect as Record<string, unknown>[]) {
        const found = left.findIndex((item) => hasFields(fields, item, names));
        require(found >= 0, `no item has the fields ${JSON.stringify(fields)}`);
        left.splice(found, 1);
      }
      return;
    }
    case "count": {
      const count = outcome.page?.count ?? itemsOf(outcome).length;
      return require(count === expect, `the count is ${count}`);
    }
    case "existing": {
      const existing = itemsOf(outcome).filter(({ exists }) => exists).length;
      return require(existing === expect, `${existing} items exist`);
    }
    case "more":
      return require((outcome.page?.lastKey !== undefined) === expect, expect ? "there is no further page" : "there is a further page");
    case "capacity":
      for (const kind of ["read", "write"] as const) {
        if (expect[kind] === undefined) continue;
        const units = outcome.capacity?.[kind];
        require(units === expect[kind], `expected ${expect[kind]} units to ${kind}, consumed ${units}`);
      }
      return;
    case "inside":
      return require(outcome.inside === expect, "the opposite is the case");
    default:
      throw new Error(`unknown expectation '${part}'`);
  }
}

export function checkOutcome(expect: Record<string, any>, outcome: Outcome, names: Names): void {
  if (outcome.error !== undefined) {
    if (expect["error"] === undefined) throw new Error(`unexpected ${outcome.error.name}: ${outcome.error.message}`, { cause: outcome.error });
    return checkError(expect["error"], outcome.error, names);
  }
  require(expect["error"] === undefined, "expected an error, and there was none");
  for (const [part, wanted] of Object.entries(expect)) checkPart(part, wanted, outcome, names);
}
