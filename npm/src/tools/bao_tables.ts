import type { ModelManager } from "../face/model_manager.js";
import type { Command, CommandLine } from "./command.js";
import { loadConfig, type ToolConfig } from "./config.js";
import { anySearchable, readDefinitions } from "./definitions.js";
import { Failure, UsageError } from "./failure.js";
import { ask } from "./prompt.js";

type Kind = "create" | "update" | "delete";

/** An index over many items takes long; each look says how it goes. */
const callMs = 60 * 60 * 1000;

const searchIndex = "iter_search_index";

const tableOptions = { region: { type: "string" }, endpoint: { type: "string" } } as const;

function help(name: string, what: string, more = ""): string {
  return `${name} [name] [options]: ${what}
  name          the table (default: db.tableName of the configuration, else TABLE_NAME of the environment)
  --region      AWS region (default: configuration, environment, profile, us-west-2)
  --endpoint    http(s)://HOST[:PORT] (default: configuration, environment, AWS)${more}`;
}

const searchHelp = `
  --search      with the index that searchable models need (default: as db.iterationIndexName of the configuration says, or
                where a model of its paths.modelDefinitionsPath is searchable)`;

function text(line: CommandLine, option: string): string | undefined {
  return line.values[option] as string | undefined;
}

async function managerFor(line: CommandLine, config: ToolConfig): Promise<ModelManager> {
  const { BaoModel, fields, initModels, PrimaryKeyConfig } = (await import("dynamo-bao" as string)) as typeof import("../index.js");
  // A table knows no models, but a manager needs one.
  class AnyModel extends BaoModel {
    static override modelPrefix = "any";
    static override fields = { id: fields.StringField() };
    static override primaryKey = PrimaryKeyConfig("id");
  }
  const region = text(line, "region");
  const endpoint = text(line, "endpoint");
  const named = line.positionals[0];
  const manager = initModels({
    models: { AnyModel },
    aws: { ...config.aws, ...(region && { region }), ...(endpoint && { endpoint }) },
    db: { ...config.db, ...(named && { tableName: named }) },
    timeouts: { callMs },
  });
  // The default table's name is a safe guess for programs, not for what makes or deletes tables.
  if (!named && !config.db?.tableName && !process.env["TABLE_NAME"]) throw new UsageError("the name of the table is missing");
  return manager;
}

async function confirmed(name: string): Promise<boolean> {
  return (await ask(`Delete table '${name}' and all its items? Type its name to confirm: `)) === name;
}

function needsSearch(line: CommandLine, config: ToolConfig): boolean {
  if (line.values["search"] || config.db?.iterationIndexName === searchIndex) return true;
  const path = config.paths?.modelDefinitionsPath;
  if (!path) return false;
  const definitions = readDefinitions(path);
  const [mistake] = definitions.mistakes;
  if (mistake !== undefined) throw new Failure(`${mistake.file}${mistake.line > 0 ? `:${mistake.line}` : ""}: ${mistake.message}`);
  return anySearchable(definitions);
}

const done: Record<Kind, string> = { create: "created", update: "up to date", delete: "deleted" };

async function work(kind: Kind, line: CommandLine): Promise<void> {
  const config = await loadConfig();
  const manager = await managerFor(line, config);
  const name = manager.tableName;
  if (kind === "delete" && !line.values["yes"] && !(await confirmed(name))) throw new Failure(`table '${name}' was not deleted`);
  const progress = (state: string) => void process.stdout.write(`  ${state}\n`);
  const search = kind !== "delete" && needsSearch(line, config);
  const result =
    kind === "delete"
      ? await manager.deleteTable({ progress })
      : await (kind === "create" ? manager.createTable({ searchIndex: search, progress }) : manager.updateTable({ searchIndex: search, progress }));
  for (const index of result.addedIndexes) process.stdout.write(`added index ${index}\n`);
  if (kind !== "delete" && !result.ttl) process.stdout.write("note: this endpoint has no TTL; items will not expire\n");
  process.stdout.write(`table '${name}' ${done[kind]}\n`);
}

export const baoCreateTable: Command = {
  name: "bao-create-table",
  help: help("bao-create-table", "creates the table with its indexes and TTL", searchHelp),
  options: { ...tableOptions, search: { type: "boolean" } },
  positionals: ["name"],
  run: (line) => work("create", line),
};

export const baoUpdateTable: Command = {
  name: "bao-update-table",
  help: help("bao-update-table", "adds indexes and TTL that the table lacks", searchHelp),
  options: { ...tableOptions, search: { type: "boolean" } },
  positionals: ["name"],
  run: (line) => work("update", line),
};

export const baoDelete: Command = {
  name: "bao-delete",
  help: help("bao-delete", "deletes the table with all its items", "\n  --yes         do not ask"),
  options: { ...tableOptions, yes: { type: "boolean" } },
  positionals: ["name"],
  run: (line) => work("delete", line),
};
