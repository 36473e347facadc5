/**
 * The fields of models. Each is called without `new` (`StringField({required: true})`); the classes are there to
 * be extended by fields of one's own.
 */
import type { CustomField as CustomFieldType, Field, FieldMode } from "../types.js";
import { copyOf } from "./copies.js";
import { storedKeyText } from "./custom_keys.js";
import { ConfigurationError } from "./errors.js";
import { kinds, type FieldKind, type FieldTypeName } from "./field_kinds.js";

export interface CommonOptions<V = unknown> {
  /** A write without a value (strings: with an empty one) is a ValidationError. */
  required?: boolean;
  /** At creation, where no value is given: a value, or a function that gives one. */
  defaultValue?: V | (() => V);
}

/** Options of custom fields are handed to them. */
export interface FieldOptions<V = unknown> extends CommonOptions<V> {
  [option: string]: unknown;
}

/** What `getUpdateExpression` gives. */
export interface FieldUpdate {
  type: "SET" | "REMOVE" | "ADD" | "DELETE";
  /** `#f = if_not_exists(#f, :f)`: of the placeholders below, and no other attributes. */
  expression: string;
  attrNameKey: string;
  attrValueKey: string;
  fieldName: string;
  fieldValue: unknown;
}

/** What all fields share. A custom field overrides any of the methods; what it throws reaches the caller unchanged. */
export class BaseField {
  /** Name of the type in definitions. Custom fields inherit the type that they are stored as. */
  static readonly type: FieldTypeName;

  readonly options: FieldOptions;
  readonly required: boolean;
  readonly defaultValue: unknown;

  constructor(options: FieldOptions = {}) {
    if (typeof options !== "object" || options === null) {
      throw new ConfigurationError(`A field's options must be an object, not ${String(options)}`);
    }
    this.options = options;
    this.required = options.required ?? false;
    // The user's object may change later; the model's default does not.
    this.defaultValue = copyOf(options.defaultValue);
  }

  /** @internal */
  get kind(): FieldKind {
    return kinds[(this.constructor as typeof BaseField).type];
  }

  /** Throws what is wrong with the value; asked before a write, besides what the type itself asks for. */
  validate(_value: unknown, _fieldName?: string): unknown {
    return true;
  }

  /** The user's value as the value to store. */
  toDy(value: unknown): unknown {
    return value;
  }

  /** The stored value as the user's. */
  fromDy(value: unknown): unknown {
    return value;
  }

  /**
   * The text of a stored value (what toDy gave) in keys and indexes; it decides how items are found and sorted. One value must
   * have one text for ever. Unique values do not go by it.
   */
  toGsi(stored: unknown): string {
    return storedKeyText(stored);
  }

  /**
   * How an update changes the attribute: one action of an UpdateExpression, with its placeholders. `stored` is what toDy gave,
   * null where the value is removed. New items get the value as it is. What does not only set the value to `fieldValue` must not
   * be part of an index or unique constraint, and is sent once: where its answer is lost and running it twice would not be the
   * same, the update is an AmbiguousWriteError.
   */
  getUpdateExpression(fieldName: string, stored: unknown): FieldUpdate {
    const [attrNameKey, attrValueKey] = [`#${fieldName}`, `:${fieldName}`];
    const names = { attrNameKey, attrValueKey, fieldName, fieldValue: stored };
    if (stored === null || stored === undefined) return { type: "REMOVE", expression: attrNameKey, ...names };
    return { type: "SET", expression: `${attrNameKey} = ${attrValueKey}`, ...names };
  }

  /** At creation, where no value was given. Each item gets its own: it may be changed in place. */
  getInitialValue(): unknown {
    const { defaultValue } = this;
    return typeof defaultValue === "function" ? (defaultValue as () => unknown)() : copyOf(defaultValue);
  }

  /** The value to save, by the value there is. */
  updateBeforeSave(value: unknown): unknown {
    return value;
  }
}

type DateLike = Date | number | string;

/** What custom fields inherit, for the compiler. */
type Types<Read, Write, Missing> = { read: Read; write: Write; mode: FieldMode; missing: Missing };

export class StringFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "StringField";
  declare readonly "~types"?: Types<string, string, undefined>;
}
export class IntegerFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "IntegerField";
  declare readonly "~types"?: Types<number, number | bigint, number | null>;
}
export class FloatFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "FloatField";
  declare readonly "~types"?: Types<number, number, null>;
}
export class BooleanFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "BooleanField";
  declare readonly "~types"?: Types<boolean, boolean, null>;
}
export class BinaryFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "BinaryField";
  declare readonly "~types"?: Types<Uint8Array, Uint8Array | ArrayBuffer, null>;
}
export class StringSetFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "StringSetField";
  declare readonly "~types"?: Types<Set<string>, ReadonlySet<string> | readonly string[], Set<string>>;
}
export class DateTimeFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "DateTimeField";
  declare readonly "~types"?: Types<Date, DateLike, null>;
}
export class CreateDateFieldClass extends DateTimeFieldClass {
  static override readonly type: FieldTypeName = "CreateDateField";
}
export class ModifiedDateFieldClass extends DateTimeFieldClass {
  static override readonly type: FieldTypeName = "ModifiedDateField";
}
export class TtlFieldClass extends DateTimeFieldClass {
  static override readonly type: FieldTypeName = "TtlField";
}
export class UlidFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "UlidField";
  declare readonly "~types"?: Types<string, string, undefined>;
}
export class VersionFieldClass extends UlidFieldClass {
  static override readonly type: FieldTypeName = "VersionField";
}
export class CounterFieldClass extends IntegerFieldClass {
  static override readonly type: FieldTypeName = "CounterField";
}
export class MapFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "MapField";
  declare readonly "~types"?: Types<Record<string, any>, Record<string, any>, null>;
}
export class ListFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "ListField";
  declare readonly "~types"?: Types<any[], readonly any[], null>;
}
export class JsonFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "JsonField";
  declare readonly "~types"?: Types<any, any, null>;
}

export class RelatedFieldClass extends BaseField {
  static override readonly type: FieldTypeName = "RelatedField";
  declare readonly "~types"?: Types<string, string | { getPrimaryId(): string }, undefined>;
  readonly modelName: string;

  constructor(modelName: string, options: FieldOptions = {}) {
    super(options);
    if (typeof modelName !== "string" || modelName === "") {
      throw new ConfigurationError("A RelatedField needs the name of the other model");
    }
    this.modelName = modelName;
  }
}

type ModeOf<Options> = Options extends { autoAssign: true }
  ? "automatic"
  : Options extends { defaultValue: {} }
    ? "automatic"
    : Options extends { required: true }
      ? "required"
      : "optional";

/** One generic function type, so that the options' literal types are kept. */
type Maker<Read, Write, Missing, More = unknown, Mode extends FieldMode | undefined = undefined> = <
  const Options extends CommonOptions<Write> & More = CommonOptions<Write> & More,
>(
  options?: Options,
) => Field<Read, Write, Mode extends FieldMode ? Mode : ModeOf<Options>, Missing>;

// The class of a field is its type at run time; `Field` is what the compiler is told.
function maker<M>(fieldClass: new (options?: FieldOptions) => BaseField): M {
  return ((options?: FieldOptions) => new fieldClass(options)) as M;
}

export const StringField = maker<Maker<string, string, undefined, { maxLength?: number }>>(StringFieldClass);
/** Reads as a number; beyond 2^53 as a bigint, which the type does not say as it would be in everybody's way. */
export const IntegerField = maker<Maker<number, number | bigint, null>>(IntegerFieldClass);
export const FloatField = maker<Maker<number, number, null, { precision?: number }>>(FloatFieldClass);
export const BooleanField = maker<Maker<boolean, boolean, null>>(BooleanFieldClass);
export const BinaryField = maker<Maker<Uint8Array, Uint8Array | ArrayBuffer, null>>(BinaryFieldClass);
export const StringSetField = maker<
  Maker<Set<string>, ReadonlySet<string> | readonly string[], Set<string>, { maxStringLength?: number; maxMemberCount?: number }>
>(StringSetFieldClass);
export const DateTimeField = maker<Maker<Date, DateLike, null>>(DateTimeFieldClass);
export const CreateDateField = maker<Maker<Date, DateLike, null, unknown, "automatic">>(CreateDateFieldClass);
export const ModifiedDateField = maker<Maker<Date, DateLike, null, unknown, "automatic">>(ModifiedDateFieldClass);
export const TtlField = maker<Maker<Date, DateLike, null>>(TtlFieldClass);
export const UlidField = maker<Maker<string, string, undefined, { autoAssign?: boolean }>>(UlidFieldClass);
export const VersionField = maker<Maker<string, string, undefined, unknown, "automatic">>(VersionFieldClass);
/** `"+5"` and `"-1"` add to the stored value atomically. */
export const CounterField = maker<Maker<number, number | bigint | `+${number}` | `-${number}`, 0, unknown, "automatic">>(CounterFieldClass);
export const MapField = maker<Maker<Record<string, any>, Record<string, any>, null>>(MapFieldClass);
export const ListField = maker<Maker<any[], readonly any[], null>>(ListFieldClass);
export const JsonField = maker<Maker<any, any, null>>(JsonFieldClass);

/** The id of an item of another model; an instance of it may be given instead. */
export function RelatedField<const Options extends CommonOptions<string> = {}>(
  modelName: string,
  options?: Options,
): Field<string, string | { getPrimaryId(): string }, ModeOf<Options>, undefined> {
  return new RelatedFieldClass(modelName, { ...options }) as never;
}

/**
 * A field of a custom type: a class that extends one of the field classes, or a function that makes one.
 * Generated code calls it, as YAML names types and not what they are.
 */
export function CustomField<F, const Options extends FieldOptions = {}>(type: F, options?: Options): CustomFieldType<F, ModeOf<Options>>;
/** Of a type that extends RelatedFieldClass. */
export function CustomField<F, const Options extends FieldOptions = {}>(
  type: F,
  modelName: string,
  options?: Options,
): CustomFieldType<F, ModeOf<Options>>;
export function CustomField(type: unknown, ...options: unknown[]): unknown {
  if (typeof type !== "function") {
    throw new ConfigurationError(`A custom field type must be a class or a function, not ${String(type)}: does its file export it?`);
  }
  if (type.prototype instanceof BaseField) return new (type as new (...options: unknown[]) => BaseField)(...options);
  return (type as (...options: unknown[]) => unknown)(...options);
}
