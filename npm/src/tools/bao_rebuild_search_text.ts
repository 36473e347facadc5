import type { BaoModel } from "../face/model.js";
import type { ModelClass } from "../types.js";
import type { Command, CommandLine } from "./command.js";
import { loadConfig } from "./config.js";
import { Failure, UsageError } from "./failure.js";

const segmentsDefault = 4;
const segmentsMax = 64;

function segmentsOf(line: CommandLine): number {
  const text = (line.values["segments"] as string | undefined) ?? String(segmentsDefault);
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= segmentsMax) return count;
  throw new UsageError(`--segments must be 1 to ${segmentsMax}, not '${text}'`);
}

async function run(line: CommandLine): Promise<void> {
  const [name] = line.positionals;
  if (name === undefined) throw new UsageError("the name of the model is missing");
  const totalSegments = segmentsOf(line);
  const text = (option: string): string | undefined => line.values[option] as string | undefined;
  const [region, endpoint, table] = [text("region"), text("endpoint"), text("table")];
  const config = await loadConfig();
  const { initModels, TenantContext } = (await import("dynamo-bao" as string)) as typeof import("../index.js");
  const manager = initModels({
    ...config,
    aws: { ...config.aws, ...(region && { region }), ...(endpoint && { endpoint }) },
    db: { ...config.db, ...(table && { tableName: table }) },
  });
  const model = manager.models[name];
  if (model === undefined) throw new Failure(`there is no model '${name}'`);
  if (!model.searchable) throw new Failure(`the model '${name}' is not searchable`);
  const tenant = text("tenant");
  const { rebuilt, failed } = await (tenant === undefined ? rebuild(model, totalSegments) : TenantContext.runWithTenant(tenant, () => rebuild(model, totalSegments)));
  process.stdout.write(`${rebuilt} items of '${name}' rebuilt\n`);
  if (failed > 0) throw new Failure(`${failed} items of '${name}' failed: see above`);
}

/** Of one item alone: the others may still be rebuilt. */
function isOfTheItem(error: { code?: string; serviceName?: string }): boolean {
  return ["DATA_FORMAT_ERROR", "VALIDATION_ERROR", "CONDITIONAL_ERROR"].includes(error.code ?? "") || error.serviceName === "ValidationException";
}

/** Items that cannot be rebuilt are told, and counted. */
async function rebuild(model: ModelClass, totalSegments: number): Promise<{ rebuilt: number; failed: number }> {
  let rebuilt = 0;
  let failed = 0;
  const write = async (item: BaoModel): Promise<void> => {
    try {
      await model.update(item.getPrimaryId(), {}, { forceReindex: true });
      rebuilt += 1;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "ITEM_NOT_FOUND") return; // deleted meanwhile: there is nothing to rebuild
      if (!isOfTheItem(error as object)) throw error;
      failed += 1;
      process.stderr.write(`${item.getPrimaryId()}: ${message}\n`);
    }
    if (process.stderr.isTTY && rebuilt % 100 === 0) process.stderr.write(`\r${rebuilt} items rebuilt`);
  };
  // Not the fields that may hold what nobody can read: such a page would not come at all.
  const { pk, sk } = model.primaryKey;
  const keys = [pk, sk].filter((name) => name in model.fields);
  const attributes = keys.length > 0 ? keys : undefined;
  const walk = async (segment: number): Promise<void> => {
    let startKey: Record<string, unknown> | undefined;
    do {
      const page = await model.scan({ segment, totalSegments, startKey, attributes });
      for (const item of page.items) await write(item);
      startKey = page.lastEvaluatedKey;
    } while (startKey !== undefined);
  };
  await Promise.all(Array.from({ length: totalSegments }, (_, segment) => walk(segment)));
  if (process.stderr.isTTY && rebuilt >= 100) process.stderr.write("\r\x1b[K");
  return { rebuilt, failed };
}

export const baoRebuildSearchText: Command = {
  name: "bao-rebuild-search-text",
  help: `bao-rebuild-search-text model [options]: writes the text that searches look into anew, for every item of a model
  model         a searchable model of the configuration's
  --table       default: db.tableName of the configuration, else TABLE_NAME of the environment
  --region      AWS region (default: configuration, environment, profile, us-west-2)
  --endpoint    http(s)://HOST[:PORT] (default: configuration, environment, AWS)
  --tenant      this tenant's items (default: those of none)
  --segments    parts of the table that are read side by side (${segmentsDefault})`,
  options: {
    table: { type: "string" },
    region: { type: "string" },
    endpoint: { type: "string" },
    tenant: { type: "string" },
    segments: { type: "string" },
  },
  positionals: ["model"],
  run,
};
