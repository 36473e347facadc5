import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "./failure.js";
import type { Language, ModuleSystem } from "./module.js";

/** What the bins read of the user's configuration; the rest is for `initModels`. */
export interface ToolConfig {
  aws?: { region?: string; endpoint?: string; credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } };
  db?: { tableName?: string; iterationIndexName?: string };
  paths?: { modelDefinitionsPath?: string; modelsDir?: string; generatedModelsManifest?: string; fieldsDir?: string };
  codegen?: { moduleSystem?: ModuleSystem; language?: Language };
}

const names = ["dynamo-bao.config.js", "dynamo-bao.config.mjs", "dynamo-bao.config.cjs"];

/** The file that DYNAMO_BAO_CONFIG names, else dynamo-bao.config.{js,mjs,cjs} here, else nothing is configured. */
export async function loadConfig(folder = process.cwd()): Promise<ToolConfig> {
  const named = process.env["DYNAMO_BAO_CONFIG"];
  const file = named ? resolve(folder, named) : names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return {};
  if (!existsSync(file)) throw new Failure(`${file}: there is no such file (DYNAMO_BAO_CONFIG)`);
  let config: unknown;
  try {
    config = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new Failure(`${file}: ${(error as Error).message}`);
  }
  if (typeof config !== "object" || config === null) throw new Failure(`${file}: must export an object`);
  checkConfig(config as ToolConfig, file);
  return config as ToolConfig;
}

function checkConfig({ codegen, paths }: ToolConfig, file: string): void {
  const oneOf = (name: string, value: unknown, allowed: readonly string[]) => {
    if (value === undefined || allowed.includes(value as string)) return;
    throw new Failure(`${file}: ${name} must be ${allowed.map((one) => `"${one}"`).join(" or ")}, not ${JSON.stringify(value)}`);
  };
  oneOf("codegen.moduleSystem", codegen?.moduleSystem, ["commonjs", "esm"]);
  oneOf("codegen.language", codegen?.language, ["js", "ts", "cpp"]);
  for (const [name, value] of Object.entries(paths ?? {})) {
    if (value !== undefined && value !== null && typeof value !== "string") throw new Failure(`${file}: paths.${name} must be a string`);
  }
}

/** How Node reads .js files in a folder: by the `type` of the nearest package.json, CommonJS without one. */
export function moduleSystemOf(folder: string): ModuleSystem {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const file = join(current, "package.json");
    if (existsSync(file)) {
      try {
        return (JSON.parse(readFileSync(file, "utf8")) as { type?: string }).type === "module" ? "esm" : "commonjs";
      } catch (error) {
        throw new Failure(`${file}: ${(error as Error).message}`);
      }
    }
    if (dirname(current) === current) return "commonjs";
  }
}
