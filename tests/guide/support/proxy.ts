/** Stands between a worker and the engine: counts requests, delays them, fails them. */
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  operation: string;
  body: any;
  authorization: string;
}

/** What happens instead of, or before, the engine's answer. Nothing: the request just goes on. */
export interface Interference {
  delayMs?: number;
  /** Answers so, without asking the engine. */
  answer?: { status: number; body: string };
  /** Closes the connection without an answer. */
  reset?: boolean;
}

export class CountingProxy {
  readonly seen: SeenRequest[] = [];
  /** Connections made so far. */
  connections = 0;
  interfere: (request: SeenRequest) => Interference | undefined = () => undefined;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server: http.Server;

  private constructor(private readonly target: number) {
    this.server = http.createServer((request, response) => void this.serve(request, response));
    this.server.on("connection", () => this.connections++);
  }

  static async before(target: number): Promise<CountingProxy> {
    const proxy = new CountingProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Operations in the order seen; forgets them. */
  take(): string[] {
    return this.seen.splice(0).map((request) => request.operation);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away
    }
    const body = Buffer.concat(chunks);
    const seen: SeenRequest = {
      operation: String(request.headers["x-amz-target"]).split(".")[1] ?? "?",
      body: JSON.parse(body.toString() || "{}"),
      authorization: request.headers.authorization ?? "",
    };
    this.seen.push(seen);
    const { delayMs, answer, reset } = this.interfere(seen) ?? {};
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (reset) {
      response.destroy();
    } else if (answer !== undefined) {
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(answer.body);
    } else {
      this.passOn(request, body, response);
    }
  }

  private passOn(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse): void {
    const { host: _, ...headers } = request.headers;
    const onward = http.request(
      { host: "127.0.0.1", port: this.target, method: request.method ?? "POST", path: request.url ?? "/", headers, agent: this.agent },
      (answered) => {
        response.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    onward.end(body);
  }
}
