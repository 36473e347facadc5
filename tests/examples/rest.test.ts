/** examples/rest as a process: what it answers, on `memory:` and over a counting proxy, and how it takes rough clients and SIGTERM. */
import { connect } from "node:net";
import http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Engine, startEngine } from "../guide/support/engine.ts";
import { CountingProxy } from "../guide/support/proxy.ts";
import { type Answer, type Notes, ask, startNotes } from "./support/programs.ts";

const cleanups: (() => unknown)[] = [];
let notes: Notes;

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(environment: Record<string, string>): Promise<void> {
  notes = await startNotes(environment);
  cleanups.push(async () => {
    notes.child.kill("SIGKILL");
    await notes.ended;
  });
}

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
  ask(notes.url, method, path, body, headers);

async function makeUser(name: string, headers?: Record<string, string>): Promise<any> {
  const { status, body } = await call("POST", "/users", { name, email: `${name}@example.com` }, headers);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

async function makeNote(userId: string, title: string): Promise<any> {
  const { status, body } = await call("POST", `/users/${userId}/notes`, { title });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

/** Sends bytes, and gives all that comes until the other side closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(notes.url.port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk) => (answer += chunk));
    socket.on("end", () => socket.end());
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("examples/rest in memory", () => {
  beforeEach(() => start({ DYNAMO_BAO_ENDPOINT: "memory:" }));

  test("makes and shows users", async () => {
    const ann = await makeUser("ann");
    expect(ann).toEqual({ userId: expect.stringMatching(/^[0-9A-Z]{26}$/), name: "ann", email: "ann@example.com", noteCount: 0, createdAt: expect.any(Number) });
    const shown = await call("GET", `/users/${ann.userId}`);
    expect(shown).toMatchObject({ status: 200, body: ann });
    expect(shown.headers.get("content-type")).toBe("application/json");
    expect(shown.headers.get("consumed-capacity")).toBe("read=0.5 write=0");
  });

  test("refuses an e-mail address that is taken with 409", async () => {
    await makeUser("ann");
    const taken = await call("POST", "/users", { name: "Other", email: "ann@example.com" });
    expect(taken).toMatchObject({ status: 409, body: { error: "User: email must be unique: 'ann@example.com' is taken" } });
  });

  test.each([
    ["a value that does not fit", { name: "x".repeat(81), email: "x@example.com" }, /User\.name/],
    ["a value that is missing", { name: "x" }, /User\.email is required/],
    ["a value of another type", { name: 5, email: "x@example.com" }, /name must be a string/],
    ["what is no object", [], /must be a JSON object/],
    ["what is not JSON", "{", /must be a JSON object/],
  ])("answers 400 to %s", async (_, body, message) => {
    expect(await call("POST", "/users", body)).toMatchObject({ status: 400, body: { error: expect.stringMatching(message) } });
  });

  test("answers 404 for what is not there, and writes nothing", async () => {
    for (const path of ["/users/nobody", "/notes/nothing", "/users/nobody/notes", "/", "/elsewhere", "/users/a/b/c"]) {
      expect((await call("GET", path)).status, path).toBe(404);
    }
    expect((await call("DELETE", "/notes/nothing")).status).toBe(404);
    expect((await call("PUT", "/users")).status).toBe(404);
    expect((await call("PATCH", "/notes/nothing", { title: "x", version: "x" })).status).toBe(404);
    expect((await call("POST", "/users/nobody/notes", { title: "x" })).status).toBe(404);
    expect((await call("GET", "/users/nobody")).status).toBe(404); // no ghost with a noteCount
  });

  test("gives a user's notes page by page, the newest first", async () => {
    const ann = await makeUser("ann");
    const titles = ["one", "two", "three", "four", "five"];
    for (const title of titles) await makeNote(ann.userId, title);
    await makeNote((await makeUser("ben")).userId, "another's");
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let before = ""; ; ) {
      const { status, body } = await call("GET", `/users/${ann.userId}/notes?limit=2${before && `&before=${before}`}`);
      expect(status).toBe(200);
      sizes.push(body.items.length);
      seen.push(...body.items.map((note: any) => note.title));
      if (body.next === null) break;
      before = body.next;
    }
    expect(seen).toEqual([...titles].reverse());
    expect(sizes).toEqual([2, 2, 1]);
    for (const limit of ["0", "101", "x", "2x", ""]) expect((await call("GET", `/users/${ann.userId}/notes?limit=${limit}`)).status, limit).toBe(400);
  });

  test("changes a note only in the version that was read", async () => {
    const ann = await makeUser("ann");
    const note = await makeNote(ann.userId, "First light");
    const change = (body: object) => call("PATCH", `/notes/${note.noteId}`, body);
    const changed = await change({ text: "It dawned.", version: note.version });
    expect(changed).toMatchObject({ status: 200, body: { title: "First light", text: "It dawned." } });
    expect(changed.body.version).not.toBe(note.version);
    expect((await change({ title: "Late", version: note.version })).status).toBe(409);
    expect((await change({ title: "Late" })).status).toBe(400);
    expect(await change({ title: null, version: changed.body.version })).toMatchObject({ status: 400, body: { error: expect.stringContaining("Note.title") } });
    expect(await change({ text: null, version: changed.body.version })).toMatchObject({ status: 200, body: { title: "First light", text: null } });
  });

  test("counts a user's notes as they come and go", async () => {
    const ann = await makeUser("ann");
    const made = await Promise.all(["one", "two", "three"].map((title) => makeNote(ann.userId, title)));
    expect((await call("GET", `/users/${ann.userId}`)).body.noteCount).toBe(3);
    expect(await call("DELETE", `/notes/${made[0].noteId}`)).toMatchObject({ status: 204, body: undefined });
    expect((await call("GET", `/users/${ann.userId}`)).body.noteCount).toBe(2);
    expect((await call("GET", `/users/${ann.userId}/notes`)).body.items).toHaveLength(2);
  });

  test("keeps tenants apart", async () => {
    const here = await makeUser("ann", { Tenant: "here" });
    const there = await makeUser("ann", { Tenant: "there" }); // unique within a tenant
    expect((await call("GET", `/users/${here.userId}`, undefined, { Tenant: "here" })).status).toBe(200);
    for (const Tenant of ["there", "public"]) expect((await call("GET", `/users/${here.userId}`, undefined, { Tenant })).status).toBe(404);
    expect((await call("GET", `/users/${there.userId}`)).status).toBe(404);
    expect((await call("GET", "/users/x", undefined, { Tenant: "a]#" })).status).toBe(400);
  });

  test("takes no more than it has limits for", async () => {
    expect((await call("POST", "/users", "x".repeat(64 * 1024 + 1))).status).toBe(413);
    expect(await raw(`GET /users/${"x".repeat(9000)} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw("nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    await makeUser("ann"); // it goes on
  });

  test("answers requests that come in one piece, one after the other", async () => {
    const one = "GET /users/nobody HTTP/1.1\r\nHost: x\r\n";
    const answers = await raw(`${one}\r\n${one}\r\n${one}Connection: close\r\n\r\n`);
    expect(answers.match(/HTTP\/1\.1 404 /g)).toHaveLength(3);
  });

  test("hangs up on a client that does not finish its request", async () => {
    const started = Date.now();
    expect(await raw("POST /users HTTP/1.1\r\nContent-Length: 10\r\n\r\n{")).toBe("");
    expect(Date.now() - started).toBeGreaterThan(9_000);
    expect(Date.now() - started).toBeLessThan(20_000);
  });
});

describe("examples/rest over HTTP", () => {
  let engine: Engine;
  let proxy: CountingProxy;

  beforeEach(async () => {
    engine = await startEngine();
    cleanups.push(engine.stop);
    await engine.freshTable("notes");
    proxy = await CountingProxy.before(engine.port);
    cleanups.push(() => proxy.stop());
    await start({ DYNAMO_BAO_ENDPOINT: proxy.endpoint, TABLE_NAME: "notes" });
  });

  test("finds many notes and their authors by two requests", async () => {
    const [ann, ben] = [await makeUser("ann"), await makeUser("ben")];
    const made = [];
    for (const [user, title] of [[ann, "one"], [ben, "two"], [ann, "three"], [ben, "four"]] as const) made.push(await makeNote(user.userId, title));
    proxy.take();
    const { body } = await call("GET", `/notes?${[...made, { noteId: "nothing" }].map((note) => `id=${note.noteId}`).join("&")}`);
    expect(body.items.map((note: any) => note && `${note.title} by ${note.author}`)).toEqual(["one by ann", "two by ben", "three by ann", "four by ben", null]);
    expect(proxy.take()).toEqual(["BatchGetItem", "BatchGetItem"]);
  });

  test("concurrent requests share neither batches nor what they have read", async () => {
    const ann = await makeUser("ann");
    proxy.take();
    proxy.interfere = () => ({ delayMs: 200 }); // all are under way at the same time
    const answers = await Promise.all(Array.from({ length: 10 }, () => call("GET", `/users/${ann.userId}`)));
    expect(proxy.take()).toEqual(Array(10).fill("GetItem"));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 200, body: ann });
      expect(answer.headers.get("consumed-capacity")).toBe("read=0.5 write=0");
    }
  });

  test("answers 503 with Retry-After when DynamoDB throttles, and recovers", async () => {
    const ann = await makeUser("ann");
    proxy.take();
    const body = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", message: "slow down" });
    proxy.interfere = () => ({ answer: { status: 400, body } });
    const busy = await call("GET", `/users/${ann.userId}`);
    expect(busy).toMatchObject({ status: 503, body: { error: "the service is busy, try again" } });
    expect(busy.headers.get("retry-after")).toBe("1");
    expect(proxy.take()).toEqual(Array(4).fill("GetItem")); // it had tried
    proxy.interfere = () => undefined;
    expect((await call("GET", `/users/${ann.userId}`)).status).toBe(200);
  });

  test("tells a client nothing of errors that are not the client's", async () => {
    const body = JSON.stringify({ __type: "com.amazon.coral.service#AccessDeniedException", message: "arn:aws:iam::123456789012:role/secret" });
    proxy.interfere = () => ({ answer: { status: 400, body } });
    expect(await call("GET", "/users/anybody")).toMatchObject({ status: 500, body: { error: "that did not work" } });
    expect(notes.complaint()).toMatch(/^notes: ServiceError: /);
  });

  test("at SIGTERM answers what has begun, hangs up on idle clients, and ends with 0", async () => {
    const ann = await makeUser("ann");
    const idle = raw(`GET /users/${ann.userId} HTTP/1.1\r\nHost: x\r\n\r\n`); // answered, and then kept open
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.interfere = () => ({ delayMs: 1000 });
    proxy.take();
    const agent = new http.Agent({ keepAlive: true });
    cleanups.push(() => agent.destroy());
    const slow = new Promise<{ status?: number; connection?: string }>((resolve, reject) => {
      http
        .get(new URL(`/users/${ann.userId}`, notes.url), { agent }, (response) => {
          response.resume().on("end", () => resolve({ status: response.statusCode, connection: response.headers.connection }));
        })
        .on("error", reject);
    });
    while (proxy.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const stopped = Date.now();
    notes.child.kill("SIGTERM");
    expect(await idle).toMatch(/^HTTP\/1\.1 200 OK/);
    await expect(call("GET", "/users/x")).rejects.toThrow(); // nobody listens any more
    expect(await slow).toEqual({ status: 200, connection: "close" });
    expect(await notes.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - stopped).toBeLessThan(5_000); // not the grace of 10 s
  });
});

test("examples/rest says what is wrong with its settings", async () => {
  await expect(startNotes({ DYNAMO_BAO_ENDPOINT: "nonsense" })).rejects.toThrow(/notes ended with 1: notes: .*nonsense/);
  await expect(startNotes({ DYNAMO_BAO_ENDPOINT: "memory:", PORT: "http" })).rejects.toThrow(/notes ended with 1: notes: PORT is a number/);
});
