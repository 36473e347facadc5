import type { Command, CommandLine } from "./command.js";
import { UsageError } from "./failure.js";
import { startLocalServer } from "./local_server.js";

const portDefault = 8000;

function portOf(line: CommandLine): number {
  const text = line.values["port"] as string | undefined;
  if (text === undefined) return portDefault;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port must be a number from 0 to 65535, not '${text}'`);
  return port;
}

export const baoLocal: Command = {
  name: "bao-local",
  help: `bao-local [options]: serves a DynamoDB on this machine, in memory, for every AWS SDK
  --port          the TCP port; 0: the system chooses (default: ${portDefault})
  --host          the address to bind (default: 127.0.0.1, this machine only)
  --allow-origin  a web origin whose pages may send requests, or * (default: none)`,
  options: { port: { type: "string" }, host: { type: "string" }, "allow-origin": { type: "string" } },
  positionals: [],
  async run(line) {
    const host = (line.values["host"] as string | undefined) ?? "127.0.0.1";
    const origin = line.values["allow-origin"] as string | undefined;
    const server = await startLocalServer({ host, port: portOf(line), allowedOrigins: origin === undefined ? [] : [origin] });
    process.stdout.write(`bao-local: ${server.endpoint}, in memory\n`);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.stop());
    await server.ended;
  },
};
