/** What a model's class says of its fields, in the form that the face works with. Made once for each class. */
import type { ModelClass } from "../types.js";
import { ConfigurationError } from "./errors.js";
import type { FieldKind } from "./field_kinds.js";
import { BaseField, RelatedFieldClass } from "./fields.js";

/** One field of a class. */
export interface FieldInfo {
  /** Whose field it is. */
  readonly shape: Pick<Shape, "modelName">;
  readonly name: string;
  /** Its place in rows. */
  readonly position: number;
  readonly field: BaseField;
  readonly kind: FieldKind;
  /** Whether its class is the user's, not the library's. */
  readonly isCustom: boolean;
  /** Which methods a custom field overrides; undefined for the library's own fields. */
  readonly custom: CustomMethods | undefined;
  /** The model that a RelatedField names. */
  readonly related: string | undefined;
}

export interface CustomMethods {
  readonly toDy: boolean;
  readonly fromDy: boolean;
  readonly getUpdateExpression: boolean;
}

export interface Shape {
  /** As the latest initModels has it. */
  modelName: string;
  readonly fields: readonly FieldInfo[];
  readonly byName: ReadonlyMap<string, FieldInfo>;
  readonly related: readonly FieldInfo[];
  /** Fields that have something to do besides holding values: custom ones. */
  readonly custom: readonly FieldInfo[];
  /** Fields with a default value or a custom initial one, which new items get. */
  readonly initial: readonly FieldInfo[];
  /** Whether an instance was looked at for fields declared in the class's body. */
  inspected: boolean;
}

const shapes = new WeakMap<ModelClass, Shape>();

export function shapeOf(model: ModelClass): Shape {
  let shape = shapes.get(model);
  if (shape === undefined) {
    shape = makeShape(model);
    shapes.set(model, shape);
    defineAccessors(model, shape);
  }
  return shape;
}

function makeShape(model: ModelClass): Shape {
  const definitions: unknown = model.fields;
  if (typeof definitions !== "object" || definitions === null) {
    throw new ConfigurationError(`${model.name}: static fields must be an object of fields`, model.name);
  }
  const shape: { modelName: string } = { modelName: model.name };
  const fields = Object.entries(definitions).map(([name, field], position) => fieldInfo(model, shape, name, field, position));
  return Object.assign(shape, {
    fields,
    byName: new Map(fields.map((info) => [info.name, info])),
    related: fields.filter((info) => info.related !== undefined),
    custom: fields.filter((info) => info.custom !== undefined),
    initial: fields.filter(({ field }) => field.defaultValue !== undefined || overrides(field, "getInitialValue")),
    inspected: false,
  });
}

function fieldInfo(model: ModelClass, shape: FieldInfo["shape"], name: string, field: unknown, position: number): FieldInfo {
  if (!(field instanceof BaseField)) {
    throw new ConfigurationError(`${model.name}.${name}: not a field, such as StringField()`, model.name);
  }
  if (field.kind === undefined) {
    throw new ConfigurationError(`${model.name}.${name}: a custom field extends one of the field classes, e.g. StringFieldClass`, model.name);
  }
  return {
    shape,
    name,
    position,
    field,
    kind: field.kind,
    // The library's classes name their types; the user's inherit them.
    isCustom: !Object.hasOwn(field.constructor, "type"),
    custom: customMethods(field),
    related: field instanceof RelatedFieldClass ? field.modelName : undefined,
  };
}

export function overrides(field: BaseField, method: keyof BaseField): boolean {
  return field[method] !== BaseField.prototype[method];
}

function customMethods(field: BaseField): CustomMethods | undefined {
  const toDy = overrides(field, "toDy");
  const fromDy = overrides(field, "fromDy");
  const getUpdateExpression = overrides(field, "getUpdateExpression");
  const any = toDy || fromDy || getUpdateExpression || overrides(field, "validate") || overrides(field, "updateBeforeSave");
  return any ? { toDy, fromDy, getUpdateExpression } : undefined;
}

/** Set by model.ts, whose instances hold the values. */
export interface ValueAccess {
  /** What every instance has: a field of such a name would hide it. The code generator has the same names in a list. */
  readonly members: object;
  read(instance: object, info: FieldInfo): unknown;
  write(instance: object, info: FieldInfo, value: unknown): void;
}
let access: ValueAccess;
export function provideAccess(given: ValueAccess): void {
  access = given;
}

function defineAccessors(model: ModelClass, shape: Shape): void {
  const { members, read, write } = access;
  for (const info of shape.fields) {
    if (info.name in members) {
      throw new ConfigurationError(`${model.name}.${info.name}: every instance has a member of this name`, model.name);
    }
    const own = Object.getOwnPropertyDescriptor(model.prototype, info.name);
    if (own?.value) throw sameName(model, info.name);
    // An accessor of the class's own goes before ours.
    if (own) continue;
    Object.defineProperty(model.prototype, info.name, {
      configurable: true,
      enumerable: true,
      get(this: object) {
        return read(this, info);
      },
      set(this: object, value: unknown) {
        write(this, info, value);
      },
    });
  }
}

export function sameName({ name: model }: ModelClass, name: string): ConfigurationError {
  return new ConfigurationError(`${model}.${name}: a field and a method have this name`, model);
}
