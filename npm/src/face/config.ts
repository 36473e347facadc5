/** What initModels takes, and what becomes of it with the environment's help. */
import { ITERATION_INDEX_NAME, ITERATION_SEARCH_INDEX_NAME } from "./constants.js";
import type { CoreSettings, Credentials } from "../bridge/contract.js";
import type { ModelMap } from "../types.js";
import { customKeyText, thrownError } from "./custom_keys.js";
import { ConfigurationError } from "./errors.js";
import { makeError } from "./make_error.js";
import { refuseStrange } from "./options.js";
import { type Environment, platform } from "./platform.js";

export type LogLevel = "OFF" | "ERROR" | "WARN" | "INFO" | "DEBUG";

export interface CredentialsConfig {
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  /** When they expire: then they are asked for again. */
  expiration?: Date | number | undefined;
}

export interface BaoConfig {
  /** The models' classes, or a generated manifest. */
  models?: ModelMap | Record<string, unknown> | undefined;
  aws?:
    | {
        /** Default: AWS_REGION, AWS_DEFAULT_REGION, the profile's (Node), us-west-2. */
        region?: string | undefined;
        /** Or a function that gives them. Default: AWS_ACCESS_KEY_ID..., then ~/.aws (Node). */
        credentials?: CredentialsConfig | (() => CredentialsConfig | Promise<CredentialsConfig>) | undefined;
        /** "https://...", "http://..." or "memory:". Default: DYNAMO_BAO_ENDPOINT, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, DynamoDB's own in the region. */
        endpoint?: string | undefined;
      }
    | undefined;
  db?:
    | {
        /** Default: TABLE_NAME, "dynamo-bao-dev". */
        tableName?: string | undefined;
        /** The index that iteration reads: "iter_index" (the default), or "iter_search_index", which searches need. */
        iterationIndexName?: string | undefined;
      }
    | undefined;
  /** Default level: DYNAMO_BAO_LOG_LEVEL, ERROR. */
  logging?: { level?: LogLevel | string | undefined } | undefined;
  /** Where models are looked for in Node, without `models`. */
  paths?: { modelsDir?: string | undefined; generatedModelsManifest?: string | undefined; fieldsDir?: string | undefined } | undefined;
  /** Default: DYNAMO_BAO_TENANCY_ENABLED, false. */
  tenancy?: { enabled?: boolean | undefined } | undefined;
  /** Default: DYNAMO_BAO_REQUIRE_BATCH_CONTEXT, false. */
  batchContext?: { requireBatchContext?: boolean | undefined } | undefined;
  /** Of a call with its retries (default 30,000 ms), and of each attempt (5,000 ms). */
  timeouts?: { callMs?: number | undefined; attemptMs?: number | undefined } | undefined;
  /** Attempts of one request at most. Default 8. */
  retry?: { maxAttempts?: number | undefined } | undefined;
  /** Separates tests in one table: acts as a tenant where tenancy is off. */
  testId?: string | null | undefined;
}

/** The members of each section. */
const sections: Record<string, readonly string[]> = {
  aws: ["region", "credentials", "endpoint"],
  db: ["tableName", "iterationIndexName"],
  logging: ["level"],
  tenancy: ["enabled"],
  batchContext: ["requireBatchContext"],
  timeouts: ["callMs", "attemptMs"],
  retry: ["maxAttempts"],
};
/** Two are sections that others read; `default` is there where a file's module is given, not what it exports. */
const others = ["models", "testId", "paths", "codegen", "default"];

/** A tenancy, say, that is misspelt would be off. */
export function refuseStrangeSettings(config: BaoConfig): void {
  const refuse = (place: string, given: unknown, known: readonly string[]): void => refuseStrange("ConfigurationError", place, given, known, false, "");
  refuse("initModels", config, [...Object.keys(sections), ...others]);
  for (const name in sections) {
    const section: unknown = config[name as keyof BaoConfig] ?? {};
    // What is no object is told as if it were a member.
    refuse(`initModels: ${name}`, typeof section === "object" ? section : { [String(section)]: true }, sections[name]!);
  }
}

const levels: readonly string[] = ["OFF", "ERROR", "WARN", "INFO", "DEBUG"];

/** What the configuration says, else the environment. What is neither true nor false, such as a text, is not taken for one of them. */
export function isTrue(name: string, option: unknown, variable: string): boolean {
  const given = option ?? (platform().environment()[variable]?.trim().toLowerCase() || false);
  if (typeof given === "boolean") return given;
  const isVariable = option === undefined || option === null;
  if (isVariable && /^(true|1|false|0)$/.test(given as string)) return given === "true" || given === "1";
  throw new ConfigurationError(`${isVariable ? variable : name} must be true or false, not ${JSON.stringify(given)}`);
}

export function coreSettings(config: BaoConfig): CoreSettings {
  const environment = platform().environment();
  const region = regionOf(config, environment);
  const endpoint = endpointOf(config, environment, region);
  return {
    tableName: config.db?.tableName || environment["TABLE_NAME"] || "dynamo-bao-dev",
    iterationIndex: iterationIndexOf(config),
    region,
    endpoint,
    callMs: positive("timeouts.callMs", config.timeouts?.callMs),
    attemptMs: positive("timeouts.attemptMs", config.timeouts?.attemptMs),
    maxAttempts: positive("retry.maxAttempts", config.retry?.maxAttempts),
    requireBatchContext: isTrue("batchContext.requireBatchContext", config.batchContext?.requireBatchContext, "DYNAMO_BAO_REQUIRE_BATCH_CONTEXT"),
    credentials: () => credentialsOf(config, endpoint),
    log: logger(config.logging?.level || environment["DYNAMO_BAO_LOG_LEVEL"] || "ERROR"),
    makeError: (error) => thrownError(error.message) ?? makeError(error),
    customKey: customKeyText,
  };
}

function iterationIndexOf(config: BaoConfig): CoreSettings["iterationIndex"] {
  const name = config.db?.iterationIndexName || undefined;
  if (name === undefined || name === ITERATION_INDEX_NAME || name === ITERATION_SEARCH_INDEX_NAME) return name;
  throw new ConfigurationError(`db.iterationIndexName is "${ITERATION_INDEX_NAME}" or "${ITERATION_SEARCH_INDEX_NAME}", not ${JSON.stringify(name)}`);
}

function positive(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
    throw new ConfigurationError(`${name} must be a whole number above 0, not ${String(value)}`);
  }
  return value;
}

function regionOf(config: BaoConfig, environment: Environment): string {
  const region =
    config.aws?.region || environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || platform().files?.profileRegion(environment) || "us-west-2";
  if (!/^[a-z0-9-]+$/.test(region)) throw new ConfigurationError(`aws.region ${JSON.stringify(region)} is no region's name`);
  return region;
}

/** What the names of a region's services end with in AWS's other partitions; src/native/http/endpoint.cpp has them too. */
const domains: readonly (readonly [regions: string, domain: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["eusc-", "amazonaws.eu"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
  ["us-isof-", "csp.hci.ic.gov"],
];

function domainOf(region: string): string {
  return domains.find(([regions]) => region.startsWith(regions))?.[1] ?? "amazonaws.com";
}

/** What is none is refused where requests are made. */
function endpointOf(config: BaoConfig, environment: Environment, region: string): string {
  return (
    config.aws?.endpoint ||
    environment["DYNAMO_BAO_ENDPOINT"] ||
    environment["AWS_ENDPOINT_URL_DYNAMODB"] ||
    environment["AWS_ENDPOINT_URL"] ||
    `https://dynamodb.${region}.${domainOf(region)}`
  );
}

/** Asked for at each signing that needs them anew, as an environment or a profile may change. */
function credentialsOf(config: BaoConfig, endpoint: string): Credentials | Promise<Credentials> {
  const given = config.aws?.credentials;
  if (typeof given === "function") {
    const answer = given();
    return answer instanceof Promise ? answer.then(complete) : complete(answer);
  }
  if (given !== undefined && given !== null && (given.accessKeyId || given.secretAccessKey)) return complete(given);
  const environment = platform().environment();
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  if (accessKeyId || secretAccessKey) return complete({ accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined });
  const profile = platform().files?.profileCredentials(environment);
  if (profile !== undefined) return profile;
  // Emulators want a signature, and take any.
  if (isLoopback(endpoint)) return { accessKeyId: "local", secretAccessKey: "local" };
  const hint = platform().files?.credentialsHint ?? "";
  throw new ConfigurationError(`No AWS credentials: give aws.credentials to initModels, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY${hint}`);
}

function isLoopback(endpoint: string): boolean {
  return /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i.test(endpoint);
}

function complete(given: CredentialsConfig): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = given;
  if (!accessKeyId || !secretAccessKey) {
    throw new ConfigurationError(`The AWS credentials lack ${accessKeyId ? "secretAccessKey" : "accessKeyId"}`);
  }
  const credentials: Credentials = { accessKeyId, secretAccessKey };
  if (sessionToken) credentials.sessionToken = sessionToken;
  if (expiration !== undefined) credentials.expiration = typeof expiration === "number" ? expiration : expiration.getTime();
  return credentials;
}

function logger(level: string): CoreSettings["log"] {
  const limit = levels.indexOf(level.toUpperCase());
  if (limit < 0) throw new ConfigurationError(`logging.level ${JSON.stringify(level)} is none of ${levels.join(", ")}`);
  return (of, message) => {
    if (levels.indexOf(of) > limit) return;
    const method = of === "ERROR" ? "error" : of === "WARN" ? "warn" : of === "INFO" ? "info" : "debug";
    console[method](`dynamo-bao: ${message}`);
  };
}
