/** Where the models of initModels come from. */
import type { ModelClass } from "../types.js";
import type { BaoConfig } from "./config.js";
import { ConfigurationError } from "./errors.js";
import { isModelClass } from "./model_manager.js";
import { platform } from "./platform.js";

const noFiles = "Filesystem not available. Please provide models directly using the 'models' config option.";

export function findModels(config: BaoConfig): ReadonlyMap<string, ModelClass> {
  if (config.models !== undefined && config.models !== null) return modelsOf(config.models, "models");
  const { files } = platform();
  if (files === undefined) throw new ConfigurationError(noFiles);
  const { models, source } = files.findModels(config.paths ?? {}, isModelClass);
  return modelsOf(models, source);
}

function modelsOf(given: unknown, source: string): ReadonlyMap<string, ModelClass> {
  if (typeof given !== "object" || given === null) throw new ConfigurationError(`${source} must be an object of model classes`);
  return new Map(Object.entries(unwrapped(given)) as [string, ModelClass][]);
}

// A CommonJS manifest that was imported as a namespace has its models one level deeper.
function unwrapped(given: object): object {
  const inner = (given as { default?: unknown }).default;
  return typeof inner === "object" && inner !== null ? unwrapped(inner) : given;
}
