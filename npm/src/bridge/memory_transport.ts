/** Endpoint `memory:`: the embedded engine answers, with one table that is made before the first request. */
import { EmbeddedEngine, embeddedEngineModule } from "./embedded_engine.js";
import type { OutgoingRequest, Transport, TransportEvents } from "./transport.js";

export function memoryTransport(table: string, searchIndex: boolean): Transport {
  let engine: EmbeddedEngine | undefined;

  const open = (module: WebAssembly.Module): EmbeddedEngine => {
    const made = new EmbeddedEngine(module);
    const refused = made.makeTable(table, searchIndex);
    if (refused !== undefined) throw new Error(refused);
    engine = made;
    return made;
  };

  const answer = (module: WebAssembly.Module, request: OutgoingRequest, events: TransportEvents): void => {
    let answered: { status: number; body: Uint8Array };
    try {
      answered = (engine ?? open(module)).handle(request.operation, request.body);
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
