/** The corpus of tests/scenarios in workerd, on the packed package: the same expectations and requests as in Node and in C++. */
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Engine, startEngine } from "./support/engine.ts";
import { makeProject, type Wrangler, wranglers } from "./support/project.ts";
import { startWorker, type Worker } from "./support/worker.ts";

const root = join(import.meta.dirname, "../..");
const runner = join(root, "npm/test/scenarios");
const runnerFiles = ["models.ts", "outcome.ts", "requests.ts", "rows.ts", "scenario.ts", "values.ts"];
const corpus = join(root, "tests/scenarios");
const engineName = "dynoxide";

type Step = Record<string, any>;

interface Topic {
  topic: string;
  models: Step;
  scenarios: Step[];
}

// The package's own reader of YAML.
const { parse } = createRequire(join(inject("scratch"), "package.json"))("yaml") as { parse(text: string): Topic };
const topics = readdirSync(corpus)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => parse(readFileSync(join(corpus, name), "utf8")));

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine(engineName);
});
afterAll(() => engine?.stop());

test("there is a corpus", () => {
  expect(topics.flatMap(({ scenarios }) => scenarios).length).toBeGreaterThan(50);
});

describe.each(wranglers)("in workerd, bundled by %s", (wrangler: Wrangler) => {
  let worker: Worker;
  let tables = 0;
  let noted = 0;

  beforeAll(async () => {
    const project = makeProject({ files: {}, around: "scenarios" });
    for (const file of runnerFiles) cpSync(join(runner, file), join(project, "src", file));
    worker = await startWorker(project, wrangler);
  });
  afterAll(() => worker?.stop());

  // Else no expectation of requests would mean anything.
  afterAll(() => expect(noted, "requests noted").toBeGreaterThan(tables));

  for (const { topic, models, scenarios } of topics) {
    describe(topic, () => {
      for (const scenario of scenarios) {
        test(scenario["name"] as string, async (context) => {
          const reason = scenario["skip"]?.[engineName] ?? scenario["skip"]?.["javascript"];
          if (reason) return context.skip(reason as string);
          tables += 1;
          const endpoint = `http://127.0.0.1:${engine.port}`;
          const table = `${wrangler}-${tables}`;
          await engine.freshTable(table, { searchIndex: scenario["config"]?.searchIndex ?? false });
          const job = { engine: engineName, endpoint, table, models: scenario["models"] ?? models, scenario };
          const response = await worker.fetch("/", { method: "POST", body: JSON.stringify(job) });
          const { requests, failure } = (await response.json()) as { requests: number; failure?: string };
          expect(failure).toBeUndefined();
          noted += requests;
        });
      }
    });
  }
});
