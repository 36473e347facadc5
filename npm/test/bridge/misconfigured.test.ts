/** What one request cannot do says nothing of the others: in a Worker they are other requests', whose calls its event must not settle. */
import { expect, it } from "vitest";
import type { OutgoingRequest, TransportEvents } from "../../src/bridge/transport.js";
import { failure, inside, makeCore, models } from "./support.js";

it("a misconfigured transport fails the calls of its request, at once, and no others", async () => {
  const sent: [OutgoingRequest, TransportEvents][] = [];
  const core = makeCore({ endpoint: "http://127.0.0.1:1" });
  Object.assign(core, { transport: { send: (request: OutgoingRequest, events: TransportEvents) => (sent.push([request, events]), () => {}), close() {} } });
  const team = core.register(models)["Team"]!;
  const [one, two] = [inside(core.openScope()), inside(core.openScope())];
  const mine = [failure(core.find(team, { id: "a" }, {}, one)), failure(core.find(team, { id: "b" }, {}, one))];
  let settled = false;
  const others = core.find(team, { id: "c" }, {}, two).finally(() => (settled = true));
  await new Promise((done) => setTimeout(done, 20));
  expect(sent.map(([{ operation }]) => operation)).toEqual(["BatchGetItem", "GetItem"]);

  sent[0]![1].failure({ kind: "misconfigured", message: "no such table can be" });
  for (const error of await Promise.all(mine)) expect(error).toMatchObject({ kind: "ConfigurationError", message: "no such table can be" });
  await new Promise((done) => setTimeout(done, 20));
  expect([settled, sent.length]).toEqual([false, 2]);

  sent[1]![1].response({ status: 200, body: new TextEncoder().encode("{}"), requestId: "", date: "", crc32: undefined });
  expect((await others).row).toBe(null);
});
