/** Every sample of the guide runs: in workerd as both wranglers bundle it, or in Node where the guide says so. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Engine, startEngine } from "./support/engine.ts";
import { makeProject, type ProjectParts, run, type Wrangler, wranglers } from "./support/project.ts";
import { CountingProxy } from "./support/proxy.ts";
import { startWorker, type Worker, type WorkerOptions } from "./support/worker.ts";

let engine: Engine;
let proxy: CountingProxy;
const started: Worker[] = [];

beforeAll(async () => {
  engine = await startEngine();
  proxy = await CountingProxy.before(engine.port);
});
afterAll(async () => {
  proxy?.stop();
  await engine?.stop();
});
beforeEach(async () => {
  await engine.freshTable("my-table");
  proxy.seen.length = 0;
});
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.stop();
});

const manualModels = { "models/user.js": "approach2/models/user.js", "models/post.js": "approach2/models/post.js" };
const nodejsCompat = { "wrangler.toml": "nodejs_compat/wrangler.toml" };

/** Where the package finds the proxy without a word in the samples: as secrets of the worker. */
function secrets(): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint };
}

async function start(project: string, wrangler: Wrangler, options: WorkerOptions = {}): Promise<Worker> {
  const worker = await startWorker(project, wrangler, { ...options, bindings: { ...secrets(), ...options.bindings } });
  started.push(worker);
  return worker;
}

async function startParts(parts: ProjectParts, wrangler: Wrangler, options: WorkerOptions = {}): Promise<Worker> {
  return start(makeProject(parts), wrangler, options);
}

async function json(response: Response): Promise<any> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

/** Rows as the older package wrote them (SPEC: stored format), put there without any of our code. */
async function putUsers(table = "my-table"): Promise<void> {
  for (const n of [1, 2, 3]) {
    const Item = {
      _pk: { S: `u#user${n}` },
      _sk: { S: "u" },
      userId: { S: `user${n}` },
      name: { S: `User ${n}` },
      email: { S: `user${n}@example.com` },
      createdAt: { N: String(1_700_000_000_000 + n) },
    };
    await engine.call("PutItem", { TableName: table, Item });
  }
}

async function putPosts(count: number): Promise<void> {
  for (let n = 1; n <= count; ++n) {
    const created = String(1_700_000_000_000 + n);
    const Item = {
      _pk: { S: `p#post${n}` },
      _sk: { S: "p" },
      _gsi1_pk: { S: "p#gsi1#user1" },
      _gsi1_sk: { S: created.padStart(20, "0") },
      postId: { S: `post${n}` },
      userId: { S: "user1" },
      title: { S: `Post ${n}` },
      content: { S: "Hello, World!" },
      createdAt: { N: created },
    };
    await engine.call("PutItem", { TableName: "my-table", Item });
  }
}

async function rowsOf(table: string): Promise<any[]> {
  return (await engine.call("Scan", { TableName: table })).Items as any[];
}

const threeUsers = [1, 2, 3].map((n) => ({
  userId: `user${n}`,
  name: `User ${n}`,
  email: `user${n}@example.com`,
  createdAt: new Date(1_700_000_000_000 + n).toISOString(),
}));
const johnDoe = { userId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/), name: "John Doe", email: "john@example.com", createdAt: expect.stringMatching(/Z$/) };

describe.each(wranglers)("in workerd, bundled by %s", (wrangler) => {
  test("approach 1: models generated from YAML", async () => {
    const project = makeProject({ files: { ".": "approach1", ...nodejsCompat } });
    const command = readFileSync(join(project, "generate.sh"), "utf8");
    const generated = await run(project, command);
    expect(generated, generated.stderr).toMatchObject({ code: 0 });
    for (const file of ["models/user.js", "models/post.js", ".bao/models.js"]) expect(existsSync(join(project, file)), file).toBe(true);

    const worker = await start(project, wrangler);
    const user = await json(await worker.fetch("/"));
    expect(user).toEqual(johnDoe);
    expect(proxy.seen.length).toBe(1);
    expect(await rowsOf("my-table")).toMatchObject([{ _pk: { S: `u#${user.userId}` }, _sk: { S: "u" }, name: { S: "John Doe" } }]);
  });

  test("approach 2: CommonJS models in an ESM worker, initialised at module scope", async () => {
    await engine.freshTable("my-app-table");
    const worker = await startParts({ files: { ".": "approach2", ...nodejsCompat } }, wrangler);
    const { user, post } = await json(await worker.fetch("/"));
    expect(user).toEqual(johnDoe);
    expect(post).toEqual({ postId: expect.any(String), userId: user.userId, title: "My First Post", content: "Hello, World!", createdAt: expect.any(String) });
    expect(proxy.seen.length).toBe(2);
    const rows = await rowsOf("my-app-table");
    expect(rows.find((row) => row._sk.S === "p")).toMatchObject({
      _pk: { S: `p#${post.postId}` },
      _gsi1_pk: { S: `p#gsi1#${user.userId}` },
      _gsi1_sk: { S: String(Date.parse(post.createdAt)).padStart(20, "0") },
    });
  });

  test("basic usage: finds of one request are one BatchGetItem", async () => {
    await putUsers();
    const worker = await startParts({ files: { "worker.js": "basic/worker.js", ...manualModels, ...nodejsCompat } }, wrangler);
    for (let round = 0; round < 2; ++round) {
      const response = await worker.fetch("/");
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await json(response)).toEqual(threeUsers);
      expect(proxy.seen.map(({ body }) => body.RequestItems["my-table"].Keys.length)).toEqual([3]);
      expect(proxy.take()).toEqual(["BatchGetItem"]); // a second request has a cache of its own
    }
  });

  test("dashboard: a user with posts, through a loader context", async () => {
    await putUsers();
    await putPosts(4);
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "handler", fragments: "dashboard" }, wrangler);
    const dashboard = await json(await worker.fetch("/dashboard?userId=user1"));
    expect(dashboard.user).toEqual(threeUsers[0]);
    expect(dashboard.totalPosts).toBe(4);
    expect(dashboard.posts.map((post: any) => [post.postId, post.userId, post.title])).toEqual([1, 2, 3, 4].map((n) => [`post${n}`, "user1", `Post ${n}`]));
    expect(proxy.take()).toEqual(["GetItem", "Query"]); // a find that is alone in its turn needs no batch
    expect((await worker.fetch("/elsewhere")).status).toBe(404);
  });

  test("without a context: each find is a GetItem", async () => {
    await putUsers();
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "handler", fragments: "without_context" }, wrangler);
    for (let round = 0; round < 2; ++round) {
      expect(await json(await worker.fetch("/"))).toEqual(threeUsers);
      expect(proxy.take()).toEqual(["GetItem", "GetItem", "GetItem"]);
    }
  });

  test("performance benefits: 1 request with the context, 3 without", async () => {
    await putUsers();
    const parts = { files: { "models/user.js": "approach2/models/user.js", ...nodejsCompat }, around: "performance", fragments: "performance" };
    const project = makeProject(parts);
    const worker = await start(project, wrangler);
    await json(await worker.fetch("/with"));
    expect(proxy.take()).toEqual(["BatchGetItem"]);
    expect(await json(await worker.fetch("/without"))).toEqual(threeUsers);
    expect(proxy.take()).toEqual(["GetItem", "GetItem", "GetItem"]);
  });

  test("default mode: a context batches, without one each goes alone", async () => {
    await putUsers();
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "init", fragments: "default_mode" }, wrangler);
    expect(await json(await worker.fetch("/inside"))).toEqual(threeUsers);
    expect(proxy.take()).toEqual(["BatchGetItem"]);
    expect(await json(await worker.fetch("/outside"))).toEqual(threeUsers);
    expect(proxy.take()).toEqual(["GetItem", "GetItem", "GetItem"]);
  });

  test("strict mode: outside of a context nothing is sent", async () => {
    await putUsers();
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "init", fragments: "strict_mode" }, wrangler);
    await expectStrict(worker);
  });

  test("context detection", async () => {
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "handler", fragments: "context_detection" }, wrangler);
    await worker.fetch("/", { headers: { "x-in-context": "yes" } });
    await expect.poll(() => worker.lines).toContain("Running with optimal batching");
    expect(worker.lines).not.toContain("Running in direct execution mode");
    await worker.fetch("/");
    await expect.poll(() => worker.lines).toContain("Running in direct execution mode");
  });

  test("environment configuration: strictness comes from the worker's vars", async () => {
    await putUsers();
    const project = makeProject({ files: manualModels, around: "init", fragments: "environment" });
    const withVars = makeProject({ files: {}, around: "environment", fragments: "environment" });
    await run(project, `cp ${join(withVars, "wrangler.toml")} .`);
    const lenient = await start(project, wrangler);
    expect(await json(await lenient.fetch("/outside"))).toEqual(threeUsers);
    expect(proxy.take()).toEqual(["GetItem", "GetItem", "GetItem"]);
    const strict = await start(project, wrangler, { bindings: { DYNAMO_BAO_REQUIRE_BATCH_CONTEXT: "true" } });
    await expectStrict(strict);
  });

  test("environments: each has its own table", async () => {
    const project = makeProject({ files: manualModels, around: "init", fragments: "credentials" });
    const withEnvironments = makeProject({ files: {}, around: "environments", fragments: "environments" });
    await run(project, `cp ${join(withEnvironments, "wrangler.toml")} .`);
    for (const environment of ["production", "staging"]) {
      const table = `my-${environment}-table`;
      await engine.freshTable(table);
      const worker = await start(project, wrangler, { environment });
      expect(await json(await worker.fetch("/inside/create"))).toEqual(johnDoe);
      expect(await rowsOf(table)).toHaveLength(1);
    }
  });

  test("credentials given to initModels sign the requests", async () => {
    const worker = await startParts({ files: { ...manualModels, ...nodejsCompat }, around: "init", fragments: "credentials" }, wrangler, {
      bindings: { AWS_ACCESS_KEY_ID: "KEYOFTHEGUIDE" },
    });
    expect(await json(await worker.fetch("/outside/create"))).toEqual(johnDoe);
    expect(proxy.seen.map(({ authorization }) => authorization)).toEqual([
      expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=KEYOFTHEGUIDE\/\d{8}\/us-west-2\/dynamodb\/aws4_request/),
    ]);
  });

  test("complete example, which has no nodejs_compat", async () => {
    const worker = await startParts({ files: { ".": "complete" } }, wrangler);
    const made = await json(await worker.fetch("/users", { method: "POST", body: JSON.stringify({ name: "John Doe", email: "john@example.com" }) }));
    expect(made).toEqual(johnDoe);
    expect(await json(await worker.fetch(`/users/${made.userId}`))).toEqual(made);
    expect(await json(await worker.fetch("/users/nobody"))).toBeNull();
    expect((await worker.fetch("/elsewhere")).status).toBe(404);
    expect(proxy.take().slice(1)).toEqual(["GetItem", "GetItem"]);
    await expect.poll(() => worker.lines.filter((line) => line.includes("nodejs_compat"))).toHaveLength(1);
    // A refused user is the handler's own failure, and the next request works.
    expect((await worker.fetch("/users", { method: "POST", body: JSON.stringify({ name: "John Doe" }) })).status).toBe(500);
    expect(await json(await worker.fetch(`/users/${made.userId}`))).toEqual(made);
  });

  test("complete example in its production environment, whose vars lack the region", async () => {
    await engine.freshTable("my-production-table");
    const worker = await startParts({ files: { ".": "complete" } }, wrangler, { environment: "production" });
    await json(await worker.fetch("/users", { method: "POST", body: JSON.stringify({ name: "John Doe", email: "john@example.com" }) }));
    expect(await rowsOf("my-production-table")).toHaveLength(1);
  });

  test("complete example with AsyncLocalStorage alone (nodejs_als) has a context", async () => {
    await putUsers();
    const worker = await startParts({ files: { ".": "complete" } }, wrangler, { compatibilityFlags: ["nodejs_als"] });
    expect(await json(await worker.fetch("/users/user2"))).toEqual(threeUsers[1]);
    expect(worker.lines).toEqual([]); // no warning
  });

  test("error handling: missing models are told, also where node:fs exists", async () => {
    const promised = /Error: "(.*)"/.exec(readFileSync(join(import.meta.dirname, "samples/errors/init.js"), "utf8"))?.[1];
    const project = makeProject({ files: nodejsCompat, around: "errors", fragments: "errors" });
    for (const options of [{ compatibilityFlags: [] }, {}, { compatibilityDate: "2025-07-01" }]) {
      const worker = await start(project, wrangler, options);
      expect(await json(await worker.fetch("/"))).toMatchObject({ name: "ConfigurationError", message: promised });
    }
  });

  test("migration, after: explicit imports in a worker", async () => {
    const project = makeProject({ files: nodejsCompat, around: "migration", fragments: "migration" });
    expect(await run(project, "bao-codegen models.yaml ./models")).toMatchObject({ code: 0 });
    const worker = await start(project, wrangler);
    expect(await json(await worker.fetch("/"))).toMatchObject({ titles: ["My First Post"], author: "John Doe" });
  });
});

test.each(["cjs", "mjs"])("migration, before: Node finds the models in a folder (%s)", async (suffix) => {
  const project = makeProject({ files: {}, around: "migration", fragments: "migration" });
  expect(await run(project, "bao-codegen models.yaml ./models")).toMatchObject({ code: 0 });
  const told = await run(project, `node before.${suffix}`, secrets());
  expect(told, told.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(told.stdout)).toMatchObject({ titles: ["My First Post"], author: "John Doe" });
  expect(await rowsOf("my-table")).toHaveLength(3);
});

test("the build's npm script generates the models", async () => {
  const project = makeProject({ files: { "models.yaml": "approach1/models.yaml", "package.json": "build/package.json" } });
  const done = await run(project, "npm run --silent generate-models");
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(existsSync(join(project, ".bao/models.js"))).toBe(true);
});

async function expectStrict(worker: Worker): Promise<void> {
  expect(await json(await worker.fetch("/inside"))).toEqual(threeUsers);
  expect(proxy.take()).toEqual(["BatchGetItem"]);
  for (const path of ["/outside", "/outside/create"]) {
    const refused = await worker.fetch(path);
    expect(await refused.json()).toMatchObject({
      isError: true,
      message: expect.stringMatching(/^Batch operations must be executed within runWithBatchContext\(\)/),
    });
    expect(refused.status).toBe(500);
  }
  expect(proxy.take()).toEqual([]);
}
