// Brings answers into a form in which equal ones are equal texts.

const unordered = new Set(["SS", "NS", "BS"]);

/** Sorts members and sets; leaves lists alone. */
export function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  const out = {};
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    out[name] = unordered.has(name) && Array.isArray(member) ? [...member].sort() : canonical(member);
  }
  return out;
}

function text(value) {
  return JSON.stringify(value);
}

/** {ok, type, message, reasons} of an error; {ok, answer} else. */
export function readAnswer({ status, body }) {
  let json;
  try {
    json = JSON.parse(body === "" ? "{}" : body);
  } catch {
    return { ok: false, status, type: "not JSON", message: body.slice(0, 200) };
  }
  if (status === 200) return { ok: true, status, answer: json };
  const type = String(json.__type ?? "").replace(/^.*#/, "");
  return {
    ok: false,
    status,
    type,
    message: json.message ?? json.Message ?? "",
    reasons: json.CancellationReasons?.map((reason) => ({
      Code: reason.Code,
      Message: reason.Message ?? null,
      Item: canonical(reason.Item ?? null),
    })),
    item: canonical(json.Item ?? null),
  };
}

/** The parts of a good answer to compare, by name. */
export function parts(operation, read) {
  const { ConsumedCapacity, Items, LastEvaluatedKey, Responses, ...rest } = read.answer;
  const out = { rest: text(canonical(rest)) };
  if (ConsumedCapacity !== undefined) out.capacity = text(canonical([].concat(ConsumedCapacity)));
  if (operation.name === "BatchGetItem") {
    // The service answers in any order.
    const byTable = Object.entries(Responses ?? {}).map(([table, items]) => [table, items.map((item) => text(canonical(item))).sort()]);
    out.items = text(byTable.sort());
  } else if (Responses !== undefined) {
    out.items = text(canonical(Responses));
  }
  if (Items !== undefined) {
    const items = Items.map((item) => text(canonical(item)));
    // Scans show partitions in the order of a hash, indexes entries of equal keys in any order.
    out.items = text(operation.name === "Scan" || operation.request.IndexName !== undefined ? items.sort() : items);
  }
  if (LastEvaluatedKey !== undefined) out.lastKey = text(canonical(LastEvaluatedKey));
  return out;
}
