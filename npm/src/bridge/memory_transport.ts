/** Endpoint `memory:`: the embedded engine answers, with one table that is made before the first request. */
import { EmbeddedEngine, embeddedEngineModule } from "./embedded_engine.js";
import type { OutgoingRequest, Transport, TransportEvents } from "./transport.js";

export function memoryTransport(table: string, searchIndex: boolean): Transport {
  let engine: EmbeddedEngine | undefined;

  /** Undefined: it cannot be opened, which the request was told. */
  const open = (module: WebAssembly.Module, events: TransportEvents): EmbeddedEngine | undefined => {
    try {
      const made = new EmbeddedEngine(module);
      const refused = made.makeTable(table, searchIndex);
      if (refused === undefined) return made;
      events.failure({ kind: "misconfigured", message: refused });
    } catch (error) {
      events.failure({ kind: "notSent", message: `the embedded engine cannot be opened: ${reason(error)}` });
    }
    return undefined;
  };

  const answer = (module: WebAssembly.Module, request: OutgoingRequest, events: TransportEvents): void => {
    engine ??= open(module, events);
    if (engine === undefined) return;
    let answered: { status: number; body: Uint8Array };
    try {
      answered = engine.handle(request.operation, request.body);
    } catch (error) {
      engine = undefined; // it trapped: the next request begins with an empty table
      events.failure({ kind: "lost", message: `the embedded engine failed: ${reason(error)}` });
      return;
    }
    events.response({ ...answered, requestId: "", date: "", crc32: undefined });
  };

  return {
    send(request: OutgoingRequest, events: TransportEvents): () => void {
      let cancelled = false;
      void Promise.resolve(embeddedEngineModule()).then(
        (module) => {
          if (!cancelled) answer(module, request, events);
        },
        (error: unknown) => {
          if (!cancelled) events.failure({ kind: "notSent", message: `the embedded engine cannot be loaded: ${reason(error)}` });
        },
      );
      return () => {
        cancelled = true;
      };
    },
    close() {
      engine = undefined;
    },
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
