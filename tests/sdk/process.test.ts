import { readFileSync } from "node:fs";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { startBao } from "./support/bao.ts";

// 4.8 MB when this was written; a shared library more, or a buffer made ahead of its use, would show.
test("a server that has answered keeps less than 6 MB in memory", async () => {
  const bao = await startBao();
  await bao.client().send(new ListTablesCommand({}));
  const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bao.pid}/status`, "utf8"))![1]);
  expect(resident).toBeGreaterThan(500);
  expect(resident).toBeLessThan(6_000);
  expect(await bao.stop()).toBe(0);
});
