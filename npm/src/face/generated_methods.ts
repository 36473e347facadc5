/**
 * The methods that a model gets by convention (`user.queryPosts`, `post.getUser`, `User.findByEmail`...), also
 * where its class was written by hand. The code generator makes the same ones (src/codegen/methods.cpp); what the
 * class has already stays.
 */
import type { ModelClass } from "../types.js";
import { forItsTenant } from "./item_tenant.js";
import type { FieldInfo, Shape } from "./shape.js";
import { shapeOf } from "./shape.js";

type Method = (this: any, ...args: any[]) => unknown;

const prefixName = "modelPrefix";
/** What we made ourselves may be made anew, when more models are registered. */
const ours = new WeakSet<Method>();

interface IndexOf {
  name: string;
  pk: string;
  sk: string;
}

function indexesOf(model: ModelClass): IndexOf[] {
  return Object.entries(model.indexes ?? {}).map(([name, index]) => {
    const { pk, sk } = index === "primaryKey" ? model.primaryKey : index;
    return { name, pk, sk };
  });
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** "postsForUser" -> "Posts", "byUser" -> "ByUser" */
function indexTitle(index: string): string {
  const match = /^(.+?)For[A-Z]/.exec(index);
  return capitalised(match?.[1] ?? index);
}

function getterName(field: string): string {
  return `get${capitalised(field.length > 2 && field.endsWith("Id") ? field.slice(0, -2) : field)}`;
}

function finderName(constraint: string): string {
  return `findBy${capitalised(/^unique[^a-z]/.test(constraint) ? constraint.slice("unique".length) : constraint)}`;
}

const modelQueryName = (model: string): string => `query${capitalised(model)}s`;

export function defineGeneratedMethods(models: Readonly<Record<string, ModelClass>>): void {
  const named = Object.entries(models).map(([name, model]) => ({ name, model, shape: shapeOf(model) }));
  // Without what every object has: no model is `constructor` unless one is named so.
  const plan = new Plan({ __proto__: null, ...models } as unknown as typeof models);
  for (const { model, shape } of named) plan.ownFields(model, shape);
  for (const { name, model, shape } of named) plan.indexes(name, model, shape);
  // Last, as these give way to every other name.
  for (const { name, model, shape } of named) plan.keyedQueries(name, model, shape, named);
}

class Plan {
  readonly #made = new Map<object, Set<string>>();

  constructor(private readonly models: Readonly<Record<string, ModelClass>>) {}

  // Whether the class itself, or what it extends, has the name; what an earlier registration made does not count.
  #isTaken(target: object, name: string): boolean {
    if (this.#made.get(target)?.has(name)) return true;
    for (let holder: object | null = target; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, name);
      if (descriptor !== undefined) return !ours.has(descriptor.value as Method);
    }
    return false;
  }

  /** A class's own method of the very name is what the user wants there; names made by another index give way. */
  #add(target: object, name: string, method: Method, secondChoice?: string): void {
    const made = this.#made.get(target) ?? new Set();
    this.#made.set(target, made);
    let chosen = name;
    if (made.has(chosen) && secondChoice !== undefined) chosen = secondChoice;
    while (made.has(chosen)) chosen += "_";
    if (this.#isTaken(target, chosen)) return;
    made.add(chosen);
    ours.add(method);
    Object.defineProperty(target, chosen, { value: method, configurable: true, writable: true });
  }

  ownFields(model: ModelClass, shape: Shape): void {
    for (const { name } of shape.related) {
      this.#add(model.prototype, getterName(name), function () {
        return this.getOrLoadRelatedField(name);
      });
    }
    for (const constraint of Object.keys(model.uniqueConstraints ?? {})) {
      this.#add(model, finderName(constraint), function (value, options) {
        return this.findByUniqueConstraint(constraint, value, options);
      });
    }
  }

  indexes(name: string, model: ModelClass, shape: Shape): void {
    for (const index of indexesOf(model)) {
      const title = indexTitle(index.name);
      if (index.pk === prefixName) {
        this.#add(model, `query${title}`, function (condition, options) {
          return this.queryByIndex(index.name, model.modelPrefix, condition, options);
        });
        continue;
      }
      const related = shape.byName.get(index.pk)?.related;
      const owner = related === undefined ? undefined : this.models[related];
      if (owner === undefined) continue;
      if (model.tableType === "mapping") this.#mappedQuery(owner, name, model, shape, index, title);
      else this.#add(owner.prototype, `query${title}`, relatedQuery(model, index.name), `${modelQueryName(name)}${title}`);
    }
  }

  #mappedQuery(owner: ModelClass, name: string, mapping: ModelClass, shape: Shape, index: IndexOf, title: string): void {
    const field = mappedField(shape, index);
    if (field === undefined || this.models[field.related!] === undefined) return;
    const method: Method = function (condition, limit, direction, startKey) {
      return forItsTenant(this, () =>
        mapping.getRelatedObjectsViaMap(index.name, this.getPrimaryId(), field.name, condition, limit, direction, startKey),
      );
    };
    this.#add(owner.prototype, `get${title}`, method, `get${capitalised(name)}s${title}`);
  }

  // Indexes of other models whose partition key has the name of this model's id, and holds ids.
  keyedQueries(_name: string, owner: ModelClass, shape: Shape, all: { name: string; model: ModelClass; shape: Shape }[]): void {
    const id = idField(owner, shape);
    if (id === undefined || !holdsId(id)) return;
    for (const other of all) {
      if (other.model === owner || other.model.tableType === "mapping") continue;
      for (const index of indexesOf(other.model)) {
        const partition = other.shape.byName.get(index.pk);
        const name = modelQueryName(other.name);
        if (partition?.name !== id.name || !holdsId(partition) || partition.related !== undefined) continue;
        if (this.#isTaken(owner.prototype, name)) continue;
        this.#add(owner.prototype, name, relatedQuery(other.model, index.name));
      }
    }
  }
}

function relatedQuery(model: ModelClass, index: string): Method {
  return function (condition, options) {
    return forItsTenant(this, () => model.queryByIndex(index, this.getPrimaryId(), condition, options));
  };
}

/** Which RelatedField of a mapping table the items of an index stand for: its sort key, or the only one left. */
function mappedField(shape: Shape, index: IndexOf): FieldInfo | undefined {
  const others = shape.related.filter(({ name }) => name !== index.pk);
  return others.find(({ name }) => name === index.sk) ?? (others.length === 1 ? others[0] : undefined);
}

/** The one field of a primary key; undefined where it has two. */
function idField(model: ModelClass, shape: Shape): FieldInfo | undefined {
  const { pk, sk } = model.primaryKey;
  if ((pk === prefixName) === (sk === prefixName)) return undefined;
  return shape.byName.get(pk === prefixName ? sk : pk);
}

function holdsId({ kind }: FieldInfo): boolean {
  return kind.type === "StringField" || kind.type === "UlidField" || kind.type === "RelatedField";
}
