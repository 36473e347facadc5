/** The built package over TLS, in a process that trusts the test's own certificate, and in one that does not. Needs dist/. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const dist = new URL("../../dist/node.mjs", import.meta.url).href;
let scratch: string;

const program = `
  import https from "node:https";
  import { readFileSync } from "node:fs";
  import { BaoModel, PrimaryKeyConfig, fields, initModels } from ${JSON.stringify(dist)};
  const server = https.createServer({ key: readFileSync("key.pem"), cert: readFileSync("cert.pem") }, (request, response) => {
    request.resume();
    request.on("end", () => response.end(JSON.stringify({ Item: { _pk: { S: "t#1" }, _sk: { S: "t" }, id: { S: "1" } } })));
  });
  let handshakes = 0;
  const names = new Set();
  server.on("secureConnection", (socket) => {
    handshakes += 1;
    names.add(socket.servername);
  });
  server.listen(0, "127.0.0.1", async () => {
    class Thing extends BaoModel {
      static modelPrefix = "t";
      static fields = { id: fields.StringField() };
      static primaryKey = PrimaryKeyConfig("id");
    }
    initModels({
      models: { Thing },
      aws: { region: "us-west-2", endpoint: "https://localhost:" + server.address().port, credentials: { accessKeyId: "a", secretAccessKey: "b" } },
      retry: { maxAttempts: 1 },
      logging: { level: "OFF" },
    });
    const told = { found: 0, errors: [] };
    for (let i = 0; i < 3; i++) {
      await Thing.find("1").then((thing) => (told.found += thing.exists()), (error) => told.errors.push(error.message));
    }
    console.log(JSON.stringify({ ...told, handshakes, names: [...names] }));
    server.close();
    server.closeAllConnections();
  });
`;

interface Told {
  found: number;
  errors: string[];
  handshakes: number;
  names: string[];
}

async function told(trusted: boolean): Promise<Told> {
  const env = { ...process.env };
  delete env["NODE_EXTRA_CA_CERTS"];
  if (trusted) env["NODE_EXTRA_CA_CERTS"] = join(scratch, "cert.pem");
  const { stdout } = await run(process.execPath, ["main.mjs"], { cwd: scratch, env });
  return JSON.parse(stdout) as Told;
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "bao-tls-"));
  writeFileSync(join(scratch, "main.mjs"), program);
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", ...subject], {
    cwd: scratch,
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("over TLS", () => {
  it("one connection serves finds, and asks for the server by name", async () => {
    expect(await told(true)).toEqual({ found: 3, errors: [], handshakes: 1, names: ["localhost"] });
  });

  it("a server that nobody vouches for gets no request", async () => {
    const { found, errors, handshakes } = await told(false);
    expect(found).toBe(0);
    expect(handshakes).toBe(0);
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatch(/certificate/);
  });
});
