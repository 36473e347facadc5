/** The Worker of docs/guide/workers.md, with its own wrangler.toml and the guide's models, on an endpoint. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { startEngine } from "./support/engine.ts";
import { run, wranglers } from "./support/project.ts";
import { CountingProxy } from "./support/proxy.ts";
import { startWorker } from "./support/worker.ts";

const guide = join(import.meta.dirname, "../../docs/guide");
const page = readFileSync(join(guide, "workers.md"), "utf8");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The only block of the page with this info string. */
function block(info: string): string {
  const [found, ...more] = [...page.matchAll(new RegExp(`^\`\`\`${info}\n(.*?)^\`\`\`$`, "gms"))];
  expect(more).toEqual([]);
  return found![1]!;
}

test.each(wranglers)("the guide's Worker, by %s", async (wrangler) => {
  const project = mkdtempSync(join(inject("scratch"), "docs-"));
  cpSync(join(guide, "models.yaml"), join(project, "models.yaml"));
  writeFileSync(join(project, "package.json"), '{"type": "module"}');
  writeFileSync(join(project, "worker.js"), block("js worker"));
  writeFileSync(join(project, "wrangler.toml"), block("toml"));
  expect(await run(project, "npx bao-codegen models.yaml ./models")).toMatchObject({ code: 0 });
  const engine = await startEngine();
  cleanups.push(engine.stop);
  await engine.freshTable("blog");
  const proxy = await CountingProxy.before(engine.port);
  cleanups.push(() => proxy.stop());
  const worker = await startWorker(project, wrangler, {
    bindings: { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
  });
  cleanups.push(worker.stop);
  const ask = async (path: string, data?: unknown): Promise<{ status: number; body: any }> => {
    const response = await worker.fetch(path, data === undefined ? {} : { method: "POST", body: JSON.stringify(data) });
    return { status: response.status, body: await response.json() };
  };
  const ann = await ask("/users", { name: "Ann", email: "ann@example.com" });
  expect(ann).toMatchObject({ status: 201, body: { name: "Ann" } });
  expect(await ask("/users", { name: "Eve", email: "ann@example.com" })).toMatchObject({ status: 409, body: { error: expect.stringContaining("email") } });
  expect(await ask("/users", { name: "Eve" })).toMatchObject({ status: 400, body: { error: expect.stringContaining("email") } });
  const path = `/users/${ann.body.userId}`;
  expect(await ask(path, { title: "On engines" })).toMatchObject({ status: 201, body: { title: "On engines", userId: ann.body.userId } });
  proxy.take();
  expect(await ask(path)).toMatchObject({ status: 200, body: { name: "Ann", posts: [{ title: "On engines" }] } });
  expect(proxy.take()).toEqual(["GetItem", "Query"]);
  expect(await ask("/users/nobody")).toMatchObject({ status: 404 });
  expect(worker.lines).toEqual([]);
});
