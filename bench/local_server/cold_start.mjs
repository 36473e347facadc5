// From starting a server to its first answer, and its memory then, of `bao local` and of the engines that are installed:
//   node cold_start.mjs PROGRAM
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const peers = process.env.BAO_PEERS_DIR ?? join(import.meta.dirname, "../../build/peers");
const servers = [
  { name: "bao", runs: 21, needs: process.argv[2], command: (port) => [process.argv[2], "local", "--port", port] },
  {
    name: "dynoxide",
    runs: 21,
    needs: join(peers, "node_modules/@dynoxide/linux-x64/dynoxide"),
    command: (port) => [servers[1].needs, "serve", "--host", "127.0.0.1", "--port", port],
  },
  {
    name: "dynalite",
    runs: 11,
    needs: join(peers, "node_modules/dynalite/cli.js"),
    command: (port) => [process.execPath, servers[2].needs, "--host", "127.0.0.1", "--port", port],
  },
  {
    name: "dynamodb-local",
    runs: 5,
    needs: join(peers, "dynamodb-local/DynamoDBLocal.jar"),
    command: (port) => ["java", `-Djava.library.path=${join(peers, "dynamodb-local/DynamoDBLocal_lib")}`, "-jar", servers[3].needs, "-inMemory", "-port", port],
  },
];

const request = [
  "POST / HTTP/1.1",
  "Host: 127.0.0.1",
  "Content-Type: application/x-amz-json-1.0",
  "X-Amz-Date: 20200101T000000Z",
  "X-Amz-Target: DynamoDB_20120810.ListTables",
  "Authorization: AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
  "Content-Length: 2",
  "",
  "{}",
].join("\r\n");

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}

/** The first bytes that a server sends; null where nobody listens yet. */
function answer(port) {
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), "127.0.0.1", () => socket.write(request));
    socket.once("data", (data) => resolve(data.toString("latin1")));
    socket.once("error", () => resolve(null));
    socket.once("close", () => resolve(null));
  });
}

async function start({ name, command }) {
  const port = await freePort();
  const [program, ...args] = command(port);
  const began = process.hrtime.bigint();
  const server = spawn(program, args, { stdio: "ignore" });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let first = null;
  while (first === null) {
    if (server.exitCode !== null) throw new Error(`${name} ended with ${server.exitCode}`);
    first = await answer(port);
    if (first === null) await sleep(0.2);
  }
  const ms = Number(process.hrtime.bigint() - began) / 1e6;
  if (!first.startsWith("HTTP/1.1 200")) throw new Error(`${name} answered ${first.split("\r\n")[0]}`);
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  const kb = (field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]);
  const result = { ms, resident: kb("VmRSS"), own: kb("RssAnon") };
  server.kill("SIGKILL");
  await ended;
  return result;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log("| server | first answer after, ms | resident, kB | of it its own, kB |\n| --- | ---: | ---: | ---: |");
for (const server of servers) {
  if (server.needs === undefined || !existsSync(server.needs)) continue;
  const all = [];
  for (let i = 0; i < server.runs; i++) all.push(await start(server));
  const of = (field) => median(all.map((one) => one[field]));
  console.log(`| ${server.name} | ${of("ms").toFixed(1)} | ${of("resident")} | ${of("own")} |`);
}
process.exit(0);
