// The least that JavaScript does for 100 items, with no library at all: the very bytes of our package's requests over a plain
// socket (cheaper than node:http), their SHA-256 by node:crypto, JSON.parse of the answer, an instance of a class for each item,
// and for find100 a promise for each find inside an AsyncLocalStorage. It signs, checks and retries nothing: no modelling
// library whose answers come through JSON.parse can cost less.
//   node plain_client.mjs PEERS ENDPOINT TABLE find100|query100 ROUNDS
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import net from "node:net";
import { measure, require_ } from "./measure.mjs";
import { bytesOfRequest } from "./request_bytes.mjs";

const [, endpoint, table, operation, rounds] = process.argv.slice(2);
const { hostname, host, port } = new URL(endpoint);
const { headers, body } = await bytesOfRequest(table, operation);
const head = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
const request = Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${head.join("")}\r\n`), body]);

const socket = net.connect(Number(port), hostname).setNoDelay(true);
let answered;
let received = [];
let missing; // bytes of the answer that are still to come; undefined before its head
socket.on("data", (chunk) => {
  received.push(chunk);
  if (missing === undefined) {
    const text = chunk.latin1Slice(0, 2000);
    const bodyAt = text.indexOf("\r\n\r\n") + 4;
    require_(text.startsWith("HTTP/1.1 200") && bodyAt > 3, "head");
    missing = bodyAt + Number(/content-length: *(\d+)/i.exec(text)[1]);
    received = [chunk.subarray(bodyAt)];
  }
  missing -= chunk.length;
  if (missing > 0) return;
  const whole = received.length === 1 ? received[0] : Buffer.concat(received);
  received = [];
  missing = undefined;
  answered(whole);
});

function roundTrip() {
  createHash("sha256").update(body).digest("hex");
  const answer = new Promise((resolve) => {
    answered = resolve;
  });
  socket.write(request);
  return answer.then((bytes) => JSON.parse(bytes.latin1Slice()));
}

class Plain {
  constructor({ thingId, owner, title, content, size, active, createdAt }) {
    this.thingId = thingId.S;
    this.owner = owner.S;
    this.title = title.S;
    this.content = content.S;
    this.size = Number(size.N);
    this.active = active.BOOL;
    this.createdAt = new Date(Number(createdAt.N));
  }
}

const storage = new AsyncLocalStorage();
const ids = Array.from({ length: 100 }, (_, number) => `seed-${number}`);
const operations = {
  find100: () =>
    storage.run({}, async () => {
      const waiting = new Map();
      const all = Promise.all(ids.map((id) => new Promise((resolve) => waiting.set(id, resolve))));
      const { Responses } = await roundTrip();
      for (const item of Responses[table]) waiting.get(item.thingId.S)(new Plain(item));
      return await all;
    }),
  query100: async () => (await roundTrip()).Items.map((item) => new Plain(item)),
};

await measure("plain JavaScript", operation, Number(rounds), async (count) => {
  for (let round = 0; round < count; round++) {
    const things = await operations[operation]();
    require_(things.length === 100, "100 items");
    for (const one of things) require_(one.size === 123456, "item");
  }
  return count * 100;
});
socket.destroy();
