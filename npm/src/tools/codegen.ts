import { readdirSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { moduleSystemOf, type ToolConfig } from "./config.js";
import { readDefinitions } from "./definitions.js";
import { Failure } from "./failure.js";
import { generate, type Language, type ModuleSystem } from "./module.js";
import { writeFiles, type WriteSummary } from "./write_files.js";

export interface CodegenOptions {
  /** A YAML file, or a folder of them. */
  definitions: string;
  output: string;
  language: Language;
  modules: ModuleSystem;
  /** The manifest's file, .js or .ts. */
  manifest: string;
  /** The folder of custom field types. */
  fields?: string | undefined;
}

/** Arguments win over the configuration, which wins over the defaults. */
export function codegenOptions(
  config: ToolConfig,
  given: { definitions?: string | undefined; output?: string | undefined; language?: Language | undefined; modules?: ModuleSystem | undefined },
): CodegenOptions {
  const definitions = given.definitions ?? config.paths?.modelDefinitionsPath ?? "models.yaml";
  const output = given.output ?? config.paths?.modelsDir ?? "models";
  const language = given.language ?? config.codegen?.language ?? "js";
  return {
    definitions,
    output,
    language,
    modules: given.modules ?? config.codegen?.moduleSystem ?? moduleSystemOf(dirname(resolve(output, "file"))),
    manifest: config.paths?.generatedModelsManifest ?? join(dirname(resolve(output)), ".bao", language === "ts" ? "models.ts" : "models.js"),
    fields: config.paths?.fieldsDir,
  };
}

const slashes = (path: string): string => path.split(sep).join("/");

function specifier(path: string): string {
  const text = slashes(path);
  if (text === "") return ".";
  return text.startsWith(".") ? text : `./${text}`;
}

/** The names of the files with custom field types, in the order of their bytes. */
function fieldFiles(folder: string | undefined): string[] {
  if (!folder) return [];
  try {
    return readdirSync(folder).sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    throw new Failure(`${folder}: the folder cannot be read: ${(error as Error).message} (paths.fieldsDir)`);
  }
}

/** Throws Failure with every mistake; then nothing was written. */
export function runCodegen(options: CodegenOptions): WriteSummary {
  const output = resolve(options.output);
  const manifest = resolve(options.manifest);
  const result = generate({
    ...readDefinitions(options.definitions),
    language: options.language,
    modules: options.modules,
    manifest: slashes(join(relative(output, dirname(manifest)), basename(manifest).replace(/\.[jt]s$/, ""))),
    modelsFromManifest: specifier(relative(dirname(manifest), output)),
    fieldsFolder: specifier(relative(output, resolve(options.fields ?? "."))),
    fieldFiles: fieldFiles(options.fields),
  });
  if ("mistakes" in result) throw new Failure([...result.mistakes, "nothing was written"]);
  return writeFiles(options.output, result.files, result.banner);
}

/** A sentence where Node would not read the files as what they are; else undefined. */
export function moduleSystemWarning(options: CodegenOptions): string | undefined {
  if (options.language !== "js") return undefined;
  const expected = moduleSystemOf(options.output);
  if (expected === options.modules) return undefined;
  const type = expected === "esm" ? '"type": "module"' : 'no "type": "module"';
  return `the nearest package.json has ${type}, so Node will not take these files as ${options.modules}`;
}

export const summaryLine = (output: string, { written, unchanged, removed }: WriteSummary): string =>
  `${output}: ${written} written, ${unchanged} unchanged, ${removed} removed`;
