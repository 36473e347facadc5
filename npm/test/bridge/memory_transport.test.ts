import { expect, it } from "vitest";
import { provideEmbeddedEngine } from "../../src/bridge/embedded_engine.js";
import { memoryTransport } from "../../src/bridge/memory_transport.js";
import type { TransportFailure } from "../../src/bridge/transport.js";

it("tells that nothing was sent where the engine cannot be opened", async () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  provideEmbeddedEngine(empty);
  const transport = memoryTransport("table", false);
  for (let attempt = 0; attempt < 2; ++attempt) {
    const failure = await new Promise<TransportFailure>((failed, answered) => {
      const request = { operation: "GetItem", body: new Uint8Array(), headers: {}, timeoutMs: 1000 };
      transport.send(request, { response: answered, failure: failed });
    });
    expect(failure.kind).toBe("notSent");
    expect(failure.message).toMatch(/^the embedded engine cannot be opened: /);
  }
});
