// A proxy between a program and a DynamoDB endpoint that prints a line for each request it sees:
//   node count_requests.mjs TARGET_PORT
// says "proxy: PORT" on standard error once it listens on loopback, then prints "wire: GetItem" and so on. A line is out before
// the request goes on: where the program prints to the same pipe, the order of lines is that of events.
import { writeSync } from "node:fs";
import http from "node:http";

const target = Number(process.argv[2]);
if (!Number.isInteger(target)) {
  console.error("count_requests: usage: node count_requests.mjs TARGET_PORT");
  process.exit(2);
}
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((request, response) => {
  writeSync(1, `wire: ${String(request.headers["x-amz-target"]).split(".")[1]}\n`);
  const { host, ...headers } = request.headers;
  const onward = http.request(
    { host: "127.0.0.1", port: target, method: request.method, path: request.url, headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  request.pipe(onward);
});
server.listen(0, "127.0.0.1", () => console.error(`proxy: ${server.address().port}`));
