import { afterEach, describe, expect, it } from "vitest";
import { fault, startLoopback, teams, type Answer, type Call, type Loopback } from "./loopback.js";
import { failure, inside, makeCore, models, outside } from "./support.js";

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const team = 1;

async function coreWith(answer: (call: Call, position: number) => Answer, settings: Parameters<typeof makeCore>[0] = {}) {
  server = await startLoopback(answer);
  const core = makeCore({ endpoint: server.endpoint, ...settings });
  core.register(models);
  return core;
}

/** Fails the first request as given, then answers. */
function failingFirst(first: Answer) {
  return (call: Call, position: number): Answer => (position === 0 ? first : teams(call));
}

describe("answers that fail", () => {
  it.each<[string, Answer]>([
    ["an internal error", fault("InternalServerError", 500)],
    ["throttling", fault("ProvisionedThroughputExceededException")],
    ["a connection closed before the answer", { reset: "before" }],
    ["a connection closed within the answer", { reset: "within", body: { Item: {} } }],
    ["garbage", { text: "<html>" }],
    ["a wrong checksum", { body: {}, headers: { "x-amz-crc32": "1" } }],
  ])("tries again after %s", async (_, first) => {
    const core = await coreWith(failingFirst(first));
    const found = await core.find(team, { id: "a" }, {}, outside);
    expect(found.row).toEqual(["a", "title of a"]);
    expect(server?.calls.length).toBe(2);
  });

  it("reports what the service refuses, with its words", async () => {
    const core = await coreWith(() => fault("ResourceNotFoundException", 400, "Requested resource not found"));
    expect(await failure(core.find(team, { id: "a" }, {}, outside))).toMatchObject({
      kind: "ServiceError",
      serviceName: "ResourceNotFoundException",
      serviceText: "Requested resource not found",
      status: 400,
      requestId: "REQUEST-1",
      retryable: false,
    });
  });

  it("gives up when tries run out", async () => {
    const core = await coreWith(() => fault("InternalServerError", 500), { maxAttempts: 2 });
    expect(await failure(core.find(team, { id: "a" }, {}, outside))).toMatchObject({ kind: "ServiceError", status: 500, retryable: true });
    expect(server?.calls.length).toBe(2);
  });

  it("fails every find of a batch that fails", async () => {
    const core = await coreWith(() => fault("AccessDeniedException"));
    const scope = core.openScope();
    const errors = await Promise.all(["a", "b"].map((id) => failure(core.find(team, { id }, {}, inside(scope)))));
    expect(errors.map((error) => error.serviceName)).toEqual(["AccessDeniedException", "AccessDeniedException"]);
  });

  it("ends at the call's deadline when nothing answers", async () => {
    const core = await coreWith(() => ({ silent: true }), { callMs: 200, attemptMs: 80 });
    const started = performance.now();
    expect((await failure(core.find(team, { id: "a" }, {}, outside))).kind).toBe("TimeoutError");
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it("says when a write's answer was lost and nothing proves its outcome", async () => {
    const core = await coreWith(() => ({ reset: "before" }), { maxAttempts: 2 });
    const counted = core.update(0, { id: "u" }, { logins: { "#i": "1" } }, null, {}, outside);
    expect((await failure(counted)).kind).toBe("AmbiguousWriteError");
    expect(server?.calls.length).toBe(1);
  });

  it("cannot reach a port where nobody listens", async () => {
    const closed = await startLoopback(() => ({}));
    await closed.close();
    const core = makeCore({ endpoint: closed.endpoint, maxAttempts: 2 });
    core.register(models);
    expect(await failure(core.find(team, { id: "a" }, {}, outside))).toMatchObject({ kind: "TransportError", retryable: true });
  });
});

describe("stopping", () => {
  it("ends a call whose signal aborts, and closes its request", async () => {
    const core = await coreWith(() => ({ silent: true }));
    const abort = new AbortController();
    const found = core.find(team, { id: "a" }, {}, { ...outside, signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    expect((await failure(found)).kind).toBe("CancelledError");
  });

  it("does not start a call whose signal is aborted", async () => {
    const core = await coreWith(teams);
    const call = { ...outside, signal: AbortSignal.abort() };
    expect((await failure(core.find(team, { id: "a" }, {}, call))).kind).toBe("CancelledError");
    expect(server?.calls.length).toBe(0);
  });

  it("leaves the other finds of a batch alone", async () => {
    const core = await coreWith((call) => ({ ...teams(call), delayMs: 40 }));
    const scope = core.openScope();
    const abort = new AbortController();
    const one = core.find(team, { id: "a" }, {}, { ...inside(scope), signal: abort.signal });
    const other = core.find(team, { id: "b" }, {}, inside(scope));
    setTimeout(() => abort.abort(), 10);
    expect((await failure(one)).kind).toBe("CancelledError");
    expect((await other).row).toEqual(["b", "title of b"]);
  });
});

describe("credentials", () => {
  it("are waited for, and renewed when the service calls them expired", async () => {
    let given = 0;
    const core = await coreWith(failingFirst(fault("ExpiredTokenException")), {
      credentials: async () => {
        given += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { accessKeyId: `key${given}`, secretAccessKey: "secret", sessionToken: "token" };
      },
    });
    await core.find(team, { id: "a" }, {}, outside);
    expect(server?.calls.map((call) => call.headers["authorization"]?.match(/key\d/)?.[0])).toEqual(["key1", "key2"]);
    expect(server?.calls[0]?.headers["x-amz-security-token"]).toBe("token");
  });

  it("that cannot be had are an error of the call", async () => {
    const core = await coreWith(teams, { credentials: () => Promise.reject(new Error("no profile 'x'")) });
    const error = await failure(core.find(team, { id: "a" }, {}, outside));
    expect(error.kind).toBe("ConfigurationError");
    expect(error.message).toContain("no profile 'x'");
  });
});

describe("mistakes", () => {
  it("in definitions are all reported, and nothing is registered", () => {
    const core = makeCore();
    let message = "";
    try {
      core.register({ A: { modelPrefix: "toolong", fields: { x: { type: "NoField" } }, primaryKey: { partitionKey: "y" } } });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("NoField");
    expect(message).toContain("toolong");
    expect(core.register(models)).toEqual({ User: 0, Team: 1 });
    expect(core.register({ More: { modelPrefix: "m", fields: { id: { type: "StringField" } }, primaryKey: { partitionKey: "id" } } })).toEqual({ More: 2 });
  });

  it.each([
    [{ nothing: 1 }, "QueryError"],
    [{ name: { $like: "x" } }, "QueryError"],
    [{ age: { $between: [1] } }, "QueryError"],
    [{ name: { $exists: "yes" } }, "ValidationError"],
    [{ tags: { $size: "2" } }, "ValidationError"],
    [{ name: { $in: "x" } }, "ValidationError"],
  ])("in a filter %j are a %s", async (filter, kind) => {
    const core = makeCore();
    core.register(models);
    expect((await failure(core.query(0, "byTeam", "t", null, { filter }, outside))).kind).toBe(kind);
  });

  it("in a sort key condition name the field and the index", async () => {
    const core = makeCore();
    core.register(models);
    const error = await failure(core.query(0, "byTeam", "t", { name: "x" }, {}, outside));
    expect(error).toMatchObject({ kind: "QueryError", message: 'Field "name" is not the sort key for index "byTeam"' });
    expect((await failure(core.query(0, "nope", "t", null, {}, outside))).kind).toBe("QueryError");
  });

  it("in values, tenants and endpoints are named", async () => {
    const core = makeCore();
    core.register(models);
    expect(await failure(core.create(0, { userId: "u", age: "x" }, {}, outside))).toMatchObject({ kind: "ValidationError", field: "age" });
    expect(await failure(core.create(0, { userId: "u", shoe: 1 }, {}, outside))).toMatchObject({ kind: "ValidationError", field: "shoe" });
    expect(await failure(core.create(0, { userId: "u", born: { "#d": null } }, {}, outside))).toMatchObject({ kind: "ValidationError", field: "born" });
    expect(await failure(core.find(0, { id: "u" }, {}, { scope: null, tenant: "a]#b" }))).toMatchObject({ kind: "ValidationError", field: "tenant" });
    expect(() => makeCore({ endpoint: "file:x" })).toThrow(/native/);
    expect(() => makeCore({ endpoint: "nonsense" })).toThrow(/not an address/);
  });

  it("of a write outside a batch context, where one is required", async () => {
    const core = makeCore({ requireBatchContext: true });
    core.register(models);
    const error = await failure(core.create(1, { teamId: "t" }, {}, outside));
    expect(error.message).toMatch(/^Batch operations must be executed within runWithBatchContext\(\)/);
    const scope = core.openScope();
    expect((await core.create(1, { teamId: "t" }, {}, inside(scope))).id).toBe("t");
  });
});

describe("endpoint memory: with a name that no table can have", () => {
  it.each(["tt", "a b", "t".repeat(256)])("is a ConfigurationError of reads and writes: %s", async (tableName) => {
    const core = makeCore({ tableName });
    core.register(models);
    const began = performance.now();
    const errors = await Promise.all([
      failure(core.create(team, { teamId: "a" }, {}, outside)),
      failure(core.find(team, { id: "a" }, {}, outside)),
      failure(core.remove(team, { id: "a" }, null, {}, outside)),
    ]);
    errors.push(await failure(core.scan(team, {}, outside)));
    for (const error of errors) {
      expect(error.kind).toBe("ConfigurationError");
      expect(error.message).toContain(`the embedded engine cannot make table '${tableName}'`);
      expect(error.message).toContain("failed to satisfy constraint");
    }
    // It was not tried again, nor does anything of it go on.
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
