import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { coreSettings } from "../../src/face/config.js";
import { parseDotEnv } from "../../src/node/dot_env.js";
import { User } from "../support/models.js";
import { initModels, ModelManager, models } from "../support/node.js";

let folder: string;
const variables = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "TABLE_NAME", "MODELS_DIR"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bao-config-"));
  for (const name of variables) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("settings", () => {
  it("have defaults", () => {
    expect(coreSettings({})).toMatchObject({ tableName: "dynamo-bao-dev", region: "us-west-2", endpoint: "https://dynamodb.us-west-2.amazonaws.com", requireBatchContext: false });
  });

  // The same file holds the native library to the same hosts (tests/unit/native).
  it("know where DynamoDB is in each region", () => {
    const lines = readFileSync(new URL("../../../tests/data/region_hosts.tsv", import.meta.url), "utf8").split("\n");
    const cases = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split("\t"));
    expect(cases.length).toBeGreaterThan(10);
    for (const [region, host] of cases) expect(coreSettings({ aws: { region: region! } }).endpoint, region).toBe(`https://${host}`);
  });

  it("come from the options first, then from the environment", () => {
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-central-1");
    vi.stubEnv("TABLE_NAME", "from-environment");
    vi.stubEnv("AWS_ENDPOINT_URL", "http://localhost:1");
    expect(coreSettings({})).toMatchObject({ region: "eu-central-1", tableName: "from-environment", endpoint: "http://localhost:1" });
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:2");
    expect(coreSettings({})).toMatchObject({ region: "eu-west-1", endpoint: "http://localhost:2" });
    vi.stubEnv("DYNAMO_BAO_ENDPOINT", "memory:");
    expect(coreSettings({}).endpoint).toBe("memory:");
    expect(coreSettings({ aws: { region: "us-east-1", endpoint: "http://x" }, db: { tableName: "t" } })).toMatchObject({ region: "us-east-1", endpoint: "http://x", tableName: "t" });
  });

  it("that are wrong are refused by name", () => {
    const startAt = (endpoint: string) => () => initModels({ models: { User }, aws: { endpoint } });
    expect(startAt("file:/tmp/x")).toThrow(/file:\/tmp\/x' needs the native library/);
    expect(startAt("localhost:8000")).toThrow(/localhost:8000/);
    expect(startAt("http://")).toThrow(expect.objectContaining({ name: "ConfigurationError", message: expect.stringContaining("http://") }));
    vi.stubEnv("AWS_ENDPOINT_URL", "here");
    expect(startAt("")).toThrow(/'here'/);
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    expect(() => coreSettings({ aws: { region: "a b" } })).toThrow(/aws.region/);
    expect(() => coreSettings({ logging: { level: "LOUD" } })).toThrow(/LOUD/);
    expect(() => coreSettings({ timeouts: { callMs: 0 } })).toThrow(/timeouts.callMs/);
    expect(() => coreSettings({ retry: { maxAttempts: 1.5 } })).toThrow(/retry.maxAttempts/);
  });

  it("that are true or false are nothing else, be it a text, and the environment's say so too", () => {
    const start = (config: object) => () => initModels({ models: { User }, aws: { endpoint: "memory:" }, ...config } as never);
    const strict = () => coreSettings({}).requireBatchContext;
    for (const value of ["false", "true", 0, 1, "", {}]) {
      const refused = (name: string) => expect.objectContaining({ name: "ConfigurationError", message: expect.stringMatching(new RegExp(`^${name} must be true or false, not `)) });
      expect(start({ batchContext: { requireBatchContext: value } }), String(value)).toThrow(refused("batchContext.requireBatchContext"));
      expect(start({ tenancy: { enabled: value } }), String(value)).toThrow(refused("tenancy.enabled"));
    }
    for (const value of [true, false, null, undefined]) {
      expect(start({ tenancy: { enabled: value }, batchContext: { requireBatchContext: value } })).not.toThrow();
    }
    for (const [text, value] of [["true", true], ["1", true], [" TRUE ", true], ["false", false], ["0", false], ["", false]] as const) {
      vi.stubEnv("DYNAMO_BAO_REQUIRE_BATCH_CONTEXT", text);
      vi.stubEnv("DYNAMO_BAO_TENANCY_ENABLED", text);
      expect([strict(), start({})().isTenancyEnabled()], text).toEqual([value, value]);
    }
    for (const text of ["yes", "on", "constructor", "flase"]) {
      vi.stubEnv("DYNAMO_BAO_TENANCY_ENABLED", text);
      vi.stubEnv("DYNAMO_BAO_REQUIRE_BATCH_CONTEXT", "false");
      expect(start({})).toThrow(`DYNAMO_BAO_TENANCY_ENABLED must be true or false, not "${text}"`);
      expect(start({ tenancy: { enabled: true } })).not.toThrow();
      vi.stubEnv("DYNAMO_BAO_REQUIRE_BATCH_CONTEXT", text);
      expect(strict).toThrow(`DYNAMO_BAO_REQUIRE_BATCH_CONTEXT must be true or false, not "${text}"`);
    }
  });

  it("log what the level lets through", () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const info = vi.spyOn(console, "info").mockImplementation(() => {});
    const { log } = coreSettings({ logging: { level: "warn" } });
    log("ERROR", "bad");
    log("INFO", "fine");
    expect([error.mock.calls, info.mock.calls]).toEqual([[["dynamo-bao: bad"]], []]);
    coreSettings({ logging: { level: "OFF" } }).log("ERROR", "bad");
    expect(error.mock.calls).toHaveLength(1);
    vi.restoreAllMocks();
  });
});

describe("credentials", () => {
  it("are those given, the environment's, or the profile's", async () => {
    writeFileSync(join(folder, "credentials"), "[default]\naws_access_key_id = FILE\naws_secret_access_key = file-secret ; mine\n\n[other]\naws_access_key_id=OTHER\naws_secret_access_key=other-secret\naws_session_token=t\n");
    writeFileSync(join(folder, "config"), "[default]\nregion = eu-south-1\n[profile other]\nregion = eu-north-1\ns3 =\n  region = nested\n");
    expect(coreSettings({}).credentials()).toEqual({ accessKeyId: "FILE", secretAccessKey: "file-secret" });
    expect(coreSettings({}).region).toBe("eu-south-1");
    vi.stubEnv("AWS_PROFILE", "other");
    expect(coreSettings({}).credentials()).toEqual({ accessKeyId: "OTHER", secretAccessKey: "other-secret", sessionToken: "t" });
    expect(coreSettings({}).region).toBe("eu-north-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ENV");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "env-secret");
    expect(coreSettings({}).credentials()).toEqual({ accessKeyId: "ENV", secretAccessKey: "env-secret" });
    expect(coreSettings({ aws: { credentials: { accessKeyId: "A", secretAccessKey: "s", sessionToken: "t" } } }).credentials()).toEqual({ accessKeyId: "A", secretAccessKey: "s", sessionToken: "t" });
    expect(await coreSettings({ aws: { credentials: async () => ({ accessKeyId: "F", secretAccessKey: "s", expiration: new Date(5) }) } }).credentials()).toEqual({ accessKeyId: "F", secretAccessKey: "s", expiration: 5 });
    // As `env.NAME` gives them in a Worker that lacks the variables.
    expect(coreSettings({ aws: { credentials: { accessKeyId: undefined, secretAccessKey: undefined } } }).credentials()).toMatchObject({ accessKeyId: "ENV" });
  });

  it("are found behind a byte order mark, Windows' line ends, and names quoted as the AWS CLI does", () => {
    writeFileSync(join(folder, "credentials"), "\uFEFF[default]\r\naws_access_key_id = A\r\naws_secret_access_key = s\r\n[my team]\r\naws_access_key_id = B\r\naws_secret_access_key = t\r\n");
    const inConfig = (text: string, profile: string): string => {
      writeFileSync(join(folder, "config"), `\uFEFF${text}\r\nregion = eu-north-1\r\n`);
      vi.stubEnv("AWS_PROFILE", profile);
      return coreSettings({}).region;
    };
    expect(inConfig("[default]", "default")).toBe("eu-north-1");
    expect(coreSettings({}).credentials()).toMatchObject({ accessKeyId: "A", secretAccessKey: "s" });
    expect(inConfig('[profile "my team"]', "my team")).toBe("eu-north-1");
    expect(coreSettings({}).credentials()).toMatchObject({ accessKeyId: "B", secretAccessKey: "t" });
    for (const [section, profile] of [
      ["profile 'my team'", "my team"],
      [" profile \t plain ", "plain"],
      ['profile\t"tab"', "tab"],
      ['profile "default"', "default"],
      // What Python's shlex.quote, and so the AWS CLI, makes of "it's mine".
      [`profile 'it'"'"'s mine'`, "it's mine"],
      ['profile "a \\"b\\" \\c"', 'a "b" \\c'],
      ["profile my\\ team", "my team"],
      // No word of a shell: the name is what stands there.
      ["profile my team", "my team"],
      ["profile it's", "it's"],
    ] as const) {
      expect(inConfig(`[${section}]`, profile), section).toBe("eu-north-1");
    }
    for (const [section, profile] of [["profile 'my group'", "'my group'"], ["profiled", "d"], ["sso-session 'my group'", "my group"]] as const) {
      expect(inConfig(`[${section}]`, profile), section).toBe("us-west-2");
      expect(() => coreSettings({}).credentials()).toThrow(/is in no file/);
    }
    // What a section holds is never the one's before it.
    expect(inConfig("[profile dev]\r\nregion = eu-west-1\r\n[sso-session 'my group']", "dev")).toBe("eu-west-1");
    expect(inConfig("[profile dev]\r\nregion = eu-west-1\r\n[profile it's]", "dev")).toBe("eu-west-1");
  });

  it("that are missing, half or in another way are refused by name", () => {
    expect(() => coreSettings({}).credentials()).toThrow(/No AWS credentials/);
    for (const endpoint of ["http://localhost:8000", "http://127.0.0.1:8000/", "https://[::1]"]) {
      expect(coreSettings({ aws: { endpoint } }).credentials()).toEqual({ accessKeyId: "local", secretAccessKey: "local" });
    }
    for (const endpoint of ["http://localhost.example.com:8000", "http://10.0.0.1:8000", "http://127.0.0.1.example.com"]) {
      expect(() => coreSettings({ aws: { endpoint } }).credentials()).toThrow(/No AWS credentials/);
    }
    expect(() => coreSettings({ aws: { credentials: { accessKeyId: "A" } } }).credentials()).toThrow(/lack secretAccessKey/);
    writeFileSync(join(folder, "config"), "[default]\nsso_session = work\nregion = eu-west-3\n[profile admin]\nrole_arn = arn\n");
    expect(() => coreSettings({}).credentials()).toThrow(/sso_session/);
    expect(coreSettings({}).region).toBe("eu-west-3");
    vi.stubEnv("AWS_PROFILE", "admin");
    expect(() => coreSettings({}).credentials()).toThrow(/role_arn/);
    vi.stubEnv("AWS_PROFILE", "nobody");
    expect(() => coreSettings({}).credentials()).toThrow(/profile nobody/);
  });

  it("and the endpoint's path and host are what requests are sent with", async () => {
    const seen: http.IncomingMessage[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request);
      request.resume().on("end", () => response.end('{"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}'));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    initModels({ models: { User }, aws: { region: "eu-west-1", endpoint: `http://127.0.0.1:${port}`, credentials: { accessKeyId: "AKID", secretAccessKey: "s", sessionToken: "token" } } });
    expect((await User.find("x")).exists()).toBe(false);
    expect(seen[0]!.headers["authorization"]).toContain("Credential=AKID/");
    expect(seen[0]!.headers["authorization"]).toContain("/eu-west-1/dynamodb/");
    expect(seen[0]!.headers["x-amz-security-token"]).toBe("token");
    server.closeAllConnections();
    server.close();
  });
});

describe("models", () => {
  it("are found in folders, deep, and in manifests", () => {
    const deep = join(folder, "models", "deep");
    mkdirSync(deep, { recursive: true });
    // The class comes from this very process: a file that requires the package would need it installed.
    (globalThis as Record<string, unknown>)["testModel"] = User;
    writeFileSync(join(deep, "user.cjs"), "module.exports = { User: globalThis.testModel, helper: 5 };");
    writeFileSync(join(deep, "README.md"), "no model");
    writeFileSync(join(folder, "manifest.cjs"), "module.exports = { __esModule: true, default: { Member: globalThis.testModel } };");
    const config = { aws: { endpoint: "memory:" } };
    expect(initModels({ ...config, paths: { modelsDir: join(folder, "models") } }).models["User"]).toBe(User);
    expect(initModels({ ...config, paths: { generatedModelsManifest: join(folder, "manifest.cjs") } }).listModels()).toEqual(["Member"]);
    vi.stubEnv("MODELS_DIR", join(folder, "models"));
    expect(initModels(config).listModels()).toEqual(["User"]);
    expect(Object.keys(models)).toEqual(["User"]);
  });

  it("that are nowhere are an error", () => {
    expect(() => initModels({})).toThrow(/No models/);
    expect(() => initModels({ paths: { modelsDir: join(folder, "none") } })).toThrow(/does not exist/);
    expect(() => initModels({ paths: { modelsDir: folder } })).toThrow(/No models in/);
    expect(() => initModels({ paths: { generatedModelsManifest: join(folder, "none.js") } })).toThrow(/bao-codegen/);
    expect(() => initModels({ models: 5 as never })).toThrow(/object of model classes/);
    expect(() => initModels(5 as never)).toThrow(/object of settings/);
    expect(() => new ModelManager().core).toThrow(/initModels/);
  });
});

it("a .env file fills what the environment lacks", () => {
  expect(parseDotEnv('# no\nA=1\n export B = "two # not a comment" # one\nC=\'3\'\nD=four # five\nE="a\\nb"\nnonsense\nF=')).toEqual([
    ["A", "1"],
    ["B", "two # not a comment"],
    ["C", "3"],
    ["D", "four"],
    ["E", "a\nb"],
    ["F", ""],
  ]);
});
