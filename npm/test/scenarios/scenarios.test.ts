/**
 * The corpus of tests/scenarios on the npm face in Node, with the same expected requests as the C++ face. Engines:
 * BAO_SCENARIO_ENGINES, or all that are installed (in CI all must be).
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Engine, startEngine } from "./engine.js";
import { Scenario, type Step } from "./scenario.js";

const corpus = fileURLToPath(new URL("../../../tests/scenarios", import.meta.url));
const files = readdirSync(corpus)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => parse(readFileSync(`${corpus}/${name}`, "utf8")) as { topic: string; models: Step; scenarios: Step[] });
const engines = process.env["BAO_SCENARIO_ENGINES"]?.split(",") ?? ["dynoxide", "dynalite", "dynamodb-local"];

it("there is a corpus", () => {
  expect(files.flatMap(({ scenarios }) => scenarios).length).toBeGreaterThan(50);
});

describe.each(engines)("%s", (name) => {
  let engine: Engine | undefined;
  let tables = 0;

  beforeAll(async () => {
    engine = await startEngine(name);
    if (engine === undefined && process.env["CI"]) throw new Error(`${name} is not installed: run ./dev setup`);
  }, 90_000);
  afterAll(async () => engine?.stop());

  for (const { topic, models, scenarios } of files) {
    describe(topic, () => {
      for (const scenario of scenarios) {
        it(scenario["name"], async (context) => {
          const reason = engine === undefined ? `${name} is not installed` : (scenario["skip"]?.[name] ?? scenario["skip"]?.["javascript"]);
          if (reason) return context.skip(reason);
          tables += 1;
          const own = (scenario["models"] ?? models) as Record<string, unknown>;
          await new Scenario(engine!, `scenario-${process.pid}-${tables}`, own, scenario).run();
        });
      }
    });
  }
});
