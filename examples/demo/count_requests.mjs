// A proxy between a program and a DynamoDB endpoint that prints a line for each request it sees:
//   node count_requests.mjs TARGET_PORT
// prints "proxy: PORT" once it listens on loopback, then "wire: GetItem" and so on.
import http from "node:http";

const target = Number(process.argv[2]);
if (!Number.isInteger(target)) {
  console.error("count_requests: usage: node count_requests.mjs TARGET_PORT");
  process.exit(2);
}
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((request, response) => {
  console.log(`wire: ${String(request.headers["x-amz-target"]).split(".")[1]}`);
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
server.listen(0, "127.0.0.1", () => console.log(`proxy: ${server.address().port}`));
