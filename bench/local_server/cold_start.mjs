// From starting `bao local` to its first answer, and its memory then: node cold_start.mjs PROGRAM
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import net from "node:net";

const request =
  "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: x\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 2\r\n\r\n{}";

function start(program) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const server = spawn(program, ["local", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    server.on("error", reject);
    server.stdout.once("data", (line) => {
      const port = Number(/:(\d+),/.exec(line)[1]);
      const socket = net.connect(port, "127.0.0.1", () => socket.write(request));
      socket.once("data", () => {
        const ms = Number(process.hrtime.bigint() - began) / 1e6;
        const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
        const kb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
        socket.destroy();
        server.once("exit", () => resolve({ ms, resident: kb("VmRSS"), own: kb("RssAnon") }));
        server.kill("SIGTERM");
      });
    });
  });
}

const all = [];
for (let i = 0; i < 21; i++) all.push(await start(process.argv[2]));
const median = (name) => all.map((one) => one[name]).sort((a, b) => a - b)[10];
console.log(`first answer after ${median("ms").toFixed(1)} ms; ${median("resident")} kB resident, ${median("own")} kB of them its own`);
