/** Many requests at once in one isolate share nothing but connections: neither items, nor caches, capacity, errors, nor each other's end. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Engine, startEngine } from "./support/engine.ts";
import { bundle, makeProject, type Wrangler, wranglers } from "./support/project.ts";
import { CountingProxy, type SeenRequest } from "./support/proxy.ts";
import { randomNumbers } from "./support/random.ts";
import { startBundle, type Worker } from "./support/worker.ts";

const requestsAtOnce = 200;
const postsEach = 2;

let engine: Engine;
let proxy: CountingProxy;

beforeAll(async () => {
  engine = await startEngine();
  proxy = await CountingProxy.before(engine.port);
});
afterAll(async () => {
  proxy?.stop();
  await engine?.stop();
});

function secrets(): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint };
}

/** The numbers of the worker's requests whose items this request names. */
function numbersIn(request: SeenRequest): number[] {
  const found = JSON.stringify(request.body).matchAll(/(?:own|friend|missing)-(\d+)/g);
  return [...new Set([...found].map((match) => Number(match[1])))];
}

async function fillTable(): Promise<void> {
  await engine.freshTable("my-table");
  const users = ["shared"];
  const requests: object[] = [];
  for (let n = 0; n < requestsAtOnce; ++n) {
    users.push(`own-${n}`, `friend-${n}`);
    for (let p = 0; p < postsEach; ++p) {
      const postId = `post-${n}-${p}`;
      const index = { _gsi1_pk: { S: `p#gsi1#own-${n}` }, _gsi1_sk: { S: postId } };
      const Item = { _pk: { S: `p#${postId}` }, _sk: { S: "p" }, ...index, postId: { S: postId }, userId: { S: `own-${n}` }, title: { S: `of ${n}` } };
      requests.push({ PutRequest: { Item } });
    }
  }
  for (const userId of users) {
    requests.push({ PutRequest: { Item: { _pk: { S: `u#${userId}` }, _sk: { S: "u" }, userId: { S: userId }, name: { S: `name of ${userId}` } } } });
  }
  while (requests.length > 0) await engine.call("BatchWriteItem", { RequestItems: { "my-table": requests.splice(0, 25) } });
}

describe.each(wranglers)("in workerd, bundled by %s", (wrangler: Wrangler) => {
  let project: string;
  let built: Awaited<ReturnType<typeof bundle>>;
  let worker: Worker;

  beforeAll(async () => {
    project = makeProject({ files: { "wrangler.toml": "nodejs_compat/wrangler.toml" }, around: "isolation" });
    built = await bundle(project, wrangler);
  });
  beforeEach(async () => {
    await fillTable();
    proxy.seen.length = 0;
    proxy.interfere = () => undefined;
    worker = await startBundle(project, built, wrangler, {
      bindings: secrets(),
    });
  });
  afterEach(async () => {
    await worker?.stop();
  });

  async function answerOf(path: string, signal?: AbortSignal): Promise<any> {
    const response = await worker.fetch(path, signal === undefined ? {} : { signal });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      return { error: text };
    }
  }

  function expectOwn(answer: any, n: number, capacity: unknown): void {
    expect(answer).toEqual({
      before: { read: 0, write: 0 },
      own: { userId: `own-${n}`, name: `renamed by ${n}`, visits: 0 },
      friend: { userId: `friend-${n}`, name: `name of friend-${n}`, visits: 0 },
      missing: null,
      sharedName: `changed by ${n}, never saved`,
      posts: Array.from({ length: postsEach }, (_, p) => ({ postId: `post-${n}-${p}`, userId: `own-${n}`, title: `of ${n}` })),
      authorsAreOwn: Array.from({ length: postsEach }, () => true),
      cached: true,
      capacity,
      inside: true,
    });
  }

  /** What a request costs that is alone. */
  async function capacityOfOne(): Promise<{ read: number; write: number }> {
    const { capacity } = await answerOf("/?n=0");
    expect(capacity.read).toBeGreaterThan(0);
    expect(capacity.write).toBeGreaterThan(0);
    expectOwn({ ...(await answerOf("/?n=1")) }, 1, capacity);
    await fillTable();
    proxy.seen.length = 0;
    return capacity;
  }

  test(`${requestsAtOnce} requests at once, slow and failing answers mixed in`, async () => {
    const capacity = await capacityOfOne();
    const failsFor = (n: number) => n % 7 === 3;
    const tries = new Map<number, number>();
    proxy.interfere = (request) => {
      const [n] = numbersIn(request);
      if (n === undefined) return undefined;
      const nth = (tries.get(n) ?? 0) + 1;
      tries.set(n, nth);
      const delayMs = n % 5 === 0 ? 40 + (n % 60) : 0;
      if (failsFor(n) && request.operation === (n % 2 === 0 ? "Query" : "BatchGetItem")) {
        const body = JSON.stringify({ __type: "com.amazon.coral.validate#ValidationException", message: `refused for ${n}` });
        return { delayMs, answer: { status: 400, body } };
      }
      if (n % 11 === 4 && nth === 1) return { delayMs, answer: { status: 500, body: '{"__type":"InternalServerError"}' } };
      if (n % 13 === 5 && nth === 1) return { delayMs, reset: true };
      return { delayMs };
    };
    const answers = await Promise.all(Array.from({ length: requestsAtOnce }, (_, n) => answerOf(`/?n=${n}`)));
    for (const [n, answer] of answers.entries()) {
      if (failsFor(n)) {
        expect(answer).toEqual({ error: expect.stringMatching(new RegExp(`refused for ${n}\\b`)) });
      } else {
        expectOwn(answer, n, capacity);
      }
    }
    for (const request of proxy.seen) expect(numbersIn(request), JSON.stringify(request.body)).toHaveLength(1);
    expect(await answerOf("/most-running")).toBeGreaterThan(requestsAtOnce / 4);
    expect(worker.lines).toEqual([]);
  });

  test("requests without a context are as separate", async () => {
    proxy.interfere = (request) => ({ delayMs: (numbersIn(request)[0] ?? 0) % 30 });
    const answers = await Promise.all(Array.from({ length: requestsAtOnce }, (_, n) => answerOf(`/outside?n=${n}`)));
    for (const [n, answer] of answers.entries()) {
      expect(answer).toMatchObject({ own: { userId: `own-${n}` }, friend: { userId: `friend-${n}` }, capacity: { read: 0, write: 0 }, inside: false });
    }
    expect(proxy.take()).toEqual(Array.from({ length: requestsAtOnce * 2 }, () => "GetItem"));
    expect(worker.lines).toEqual([]);
  });

  test("clients that go away take nobody with them", async () => {
    const capacity = await capacityOfOne();
    const { seed, next } = randomNumbers();
    proxy.interfere = () => ({ delayMs: 20 + Math.floor(next() * 60) });
    for (let round = 0; round < 3; ++round) {
      let gone = 0;
      const answers = Array.from({ length: 60 }, async (_, each) => {
        const n = round * 60 + each;
        if (each % 2 === 1) return [n, await answerOf(`/?n=${n}`, AbortSignal.timeout(30_000))] as const;
        await answerOf(`/?n=${n}`, AbortSignal.timeout(1 + Math.floor(next() * 150))).then(undefined, () => ++gone);
        return undefined;
      });
      for (const answer of await Promise.all(answers)) {
        if (answer !== undefined) expectOwn(answer[1], answer[0], capacity);
      }
      expect(gone, `seed ${seed}`).toBeGreaterThan(10);
    }
    proxy.interfere = () => undefined;
    for (let n = 180; n < 190; ++n) expectOwn(await answerOf(`/?n=${n}`), n, capacity);
    expect(worker.lines.filter((line) => /hung|different request/.test(line))).toEqual([]);
  });

  test.each(["/kept", "/kept-outside"])("saves of one instance by several requests do not wait for one another (%s)", async (path) => {
    expect(await answerOf(`${path}?n=0`)).toEqual({ saved: 0 });
    let updates = 0;
    proxy.interfere = ({ operation }) => ({ delayMs: operation === "UpdateItem" && updates++ === 0 ? 4_000 : 0 });
    const gone = answerOf(`${path}?n=1`, AbortSignal.timeout(200)).then(undefined, () => "gone");
    await expect.poll(() => updates).toBe(1);
    expect(await answerOf(`${path}?n=2`, AbortSignal.timeout(3_000))).toEqual({ saved: 2 });
    expect(await gone).toBe("gone");
    const numbers = Array.from({ length: 20 }, (_, n) => n + 3);
    proxy.interfere = () => ({ delayMs: updates++ % 7 });
    expect(await Promise.all(numbers.map((n) => answerOf(`${path}?n=${n}`)))).toEqual(numbers.map((saved) => ({ saved })));
    expect(worker.lines.filter((line) => /hung|different request/.test(line))).toEqual([]);
  });

  test("tenants in one isolate see their own items only", async () => {
    const tenants = makeProject({ files: { "wrangler.toml": "nodejs_compat/wrangler.toml" }, around: "tenants" });
    const forTenants = await startBundle(tenants, await bundle(tenants, wrangler), wrangler, { bindings: secrets() });
    try {
      proxy.interfere = (request) => ({ delayMs: JSON.stringify(request.body).length % 23 });
      const answers = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const headers: Record<string, string> = n % 20 === 19 ? {} : { "x-tenant": `tenant-${n % 10}` };
          return (await forTenants.fetch(`/?n=${n}`, { headers })).json() as Promise<any>;
        }),
      );
      for (const [n, answer] of answers.entries()) {
        if (n % 20 === 19) {
          expect(answer.error).toContain("Tenant context is required");
        } else {
          expect(answer.tenant).toBe(`tenant-${n % 10}`);
          expect(new Set(answer.texts)).toEqual(new Set([`of tenant-${n % 10}`]));
        }
      }
      for (const request of proxy.seen) {
        expect(new Set(JSON.stringify(request.body).match(/\[tenant-\d\]/g)).size, JSON.stringify(request.body)).toBe(1);
      }
    } finally {
      await forTenants.stop();
    }
  });
});
