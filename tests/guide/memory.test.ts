/** Endpoint `memory:` in production bundles: the embedded engine is there where it is asked for, as it is nearly half of an upload. */
import { readdirSync } from "node:fs";
import { expect, describe, test } from "vitest";
import { bundle, makeProject, wranglers } from "./support/project.ts";
import { startBundle } from "./support/worker.ts";

async function answerOf(around: string, wrangler: (typeof wranglers)[number]): Promise<{ answer: unknown; modules: number }> {
  const project = makeProject({ files: {}, around });
  const built = await bundle(project, wrangler);
  const worker = await startBundle(project, built, wrangler);
  try {
    const answer = await (await worker.fetch("/")).json();
    return { answer, modules: readdirSync(built.folder).filter((name) => name.endsWith(".wasm")).length };
  } finally {
    await worker.stop();
  }
}

describe.each(wranglers)("a production bundle of %s", (wrangler) => {
  test("has no embedded engine, and says what to do for it", async () => {
    expect(await answerOf("memory", wrangler)).toEqual({
      modules: 1,
      answer: { name: "ConfigurationError", message: expect.stringContaining('import "dynamo-bao/memory"') },
    });
  });

  test("has it where dynamo-bao/memory is imported", async () => {
    expect(await answerOf("memory_imported", wrangler)).toEqual({ modules: 2, answer: { text: "first" } });
  });
});
