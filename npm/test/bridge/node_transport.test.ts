import { AsyncLocalStorage } from "node:async_hooks";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { nodeTransport } from "../../src/bridge/node_transport.js";
import type { IncomingResponse, OutgoingRequest, TransportFailure } from "../../src/bridge/transport.js";

const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const whole = /\r\n\r\n[^]*}$/;

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();

/** A server that calls back with each connection's request text, as far as it has come. */
async function serve(heard: (socket: net.Socket, text: string) => void, connected: (socket: net.Socket) => void = () => {}): Promise<string> {
  const server = net.createServer((socket) => {
    sockets.add(socket);
    connected(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (!whole.test(text)) return;
      heard(socket, text);
      text = "";
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) server.close();
});

function request(more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { operation: "GetItem", body: new TextEncoder().encode("{}"), headers: { "x-amz-target": "GetItem" }, timeoutMs: 10_000, ...more };
}

type Transport = ReturnType<typeof nodeTransport>;
type Outcome = IncomingResponse | TransportFailure;

function send(transport: Transport, more?: Partial<OutgoingRequest>): Promise<Outcome> {
  return new Promise((resolve) => {
    transport.send(request(more), { response: resolve, failure: resolve });
  });
}

describe("the transport of Node", () => {
  it("takes an answer that comes while the request is being sent, even where the connection breaks then", async () => {
    for (const breaks of [false, true]) {
      let connections = 0;
      const server = net.createServer((socket) => {
        sockets.add(socket);
        connections += 1;
        socket.on("error", () => {});
        socket.once("data", () => {
          socket.pause();
          // Closed with bytes that nobody read, it is reset.
          socket.write("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy", () => breaks && socket.destroy());
        });
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      servers.push(server);
      const transport = nodeTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      for (let round = 1; round <= 10; round += 1) {
        expect(await send(transport, { body: new Uint8Array(20_000_000) })).toMatchObject({ status: 503 });
        expect(connections).toBe(round);
      }
    }
  });

  it("sends whole requests, and keeps the connection", async () => {
    const heard: string[] = [];
    let connections = 0;
    const endpoint = await serve(
      (socket, text) => {
        heard.push(text);
        socket.write(answer);
      },
      () => (connections += 1),
    );
    const transport = nodeTransport(endpoint);
    for (let i = 0; i < 3; i++) expect(await send(transport)).toMatchObject({ status: 200 });
    expect(connections).toBe(1);
    expect(heard[2]).toBe(`POST / HTTP/1.1\r\nhost: ${endpoint.slice(7)}\r\nx-amz-target: GetItem\r\ncontent-length: 2\r\n\r\n{}`);
    transport.close();
  });

  it("opens another connection where the peer has closed the idle one", async () => {
    let connections = 0;
    const endpoint = await serve(
      (socket) => socket.end(answer),
      () => (connections += 1),
    );
    const transport = nodeTransport(endpoint);
    for (let i = 0; i < 3; i++) {
      expect(await send(transport)).toMatchObject({ status: 200 });
      // The end of the connection comes behind the answer, in an event of its own.
      await Promise.all([...sockets].map((socket) => socket.closed || new Promise((closed) => socket.once("close", closed))));
    }
    expect(connections).toBe(3);
  });

  it("drops a connection on which something comes that nobody asked for", async () => {
    let connections = 0;
    const endpoint = await serve(
      (socket) => socket.write(`${answer}HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"evil":1`),
      () => (connections += 1),
    );
    const transport = nodeTransport(endpoint);
    for (let i = 0; i < 2; i++) expect((await send(transport)) as IncomingResponse).toMatchObject({ body: Buffer.from("{}") });
    expect(connections).toBe(2);
  });

  it("has 50 connections at the most; further requests wait for one", async () => {
    const waiting: net.Socket[] = [];
    let heard = 0;
    let connections = 0;
    const endpoint = await serve(
      (socket) => {
        waiting.push(socket);
        heard += 1;
        if (heard >= 50) for (const each of waiting.splice(0)) each.write(answer);
      },
      () => (connections += 1),
    );
    const transport = nodeTransport(endpoint);
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => send(transport)));
    expect(outcomes.every((outcome) => "status" in outcome && outcome.status === 200)).toBe(true);
    expect(connections).toBe(50);
    transport.close();
  });

  it("tells what cannot have been sent from what may have been", async () => {
    const endpoint = await serve((socket) => socket.destroy());
    expect(await send(nodeTransport(endpoint))).toMatchObject({ kind: "lost" });
    const within = await serve((socket) => socket.end(answer.slice(0, -1)));
    expect(await send(nodeTransport(within))).toMatchObject({ kind: "lost" });
    const nonsense = await serve((socket) => socket.write("SSH-2.0-x\r\n\r\n"));
    expect(await send(nodeTransport(nonsense))).toMatchObject({ kind: "lost", message: "the answer is not HTTP/1.1" });
    const silent = await serve(() => {});
    expect(await send(nodeTransport(silent), { timeoutMs: 50 })).toMatchObject({ kind: "timedOut" });
    const closed = net.createServer();
    await new Promise<void>((listening) => closed.listen(0, "127.0.0.1", listening));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    expect(await send(nodeTransport(`http://127.0.0.1:${port}`))).toMatchObject({ kind: "notSent" });
  });

  it("refuses a header that would become two", async () => {
    const heard: string[] = [];
    const endpoint = await serve((_, text) => heard.push(text));
    const outcome = await send(nodeTransport(endpoint), { headers: { "x-amz-security-token": "a\r\nx-evil: 1" } });
    expect(outcome).toMatchObject({ kind: "notSent", message: expect.stringContaining("header") as string });
    expect(heard).toEqual([]);
  });

  it("closes the connection of a request that is given up, and serves the others", async () => {
    let connections = 0;
    const endpoint = await serve(
      (socket) => {
        if (connections > 1) socket.write(answer);
      },
      () => (connections += 1),
    );
    const transport = nodeTransport(endpoint);
    const events: string[] = [];
    const cancel = transport.send(request(), { response: () => events.push("response"), failure: () => events.push("failure") });
    while (sockets.size === 0) await new Promise((later) => setTimeout(later, 5));
    const [first] = sockets;
    const gone = new Promise((closed) => first!.once("close", closed));
    cancel();
    await gone;
    expect(await send(transport)).toMatchObject({ status: 200 });
    expect(events).toEqual([]);
    transport.close();
  });

  it("does not keep the caller's asynchronous context with the connection", async () => {
    const storage = new AsyncLocalStorage<string>();
    const endpoint = await serve((socket) => socket.write(answer));
    const transport = nodeTransport(endpoint);
    const seen = await storage.run("the first request's", async () => {
      await send(transport);
      return new Promise((resolve) => transport.send(request(), { response: () => resolve(storage.getStore()), failure: resolve }));
    });
    expect(seen).toBeUndefined();
    transport.close();
  });
});
