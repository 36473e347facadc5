/** A DynamoDB engine that is not ours, in memory on loopback; and its table, made by hand: nothing of the package is trusted here. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const start = join(import.meta.dirname, "../../peers/start");

export interface Engine {
  port: number;
  /** Drops the table where there is one, and creates it empty, as `bao create-table` would. */
  freshTable(name: string, options?: { searchIndex?: boolean }): Promise<void>;
  /** Sends one request; throws where the answer is not 200. */
  call(operation: string, body: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startEngine(name: "dynoxide" | "dynalite" = "dynoxide"): Promise<Engine> {
  const child = spawn(start, [name], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += chunk));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(Number(String(chunk).trim())));
    child.once("exit", () => reject(new Error(`${name} did not start: ${complaint}`)));
  });

  async function call(operation: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "x-amz-date": "20240101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20240101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${operation}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  async function freshTable(table: string, { searchIndex = false } = {}): Promise<void> {
    await call("DeleteTable", { TableName: table }).catch((error: Error) => {
      if (!error.message.includes("ResourceNotFoundException")) throw error;
    });
    await call("CreateTable", tableDefinition(table, searchIndex));
  }

  return {
    port,
    freshTable,
    call,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function tableDefinition(table: string, searchIndex: boolean): unknown {
  const pairs = [1, 2, 3, 4, 5].map((n): [string, string, string, string] => [`gsi${n}`, `_gsi${n}_pk`, `_gsi${n}_sk`, "ALL"]);
  pairs.push(["iter_index", "_iter_pk", "_iter_sk", "KEYS_ONLY"]);
  if (searchIndex) pairs.push(["iter_search_index", "_iter_pk", "_iter_sk", "INCLUDE"]);
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
  ];
  return {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...new Set(["_pk", "_sk", ...pairs.flatMap(([, partition, sort]) => [partition, sort])])].map((name) => ({
      AttributeName: name,
      AttributeType: "S",
    })),
    KeySchema: keys("_pk", "_sk"),
    GlobalSecondaryIndexes: pairs.map(([name, partition, sort, projection]) => ({
      IndexName: name,
      KeySchema: keys(partition, sort),
      Projection: { ProjectionType: projection, ...(projection === "INCLUDE" && { NonKeyAttributes: ["_searchText"] }) },
    })),
  };
}
