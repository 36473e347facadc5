/** A loopback server that plays DynamoDB as a test wants it to. */
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  operation: string;
  body: Record<string, unknown>;
  headers: http.IncomingHttpHeaders;
}

export interface Answer {
  status?: number;
  body?: unknown;
  /** Sent as it is instead of `body`. */
  text?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Close the connection instead: before any answer, or in the middle of it. */
  reset?: "before" | "within";
  /** Never answer. */
  silent?: boolean;
}

export interface Loopback {
  endpoint: string;
  calls: Call[];
  close(): Promise<void>;
}

export async function startLoopback(answer: (call: Call, position: number) => Answer): Promise<Loopback> {
  const calls: Call[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).replace("DynamoDB_20120810.", "");
      const call = { operation, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>, headers: request.headers };
      calls.push(call);
      const given = answer(call, calls.length - 1);
      setTimeout(() => respond(request, response, given), given.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(request: http.IncomingMessage, response: http.ServerResponse, given: Answer): void {
  if (given.silent === true) return;
  if (given.reset === "before") {
    request.socket.destroy();
    return;
  }
  const text = given.text ?? JSON.stringify(given.body ?? {});
  response.writeHead(given.status ?? 200, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": String(Buffer.byteLength(text)),
    "x-amzn-requestid": "REQUEST-1",
    ...given.headers,
  });
  if (given.reset === "within") {
    response.write(text.slice(0, 5));
    setTimeout(() => request.socket.destroy(), 5);
    return;
  }
  response.end(text);
}

/** An error as DynamoDB sends it. */
export function fault(name: string, status = 400, message = name): Answer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message } };
}

interface KeyOf {
  _pk: { S: string };
  _sk: { S: string };
}

/** Every team that is asked for exists. */
export function teams({ operation, body }: Call): Answer {
  const item = (key: KeyOf): unknown => ({ ...key, teamId: { S: key._pk.S.slice(2) }, title: { S: `title of ${key._pk.S.slice(2)}` } });
  if (operation === "GetItem") {
    return { body: { Item: item(body["Key"] as KeyOf), ConsumedCapacity: { TableName: "t", CapacityUnits: 0.5 } } };
  }
  const tables = body["RequestItems"] as Record<string, { Keys: KeyOf[] }>;
  const responses = Object.entries(tables).map(([table, asked]) => [table, asked.Keys.map(item)]);
  return { body: { Responses: Object.fromEntries(responses), UnprocessedKeys: {}, ConsumedCapacity: [{ TableName: "t", CapacityUnits: 1.5 }] } };
}
