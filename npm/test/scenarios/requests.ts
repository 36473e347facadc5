/** What a scenario expects of the requests that were sent. */
export interface SentRequest {
  operation: string;
  body: any;
}

function described(member: string, body: any): string {
  switch (member) {
    case "keys":
      return String(Object.values<any>(body.RequestItems).reduce((sum: number, table) => sum + table.Keys.length, 0));
    case "actions":
      return body.TransactItems.map((action: object) => Object.keys(action)[0]).join(" ");
    case "projection":
      return body.ProjectionExpression === undefined ? "none" : String(body.ProjectionExpression.split(",").length);
    case "filter":
      return String("FilterExpression" in body);
    case "condition":
      return String("ConditionExpression" in body);
    case "descending":
      return String(body.ScanIndexForward === false);
    case "consistent":
      return String((body.RequestItems ? Object.values<any>(body.RequestItems)[0] : body).ConsistentRead ?? false);
    case "index":
      return body.IndexName ?? "none";
    case "limit":
      return String(body.Limit ?? "none");
    case "select":
      return body.Select ?? "none";
    default:
      throw new Error(`unknown member '${member}' of a request`);
  }
}

type Expected = string | ({ op: string } & Record<string, unknown>);
const operationOf = (expected: Expected): string => (typeof expected === "string" ? expected : expected.op);

function requestMismatch(expected: Expected, sent: SentRequest): string | undefined {
  if (operationOf(expected) !== sent.operation) return `expected ${operationOf(expected)}, sent ${sent.operation}`;
  if (typeof expected === "string") return undefined;
  for (const [member, wanted] of Object.entries(expected)) {
    if (member === "op") continue;
    const actual = described(member, sent.body);
    const text = Array.isArray(wanted) ? wanted.join(" ") : String(wanted);
    if (actual !== text) return `${sent.operation}: expected ${member} ${text}, sent ${actual}`;
  }
  return undefined;
}

export function requestsMismatch(expected: readonly Expected[], sent: readonly SentRequest[], ordered: boolean): string | undefined {
  const all = `[${sent.map(({ operation }) => operation).join(", ")}]`;
  if (expected.length !== sent.length) return `expected requests [${expected.map(operationOf).join(", ")}], sent ${all}`;
  const left = [...sent];
  for (const [position, each] of expected.entries()) {
    if (ordered) {
      const different = requestMismatch(each, sent[position]!);
      if (different !== undefined) return `${different}; all that was sent: ${all}`;
      continue;
    }
    const found = left.findIndex((request) => requestMismatch(each, request) === undefined);
    if (found < 0) return `no request sent fits ${operationOf(each)}; all that was sent: ${all}`;
    left.splice(found, 1);
  }
  return undefined;
}
