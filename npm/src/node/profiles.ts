/** Region and credentials of a profile in ~/.aws/config and ~/.aws/credentials. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "../bridge/contract.js";
import { ConfigurationError } from "../face/errors.js";
import type { Environment } from "../face/platform.js";

type Section = Map<string, string>;

/** What a profile may have instead of keys, and this package does not do. */
const refused = ["sso_session", "sso_start_url", "role_arn", "credential_process", "web_identity_token_file", "login_session"];

/** The one word that a shell makes of the text; nothing where it makes several, or none. */
function shellWord(text: string): string | undefined {
  if (!/^(?:[^\s"'\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+$/.test(text)) return undefined;
  const unquoted = (_: string, escaped?: string, single?: string, double?: string): string => escaped ?? single ?? double!.replace(/\\(["\\])/g, "$1");
  return text.replace(/\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/g, unquoted) || undefined;
}

/**
 * The profile that a section of the config file is: "[default]" or "[profile name]", where the AWS CLI quotes names with white space. A name that is not
 * quoted as it should be stands for itself.
 */
function profileOf(section: string): string | undefined {
  if (section === "default") return section;
  const name = /^profile\s+(.+)$/.exec(section)?.[1];
  return name && (shellWord(name) ?? name);
}

/** By what `nameOf` makes of their headers; those that it gives no name are left out. */
function readSections(file: string, nameOf: (section: string) => string | undefined): Map<string, Section> {
  const sections = new Map<string, Section>();
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return sections;
    throw new ConfigurationError(`${file} cannot be read: ${(error as Error).message}`);
  }
  let section: Section | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (header) {
      const name = nameOf(header[1]!.trim());
      section = (name && sections.get(name)) || new Map<string, string>();
      if (name) sections.set(name, section);
      continue;
    }
    // Indented lines belong to the setting above them, which is none of ours.
    const setting = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (setting && section) section.set(setting[1]!.toLowerCase(), setting[2]!.replace(/\s+[#;].*$/, ""));
  }
  return sections;
}

export function readProfile(environment: Environment): { region?: string | undefined; credentials?: Credentials | undefined } {
  const folder = join(homedir(), ".aws");
  const name = environment["AWS_PROFILE"] || "default";
  const config = readSections(environment["AWS_CONFIG_FILE"] || join(folder, "config"), profileOf).get(name);
  const secrets = readSections(environment["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"), (section) => section).get(name);
  if (config === undefined && secrets === undefined) {
    if (environment["AWS_PROFILE"]) throw new ConfigurationError(`The profile ${name} (AWS_PROFILE) is in no file of ${folder}`);
    return {};
  }
  const of = (key: string): string | undefined => secrets?.get(key) ?? config?.get(key);
  const region = config?.get("region") ?? secrets?.get("region");
  const [accessKeyId, secretAccessKey, sessionToken] = [of("aws_access_key_id"), of("aws_secret_access_key"), of("aws_session_token")];
  if (accessKeyId && secretAccessKey) return { region, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  const way = refused.find((key) => of(key) !== undefined);
  if (way === undefined) return { region };
  return {
    region,
    get credentials(): Credentials {
      throw new ConfigurationError(
        `The profile ${name} gets its credentials by ${way}, which is not supported here: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN instead, or give aws.credentials a function`,
      );
    },
  };
}
