import { afterEach, describe, expect, it } from "vitest";
import { startLoopback, teams, type Loopback } from "./loopback.js";
import { inside, makeCore, models, outside } from "./support.js";

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const team = 1;

describe("batching", () => {
  it("sends one BatchGetItem for the finds of one turn in one scope, signed", async () => {
    server = await startLoopback(teams);
    const core = makeCore({ endpoint: server.endpoint });
    core.register(models);
    const scope = core.openScope();
    const found = await Promise.all(["a", "b", "c"].map((id) => core.find(team, { id }, {}, inside(scope))));
    expect(found.map((one) => one.row?.[1])).toEqual(["title of a", "title of b", "title of c"]);
    expect(server.calls.map((call) => call.operation)).toEqual(["BatchGetItem"]);
    expect(server.calls[0]?.headers["authorization"]).toMatch(/^AWS4-HMAC-SHA256 Credential=key\//);
    expect(core.scopeCapacity(scope)).toEqual({ read: 1.5, write: 0 });
    expect(found.map((one) => one.capacity.read)).toEqual([0.5, 0.5, 0.5]);
    core.closeScope(scope);
  });

  it("sends one GetItem for each find outside a scope", async () => {
    server = await startLoopback(teams);
    const core = makeCore({ endpoint: server.endpoint });
    core.register(models);
    await Promise.all(["a", "b", "c"].map((id) => core.find(team, { id }, {}, outside)));
    expect(server.calls.map((call) => call.operation)).toEqual(["GetItem", "GetItem", "GetItem"]);
  });

  it("does not mix scopes in a batch", async () => {
    server = await startLoopback(teams);
    const core = makeCore({ endpoint: server.endpoint });
    core.register(models);
    const [one, other] = [core.openScope(), core.openScope()];
    await Promise.all([
      core.find(team, { id: "a" }, {}, inside(one)),
      core.find(team, { id: "b" }, {}, inside(one)),
      core.find(team, { id: "a" }, {}, inside(other)),
      core.find(team, { id: "c" }, {}, inside(other)),
    ]);
    expect(server.calls.map((call) => call.operation)).toEqual(["BatchGetItem", "BatchGetItem"]);
  });
});
