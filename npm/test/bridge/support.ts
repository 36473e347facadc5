import { readFileSync } from "node:fs";
import type { CallOptions, Core, CoreError, CoreSettings } from "../../src/bridge/contract.js";
import { createCore, provideEmbeddedEngine, provideModule, provideTransport } from "../../src/bridge/index.js";
import { nodeTransport } from "../../src/bridge/node_transport.js";

const wasm = (name: string) => new WebAssembly.Module(readFileSync(new URL(`../../../build/wasm/${name}`, import.meta.url)));
provideModule(() => wasm("bao.wasm"));
provideEmbeddedEngine(() => wasm("bao-engine.wasm"));
provideTransport(nodeTransport);

export class TestError extends Error {
  constructor(readonly core: CoreError) {
    super(core.message);
    this.name = core.kind;
  }
}

export const outside: CallOptions = { scope: null, tenant: "" };
export function inside(scope: number): CallOptions {
  return { scope, tenant: "" };
}

export const models = {
  User: {
    modelPrefix: "u",
    fields: {
      userId: { type: "StringField", required: true },
      name: { type: "StringField" },
      email: { type: "StringField" },
      age: { type: "IntegerField" },
      score: { type: "FloatField" },
      active: { type: "BooleanField" },
      photo: { type: "BinaryField" },
      tags: { type: "StringSetField" },
      born: { type: "DateTimeField" },
      ttl: { type: "TtlField" },
      logins: { type: "CounterField" },
      settings: { type: "MapField" },
      steps: { type: "ListField" },
      extra: { type: "JsonField" },
      teamId: { type: "RelatedField", model: "Team" },
    },
    primaryKey: { partitionKey: "userId" },
    indexes: { byTeam: { partitionKey: "teamId", sortKey: "born", indexId: "gsi1" } },
    uniqueConstraints: { uniqueEmail: { field: "email", uniqueConstraintId: "uc1" } },
  },
  Team: {
    modelPrefix: "t",
    fields: { teamId: { type: "StringField", required: true }, title: { type: "StringField" } },
    primaryKey: { partitionKey: "teamId" },
  },
} as const;

export const fieldOf = Object.fromEntries(Object.keys(models.User.fields).map((name, position) => [name, position])) as Record<
  keyof typeof models.User.fields,
  number
>;

export function makeCore(settings: Partial<CoreSettings> = {}): Core {
  return createCore({
    tableName: "bridge-test",
    region: "us-west-2",
    endpoint: "memory:",
    requireBatchContext: false,
    credentials: () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
    log: () => {},
    customKey: () => {
      throw new Error("no model here has custom keys");
    },
    makeError: (error) => new TestError(error),
    ...settings,
  });
}

/** The error that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<CoreError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TestError) return error.core;
    throw error;
  }
  throw new Error("nothing failed");
}
