/** Plain attribute values, for rows that are read and written past the library. */
type Attribute = Record<string, any>;

export function toAttribute(value: unknown): Attribute {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number" || typeof value === "bigint") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value instanceof Date) return { N: String(value.getTime()) };
  if (value instanceof Set) return { SS: [...value] };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toRow(value as Record<string, unknown>) };
}

export function toRow(values: Record<string, unknown>): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toAttribute(value)]));
}

export function fromRow(row: Record<string, Attribute>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, attribute]) => [name, fromAttribute(attribute)]));
}

function fromAttribute(attribute: Attribute): unknown {
  const [type, content] = Object.entries(attribute)[0]!;
  switch (type) {
    case "N":
      return Number.isSafeInteger(Number(content)) || !/^-?\d+$/.test(content as string) ? Number(content) : BigInt(content as string);
    case "NULL":
      return null;
    case "B":
      return new Uint8Array(Buffer.from(content as string, "base64"));
    case "SS":
      return new Set(content as string[]);
    case "L":
      return (content as Attribute[]).map(fromAttribute);
    case "M":
      return fromRow(content as Record<string, Attribute>);
    default:
      return content;
  }
}
